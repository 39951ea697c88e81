"""Portability archives (PDLGC 0.1.0) that conform, and ones with one flaw: made from the guide, not by the program."""
