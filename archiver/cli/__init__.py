"""Thin commands: options in, an operation, its outcome printed, an exit status."""
