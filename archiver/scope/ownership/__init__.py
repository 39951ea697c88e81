"""Whose patient somebody is: what the records tell, what a clause makes of it, and whom two can claim."""
