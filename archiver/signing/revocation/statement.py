"""What one source of revocations states of a chain, once somebody in the chain vouches for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

ACCEPTED_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
"""Digests under a source's signature; no weaker one vouches for anything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One source, vouched for: which certificates of the chain (by place) it speaks of, and until when.

    ``reasons`` are why, where a response says so; nobody asks it of a list. Of the ``unknown`` ones its
    author says that they are not known to it (RFC 6960, 2.2). ``late``: it was issued when the certificate
    had ended, and cannot tell that it was good (``archiver.signing.revocation.archive_cutoff``).
    """

    speaks_of: frozenset[int]
    revoked: dict[int, datetime]
    end: datetime
    unknown: frozenset[int] = frozenset()
    late: bool = False
    reasons: Mapping[int, x509.ReasonFlags] = field(default_factory=dict)
