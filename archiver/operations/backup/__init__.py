"""What the commands of a backup do: one verb a file."""
