"""Storages: where the files of a vault lie, in a folder or in object storage, behind one protocol."""
