"""The practice's own archive: who worked there, lists, rows of the source that belong to no patient."""
