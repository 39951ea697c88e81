"""What the commands of a vault do and print."""
