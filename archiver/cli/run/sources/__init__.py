"""What the commands print and do about sources that nobody named."""
