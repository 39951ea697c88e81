"""Commands that prove something of a sealed package, or make others of it."""
