"""Tables and columns of Open Dental that the sample fills, read from ``opendental-columns.txt``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("opendental-columns.txt")

Value = str | int | float | None

EMPTY: dict[str, Value] = {
    "int": 0,
    "real": 0.0,
    "text": "",
    "date": "0001-01-01",
    "moment": "0001-01-01 00:00:00",
    "stamp": "2025-06-30 18:00:00",
    "time": "00:00:00",
}
"""What Open Dental itself writes into a column nobody filled (stamp: the evening the practice was copied)."""

SQLITE = {"int": "INTEGER", "real": "REAL"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table: its name and the kind of every column, in the order of the database."""

    name: str
    columns: dict[str, str]

    @property
    def key(self) -> str:
        """Return the numbered column that identifies a row."""
        return next(name for name, kind in self.columns.items() if kind == "int")

    def sqlite(self) -> str:
        """Return the statement that makes this table in SQLite."""
        columns = ", ".join(
            f"`{name}` {SQLITE.get(kind, 'TEXT')}{' PRIMARY KEY' if name == self.key else ''}"
            for name, kind in self.columns.items()
        )
        return f"CREATE TABLE `{self.name}` ({columns});\n"


@cache
def tables() -> dict[str, Table]:
    """Return every table of the sample by name, in the order in which rows are written."""
    found: dict[str, dict[str, str]] = {}
    name = kind = ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            name, kind = line, ""
            found[name] = {}
            continue
        for word in line.split():
            if word.endswith(":"):
                kind = word[:-1]
            else:
                found[name][word] = kind
    return {name: Table(name=name, columns=columns) for name, columns in found.items()}
