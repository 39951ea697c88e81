"""BagIt (RFC 8493): files in a folder, with a list of their digests that any tool checks."""
