"""Transparency log: Merkle tree hashes (RFC 6962), tiles, checkpoints, signed notes and cosignatures (C2SP)."""
