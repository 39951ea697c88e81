"""Ways in which evidence is refused, and in which none is had."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class EvidenceUnreadable(Failure):
    """Bytes that are no evidence record of RFC 4998, or one with more than anybody needs."""

    code = "evidence-unreadable"
    sentence = mark("This is not a readable evidence record: {reason}.")


class EvidenceInvalid(Failure):
    """An evidence record that proves nothing; the classes below say why."""

    code = "evidence-invalid"
    sentence = mark("The evidence does not hold.")


class EvidenceObjectMissing(EvidenceInvalid):
    code = "evidence-object-missing"
    sentence = mark("The evidence record does not cover {member}, or not as it is now.")


class EvidenceImprintMismatch(EvidenceInvalid):
    code = "evidence-imprint-mismatch"
    sentence = mark("Time-stamp {stamp} was made over something else than its hash tree.")


class EvidenceLinkBroken(EvidenceInvalid):
    code = "evidence-link-broken"
    sentence = mark("Time-stamp {stamp} does not renew the one before it: {reason}.")


class EvidenceTokenInvalid(EvidenceInvalid):
    code = "evidence-token-invalid"
    sentence = mark("Time-stamp {stamp} is not genuine: {reason}.")


class EvidenceStampUnproven(Failure):
    """A time-stamp that is not known to be false, and that nobody renews before it proves something."""

    code = "evidence-stamp-unproven"
    sentence = mark(
        "With the authorities you accept (--tsa-roots), time-stamp {stamp} of {authority} proves nothing, so it is "
        "not renewed; archiver evidence show tells why."
    )


class EvidenceAuthorityEnded(EvidenceInvalid):
    code = "evidence-authority-ended"
    sentence = mark(
        "The certificate of {authority}, who made time-stamp {stamp}, was not valid on {moment}: "
        "it was renewed too late."
    )


class EvidenceAuthorityRevoked(EvidenceInvalid):
    code = "evidence-authority-revoked"
    sentence = mark(
        "The certificate of {authority}, who made time-stamp {stamp}, was revoked before {moment}."
    )


class EvidenceAlgorithmEnded(EvidenceInvalid):
    code = "evidence-algorithm-ended"
    sentence = mark(
        "Time-stamp {stamp} rests on {algorithm}, which policy {policy} no longer trusts on {moment}."
    )


class EvidenceAlgorithmUnknown(EvidenceInvalid):
    """An evidence record about which nobody here can tell anything: it is not known to be false."""

    code = "evidence-algorithm-unknown"
    sentence = mark("The evidence uses {algorithm}, which this program does not know.")


class EvidenceOrderWrong(EvidenceInvalid):
    code = "evidence-order-wrong"
    sentence = mark(
        "Time-stamp {stamp}, of {authority}, says {moment}, and the one it renews says {other}: they contradict "
        "each other."
    )


class TimestampAuthorityRefused(Failure):
    """One time-stamping authority that gave no usable answer."""

    code = "timestamp-authority-refused"
    sentence = mark("The time-stamping authority {authority} gave no usable time-stamp: {reason}.")


class NoTimestampAuthority(Failure):
    code = "no-timestamp-authority"
    sentence = mark(
        "No time-stamping authority gave a usable time-stamp (asked: {count}); the last, {authority}: {reason}."
    )
