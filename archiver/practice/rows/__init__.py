"""Rows of records in a practice store: which values they hold, and the statements that put and find them."""
