"""Bodies of ``archiver judge``."""
