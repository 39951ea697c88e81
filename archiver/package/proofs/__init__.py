"""Proofs on the commitment to the patients: that one is in a package, and that somebody is not."""
