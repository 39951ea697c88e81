"""Parity (PAR2) of one file: made beside it, and what mends it."""
