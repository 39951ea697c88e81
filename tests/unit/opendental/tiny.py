"""A practice of a few rows, as Open Dental would hold it, and what reading it gives."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from formats.databases.sqlite_source import SqliteSource
from formats.findings import Finding
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.opendental.read import read
from formats.reading import FileBody, Item, Tally
from samples.story.book import Book, build_sqlite

ZONE = "Europe/Paris"
KEY = "test"

R = TypeVar("R", bound=Record)

ROW = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Collected:
    """Everything one reading yielded, in order."""

    items: tuple[Item, ...]

    def records(self, kind: type[R]) -> list[R]:
        """Return the records of one kind."""
        return [item for item in self.items if isinstance(item, kind)]

    def one(self, kind: type[R]) -> R:
        """Return the only record of its kind."""
        (found,) = self.records(kind)
        return found

    def codes(self, where: str = "") -> list[str]:
        """Return the codes of the findings about ``where``, or of all."""
        found = [item for item in self.items if isinstance(item, Finding)]
        return [item.code for item in found if not where or item.where == where]

    def rows(self, table: str) -> dict[str, SourceRow]:
        """Return the verbatim rows of a table by key."""
        return {row.key: row for row in self.records(SourceRow) if row.table == table}

    def tallies(self) -> dict[str, int]:
        """Return what the source counts by table."""
        return {item.table: item.rows for item in self.items if isinstance(item, Tally)}

    def bodies(self) -> list[FileBody]:
        """Return the files."""
        return [item for item in self.items if isinstance(item, FileBody)]


def book(**tables: list[ROW]) -> Book:
    """Return a practice with one practitioner, one patient (PatNum 1) and the rows given by table."""
    made = Book("tiny")
    made.add("preference", PrefName="PracticeTitle", ValueString="Cabinet minuscule")
    made.add("provider", ProvNum=1, LName="Vauquelin", FName="Hélène", Abbr="HV")
    made.add("userod", UserNum=1, UserName="hvauquelin", ProvNum=1, Password="bcrypt$secret")
    made.add(
        "patient", PatNum=1, LName="Perrichon", FName="Gérard", Guarantor=1, ImageFolder="PerrichonGerard1"
    )
    for table, rows in tables.items():
        for row in rows:
            made.add(table, **row)
    return made


def write(made: Book, folder: Path, *statements: str) -> Path:
    """Write a practice as SQLite and run further statements on it; return the file."""
    target = folder / "practice.sqlite"
    build_sqlite(made.sql(), target)
    with closing(sqlite3.connect(target)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return target


def collect(path: Path, *, images: Path | None = None) -> Collected:
    """Read a practice to its end."""
    with SqliteSource(path) as source:
        return Collected(items=tuple(read(source, images=images, practice_key=KEY, time_zone=ZONE)))


def reading(folder: Path, tables: Mapping[str, list[ROW]], *statements: str) -> Collected:
    """Write a tiny practice with these rows and read it."""
    return collect(write(book(**tables), folder, *statements))
