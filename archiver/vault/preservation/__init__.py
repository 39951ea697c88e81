"""Preservation of evidence in a vault: the preservation profile, and the evidence records of each package."""
