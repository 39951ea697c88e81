"""The program as it is installed: ``python -m tests.installations``."""
