"""Evidence of the packages of a vault: what is due, and its renewal."""
