"""What the commands about single dossiers do: find, show."""
