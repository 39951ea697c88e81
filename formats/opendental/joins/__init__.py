"""Rows of several tables brought together: foreign keys, merge joins, what belongs to whom."""
