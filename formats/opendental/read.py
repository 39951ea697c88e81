"""Reading a practice out of Open Dental: records where they are understood, every row verbatim.

Order: the practice, its practitioners, its lists; then table by table, each
record after those it refers to; then the tables no mapping knows. Memory
holds the practice's lists, the names of its patients and 16 bytes for each
row others point to, never a table.

What is mapped and what is not, and why:

- A row that names several patients is a record of each it concerns (the part
  of a payment, the cover of a subscription), and verbatim with its subject.
- Rows of patients' tables that name nobody (an e-mail to the laboratory)
  travel as rows of the practice.
- Deleted patients and struck-out acts are records with that status.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from formats.databases.mariadb import MariaDbSource
from formats.databases.server_address import SCHEMES
from formats.databases.servers.address import is_database_address
from formats.databases.sqlite_source import SqliteSource
from formats.databases.tables import Source
from formats.errors import Failure, FolderNotFound
from formats.findings import Finding, Severity
from formats.model.people import Practice, Practitioner
from formats.opendental.database.image_folder import ImageFolder
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext
from formats.opendental.joins.lookups import know
from formats.opendental.joins.ownership import PATIENT, ownership_closure
from formats.opendental.joins.summaries import left_behind
from formats.opendental.joins.table_reader import TableReader
from formats.opendental.readings import PRACTICE_TABLES, readings
from formats.opendental.records.papers import Papers
from formats.opendental.records.practice import practice_record, practitioner
from formats.reading import EarlierRecords, Item
from formats.words import mark, plural

NEEDED = frozenset({PATIENT, "provider", "preference"})
"""Tables without which a database is not Open Dental's."""


class NotOpenDental(Failure):
    """A database that lacks the tables every version of Open Dental has."""

    code = "not-opendental"
    sentence = mark("This database is not one of Open Dental: it has no table {tables}.")


class UnknownTimeZone(Failure):
    """A time zone that the IANA list does not have."""

    code = "unknown-time-zone"
    sentence = mark("“{name}” is no time zone; write it like Europe/Paris.")


def open_source(address: str, *, password: str = "") -> MariaDbSource | SqliteSource:
    """Open a server (``mysql://…``, ``mariadb://…``) or the SQLite copy at a path.

    ``password`` wins over one in the address, where other programs of the machine could see it.

    Raises:
        DriverMissing, SourceAddress, SourceUnreachable: for a server.
        SourceUnreachable, FormatFailure: for a file.
    """
    if is_database_address(address) or address.startswith(tuple(f"{scheme}:" for scheme in SCHEMES)):
        return MariaDbSource(address, password=password)
    return SqliteSource(Path(address))


def read(
    source: Source,
    *,
    images: Path | None,
    practice_key: str | None,
    time_zone: str,
    earlier: EarlierRecords | None = None,
) -> Iterator[Item]:
    """Yield everything the practice holds; ``images`` is the AtoZ folder, ``practice_key`` its lasting name.

    Without ``practice_key`` identities hang on the practice's title, postcode
    and telephone: whoever reads the same practice twice should give one. What a row names and is not
    there any more stays named if it is among what was collected ``earlier``.

    Raises:
        NotOpenDental: when it is another kind of database.
        PracticeUnnamed: when identities have nothing to hang on.
        UnknownTimeZone: when ``time_zone`` is no IANA name.
        SourceUnreachable, LimitExceeded: when the database or the folder cannot be read.
    """
    if missing := NEEDED - source.tables().keys():
        raise NotOpenDental(where=source.name, tables=", ".join(sorted(missing)))
    if images is not None and not images.is_dir():
        raise FolderNotFound(path=str(images))
    context = know(source, practice_key=practice_key, zone=_zone(time_zone), earlier=earlier)
    return _read(source, context, ImageFolder(images) if images else None)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise UnknownTimeZone(name=name) from fault


def _read(source: Source, context: LookupContext, images: ImageFolder | None) -> Iterator[Item]:
    ownership_keys = ownership_closure(source.tables())
    counts = {table: source.count(table) for table in source.tables()}
    reader = TableReader(source, context, ownership_keys, counts)
    papers = Papers(images)
    yield from source.notices()
    of_practice = tuple(
        table for table in PRACTICE_TABLES if counts.get(table) and table not in ownership_keys
    )
    yield from _practice(source, context, reader, of_practice)
    done: set[str] = set(of_practice)
    for reading in readings(papers):
        yield from reader.understood(reading)
        done |= {reading.table, *(child.table for child in reading.children)} & ownership_keys.keys()
    yield from _remarks(context, papers, images)
    for table in (name for name in ownership_keys if name not in done and counts[name]):
        yield from reader.verbatim(table)
    known = dict.fromkeys((*PRACTICE_TABLES, *ownership_keys))
    yield from reader.empty(table for table in known if not counts.get(table))
    yield from left_behind(counts, done | ownership_keys.keys())


def _practice(
    source: Source, context: LookupContext, reader: TableReader, tables: tuple[str, ...]
) -> Iterator[Item]:
    """Yield the practice and its practitioners first, then the rows they and the lists come from."""
    made: Practice = practice_record(context)
    yield made
    practitioners: dict[str, str] = {}
    for cells in source.rows("provider"):
        row = Row(table="provider", key=str(cells.get("ProvNum")), cells=cells, zone=context.zone)
        one: Practitioner = practitioner(row, context)
        practitioners[row.key] = one.id
        yield one
        yield from row.notices
    for table in tables:
        yield from reader.practice_rows(table, practitioners if table == "provider" else None)


def _remarks(context: LookupContext, papers: Papers, images: ImageFolder | None) -> Iterator[Finding]:
    """Say once what holds for the whole practice."""
    if context.patients:
        yield Finding(
            severity=Severity.NOTE,
            code="opendental-birth-name",
            where=PATIENT,
            sentence=mark(
                "The software keeps one family name; it was taken as the birth name "
                "of every patient without a field “BirthName”."
            ),
        )
    if papers.unsought:
        yield Finding(
            severity=Severity.WARNING,
            code="opendental-no-image-folder",
            where="document",
            sentence=plural(
                "No image folder was given: {count} file was not looked for.",
                "No image folder was given: {count} files were not looked for.",
            ),
            facts={"count": papers.unsought},
        )
    if images:
        yield from images.strays()
