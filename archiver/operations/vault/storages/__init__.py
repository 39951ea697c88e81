"""Storages of a vault in service: added and filled, taken out, cleared."""
