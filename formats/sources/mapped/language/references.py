"""To which records the references of a mapping lead, and in which order its tables are read for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from formats.model.people import Practice
from formats.sources.mapped.language.declarations import (
    Children,
    Column,
    MappingDeclaration,
    RecordDeclaration,
    Scalar,
    Several,
    TableDeclaration,
    Value,
)
from formats.sources.mapped.language.targets import KINDS, Form
from formats.sources.mapped.language.toml_lines import Path

Maker = tuple[str, str]
"""A table, and the name of one of the records that its rows become."""
_ANYWHERE = frozenset({"practitioners", "patients", "practices"})
"""Kinds of which a record may be referred to from any dossier."""


def makers(tables: Mapping[str, TableDeclaration], reference: Scalar) -> list[Maker]:
    """Return the records that ``reference`` may lead to; a sound mapping has one."""
    table, name = reference.options.get("table"), reference.options.get("record")
    return [
        (one.name, record.name)
        for one in tables.values()
        for record in one.records
        if record.kind.kind == reference.target.refers
        and table in {None, one.name}
        and name in {None, record.name}
    ]


def values_below(values: Iterable[Value]) -> Iterator[Scalar | Children]:
    """Yield every scalar in ``values`` and in values inside them, and the children."""
    for value in values:
        if isinstance(value, Scalar):
            yield value
        elif isinstance(value, Several):
            yield from values_below(value.values)
        else:
            if isinstance(value, Children):
                yield value
            yield from values_below(value.fields.values())


def record_values(records: Iterable[RecordDeclaration]) -> Iterator[Scalar | Children]:
    """Yield every scalar and all children of ``records``."""
    for record in records:
        yield from values_below(record.fields.values())


def reading_order(
    tables: Mapping[str, TableDeclaration], patients: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tables so that each comes after those it refers to, and those of a circle, if there is one."""
    needed = {name: _needed(tables, table) - {name} for name, table in tables.items()}
    order: list[str] = []
    open_: list[str] = []
    circle: list[str] = []

    def visit(name: str) -> None:
        if name in order or circle:
            return
        if name in open_:
            circle.extend(open_[open_.index(name) :])
            return
        open_.append(name)
        for one in sorted(needed.get(name, ())):
            visit(one)
        open_.pop()
        order.append(name)

    practices = (
        one.name for one in tables.values() if any(record.kind is Practice for record in one.records)
    )
    for name in dict.fromkeys((*practices, patients, *tables)):
        visit(name)
    return tuple(order), tuple(circle)


def _needed(tables: Mapping[str, TableDeclaration], table: TableDeclaration) -> set[str]:
    found = {table.owner.table} if table.owner else set()
    for value in record_values(table.records):
        if isinstance(value, Scalar) and value.target.form is Form.REFERENCE:
            found |= {name for name, _ in makers(tables, value)}
    found |= {parent for (parent, _), one in with_children(tables) if one.table == table.name}
    return {name for name in found if name in tables}


def reference_targets(tables: Mapping[str, TableDeclaration]) -> set[Maker]:
    """Return the records that others refer to, or that rows of children went into."""
    found: set[Maker] = set()
    for table in tables.values():
        for value in record_values(table.records):
            if isinstance(value, Scalar) and value.target.form is Form.REFERENCE:
                found |= set(makers(tables, value))
    return found | {maker for maker, _ in with_children(tables)}


def with_children(tables: Mapping[str, TableDeclaration]) -> Iterator[tuple[Maker, Children]]:
    """Yield every record that has rows of another table in it, with these."""
    for table in tables.values():
        for record in table.records:
            for value in record_values([record]):
                if isinstance(value, Children):
                    yield (table.name, record.name), value


def tables_beside(tables: Mapping[str, TableDeclaration], name: str) -> tuple[str, ...]:
    """Return the tables whose rows decide what a row of ``name`` becomes: joins, owners, children, and theirs."""
    found: dict[str, None] = {}
    children = [(maker[0], value.table) for maker, value in with_children(tables)]
    waiting = [name]
    while waiting:
        table = waiting.pop()
        declared = tables.get(table)
        links = [*declared.joins.values(), *([declared.owner] if declared.owner else [])] if declared else []
        near = [link.table for link in links]
        near += [child for parent, child in children if parent == table]
        near += [parent for parent, child in children if child == table == name]
        waiting += [one for one in near if one not in found]
        found |= dict.fromkeys(near)
    return tuple(one for one in found if one != name)


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """Where a mapping names a column: that of ``table``, as it is ``written`` there, for ``value`` if for one."""

    table: str
    column: str
    path: Path
    value: Scalar | None = None


def column_places(mapping: MappingDeclaration) -> Iterator[ColumnPlace]:
    """Yield every place where ``mapping`` names a column; tables that it does not describe are passed over."""
    places = (*_keys(mapping), *_of_tables(mapping), *_of_children(mapping))
    if mapping.practice_key:
        places = (*places, ColumnPlace(*mapping.practice_key, ("practice", "key")))
    yield from (one for one in places if one.table in mapping.tables)


def named_columns(mapping: MappingDeclaration) -> dict[str, tuple[str, ...]]:
    """Return the columns of each table that ``mapping`` names, in their order, by table."""
    found: dict[str, dict[str, None]] = {name: {} for name in mapping.tables}
    for place in column_places(mapping):
        found[place.table][place.column] = None
    return {name: tuple(columns) for name, columns in found.items()}


def _keys(mapping: MappingDeclaration) -> Iterator[ColumnPlace]:
    for name, table in mapping.tables.items():
        yield from (ColumnPlace(name, column, (*table.path, "key")) for column in table.key)


def _of_tables(mapping: MappingDeclaration) -> Iterator[ColumnPlace]:
    for name, table in mapping.tables.items():
        for link in [*table.joins.values(), *([table.owner] if table.owner else [])]:
            yield from (ColumnPlace(name, column, link.path) for column in link.columns)
        decoded = ((column, one.path, None) for one in table.decoded.values() for column in one.columns)
        for column, path, value in (*decoded, *_columns(table.records)):
            joined = table.joins.get(column.join)
            if column.join not in table.decoded:
                yield ColumnPlace(joined.table if joined else name, column.name, path, value)


def _of_children(mapping: MappingDeclaration) -> Iterator[ColumnPlace]:
    for _, children in with_children(mapping.tables):
        yield ColumnPlace(children.table, children.column, children.path)
        for value in values_below(children.fields.values()):
            for column in _of_value(value):
                yield ColumnPlace(
                    children.table, column.name, value.path, value if isinstance(value, Scalar) else None
                )


def _columns(records: Iterable[RecordDeclaration]) -> Iterator[tuple[Column, Path, Scalar | None]]:
    for record in records:
        yield from ((condition.column, condition.path, None) for condition in record.conditions)
        if record.none:
            yield record.none.column, (*record.path, "none"), None
        for value in own_values(record.fields.values()):
            yield from ((column, value.path, value) for column in _of_value(value))


def _of_value(value: Scalar | Children) -> Iterator[Column]:
    if isinstance(value, Scalar):
        yield from value.columns
        yield from value.less
        yield from filter(None, (value.clock, value.content, value.since))


def own_values(values: Iterable[Value]) -> Iterator[Scalar]:
    """Yield every scalar of the row itself and of what decoders find in it, those of its children left out."""
    for value in values:
        if isinstance(value, Scalar):
            yield value
        elif isinstance(value, Several):
            yield from own_values(value.values)
        elif not isinstance(value, Children):
            yield from own_values(value.fields.values())


def is_of_row(value: Value) -> bool:
    """Tell whether ``value`` is read from the row itself: not a constant, not one that an empty cell has too."""
    return not isinstance(value, Scalar) or (value.constant is None and "if_empty" not in value.options)


def kinds_made(mapping: MappingDeclaration) -> tuple[str, ...]:
    """Return the kinds of record that ``mapping`` makes, in the order of the dictionary."""
    made = {record.kind.kind for table in mapping.tables.values() for record in table.records}
    return tuple(kind for kind in KINDS if kind in made)


def is_anywhere(kind: str) -> bool:
    """Tell whether a record of ``kind`` may be of another dossier than what refers to it, or of none."""
    return kind in _ANYWHERE
