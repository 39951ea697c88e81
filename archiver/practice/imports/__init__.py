"""Imports into a practice store: what each changed, and how it is taken back."""
