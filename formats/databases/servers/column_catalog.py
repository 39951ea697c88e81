"""Columns as the information schema of an engine lists them (ISO/IEC 9075-11, COLUMNS): what ODBC itself does not tell.

For ODBC a moment that a server keeps in UTC is of the type of any date and time, and the sizes that drivers give for
long texts are of their own making.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from formats.databases.servers.engines import MYSQL, Engine
from formats.databases.tables import MAX_CELL

_QUERY = "SELECT table_name, column_name, data_type, character_maximum_length FROM information_schema.columns"
_OF_MYSQL = " WHERE table_schema = DATABASE()"
_SMALL = (
    *("int", "bigint", "smallint", "tinyint", "mediumint", "integer", "year", "bit", "bool", "serial"),
    *("numeric", "decimal", "float", "double", "real", "money", "smallmoney"),
    *("date", "time", "interval", "smalldatetime"),
    *("enum", "set", "uuid", "uniqueidentifier", "inet", "cidr", "macaddr", "rowversion"),
)
"""How names of types begin whose values are never large."""
_MOMENT_OF_MYSQL = "timestamp"


@dataclass(slots=True)
class ColumnCatalog:
    """Columns by table: which may be large, and which MySQL keeps in UTC; names of tables in small letters."""

    large: Mapping[str, frozenset[str]] = field(default_factory=dict)
    in_utc: Mapping[str, frozenset[str]] = field(default_factory=dict)


def catalog_query(engine: Engine) -> str:
    """Return the statement that lists all columns of a database of ``engine``."""
    return _QUERY + (_OF_MYSQL if engine is MYSQL else "")


def column_catalog(rows: Iterable[tuple[object, ...]]) -> ColumnCatalog:
    """Return what the ``rows`` of that statement say."""
    large: dict[str, set[str]] = {}
    in_utc: dict[str, set[str]] = {}
    for table, column, kind, length in rows:
        name, word = str(table).lower(), str(kind).lower()
        large.setdefault(name, set())
        if _may_be_large(word, length):
            large[name].add(str(column))
        if word == _MOMENT_OF_MYSQL:
            in_utc.setdefault(name, set()).add(str(column))
    return ColumnCatalog(
        large={name: frozenset(columns) for name, columns in large.items()},
        in_utc={name: frozenset(columns) for name, columns in in_utc.items()},
    )


def _may_be_large(kind: str, length: object) -> bool:
    if kind.startswith(_SMALL):
        return False
    return not isinstance(length, int) or length < 0 or length * 4 > MAX_CELL
