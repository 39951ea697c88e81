"""What the commands do that make packages of a package."""
