"""The practice-level archive, read back: the practice, its roster, what was left out, and its source rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from formats.errors import TableUnreadable
from formats.findings import Finding
from formats.model.people import Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.outside_files.folder import FolderArchive
from formats.pdlgc import layout
from formats.pdlgc.columns import columns_of
from formats.pdlgc.contents import ArchiveContents
from formats.pdlgc.practice.bundle import read_practice_bundle
from formats.pdlgc.practice.lists import (
    MissingRow,
    RetentionRow,
    SignatureRow,
    TableRows,
    TermRow,
    read_left_out,
    read_limited,
    read_missing,
    read_retention,
)
from formats.pdlgc.practice.terms import terms_in
from formats.pdlgc.source_rows import read_source_rows
from formats.pdlgc.tables import read_rows
from formats.words import mark
from formats.zip.limits import ZipLimits

MAX_ROSTER_ROWS = 500_000
"""Patients of a roster; as many as a package can have units."""

_READ = frozenset(
    {
        layout.README,
        layout.PRACTICE,
        layout.ROSTER,
        layout.LEFT_OUT,
        layout.TERMS,
        layout.SIGNATURES,
        layout.MISSING,
        layout.RETENTION,
        layout.SOURCE,
    }
)

_LISTS = (
    layout.ROSTER, layout.LEFT_OUT, layout.TERMS, layout.SIGNATURES, layout.MISSING, layout.RETENTION
)  # fmt: skip

RosterRow = tuple[str, str, str, str]
"""Patient number, family name, given name, RPPS of the practitioner with whom the patient leaves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PracticeRecords:
    """What an export says of the practice; an empty roster means that everybody was taken.

    ``left_out`` counts what the practice holds and the export does not, ``meanings`` are words in French and English
    for codes of it that only whoever writes can explain; ``terms`` are those of the handover,
    ``signatures`` those of the roster; ``retention`` has a row
    for every dossier, ``missing`` for each kind of content that one of them lacks.
    """

    practice: Practice
    practitioners: tuple[Practitioner, ...] = ()
    roster: Collection[RosterRow] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    meanings: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    terms: tuple[TermRow, ...] = ()
    signatures: tuple[SignatureRow, ...] = ()
    retention: Collection[RetentionRow] = ()
    missing: Collection[MissingRow] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PracticeArchive:
    """A practice-level archive as it was read; ``rows`` streams the source rows each time it is called.

    The lists of its records, too, are read whenever they are asked for.
    """

    records: PracticeRecords
    findings: tuple[Finding, ...]
    _contents: ArchiveContents = field(repr=False)

    def rows(self) -> Iterator[SourceRow]:
        """Yield the source rows of the practice, none of which is a patient's.

        Raises:
            ArchiveChanged, TableUnreadable, LimitExceeded: while reading.
        """
        with self._contents.whole(layout.SOURCE) as stream:
            for line, row in enumerate(read_source_rows(stream), 1):
                if row.patient is not None:
                    raise TableUnreadable(name=layout.SOURCE, line=line, reason=mark("it is a patient’s row"))
                yield row

    def lists(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield the place of each list and each of its lines, column by column, word for word.

        Raises:
            ArchiveChanged, TableUnreadable, LimitExceeded: while reading.
        """
        for place in _LISTS:
            if place in self._contents.names:
                with self._contents.whole(place) as stream:
                    for row in read_rows(stream, columns_of(place), name=place):
                        yield place, row


def read_practice_archive(
    source: BinaryIO | FolderArchive, *, limits: ZipLimits | None = None
) -> PracticeArchive:
    """Read the practice-level archive in ``source``, as ``read_patient_archive`` does; its rows and lists need it, too.

    Raises:
        FormatFailure: ZipRefused, ZipDamaged, UnsafeName, LimitExceeded, ArchiveIncomplete,
            ArchiveChanged or TableUnreadable, and what the reader of the bundle raises.
        InconsistentDossier: when two who work there share one identity.
    """
    contents = ArchiveContents(source, limits=limits)
    with contents.whole(layout.PRACTICE) as stream:
        practice, practitioners, findings = read_practice_bundle(stream)
    roster = TableRows(partial(contents.whole, layout.ROSTER), read_leaving)
    with contents.whole(layout.LEFT_OUT) as stream:
        left_out = read_left_out(stream)
    terms, signatures = terms_in(contents)
    retention = TableRows(partial(contents.whole, layout.RETENTION), read_retention)
    missing = TableRows(partial(contents.whole, layout.MISSING), read_missing)
    contents.size(layout.SOURCE)
    records = PracticeRecords(
        practice=practice,
        practitioners=practitioners,
        roster=roster,
        left_out=left_out,
        terms=terms,
        signatures=signatures,
        retention=retention,
        missing=missing,
    )
    remarks = (*contents.findings, *contents.unread(_READ), *findings)
    return PracticeArchive(records=records, findings=remarks, _contents=contents)


def read_leaving(stream: BinaryIO) -> Iterator[RosterRow]:
    """Yield the list of those who leave.

    Raises:
        TableUnreadable, LimitExceeded: as ``read_rows``, and for more lines than a package has units.
    """
    return map(_roster_row, read_limited(stream, layout.ROSTER, MAX_ROSTER_ROWS))


def _roster_row(row: Mapping[str, str]) -> RosterRow:
    number, family_name, given_name, rpps = row.values()
    return number, family_name, given_name, rpps
