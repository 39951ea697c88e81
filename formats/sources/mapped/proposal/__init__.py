"""A mapping proposed from the names and contents of a source's tables."""
