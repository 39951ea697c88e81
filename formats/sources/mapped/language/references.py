"""To which records the references of a mapping lead, and in which order its tables are read for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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
from formats.sources.mapped.language.targets import Form

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


def named_columns(mapping: MappingDeclaration) -> dict[str, tuple[str, ...]]:
    """Return the columns of each table that ``mapping`` names, in their order, by table."""
    found: dict[str, dict[str, None]] = {
        name: dict.fromkeys(table.key) for name, table in mapping.tables.items()
    }
    for name, table in mapping.tables.items():
        links = [*table.joins.values(), *([table.owner] if table.owner else [])]
        found[name] |= dict.fromkeys(column for link in links for column in link.columns)
        for column in _columns(table.records):
            link = table.joins.get(column.join)
            found[link.table if link else name][column.name] = None
    for _, children in with_children(mapping.tables):
        inside = [
            column.name for value in values_below(children.fields.values()) for column in _of_value(value)
        ]
        found[children.table] |= dict.fromkeys((children.column, *inside))
    if mapping.practice_key:
        found[mapping.practice_key[0]][mapping.practice_key[1]] = None
    return {name: tuple(columns) for name, columns in found.items()}


def _columns(records: Iterable[RecordDeclaration]) -> Iterator[Column]:
    for record in records:
        yield from (condition.column for condition in record.conditions)
        if record.none:
            yield record.none.column
        for value in own_values(record.fields.values()):
            yield from _of_value(value)


def _of_value(value: Scalar | Children) -> Iterator[Column]:
    if isinstance(value, Scalar):
        yield from value.columns
        yield from filter(None, (value.clock, value.content))


def own_values(values: Iterable[Value]) -> Iterator[Scalar]:
    """Yield every scalar of the row itself, those of its children left out."""
    for value in values:
        if isinstance(value, Scalar):
            yield value
        elif isinstance(value, Several):
            yield from own_values(value.values)
        elif not isinstance(value, Children):
            yield from own_values(value.fields.values())


def is_anywhere(kind: str) -> bool:
    """Tell whether a record of ``kind`` may be of another dossier than what refers to it, or of none."""
    return kind in _ANYWHERE
