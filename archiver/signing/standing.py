"""What an examination of a signature finds out, before anybody says whether that is enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archiver.signing.fingerprint import Fingerprint
from archiver.verdict import Holding

Stamping = Callable[[bytes, str], bytes]
"""Gives an RFC 3161 token (ContentInfo DER) over a digest; the second argument names its hash."""


class Standing(StrEnum):
    """What became of a certificate's chain at the moment asked for."""

    TRUSTED = "trusted"
    OUTSIDE_VALIDITY = "outside-validity"
    REVOKED = "revoked"
    UNTRUSTED = "untrusted"


class Said(StrEnum):
    """What sources say of a chain at a moment."""

    NOTHING = "nothing"
    GOOD = "good"
    REVOKED = "revoked"
    STALE = "stale"
    UNUSABLE = "unusable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What was said; ``moment`` is when it was revoked, or until when the stale source told anything."""

    said: Said
    moment: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """A signer's certificate in the words people compare."""

    subject: str
    fingerprint: Fingerprint
    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """A time-stamp over the signature: whose, when, and whether it belongs to it.

    ``trust_list`` names the list that alone vouches for the authority; ``strangers`` says that
    the token holds certificates which are not of its chain, so that nobody vouches for them.
    ``ended`` is the algorithm under it that was no longer relied on at the moment it was judged for.
    A certificate that is not ``dedicated`` to time-stamps, and to nothing else, is nobody's authority.
    ``holds`` is until when the first thing under it ends.
    """

    authority: str
    time: datetime
    genuine: bool
    standing: Standing
    trust_list: str = ""
    strangers: bool = False
    ended: str = ""
    dedicated: bool = True
    holds: Holding | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """A signature that belongs to its data: whose it is, and how far that can be believed.

    ``judged_at`` is the moment that counts (``archiver.signing.cades``); ``start`` and ``end`` bound the
    time in which the whole chain is valid; ``revocation`` is what the sources inside say
    of the signer's chain, ``stamp_revocation`` of the time-stamp's. ``ended`` is the
    algorithm under the signature that was no longer relied on at ``judged_at``. ``holds`` is until when
    the signature proves what it does: as long as its time-stamp where that counts. ``unfit`` is why the
    signer's certificate is not for signing documents, where it is not.
    """

    signer: Certificate
    signed_at: datetime
    standing: Standing
    judged_at: datetime
    start: datetime
    end: datetime
    revocation: Judgement
    stamp: Stamp | None
    stamp_revocation: Judgement
    trust_list: str = ""
    ended: str = ""
    holds: Holding | None = None
    unfit: str = ""
