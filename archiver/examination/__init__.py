"""Examining without any key: packages and sets, one or many, and the documents that say what was found."""
