"""Counts of a collection: what was read of each kind of record, what became of it, and what has no content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from archiver.handover.errors import CountsDiffer
from archiver.handover.kinds import kind_words
from archiver.practice.store import Change
from formats.model.documents import Document
from formats.model.imaging import ImageFile, ImageStudy
from formats.model.missing import EMPTY_FILES, UNREAD_AMOUNTS, WITHOUT_FILE, MissingReason
from formats.model.provenance import SourceRow
from formats.model.record import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class KindCount:
    """What happened to one kind of record, or to one table of the source.

    ``refused`` of those read could not be stored; ``refused_there`` of these are stored as they were before.
    """

    read: int
    added: int
    updated: int
    stored: int
    refused: int = 0
    refused_there: int = 0

    @property
    def unchanged(self) -> int:
        """How many were stored already, exactly as read."""
        return self.read - self.added - self.updated - self.refused


@dataclass(slots=True)
class Counts:
    """Counts by kind of record, or by table, while a collection runs; they must add up.

    Those ``expected`` are counted where there is none, too.
    """

    _added: Counter[str] = field(default_factory=Counter)
    _updated: Counter[str] = field(default_factory=Counter)
    _unchanged: Counter[str] = field(default_factory=Counter)
    _refused: Counter[str] = field(default_factory=Counter)
    _refused_there: Counter[str] = field(default_factory=Counter)
    expected: tuple[str, ...] = ()

    def count(self, kind: str, change: Change) -> None:
        """Count one that was put."""
        if (
            change is Change.ADDED
        ):  # a dictionary of them would ask each time for the hash of a member, in Python
            self._added[kind] += 1
        elif change is Change.UPDATED:
            self._updated[kind] += 1
        else:
            self._unchanged[kind] += 1

    def refuse(self, kind: str, *, there: bool) -> None:
        """Count one that was refused; ``there`` says that an earlier collection stored it."""
        self._refused[kind] += 1
        self._refused_there[kind] += there

    def read(self, kind: str) -> int:
        """Return how many were read, those refused included."""
        return self._added[kind] + self._updated[kind] + self._unchanged[kind] + self._refused[kind]

    def known(self, kind: str) -> int:
        """Return how many of those read were stored before."""
        return self._updated[kind] + self._unchanged[kind] + self._refused_there[kind]

    def with_added(self) -> set[str]:
        """Return the kinds of which one was stored that was not before."""
        return {kind for kind, count in self._added.items() if count}

    def reconciled(self, before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, KindCount]:
        """Return the counts of every kind that was read or expected, having checked that they add up.

        Raises:
            CountsDiffer: when what is stored is not what was stored before and what was added.
        """
        counted = (self.expected, self._added, self._updated, self._unchanged, self._refused)
        kinds = dict.fromkeys(kind for one in counted for kind in one)
        for kind in kinds:
            expected = before.get(kind, 0) + self._added[kind]
            if after.get(kind, 0) != expected:
                raise CountsDiffer(kind=kind_words(kind), expected=expected, found=after.get(kind, 0))
        return {kind: self._of(kind, after.get(kind, 0)) for kind in kinds}

    def _of(self, kind: str, stored: int) -> KindCount:
        return KindCount(
            read=self.read(kind),
            added=self._added[kind],
            updated=self._updated[kind],
            stored=stored,
            refused=self._refused[kind],
            refused_there=self._refused_there[kind],
        )


def table_named(row: SourceRow, system: str) -> str:
    """Return what the table of ``row`` is called in the counts of a collection of ``system``.

    Without one the rows are of many systems, and a table is called by its own.
    """
    return row.table if system else f"{row.system}/{row.table}"


class CollectedContent:
    """Counts, while data is collected, of documents and pictures, and of what of them and of the amounts is missing."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def note(self, record: Record) -> None:
        """Look at one record that was read, with the file it is stored with."""
        if isinstance(record, SourceRow):
            if record.unread:
                reasons = record.unread.values()
                self.counts[UNREAD_AMOUNTS] += sum(one == MissingReason.AMOUNT_UNREAD for one in reasons)
        elif isinstance(record, (Document, ImageFile)):
            self.counts[record.kind] += 1
            self.counts[WITHOUT_FILE] += record.attachment is None
            self.counts[EMPTY_FILES] += record.attachment is not None and not record.attachment.size
        elif isinstance(record, ImageStudy):
            files = (one.attachment for series in record.series for one in series.instances)
            self.counts[EMPTY_FILES] += sum(not file.size for file in files)
