"""Judges of archives and documents that anybody wrote: every rule with its clause, and where it is broken."""
