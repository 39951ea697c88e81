"""A small mapping and a few rows, and what reading them gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from formats.databases.given_rows import GivenRows
from formats.findings import Finding
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import FileBody, Item
from formats.sources.mapped.language.declarations import MappingDeclaration
from formats.sources.mapped.language.parse import parse_mapping
from formats.sources.mapped.language.references import named_columns
from formats.sources.mapped.read import read_tables

HEAD = """\
[mapping]
language = 1
name = "test"
version = "1"
author = "Anne Exemple"
software = "Exemple"
"""
PATIENTS = """
[tables.PATIENTS]
key = "NUM"
[[tables.PATIENTS.records]]
kind = "patients"
[tables.PATIENTS.records.fields.traits]
birth_family_name = "NOM"
birth_date = "NE"
"""
R = TypeVar("R", bound=Record)
Rows = Mapping[str, Sequence[dict[str, Any]]]


def mapping(text: str) -> MappingDeclaration:
    """Return the mapping of ``text`` behind the head and the patients."""
    return parse_mapping((HEAD + PATIENTS + text).encode(), "test.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """Everything one reading yielded, in order."""

    items: tuple[Item, ...]

    def records(self, kind: type[R]) -> list[R]:
        """Return the records of one kind."""
        return [item for item in self.items if isinstance(item, kind)]

    def one(self, kind: type[R]) -> R:
        """Return the only record of its kind."""
        (found,) = self.records(kind)
        return found

    def codes(self) -> list[str]:
        """Return the codes of the findings."""
        return [item.code for item in self.items if isinstance(item, Finding)]

    def rows(self, table: str) -> dict[str, SourceRow]:
        """Return the rows of a table word for word, by key."""
        return {row.key: row for row in self.records(SourceRow) if row.table == table}

    def bodies(self) -> list[FileBody]:
        """Return the files."""
        return [item for item in self.items if isinstance(item, FileBody)]


def given(
    text: str, rows: Rows, *, files: Path | None = None, practice: str = "test", complete: bool = True
) -> Given:
    """Return what comes of ``rows`` by the mapping ``text``; ``complete``: their tables have every column it names."""
    declared = mapping(text)
    named = named_columns(declared) if complete else {}
    columns = {
        name: tuple(dict.fromkeys((*named.get(name, ()), *(column for row in some for column in row))))
        for name, some in rows.items()
    }
    items = read_tables(GivenRows(columns, rows), declared, practice_key=practice, files=files)
    return Given(items=tuple(items))


def decide(target: Path) -> None:
    """Decide, as a person does, what the proposal leaves open."""
    text = target.read_text(encoding="utf-8")
    for line, word in (
        ('author = "?"', '"Anne Exemple"'),
        ('status = "?"  # to decide: { column = "ETAT", codes = { … } }, or one of "=planned"', '"=done"'),
        ('status = "?"  # to decide: { column = "ETAT", codes = { … } }, or one of "=scheduled"', '"=other"'),
        ('note = "?"', '"=clinical"'),
    ):
        assert text.count(line) == 1
        text = text.replace(line, line.replace('"?"', word))
    target.write_text(text, encoding="utf-8")
