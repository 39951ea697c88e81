"""Prove that a patient is in a package, let an expert see that somebody is not, and judge such proofs."""
