"""What the roster commands do."""
