"""Hand over the records of dossiers as tables, all of them or none; the journal of a store says so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archiver import disk
from archiver.delivery.table_database import DATABASE, TableDatabase
from archiver.delivery.tables import WORKBOOK, TableFolder
from archiver.operations.deliveries.deliver import DossierReader
from archiver.operations.deliveries.totals import DeliveryTotals, deliver_whole
from archiver.practice.store import PracticeStore
from archiver.search.records import SearchRecord
from archiver.temporary_files import folder_aside
from formats.findings import Finding
from formats.tables.xlsx import WorkbookOfTables

if TYPE_CHECKING:  # whoever delivers out of a store opens no package
    from archiver.handover.opening import OpenedHandover


@dataclass(frozen=True, kw_only=True, slots=True)
class TabulateRequest:
    """Which persons, each by all records of the person, the new ``folder`` of the tables, and for whom.

    With ``workbook`` there is a workbook of all tables as well, with ``database`` a SQLite database.
    """

    persons: Collection[Sequence[SearchRecord]]
    folder: Path
    workbook: bool = False
    database: bool = False
    by: str = ""
    receiver: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TabulateOutcome:
    """How many dossiers there are, how many rows each table has, and what was noticed."""

    dossiers: int
    rows: Mapping[str, int]
    findings: Collection[Finding] = ()


def tabulate(
    content: PracticeStore | OpenedHandover,
    request: TabulateRequest,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> TabulateOutcome:
    """Write the tables; ``progress`` is told the persons done.

    Raises:
        AlreadyExists, DiskFull, DiskFault: what the disk answered.
        CountsDiffer: when another number of rows was written than there are records.
        Failure: as ``open_dossier``, of a package.
    """
    at = clock().replace(microsecond=0)
    return deliver_whole(
        content,
        request,
        at,
        lambda reader: _write(reader, request, at, progress),
        lambda outcome: {"rows": sum(outcome.rows.values())},
    )


@contextmanager
def _workbook(folder: Path, at: datetime) -> Iterator[WorkbookOfTables]:
    """Make the workbook in ``folder``; it is closed, and its temporary files gone, however the block ends."""
    with disk.failures_about(), disk.open_new(folder / WORKBOOK) as stream:
        book = WorkbookOfTables(stream, folder, at=at)
        try:
            yield book
        except BaseException:
            with suppress(OSError):
                book.close()
            raise
        book.close()


def _write(
    reader: DossierReader, request: TabulateRequest, at: datetime, progress: Callable[[int], None]
) -> TabulateOutcome:
    totals = DeliveryTotals()
    with folder_aside(request.folder, mode=disk.PRIVATE_FOLDER) as aside:
        with (
            _workbook(aside, at) if request.workbook else nullcontext() as book,
            closing(TableDatabase(aside / DATABASE)) if request.database else nullcontext() as database,
            TableFolder(aside, book, database) as tables,
        ):
            for records in request.persons:
                for record in records:
                    with reader.open(record.id) as source:
                        tables.add(source)
                        totals.notice(source)
                progress(1)
            tables.finish(at)
            for one in tables.findings():
                totals.findings.append(one)
        disk.settle(aside.iterdir())
    return TabulateOutcome(dossiers=totals.dossiers, rows=dict(tables.rows), findings=totals.findings)
