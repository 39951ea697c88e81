"""What the commands about imports do."""
