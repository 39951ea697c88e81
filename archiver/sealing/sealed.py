"""What a sealed unit is, to those who write one, read one, or only keep its key."""

from __future__ import annotations

import re
from dataclasses import dataclass

from formats.digests import Digest

MEMBER = re.compile(r"PAT[0-9]{5}\.ZIP|TRANSV\.ZIP")
"""What a member may be called: a patient archive or the practice-level one (PDLGC)."""
PRACTICE_MEMBER = "TRANSV.ZIP"
"""The member of the practice's unit."""
PASSPHRASE = re.compile(r"[A-Za-z0-9_-]{43}")
"""The 43 base64url characters that spell the random bytes of a passphrase."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedUnit:
    """A finished unit: sizes in bytes, SHA-256, CRC-32 of the sealed bytes."""

    member: str
    size: int
    digest: Digest
    crc32: int
    plain_size: int
    plain_digest: Digest
