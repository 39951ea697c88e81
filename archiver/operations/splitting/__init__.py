"""Before a split: whose patients they are, and what an export would be."""
