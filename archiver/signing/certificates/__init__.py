"""X.509 certificates: read, named, and followed up to a root (RFC 5280)."""
