"""Seal what concerns no single patient: who works there, who left, what was left out, the practice's own rows.

Every volume has such a unit. The practice's own rows are many and needed once, so
only the first has them; the roster in each names its own patients only, so
that a volume that is destroyed leaves no name in another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from archiver import temporary_files
from archiver.assembly.practice_rows import DossierRows
from archiver.assembly.request import ExportContext
from archiver.sealing.sealed import SealedUnit
from archiver.sealing.unit import new_passphrase, new_salt, sealing_unit
from formats.pdlgc.practice.read import PracticeRecords
from formats.pdlgc.practice.write import write_practice_archive

MEMBER = "TRANSV.ZIP"


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedPractice:
    """The sealed unit as it lies in ``stream``: what it holds and how it opens."""

    stream: BinaryIO
    sealed: SealedUnit
    passphrase: str = field(repr=False)
    counts: Mapping[str, int]


@contextmanager
def sealed_practice(
    course: ExportContext,
    *,
    first: bool,
    patients: Collection[str] | None = None,
    dossiers: Sequence[DossierRows] = (),
) -> Iterator[SealedPractice]:
    """Seal the unit of the ``first`` or another volume, with what it says of its ``dossiers``.

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
        left_out=left_out(course, first=first),
        retention=tuple(one.retention for one in dossiers),
        missing=tuple(row for one in dossiers for row in one.missing),
    )
    rows = store.practice_rows() if request.whole_practice and first else iter(())
    passphrase, salt = new_passphrase(course.randomness), new_salt(course.randomness)
    with temporary_files.spool(course.folder) as spooled:
        with sealing_unit(spooled, passphrase=passphrase, salt=salt, member=MEMBER) as sink:
            written = write_practice_archive(records, rows, sink, written_at=course.at, sender=course.sender)
        spooled.seek(0)
        yield SealedPractice(stream=spooled, sealed=sink.sealed, passphrase=passphrase, counts=written.counts)


def left_out(course: ExportContext, *, first: bool) -> dict[str, int]:
    """Return what a volume does not take: what the export leaves out, and the rows that the first has."""
    counts = dict(course.left_out)
    if course.request.whole_practice and not first:
        counts["practice_rows"] = sum(1 for _ in course.store.practice_rows())
    return counts
