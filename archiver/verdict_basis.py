"""What a verdict rests on, for whoever files it: the very files, the moment, the policy, whom the reader accepts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from formats.digests import Digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """A trust anchor (RFC 5280, 6.1.1): a certificate by its fingerprint, and for which service it was accepted."""

    service: str
    subject: str
    fingerprint: str
    trust_list: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExaminedFile:
    """A file by its ``name``, SHA-256 and size in bytes; a folder, or what is not there, has neither."""

    name: str
    digest: Digest | None
    size: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Basis:
    """What a verdict rests on: the very files, the moment, the policy of algorithms, and whom the reader accepts.

    ``volumes`` are the files of a set beside ``file``, which ties them.
    """

    file: ExaminedFile
    at: datetime
    policy: str
    policy_issued: date
    anchors: tuple[Anchor, ...] = ()
    fingerprints: tuple[str, ...] = ()
    first_use: bool = False
    volumes: tuple[ExaminedFile, ...] = ()
