"""Lists of the practice-level archive about every dossier: retention periods, missing content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from formats.errors import LimitExceeded
from formats.pdlgc import layout
from formats.pdlgc.columns import columns_of
from formats.pdlgc.tables import read_rows
from formats.words import mark

MAX_RETENTION_ROWS = 200_000
"""Dossiers of a package, as many as a keyring has units."""


MAX_MISSING_ROWS = 1_000_000
"""Kinds of missing content of all dossiers; a dossier has at most some twelve."""


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


def read_limited(stream: BinaryIO, name: str, limit: int) -> Iterator[dict[str, str]]:
    """Yield the rows of the table ``name``, of which at most ``limit`` are kept in memory.

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


def read_missing(stream: BinaryIO) -> tuple[MissingRow, ...]:
    """Return the list of missing content.

    Raises:
        TableUnreadable, LimitExceeded: as ``read_limited``.
    """
    rows = read_limited(stream, layout.MISSING, MAX_MISSING_ROWS)
    return tuple(MissingRow(*row.values()) for row in rows)


def read_retention(stream: BinaryIO) -> tuple[RetentionRow, ...]:
    """Return the list of retention periods.

    Raises:
        TableUnreadable, LimitExceeded: as ``read_limited``.
    """
    rows = read_limited(stream, layout.RETENTION, MAX_RETENTION_ROWS)
    return tuple(RetentionRow(*row.values()) for row in rows)
