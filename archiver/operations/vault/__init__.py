"""What the commands of a vault do: one verb a file."""
