"""The mapping language: its keys, and a mapping as it was declared, with all its faults."""
