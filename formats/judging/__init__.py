"""Judges of archives and documents that anybody wrote: every rule with its clause, its places, and what became of it."""
