"""OCFL 1.1 (Oxford Common File Layout): objects with versions, digests and inventories that any tool reads."""
