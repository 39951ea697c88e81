"""What the commands of a backup do."""
