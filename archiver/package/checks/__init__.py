"""Examining a package or a set: each question of the verdict, and opening what passes."""
