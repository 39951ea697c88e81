"""Whom a reader accepts, and how long algorithms are relied on."""
