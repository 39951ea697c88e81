"""How the commands of a backup are typed."""
