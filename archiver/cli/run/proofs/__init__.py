"""What the commands of ``proof`` do."""
