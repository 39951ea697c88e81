"""How the commands of a vault are typed."""
