"""How a record becomes rows, derived from the model itself so that nothing can be forgotten.

Scalars, enums, dates and moments are one column each (ISO 8601 text for the
last two, as much of it as is known, and text for a decimal, whose digits
count); a tuple of texts is a JSON array; a value inside a record (traits,
an attachment) spreads over columns with its field's name in front; a tuple of
values (identifiers, invoice lines, DICOM series) is a child table
``<table>_<field>`` keyed by its owner and position.
"""

from __future__ import annotations

import json
import operator
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import reduce
from typing import Any, Union, get_args, get_origin, get_type_hints

from archiver.practice.json_text import json_of_list, json_of_mapping, json_of_texts
from formats.model.dates import AnyDate, AnyMoment, parse_date, parse_moment
from formats.model.documents import Attachment
from formats.model.record import Record

Row = tuple[Any, ...]
Encoder = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreColumn:
    """One column: its SQLite type, the table it refers to, and its two conversions, of what is not ``None``.

    ``several`` says that its value is a tuple, which is a JSON array in the store.
    """

    name: str
    type: type
    encode: Encoder
    decode: Encoder
    required: bool
    refers: str = ""
    several: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Cells:
    """Fields in the order of their cells, and the conversions of those whose cell is not the value itself."""

    names: tuple[str, ...]
    converted: tuple[tuple[str, Encoder], ...]
    encoded: tuple[tuple[int, Encoder], ...]
    fetch: Callable[[Any], Row]

    def read(self, cells: Row) -> dict[str, Any]:
        """Return the values of ``cells``, which may be more than the fields, by field."""
        values = dict(zip(self.names, cells, strict=False))
        for name, convert in self.converted:
            if (cell := values[name]) is not None:
                values[name] = convert(cell)
        return values

    def write(self, value: Any) -> list[Any]:
        """Return the cells of ``value``."""
        cells = list(self.fetch(value))
        for place, convert in self.encoded:
            if (cell := cells[place]) is not None:
                cells[place] = convert(cell)
        return cells


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class StoreTable:
    """One table of the store and the dataclass whose values are its rows; each exists once.

    ``key`` names the columns of its primary key: ``id`` for a record, the owner
    and one position a level for a child. ``stored`` are the columns that hold the
    value itself, its own before those of the values inside it; ``names`` are all
    columns in the order of a row; ``family`` is this table and every one below it;
    ``cells`` and ``inner`` say how a row is read; ``texts`` and ``numbers`` give those cells of a row.
    """

    name: str
    record_type: type
    key: tuple[str, ...]
    owner: str
    columns: tuple[StoreColumn, ...]
    values: tuple[tuple[str, type, tuple[StoreColumn, ...], bool], ...]
    children: tuple[tuple[str, StoreTable], ...]

    names: tuple[str, ...] = field(init=False)
    stored: tuple[StoreColumn, ...] = field(init=False)
    family: tuple[StoreTable, ...] = field(init=False)
    cells: Cells = field(init=False, repr=False)
    inner: tuple[tuple[str, type, Cells, bool], ...] = field(init=False, repr=False)
    texts: Callable[[Row], Row] = field(init=False, repr=False)
    numbers: Callable[[Row], Row] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        stored = (*self.columns, *(column for _, _, inner, _ in self.values for column in inner))
        keys = self.key if self.owner else ()
        below = (table for _, child in self.children for table in child.family)
        inner = tuple(
            (name, record_type, _cells(columns, len(name) + 1), optional)
            for name, record_type, columns, optional in self.values
        )
        object.__setattr__(self, "stored", stored)
        object.__setattr__(self, "cells", _cells(self.columns))
        object.__setattr__(self, "inner", inner)
        object.__setattr__(self, "names", (*keys, *(column.name for column in stored)))
        object.__setattr__(self, "family", (self, *below))
        places = {place: column.type for place, column in enumerate(stored, len(keys))}
        texts = [0] if keys else []
        texts += [place for place, kind in places.items() if kind is str]
        object.__setattr__(self, "texts", _picking(texts))
        object.__setattr__(self, "numbers", _picking([one for one in places if one not in texts]))


def _cells(columns: tuple[StoreColumn, ...], cut: int = 0) -> Cells:
    names = tuple(column.name[cut:] for column in columns)
    return Cells(
        names=names,
        converted=tuple((c.name[cut:], c.decode) for c in columns if c.decode is not _same),
        encoded=tuple((place, c.encode) for place, c in enumerate(columns) if c.encode is not _same),
        fetch=_fetching(names),
    )


def _fetching(names: tuple[str, ...]) -> Callable[[Any], Row]:
    """Return what gives the fields of a value together; of one alone, ``attrgetter`` gives no tuple."""
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _picking(places: list[int]) -> Callable[[Row], Row]:
    """Return what gives the cells of a row at ``places``; of one alone, ``itemgetter`` gives no tuple."""
    if len(places) > 1:
        return operator.itemgetter(*places)
    return lambda row: tuple(row[place] for place in places)


_TABLES: dict[str, StoreTable] = {}


def table_of(kind: type[Record]) -> StoreTable:
    """Return the table of a kind of record."""
    if kind.kind not in _TABLES:
        _TABLES[kind.kind] = _table(kind, name=kind.kind, key=("id",), owner="")
    return _TABLES[kind.kind]


def _table(record_type: type, *, name: str, key: tuple[str, ...], owner: str) -> StoreTable:
    hints = get_type_hints(record_type)
    columns: list[StoreColumn] = []
    values: list[tuple[str, type, tuple[StoreColumn, ...], bool]] = []
    children: list[tuple[str, StoreTable]] = []
    for declared in fields(record_type):
        inner: Any
        inner, optional = _unwrap(hints[declared.name])
        element: Any = _element(inner)
        if _is_value(inner):
            prefixed = _value_columns(inner, declared.name, optional=optional)
            values.append((declared.name, inner, prefixed, optional))
        elif _is_value(element):
            child_key = _child_key(key, owner, declared.name)
            child = _table(element, name=f"{name}_{declared.name}", key=child_key, owner=owner or name)
            children.append((declared.name, child))
        else:
            columns.append(_column(declared, inner, optional=optional))
    return StoreTable(
        name=name,
        record_type=record_type,
        key=key,
        owner=owner,
        columns=tuple(columns),
        values=tuple(values),
        children=tuple(children),
    )


def _child_key(key: tuple[str, ...], owner: str, name: str) -> tuple[str, ...]:
    """A first child is keyed by owner and position; a grandchild also by the position above it."""
    if not owner:
        return ("owner", f"{name}_position")
    return (*key, f"{name}_position")


def _is_value(hint: Any) -> bool:
    return is_dataclass(hint)


def _unwrap(hint: Any) -> tuple[Any, bool]:
    """Return the type behind ``X | None`` and whether there was a ``None``."""
    if get_origin(hint) in {Union, types.UnionType} and type(None) in get_args(hint):
        return reduce(operator.or_, (part for part in get_args(hint) if part is not type(None))), True
    return hint, False


def _element(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is tuple else None


def _value_columns(record_type: Any, prefix: str, *, optional: bool) -> tuple[StoreColumn, ...]:
    hints = get_type_hints(record_type)
    columns = []
    for declared in fields(record_type):
        inner, nullable = _unwrap(hints[declared.name])
        refers = "files" if record_type is Attachment and declared.name == "sha256" else ""
        column = _column(declared, inner, optional=optional or nullable, prefix=f"{prefix}_", refers=refers)
        columns.append(column)
    return tuple(columns)


def _column(
    declared: Field[Any], hint: Any, *, optional: bool, prefix: str = "", refers: str = ""
) -> StoreColumn:
    stored, encode, decode = _conversion(hint)
    return StoreColumn(
        name=prefix + declared.name,
        type=stored,
        encode=encode,
        decode=decode,
        required=not optional,
        refers=refers or declared.metadata.get("refers", ""),
        several=_element(hint) is not None,
    )


def _same(value: Any) -> Any:
    return value


_CONVERSIONS: Mapping[Any, tuple[type, Encoder, Encoder]] = {
    bool: (int, int, bool),
    AnyDate: (str, operator.methodcaller("isoformat"), parse_date),
    AnyMoment: (str, operator.methodcaller("isoformat"), parse_moment),
    datetime: (str, operator.methodcaller("isoformat"), datetime.fromisoformat),
    Decimal: (str, str, Decimal),
    **{scalar: (scalar, _same, _same) for scalar in (str, int, float)},
}
"""By type: the SQLite type, the encoder and the decoder."""


def _conversion(hint: Any) -> tuple[type, Encoder, Encoder]:
    """Return the SQLite type of ``hint`` with its encoder and decoder."""
    element = _element(hint)
    if element is not None:
        encode = json_of_texts if isinstance(element, type) and issubclass(element, str) else json_of_list
        return str, encode, lambda text: tuple(map(_maker(element), json.loads(text)))
    if get_origin(hint) in {Mapping, dict}:
        return str, json_of_mapping, json.loads
    if isinstance(hint, type) and issubclass(hint, Enum):
        return str, operator.attrgetter("_value_"), hint  # ``value`` is a descriptor, and three times as slow
    if hint in _CONVERSIONS:
        return _CONVERSIONS[hint]
    raise TypeError(f"no column holds {hint}")


def _maker(element: Any) -> Encoder:
    return element if isinstance(element, type) and issubclass(element, Enum) else _same


def rows_of_value(table: StoreTable, value: Any, key: Row = ()) -> list[tuple[StoreTable, Row]]:
    """Return the rows of ``value``: its own first, then those of its children in order."""
    own = table.cells.write(value)
    for name, _, cells, _ in table.inner:
        inner = getattr(value, name)
        own += [None] * len(cells.names) if inner is None else cells.write(inner)
    rows: list[tuple[StoreTable, Row]] = [(table, (*key, *own))]
    for name, child in table.children:
        above = key or (value.id,)
        for position, item in enumerate(getattr(value, name)):
            rows += rows_of_value(child, item, (*above, position))
    return rows


def value_of_rows(
    table: StoreTable, row: Row, below: Mapping[tuple[str, Row], list[Row]], key: Row = ()
) -> Any:
    """Return the value whose own ``row`` this is; ``below`` holds child rows by table name and key above."""
    cells = row[len(key) :]
    values = table.cells.read(cells)
    at = len(table.columns)
    for name, record_type, inner, optional in table.inner:
        part = cells[at : at + len(inner.names)]
        at += len(part)
        values[name] = None if optional and part[0] is None else record_type(**inner.read(part))
    for name, child in table.children:
        above = key or (values["id"],)
        rows = below.get((child.name, above), [])
        values[name] = tuple(value_of_rows(child, item, below, item[: len(child.key)]) for item in rows)
    return table.record_type(**values)


def rows_below(
    table: StoreTable, above: Row, below: Mapping[tuple[str, Row], list[Row]]
) -> Iterator[tuple[StoreTable, Row]]:
    """Yield the child rows of the row with the key ``above``, in the order in which ``rows_of_value`` gives them."""
    for _, child in table.children:
        for row in below.get((child.name, above), []):
            yield child, row
            yield from rows_below(child, row[: len(child.key)], below)
