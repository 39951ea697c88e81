"""Lists of the practice-level archive: terms and signatures, and about every dossier retention and missing content."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import BinaryIO, NamedTuple, TypeVar

from formats.digests import Digest
from formats.errors import LimitExceeded, TableUnreadable
from formats.pdlgc import layout
from formats.pdlgc.columns import columns_of
from formats.pdlgc.tables import read_rows
from formats.words import mark

Row = TypeVar("Row")
MAX_RETENTION_ROWS = 200_000
"""Dossiers of a package, as many as a keyring has units."""


MAX_MISSING_ROWS = 1_000_000
"""Kinds of missing content of all dossiers; a dossier has at most some twelve."""


MAX_LEFT_OUT = 1_000
"""Kinds of what is left out; the model has under thirty."""
MAX_TERMS = 1_000
"""Terms of a handover; there are some dozen codes."""
MAX_ROSTER_SIGNATURES = 64
"""Signatures of one roster; there are two as a rule."""


class TermRow(NamedTuple):
    """One term under which the dossiers are handed over: ``term`` is a code, ``value`` a code, a number or words."""

    term: str
    value: str
    meaning_fr: str
    meaning_en: str


class SignatureRow(NamedTuple):
    """Who signed the roster: ``party`` is whom it is between, ``signed_at`` ISO 8601, ``sha256`` of the signed text."""

    party: str
    signer: str
    number: str
    fingerprint: str
    signed_at: str
    sha256: str


class MissingRow(NamedTuple):
    """How many records of one kind lack their content in one dossier, and why.

    ``what`` is a kind of record and ``reason`` a code (``MissingReason``); ``of`` is how many records
    of the kind there are.
    """

    unit: str
    patient: str
    patient_number: str
    what: str
    missing: str
    of: str
    reason: str
    meaning_fr: str
    meaning_en: str


class RetentionRow(NamedTuple):
    """How long one dossier is kept, and why.

    ``kept_until`` is the last day of the period and ``destroy_from`` what the signed manifest says of the
    unit, both ISO 8601 and empty when nobody can tell. ``rule`` is a code, ``source`` where the rule stands,
    ``implausible`` are codes of dates that cannot be, separated by spaces.
    """

    unit: str
    patient: str
    patient_number: str
    family_name: str
    given_name: str
    kept_until: str
    destroy_from: str
    rule: str
    source: str
    implausible: str
    meaning_fr: str
    meaning_en: str


class TableRows(Collection[Row]):
    """Rows of a table, read whenever they are asked for, a first time to judge and count them.

    ``source`` opens the table, and ``read`` yields its rows, as the functions below.

    Raises:
        TableUnreadable, LimitExceeded: as ``read_limited``; ArchiveChanged, ZipDamaged: while reading.
    """

    def __init__(
        self,
        source: Callable[[], AbstractContextManager[BinaryIO]],
        read: Callable[[BinaryIO], Iterator[Row]],
    ) -> None:
        self._source, self._read = source, read
        self._count = sum(1 for _ in self)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        with self._source() as stream:
            yield from self._read(stream)

    def __contains__(self, row: object) -> bool:
        return any(one == row for one in self)


def read_limited(stream: BinaryIO, name: str, limit: int) -> Iterator[dict[str, str]]:
    """Yield the rows of the table ``name``, of which there are at most ``limit``.

    Raises:
        TableUnreadable, LimitExceeded: as ``read_rows``; for more rows.
    """
    for count, row in enumerate(read_rows(stream, columns_of(name), name=name), 1):
        if count > limit:
            require_rows(name, count, limit)
        yield row


def require_rows(name: str, count: int, limit: int) -> None:
    """Refuse more than ``limit`` rows of the table ``name``, in writing as in reading.

    Raises:
        LimitExceeded: naming the table.
    """
    if count > limit:
        raise LimitExceeded(where=name, name=mark("the number of lines"), found=count, limit=limit)


def read_terms(stream: BinaryIO) -> Iterator[TermRow]:
    """Yield the terms of the handover.

    Raises:
        TableUnreadable, LimitExceeded: as ``read_limited``; for a term that stands there twice.
    """
    seen: set[str] = set()
    for line, row in enumerate(read_limited(stream, layout.TERMS, MAX_TERMS), 2):
        if row["term"] in seen:
            raise TableUnreadable(name=layout.TERMS, line=line, reason=mark("it states a term a second time"))
        seen.add(row["term"])
        yield TermRow(*row.values())


def read_roster_signatures(stream: BinaryIO) -> Iterator[SignatureRow]:
    """Yield the signatures of the roster.

    Raises:
        TableUnreadable, LimitExceeded: as ``read_limited``; for a moment or a digest that is none.
    """
    for line, row in enumerate(read_limited(stream, layout.SIGNATURES, MAX_ROSTER_SIGNATURES), 2):
        try:
            Digest.from_hex(row["sha256"])
            stated = datetime.fromisoformat(row["signed_at"]).tzinfo is not None
        except ValueError:
            stated = False
        if not stated:
            reason = mark("it states no moment or no SHA-256 of a signature")
            raise TableUnreadable(name=layout.SIGNATURES, line=line, reason=reason)
        yield SignatureRow(*row.values())


def read_missing(stream: BinaryIO) -> Iterator[MissingRow]:
    """Yield the list of missing content.

    Raises:
        TableUnreadable, LimitExceeded: as ``read_limited``.
    """
    rows = read_limited(stream, layout.MISSING, MAX_MISSING_ROWS)
    return (MissingRow(*row.values()) for row in rows)


def read_retention(stream: BinaryIO) -> Iterator[RetentionRow]:
    """Yield the list of retention periods.

    Raises:
        TableUnreadable, LimitExceeded: as ``read_limited``.
    """
    rows = read_limited(stream, layout.RETENTION, MAX_RETENTION_ROWS)
    return (RetentionRow(*row.values()) for row in rows)


def read_left_out(stream: BinaryIO) -> dict[str, int]:
    """Return the list of what is left out: how many of each kind.

    Raises:
        TableUnreadable, LimitExceeded: as ``read_rows``; for a count that is none, or a kind twice.
    """
    rows = read_limited(stream, layout.LEFT_OUT, MAX_LEFT_OUT)
    found: dict[str, int] = {}
    for line, row in enumerate(rows, 2):
        what, count = row["what"], row["count"]
        # Twenty digits are more than anything can be counted; int() of longer texts takes its time.
        if not (count.isascii() and count.isdigit() and len(count) <= 20) or what in found:
            raise TableUnreadable(
                name=layout.LEFT_OUT, line=line, reason=mark("it is not a count and a new name")
            )
        found[what] = int(count)
    return found
