"""A mapping as it was declared, checked by itself and not yet held against any database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from formats.model.record import Record
from formats.sources.mapped.language.targets import FieldTarget
from formats.sources.mapped.language.toml_lines import Path


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the row, or of the row that ``join`` points to."""

    name: str
    join: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scalar:
    """One value: of ``columns``, or the ``constant`` that every row has; ``options`` are its keys of the language."""

    target: FieldTarget
    path: Path
    columns: tuple[Column, ...] = ()
    constant: Any = None
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    clock: Column | None = None
    content: Column | None = None
    since: Column | None = None
    less: tuple[Column, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Composite:
    """A value with fields of its own."""

    target: FieldTarget
    path: Path
    fields: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True, slots=True)
class Several:
    """A list, each of whose values is described."""

    target: FieldTarget
    path: Path
    values: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Children:
    """A list with a value for each row of ``table`` whose ``column`` holds the key of the row."""

    target: FieldTarget
    path: Path
    table: str
    column: str
    fields: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """A list with a value for each part that the decoder ``each`` found in the row."""

    target: FieldTarget
    path: Path
    each: str
    fields: Mapping[str, Value]


Value: TypeAlias = Scalar | Composite | Several | Children | Parts


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """What a column must hold for a record to be made."""

    column: Column
    path: Path
    values: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()
    filled: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplicitNone:
    """The values of ``column`` that say that there is none."""

    column: Column
    values: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordDeclaration:
    """What a row becomes, or each part that the decoder ``each`` found in it."""

    kind: type[Record]
    path: Path
    name: str = ""
    each: str = ""
    conditions: tuple[Condition, ...] = ()
    none: ExplicitNone | None = None
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key: the row of ``table`` whose key ``columns`` hold."""

    table: str
    columns: tuple[str, ...]
    path: Path
    padded: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoding:
    """Cells of a private encoding, and the decoder that reads them."""

    path: Path
    decoder: str
    version: int
    columns: tuple[Column, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """How a delimited file is written; what is empty or ``None`` is found out."""

    encoding: str = ""
    separator: str = ""
    quotes: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class FileLayout:
    """Where the rows of a table lie in a file that is not delimited text.

    ``own_encoding``: the encoding is said of this table, not of all.
    """

    sheet: str = ""
    rows: str = ""
    element: str = ""
    widths: tuple[int, ...] = ()
    record: int = 0
    number: str = ""
    own_encoding: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class TableDeclaration:
    """A table: where it is, what identifies a row, whose it is, what it becomes.

    ``owner`` is the table of patients itself where its columns hold a patient's key.
    """

    name: str
    path: Path
    file: str = ""
    layout: FileLayout = FileLayout()
    dialect: Dialect = Dialect()
    headings: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    owner: Link | None = None
    credentials: frozenset[str] = frozenset()
    joins: Mapping[str, Link] = field(default_factory=lambda: MappingProxyType({}))
    decoded: Mapping[str, Decoding] = field(default_factory=lambda: MappingProxyType({}))
    records: tuple[RecordDeclaration, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MappingTest:
    """A test of the mapping: rows by table, and the records and findings that come of them."""

    name: str
    path: Path
    rows: Mapping[str, tuple[Mapping[str, Any], ...]]
    records: Mapping[str, tuple[Mapping[str, Any], ...]]
    findings: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MappingDeclaration:
    """A whole mapping.

    ``order`` names the tables so that each comes after those it refers to, ``patients`` the one of the patients;
    ``encoding`` is that of text where neither a table nor the source itself says another;
    ``defaults`` are the keys of the language that hold for every value.
    """

    name: str
    version: str
    author: str
    software: str
    software_version: str = ""
    time_zone: str = "Europe/Paris"
    files: str = ""
    encoding: str = ""
    patient_columns: tuple[str, ...] = ()
    practice_key: tuple[str, str] | None = None
    currency: str = "EUR"
    left_out: Mapping[str, str]
    defaults: Mapping[str, Any]
    tables: Mapping[str, TableDeclaration]
    patients: str
    order: tuple[str, ...]
    tests: tuple[MappingTest, ...] = ()
