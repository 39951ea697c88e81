"""A mapping held against the tables of a source: their columns, and whether their values are what fields take."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from formats.databases.tables import SortedSource, SourceTable
from formats.databases.text_order import cell_as_text
from formats.sources.mapped.column_look import ColumnLook, look_at
from formats.sources.mapped.columns import actual_column
from formats.sources.mapped.language.declarations import MappingDeclaration, TableDeclaration
from formats.sources.mapped.language.faults import MappingFaults, near
from formats.sources.mapped.language.parse_values import CONSTANT
from formats.sources.mapped.language.references import ColumnPlace, column_places
from formats.sources.mapped.language.targets import Form
from formats.sources.mapped.row_look import ClockLook, KeyLook, row_looks
from formats.words import mark

LOOKED_AT = 5_000
"""Rows of a table whose values are looked at."""


def check_source(source: SortedSource, mapping: MappingDeclaration, faults: MappingFaults) -> None:
    """Note what ``mapping`` names and ``source`` lacks, columns whose values are unfit, and keys that are none."""
    there = source.tables()
    for name, table in mapping.tables.items():
        if name.lower() not in there:
            known = [one.name for one in there.values()]
            faults.unknown("mapping-table-unknown", table.path, name, known)
    looked: dict[str, list[ColumnLook]] = {}
    for place in {(one.path, one.column): one for one in column_places(mapping)}.values():
        found = there.get(place.table.lower())
        if found is None:
            continue
        if not actual_column(found, place.column):
            _unknown_column(faults, mapping.tables, found, place)
        elif place.value is not None and (look := look_at(mapping, found, place.value, place)) is not None:
            looked.setdefault(place.table.lower(), []).append(look)
    for name, table in mapping.tables.items():
        if found := there.get(name.lower()):
            _look_at_rows(source, name.lower(), looked.get(name.lower(), []), row_looks(table, found), faults)
    _check_practice_key(source, mapping, there, faults)


def _look_at_rows(
    source: SortedSource,
    name: str,
    columns: list[ColumnLook],
    rows: list[KeyLook | ClockLook],
    faults: MappingFaults,
) -> None:
    for cells in islice(source.rows(name), LOOKED_AT if columns or rows else 0):
        for column in columns:
            column.note(cells.get(column.column))
        for row in rows:
            row.note(cells)
    for look in (*columns, *rows):
        look.tell(faults)


def _check_practice_key(
    source: SortedSource,
    mapping: MappingDeclaration,
    there: Mapping[str, SourceTable],
    faults: MappingFaults,
) -> None:
    """Note a key of the practice whose column holds nothing in the first row of its table."""
    table, column = mapping.practice_key or ("", "")
    found, path = there.get(table.lower()), ("practice", "key")
    if found is None:
        return
    name = actual_column(found, column)
    if name and not cell_as_text(next(source.rows(table.lower()), {}).get(name)):
        sentence = mark(
            "“{column}” of {table} is to tell the practice, and its first row holds nothing there."
        )
        faults.add("mapping-practice-unnamed", path, sentence, column=name, table=found.name)


def _unknown_column(
    faults: MappingFaults,
    tables: Mapping[str, TableDeclaration],
    table: SourceTable,
    place: ColumnPlace,
) -> None:
    """Note a text that is no column: a table in place of a join, a word without its sign, or a word mistyped."""
    word, code = place.column, "mapping-column-unknown"
    join = _join_meant(tables, place)
    if join:
        sentence = mark("“{word}” is no column of {table}; by the join that leads there it is “{nearest}”.")
        faults.add(code, place.path, sentence, word=word, table=table.name, nearest=join)
        return
    own = word.rpartition(".")[2]
    if own != word and own in table.columns:
        sentence = mark("“{word}” is no column of {table}; did you mean “{nearest}”?")
        faults.add(code, place.path, sentence, word=word, table=table.name, nearest=own)
        return
    other = word.partition(".")[0]
    if other != word and other in tables:
        sentence = mark(
            "“{word}” is no column of {table}: a row of {other} is fetched by a join ([tables.{table}.joins])."
        )
        faults.add(code, place.path, sentence, word=word, table=table.name, other=other)
        return
    value = place.value
    if (
        value is not None
        and value.target.form is Form.CODE
        and word in {one.value for one in value.target.type}
    ):
        sentence = mark("“{word}” is no column of {table}; the word itself is written “{nearest}”.")
        faults.add(code, place.path, sentence, word=word, table=table.name, nearest=CONSTANT + word)
        return
    nearest = near(word, table.columns)
    if nearest:
        sentence = mark("“{word}” is no column of {table}; did you mean “{nearest}”?")
        faults.add(code, place.path, sentence, word=word, table=table.name, nearest=nearest)
        return
    sentence = mark(
        "“{word}” is no column of {table}; a text that stands for itself begins with “=”. Its columns: {known}."
    )
    faults.add(code, place.path, sentence, word=word, table=table.name, known=", ".join(table.columns[:40]))


def _join_meant(tables: Mapping[str, TableDeclaration], place: ColumnPlace) -> str:
    """Return the column by the join that leads to the table whose name stands in front of it, if one does."""
    head, dot, column = place.column.partition(".")
    joins = tables[place.table].joins if dot else {}
    names = {word.casefold(): name for name, link in joins.items() for word in (link.table, name)}
    meant = names.get(head.casefold()) or (near(head, joins) if joins else "")
    return f"{meant}.{column}" if meant else ""
