"""Imports: taken back, one whole."""
