"""What is known of a database before its rows are read: its tables, and why some are not among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from formats.databases.tables import SourceTable


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundTable:
    """A table or view as the database lists it; ``schema`` is empty for the one it takes names from by itself."""

    name: str
    schema: str = ""
    is_view: bool = False

    @property
    def full_name(self) -> str:
        """The name by which a mapping knows it."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class DescribedColumns:
    """What a database tells of the columns of a table.

    ``key`` is the only column of its primary key, ``large`` are those whose values may be large, ``None`` where it is
    not told. ``in_utc`` are those whose moments come in UTC for want of the time zone.
    """

    key: str = ""
    large: frozenset[str] | None = None
    in_utc: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerTable:
    """A table that can be read, and how a statement names it; ``table.name`` in small letters is its key.

    ``sized``: which of its values may be large is known, and the engine is asked for their sizes. ``in_utc`` are the
    columns whose moments come in UTC.
    """

    table: SourceTable
    place: str
    sized: bool
    in_utc: frozenset[str] = frozenset()


class TableUnreadableHere(Exception):
    """A table that is listed, and that this user may not read, or a view that is broken: what the database says."""


@dataclass(slots=True)
class UnreadTables:
    """Tables that are there and are not read, and why: refused one by one, or in schemas that nobody asked for."""

    refused: dict[str, str]
    schemas: set[str]


def choose_tables(
    found: Iterable[FoundTable], named: Iterable[str], unread: UnreadTables
) -> list[FoundTable]:
    """Return what is read of ``found``: tables of the database's own schema, and whatever a mapping has ``named``.

    Without a mapping every view is read, for it may be all that a vendor describes; with one, a view shows rows again
    that travel with their tables. Other schemas are other people's, until a mapping names a table of theirs.
    """
    names = {name.lower() for name in named}
    schemas = {name.rpartition(".")[0] for name in names} - {""}
    chosen = []
    for one in found:
        asked = one.full_name.lower() in names
        own = not one.schema or one.schema.lower() in schemas
        if not own and not asked:
            unread.schemas.add(one.schema)
        elif asked or (own and (not one.is_view or not names)):
            chosen.append(one)
    return chosen
