"""Backup of a practice: what is agreed, which runs there were, what changed since, and which versions are preserved."""
