"""What the contents of a column suggest, for a person to take up or not: a join, rows within a record, a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from formats.errors import Fact
from formats.sources.mapped.proposal.table_facts import ColumnFacts, TableFacts
from formats.words import mark

KEYS_AMONG = 0.9
"""Share of the values of a column that are keys of another table, for a join to be suggested."""
FILES_AMONG = 0.5
"""Share of the values of a column that end as the name of a file does, for a file to be suggested."""
ALIKE = 4
"""Letters in which a column and the table or key it may lead to begin alike, where the values are mere numbers."""
LEAST = 2
"""Different values of a column of which anything is suggested."""
ENDINGS = frozenset(
    {
        ".pdf",
        ".jpg",
        ".jpeg",
        ".png",
        ".tif",
        ".tiff",
        ".gif",
        ".bmp",
        ".dcm",
        ".doc",
        ".docx",
        ".odt",
        ".rtf",
    }
    | {".txt", ".xls", ".xlsx", ".stl", ".ply", ".obj", ".zip", ".mp4", ".htm", ".html"}
)
"""How names of files end that a dossier may hold."""
JOIN = mark("its values are keys of {table}; a join: {join}; or rows within a record there: {children}")
FILE = mark("its values are names of files: attachment = {attachment}")

Suggestion = tuple[str, dict[str, Fact]]


def suggestions(
    table: TableFacts, columns: Iterable[ColumnFacts], others: Iterable[TableFacts]
) -> Iterator[tuple[ColumnFacts, Suggestion]]:
    """Yield of ``columns`` of ``table`` what their contents suggest, as a sentence with its facts."""
    others = [one for one in others if one is not table and one.key is not None]
    for column in columns:
        if len(column.values) < LEAST:
            continue
        target = next((one for one in others if _leads_to(column, one)), None)
        if target is not None:
            yield column, (JOIN, _join(table, column, target))
        elif _names_files(column):
            attachment = f"{{ column = {json.dumps(column.name, ensure_ascii=False)} }}"
            yield column, (FILE, {"attachment": attachment})


def _join(table: TableFacts, column: ColumnFacts, target: TableFacts) -> dict[str, Fact]:
    own, there, name = (
        json.dumps(one, ensure_ascii=False) for one in (table.table.name, target.table.name, column.name)
    )
    return {
        "table": target.table.name,
        "join": f"{{ table = {there}, column = {name} }}",
        "children": f"{{ children = {own}, column = {name} }}",
    }


def _leads_to(column: ColumnFacts, target: TableFacts) -> bool:
    """Tell whether the values are keys of ``target``; small numbers are keys of any table, and need a name alike."""
    key = target.key
    if key is None or len(column.values & key.values) < KEYS_AMONG * len(column.values):
        return False
    if not all(value.isdigit() for value in column.values):
        return True
    names = (key.plain, "".join(letter for letter in target.table.name.upper() if letter.isalnum()))
    plain = column.plain
    return plain == key.plain or any(
        bool(name) and part.startswith(name[:ALIKE])
        for name in names
        for part in (plain, plain.removeprefix("NUM"), plain.removeprefix("ID"), plain.removeprefix("CODE"))
    )


def _names_files(column: ColumnFacts) -> bool:
    named = sum(PurePath(value).suffix.lower() in ENDINGS for value in column.values)
    return named >= FILES_AMONG * len(column.values)
