"""Whom a reader accepts as a signer, and for which moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """``roots`` are DER certificates, ``fingerprints`` lower-case SHA-256 of signers' certificates.

    ``at`` is the moment, with its zone, for which certificates are judged. Without
    roots and fingerprints nobody is accepted and nobody refused: trust stays unknown.
    """

    at: datetime
    roots: tuple[bytes, ...] = ()
    fingerprints: frozenset[str] = frozenset()

    @property
    def stated(self) -> bool:
        """Whether the reader said whom to accept."""
        return bool(self.roots or self.fingerprints)
