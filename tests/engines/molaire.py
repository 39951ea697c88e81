"""The tables of Molaire 3 in any engine: all columns text, as exported, or of the types that fit what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from samples.molaire_tables import TABLES, Cell, Practice, export_cell

KEYS = {"PATIENTS": "NUMPAT", "ACTES": "NUMACTE", "PRATICIENS": "CODE"}
"""Tables that have a primary key where columns have types."""


class Kind(Enum):
    """What a column holds."""

    TEXT, DATE, MOMENT, MONEY, WHOLE = range(5)


STANDARD: Mapping[Kind, str] = {
    Kind.TEXT: "VARCHAR(400)",
    Kind.DATE: "DATE",
    Kind.MOMENT: "TIMESTAMP",
    Kind.MONEY: "DECIMAL(10, 2)",
    Kind.WHOLE: "INTEGER",
}
"""Types as standard SQL calls them."""


def as_it_is(value: Any) -> Any:
    """Return ``value``, which the driver understands."""
    return value


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How an engine wants names, values and types."""

    quote: str = '"'
    mark: str = "?"
    adapt: Callable[[Any], Any] = as_it_is
    types: Mapping[Kind, str] = field(default_factory=lambda: STANDARD)

    def name(self, word: str) -> str:
        return f"{self.quote}{word}{self.quote}"


def statements(
    made: Practice, dialect: Dialect, *, typed: bool
) -> Iterable[tuple[str, str, list[tuple[Any, ...]]]]:
    """Yield for each table what creates it, what fills it, and its rows."""
    for table, columns in TABLES.items():
        names, rows = columns.split(), made.rows[table]
        kinds = [
            _kind(name, [row[place] for row in rows]) if typed else Kind.TEXT
            for place, name in enumerate(names)
        ]
        described = [
            f"{dialect.name(name)} {dialect.types[kind]}" for name, kind in zip(names, kinds, strict=True)
        ]
        if typed and table in KEYS:
            place = names.index(KEYS[table])
            described[place] += " NOT NULL PRIMARY KEY"
        marks = ", ".join([dialect.mark] * len(names))
        yield (
            f"CREATE TABLE {dialect.name(table)} ({', '.join(described)})",
            f"INSERT INTO {dialect.name(table)} VALUES ({marks})",
            [
                tuple(dialect.adapt(_value(cell, kind)) for cell, kind in zip(row, kinds, strict=True))
                for row in rows
            ],
        )


def _kind(name: str, cells: Sequence[Cell]) -> Kind:
    if name in {"HORODATE", "ENVOI"}:
        return Kind.MOMENT
    filled = [cell for cell in cells if cell is not None]
    for type_, kind in ((date, Kind.DATE), (Decimal, Kind.MONEY), (int, Kind.WHOLE)):
        if filled and all(isinstance(cell, type_) for cell in filled):
            return kind
    return Kind.TEXT


def _value(cell: Cell, kind: Kind) -> Any:
    if kind is Kind.MOMENT:
        return datetime.strptime(str(cell), "%d/%m/%Y %H:%M")  # noqa: DTZ007 - as the software keeps it
    return export_cell(cell) if kind is Kind.TEXT else cell


def fill(connection: Any, made: Practice, dialect: Dialect, *, typed: bool) -> None:
    """Make and fill the tables through a connection of the DB-API."""
    cursor = connection.cursor()
    for create, insert, rows in statements(made, dialect, typed=typed):
        cursor.execute(create)
        connection.commit()
        if rows:
            cursor.executemany(insert, rows)
        connection.commit()
    cursor.close()
