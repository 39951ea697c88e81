"""The exit status of every failure, in one place.

0 is success and nothing else is. Statuses group failures by what a person
does next; the stable code beside the sentence tells them apart further.
"""

from __future__ import annotations

from formats.errors import Failure

SUCCESS = 0
UNEXPECTED = 1
USAGE = 2
UNDECIDED = 3
"""Nothing is wrong, but not everything asked could be proven (no roots given, for instance)."""
INCOMPLETE = 4
"""Done, but some dossiers were refused; the receipt names them."""
INTERRUPTED = 130

STATUS_OF_CODE: dict[str, int] = {
    # 10–19: the package
    "package": 10,
    "not-a-package": 10,
    "package-truncated": 11,
    "member-missing": 12,
    "member-unlisted": 13,
    "digest-mismatch": 14,
    "manifest-invalid": 15,
    "signature-invalid": 16,
    "signer-untrusted": 17,
    "commitment-mismatch": 18,
    "unit-mismatch": 19,
    # 20–29: keys
    "key": 20,
    "wrong-key": 21,
    "wrong-passphrase": 22,
    "key-unreadable": 23,
    "seal-broken": 24,
    "card": 25,
    "card-unreadable": 25,
    "card-word-unknown": 25,
    "card-mistyped": 25,
    "card-checksum-wrong": 25,
    "cards-mixed": 26,
    "card-twice": 26,
    "cards-too-few": 26,
    "cards-disagree": 26,
    "cards-of-another-key": 26,
    "recovery-refused": 27,
    # 30–39: people and counts
    "roster-unknown-patient": 30,
    "roster-mismatch": 31,
    "roster-unreadable": 32,
    "unknown-practitioner": 33,
    "counts-differ": 34,
    "attachment-missing": 35,
    "attachment-changed": 36,
    "dossier-inconsistent": 37,
    "reference-missing": 38,
    # 40–49: sources and formats
    "source-unreadable": 40,
    "store-unreadable": 41,
    "already-exists": 42,
    "format": 43,
    "limit-exceeded": 44,
    "unsafe-name": 45,
    # 50–59: the machine
    "disk-full": 50,
    "disk-fault": 51,
    "extra-missing": 52,
    "interrupted": INTERRUPTED,
    "failure": UNEXPECTED,
    "unexpected": UNEXPECTED,
}


def status_of(failure: Failure) -> int:
    """Return the exit status of ``failure``."""
    return STATUS_OF_CODE.get(failure.code, UNEXPECTED)
