"""The practice-level archive ``TRANSV.ZIP``: who works there, who leaves, and what the export leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from formats.model.provenance import SourceRow
from formats.pdlgc import layout
from formats.pdlgc.columns import columns_of
from formats.pdlgc.members import ArchiveMembers
from formats.pdlgc.practice.bundle import write_practice_bundle
from formats.pdlgc.practice.lists import (
    MAX_LEFT_OUT,
    MAX_MISSING_ROWS,
    MAX_RETENTION_ROWS,
    MAX_ROSTER_SIGNATURES,
    MAX_TERMS,
    require_rows,
)
from formats.pdlgc.practice.read import (
    MAX_ROSTER_ROWS,
    PracticeRecords,
)
from formats.pdlgc.readme.instructions import TRANSVERSE, readme
from formats.pdlgc.sender import Sender
from formats.pdlgc.source_rows import CountedRows, write_source_rows
from formats.pdlgc.tables import write_table
from formats.pdlgc.write import WrittenArchive
from formats.target import Target
from formats.zip.limits import ZipLimits
from formats.zip.writer import ZipStream

_MEANINGS: Mapping[str, tuple[str, str]] = {
    "patients": ("patients du cabinet absents de cet export", "patients of the practice not in this export"),
    "practice_rows": (
        "lignes du logiciel d’origine qui concernent le cabinet",
        "rows of the original program about the practice as a whole",
    ),
}
"""What is left out, for the person who opens the list; a reader ignores it."""


def write_practice_archive(
    records: PracticeRecords,
    rows: Iterable[SourceRow],
    target: Target,
    *,
    written_at: datetime,
    sender: Sender,
    limits: ZipLimits | None = None,
) -> WrittenArchive:
    """Write the practice-level archive to ``target``, which is never asked to seek; ``rows`` are streamed.

    Raises:
        LimitExceeded: for more lines of a list than a reader takes.
    """
    require_rows(layout.ROSTER, len(records.roster), MAX_ROSTER_ROWS)
    require_rows(layout.LEFT_OUT, len(records.left_out), MAX_LEFT_OUT)
    require_rows(layout.TERMS, len(records.terms), MAX_TERMS)
    require_rows(layout.SIGNATURES, len(records.signatures), MAX_ROSTER_SIGNATURES)
    require_rows(layout.RETENTION, len(records.retention), MAX_RETENTION_ROWS)
    require_rows(layout.MISSING, len(records.missing), MAX_MISSING_ROWS)
    members = ArchiveMembers(ZipStream(target, when=written_at, limits=limits))
    members.add(layout.README, [readme(TRANSVERSE, sender=sender, written_at=written_at)])
    with members.open(layout.PRACTICE) as stream:
        write_practice_bundle(records.practice, records.practitioners, stream, written_at=written_at)
    members.add(layout.ROSTER, write_table(columns_of(layout.ROSTER), records.roster))
    members.add(layout.LEFT_OUT, write_table(columns_of(layout.LEFT_OUT), _left_out_rows(records)))
    members.add(layout.TERMS, write_table(columns_of(layout.TERMS), records.terms))
    members.add(layout.SIGNATURES, write_table(columns_of(layout.SIGNATURES), records.signatures))
    members.add(layout.RETENTION, write_table(columns_of(layout.RETENTION), records.retention))
    members.add(layout.MISSING, write_table(columns_of(layout.MISSING), records.missing))
    counted = CountedRows(rows)
    members.add(layout.SOURCE, write_source_rows(counted))
    size = members.finish()
    counts = {
        "missing": len(records.missing),
        "practitioners": len(records.practitioners),
        "retention": len(records.retention),
        "roster": len(records.roster),
        "source_rows": counted.count,
    }
    return WrittenArchive(counts=counts, files=tuple(members.files), size=size)


def _left_out_rows(records: PracticeRecords) -> Iterator[tuple[str, ...]]:
    meanings = {**_MEANINGS, **records.meanings}
    for what, count in sorted(records.left_out.items()):
        yield (what, str(count), *meanings.get(what, ("", "")))
