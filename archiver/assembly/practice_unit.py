"""Seal what concerns no single patient: who works there, who left, what was left out, the practice's own rows.

Every volume has such a unit. The practice's own rows are many and needed once, so
only the first has them; the roster in each names its own patients only, so
that a volume that is destroyed leaves no name in another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from archiver import temporary_files
from archiver.assembly.request import ExportContext, Randomness
from archiver.scope.handover_terms import term_rows
from archiver.scope.redactions import redaction_meaning
from archiver.sealing.sealed import SealedUnit
from archiver.sealing.unit import new_passphrase, new_salt, sealing_unit
from formats.model.provenance import SourceRow
from formats.name_table import NameSet
from formats.pdlgc.practice.lists import MissingRow, RetentionRow
from formats.pdlgc.practice.read import PracticeRecords
from formats.pdlgc.practice.write import write_practice_archive
from formats.pdlgc.sender import Sender

MEMBER = "TRANSV.ZIP"


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedPractice:
    """The sealed unit as it lies in ``stream``: what it holds and how it opens."""

    stream: BinaryIO
    sealed: SealedUnit
    passphrase: str = field(repr=False)
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedRows:
    """What the practice's unit says of the dossiers beside it."""

    retention: Collection[RetentionRow] = ()
    missing: Collection[MissingRow] = ()
    redactions: Mapping[str, int] = field(default_factory=dict)


NO_ROWS = ListedRows()


@contextmanager
def sealed_practice(
    course: ExportContext,
    *,
    first: bool,
    patients: NameSet | None = None,
    rows: ListedRows = NO_ROWS,
) -> Iterator[SealedPractice]:
    """Seal the unit of the ``first`` or another volume, with the ``rows`` about its dossiers.

    The roster keeps the lines of ``patients``, or all.
    """
    request, store = course.request, course.store
    lines = (line for line in request.roster if patients is None or line.patient in patients)
    records = PracticeRecords(
        practice=course.practice,
        practitioners=tuple(store.practitioners()),
        roster=tuple(
            (one.patient_number, one.family_name, one.given_name, one.practitioner_rpps) for one in lines
        ),
        left_out={**left_out(course, first=first), **rows.redactions},
        meanings={code: words for code in rows.redactions if (words := redaction_meaning(code))},
        terms=term_rows(request.terms),
        signatures=request.agreement.signatures if request.agreement else (),
        retention=rows.retention,
        missing=rows.missing,
    )
    source_rows = (
        store.practice_rows(but_gone=request.gone.left_out) if request.whole_practice and first else iter(())
    )
    sealing = seal_practice(
        records,
        source_rows,
        folder=course.folder,
        randomness=course.randomness,
        at=course.at,
        sender=course.sender,
    )
    with sealing as sealed:
        yield sealed


@contextmanager
def seal_practice(
    records: PracticeRecords,
    source_rows: Iterable[SourceRow],
    *,
    folder: Path,
    randomness: Randomness,
    at: datetime,
    sender: Sender,
) -> Iterator[SealedPractice]:
    """Seal the unit that says ``records`` and has the practice's own ``source_rows``; it is spooled in ``folder``."""
    passphrase, salt = new_passphrase(randomness), new_salt(randomness)
    with temporary_files.spool(folder) as spooled:
        with sealing_unit(spooled, passphrase=passphrase, salt=salt, member=MEMBER) as sink:
            written = write_practice_archive(records, source_rows, sink, written_at=at, sender=sender)
        spooled.seek(0)
        yield SealedPractice(stream=spooled, sealed=sink.sealed, passphrase=passphrase, counts=written.counts)


def left_out(course: ExportContext, *, first: bool) -> dict[str, int]:
    """Return what a volume does not take: what the export leaves out, and the rows that the first has."""
    counts = dict(course.left_out)
    if course.request.whole_practice and not first:
        counts["practice_rows"] = sum(1 for _ in course.store.practice_rows())
    return counts
