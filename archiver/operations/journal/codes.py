"""Findings about a journal: each way in which it is not what it should be has a code of its own."""

from __future__ import annotations

from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.words import mark

CHANGED = "journal-entry-changed"
MISSING = "journal-entry-missing"
REORDERED = "journal-entry-order"
SIGNATURE = "journal-signature-invalid"
FORKED = "journal-forked"
ROLLED_BACK = "journal-rolled-back"
SEAL_CHANGED = "journal-seal-changed"
SEAL_MISSING = "journal-seal-missing"
TILE_CHANGED = "journal-tile-changed"
UNSTAMPED = "journal-seal-unstamped"
STAMP_INVALID = "journal-stamp-invalid"
STAMP_UNPROVEN = "journal-stamp-unproven"
COSIGNATURE_INVALID = "journal-cosignature-invalid"
COSIGNATURE_MISSING = "journal-cosignature-missing"
BEHIND = "journal-copy-behind"
SEALS_BEHIND = "journal-seals-behind"
UNVERIFIED = "journal-copy-unverified"
ABSENT = "journal-absent"
KEY_OTHER = "journal-key-other"
KEY_REPLACED = "journal-key-replaced"
UNSEALED = "journal-unsealed"
UNRECORDED = "journal-deposit-unrecorded"
VERSION_UNRECORDED = "journal-version-unrecorded"
VERSION_PENDING = "journal-version-pending"
BEFORE = "journal-deposit-before"
LOST = "journal-deposit-lost"
RECEIPT_OTHER = "journal-receipt-other"

_SENTENCES = {
    CHANGED: mark("The journal was changed at entry {number}: {reason}."),
    MISSING: mark("Entry {number} of the journal is missing, and there are later ones: it was removed."),
    REORDERED: mark("The entries of the journal are not in their order from entry {number} on."),
    SIGNATURE: mark("This is not signed by the key of the journal, or was changed since."),
    FORKED: mark(
        "There are two histories of this journal, both signed: they differ before entry {number}. Ask who has the key."
    ),
    ROLLED_BACK: mark(
        "The journal ends before entry {found}, and had those before entry {expected}: it was taken back to an earlier"
        " state."
    ),
    SEAL_CHANGED: mark("This seal is not the one that was made: {reason}."),
    SEAL_MISSING: mark("This seal is missing, and there are later ones: it was removed."),
    TILE_CHANGED: mark("This tile is missing or does not have the hashes or entries of the journal."),
    UNSTAMPED: mark(
        "The last seal has no time-stamp: its time is what this machine says. archiver vault journal seal --tsa gets"
        " one."
    ),
    STAMP_INVALID: mark("The time-stamp of this seal does not belong to it, or cannot be read."),
    STAMP_UNPROVEN: mark(
        "The time-stamp of this seal belongs to it; whose it is, nobody says whom you accept."
    ),
    COSIGNATURE_INVALID: mark("The cosignature of {witness} does not belong to this seal."),
    COSIGNATURE_MISSING: mark("{witness} has cosigned no seal of this journal."),
    BEHIND: mark(
        "This copy of the journal ends before entry {found}, not before {expected}: it gets the rest with the next"
        " command."
    ),
    SEALS_BEHIND: mark("This copy of the journal lacks the last seal: it gets it with the next one."),
    UNVERIFIED: mark("This copy of the journal could not be verified: {reason}."),
    ABSENT: mark("There is no journal here, and the vault has one."),
    KEY_OTHER: mark("The journal began with another key than it should: {found}."),
    KEY_REPLACED: mark(
        "The key of the journal was replaced by {key}: ask who did it, and why; --log-key says that you know it."
    ),
    UNSEALED: mark(
        "Entries that no seal has are older than a day; they are {count}. archiver vault journal seal."
    ),
    UNRECORDED: mark(
        "This deposit, revision {revision}, has no entry: it was ended before anybody got its receipt, or somebody put"
        " it there. Deposit the package again."
    ),
    VERSION_UNRECORDED: mark(
        "{version} of this object has no entry, and no command that the catalogue knows of began it: that was lost with"
        " the catalogue, or somebody put it there. archiver vault rebuild records that it was found."
    ),
    VERSION_PENDING: mark(
        "{version} of this object has no entry yet: its command was ended before, and the next one writes it."
    ),
    BEFORE: mark("This deposit, revision {revision}, was accepted before the journal began."),
    LOST: mark("The journal has a deposit, revision {revision}, that is in no storage: it was removed."),
    RECEIPT_OTHER: mark(
        "The receipt of this deposit, revision {revision}, is not the one that was recorded."
    ),
}
_WARNINGS = {
    STAMP_UNPROVEN,
    UNSTAMPED,
    UNSEALED,
    BEFORE,
    BEHIND,
    SEALS_BEHIND,
    UNVERIFIED,
    COSIGNATURE_MISSING,
    VERSION_PENDING,
}
OPEN = {BEHIND, SEALS_BEHIND, UNVERIFIED, COSIGNATURE_MISSING, VERSION_PENDING}
"""Findings with which a journal is not wrong, and not wholly proven either."""


def journal_finding(code: str, where: str = "", **facts: Fact) -> Finding:
    """Return the finding of ``code`` about ``where``."""
    severity = Severity.WARNING if code in _WARNINGS else Severity.ERROR
    return Finding(severity=severity, code=code, where=where, sentence=_SENTENCES[code], facts=facts)
