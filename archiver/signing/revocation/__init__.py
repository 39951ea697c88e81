"""Revocation lists and OCSP responses, and what they state of a certification path."""
