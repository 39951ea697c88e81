"""Data dictionary: every field of every kind of record, what it is called, means, and where it is shown."""
