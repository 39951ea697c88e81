"""Outcomes of operations as JSON documents."""
