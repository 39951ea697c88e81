"""Delivery: one dossier as a person reads it, in a folder or in one ZIP that a typed passphrase opens."""
