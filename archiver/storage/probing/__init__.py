"""Probing of an object storage: whether it really locks."""
