"""What an examination of a signature finds out, before anybody says whether that is enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archiver.signing.certificates.fingerprint import Fingerprint
from archiver.verdict import ValidUntil
from formats.digests import Digest

Stamping = Callable[[Digest], bytes]
"""Gives an RFC 3161 token (ContentInfo DER) over a digest."""


class PathStatus(StrEnum):
    """What became of a certificate's chain at the moment asked for."""

    TRUSTED = "trusted"
    OUTSIDE_VALIDITY = "outside-validity"
    REVOKED = "revoked"
    UNTRUSTED = "untrusted"


class Proof(StrEnum):
    """What proves a time."""

    TIME_STAMP = "time-stamp"
    EVIDENCE = "evidence"


class ContradictedTime(StrEnum):
    """What a proven time may contradict."""

    CERTIFICATE = "certificate"
    STATED = "stated"
    TIME_STAMP = "time-stamp"


class RevocationStatus(StrEnum):
    """What sources say of a chain at a moment."""

    NOTHING = "nothing"
    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    STALE = "stale"
    UNUSABLE = "unusable"


@dataclass(frozen=True, kw_only=True, slots=True)
class RevocationJudgement:
    """Revocation status of a chain; ``moment`` is when it was revoked, or until when the stale source was fresh."""

    status: RevocationStatus
    moment: datetime | None = None

    @property
    def examined(self) -> bool:
        """Whether any source spoke of the chain."""
        return self.status not in {RevocationStatus.NOTHING, RevocationStatus.UNUSABLE}

    @property
    def unsettled(self) -> bool:
        """Whether there were sources, and none of them settles the question."""
        return self.status in {RevocationStatus.STALE, RevocationStatus.UNUSABLE, RevocationStatus.UNKNOWN}


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """A signer's certificate in words people compare: ``subject`` whole, ``name`` and ``number`` by themselves."""

    subject: str
    name: str
    number: str
    fingerprint: Fingerprint
    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureTimeStamp:
    """A time-stamp over the signature: whose, when, and whether it belongs to it.

    ``trust_list`` names the list that alone vouches for the authority; ``unrelated`` says that
    the token holds certificates which are not of its chain, so that nobody vouches for them.
    ``ended`` is the algorithm under it that was no longer relied on at the moment it was judged for.
    A certificate that is not ``dedicated`` to time-stamps, and to nothing else, is nobody's authority.
    ``holds`` is until when the first thing under it ends. ``unread`` names an algorithm or a form in it that
    is not known here. ``revocation_unknown``: who should know its authority's certificate does not;
    ``examined``: something in it, or given, speaks of that certificate.
    """

    authority: str
    time: datetime
    genuine: bool
    path_status: PathStatus
    trust_list: str = ""
    unrelated: bool = False
    ended: str = ""
    dedicated: bool = True
    holds: ValidUntil | None = None
    unread: str = ""
    revocation_unknown: bool = False
    examined: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Contradiction:
    """Two times that cannot both be true: what ``proof`` says, ``moment``, and what ``against`` says, ``other``."""

    proof: Proof
    moment: datetime
    against: ContradictedTime
    other: datetime
    authority: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureExamination:
    """A signature that belongs to its data: whose it is, and how far that can be believed.

    ``judged_at`` is the moment that counts (``archiver.signing.signatures.cades``); ``start`` and ``end`` bound the
    time in which the whole chain is valid; ``revocation`` is what the sources inside say
    of the signer's chain, ``stamp_revocation`` of the time-stamp's. ``ended`` is the
    algorithm under the signature that was no longer relied on at ``judged_at``. ``holds`` is until when
    the signature proves what it does: as long as its time-stamp where that counts. ``unfit`` is why the
    signer's certificate is not for signing documents, where it is not. ``contradiction`` is the first of
    two times that cannot both be true. ``unread`` is an algorithm of the chain that is not known here.
    ``root`` is whose certificate its path ends in; ``sole`` says that it vouches for this holder alone.
    """

    signer: Certificate
    signed_at: datetime
    path_status: PathStatus
    judged_at: datetime
    start: datetime
    end: datetime
    revocation: RevocationJudgement
    stamp: SignatureTimeStamp | None
    stamp_revocation: RevocationJudgement
    trust_list: str = ""
    ended: str = ""
    holds: ValidUntil | None = None
    unfit: str = ""
    contradiction: Contradiction | None = None
    unread: str = ""
    root: str = ""
    sole: bool = False
