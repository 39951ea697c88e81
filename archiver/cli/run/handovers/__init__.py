"""What the commands about handovers do."""
