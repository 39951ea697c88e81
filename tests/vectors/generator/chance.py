"""Bytes that look random and are the same in every run."""

from __future__ import annotations

import base64
import hashlib


def seeded(label: str, length: int) -> bytes:
    """Return ``length`` bytes that belong to ``label``."""
    return hashlib.shake_256(b"hostile corpus/" + label.encode()).digest(length)


def unit_id(label: str) -> str:
    """Return 26 base-32 characters for ``label``."""
    return base64.b32encode(seeded(f"unit {label}", 16)).decode().rstrip("=").lower()


def salt(label: str) -> str:
    """Return the 43 base64url characters that blind the leaf of ``label``."""
    return base64.urlsafe_b64encode(seeded(f"leaf salt {label}", 32)).decode().rstrip("=")


def passphrase(label: str) -> str:
    """Return 43 base64url characters for ``label``."""
    return base64.urlsafe_b64encode(seeded(f"passphrase {label}", 32)).decode().rstrip("=")
