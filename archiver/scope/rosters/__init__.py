"""Rosters: who leaves with whom, as lists say it, compared with the practice, signed, and split by."""
