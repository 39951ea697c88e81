"""From the description of a table to functions of its rows: key, owner, joins, records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from formats.databases.tables import SourceTable
from formats.errors import Failure
from formats.findings import Severity
from formats.model.dictionary.kinds import KINDS
from formats.model.health import HealthStatement, Presence, consistent_statement
from formats.model.imaging import ImageFile, consistent_image
from formats.model.people import Patient, Practice, Practitioner, RelatedPerson
from formats.model.record import Record
from formats.sources.mapped.language.declarations import (
    Children,
    Column,
    Composite,
    Condition,
    ExplicitNone,
    MappingDeclaration,
    RecordDeclaration,
    Scalar,
    TableDeclaration,
    Value,
)
from formats.sources.mapped.language.references import Maker, is_of_row
from formats.sources.mapped.language.targets import Form, targets_of
from formats.sources.mapped.rows.choices import Read
from formats.sources.mapped.rows.compile_values import ValueCompiler
from formats.sources.mapped.rows.decoded_parts import CompiledDecoding, compile_decoding
from formats.sources.mapped.rows.found_records import FoundRecords, KeyOwners
from formats.sources.mapped.rows.key_as_number import IDENTIFIERS, names_number, with_key_as_number
from formats.sources.mapped.rows.row import MappedRow
from formats.words import BilingualText, mark

Test = Callable[[MappedRow], bool]
Key = Callable[[MappedRow], str]
_CONSISTENT: Mapping[type, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    HealthStatement: consistent_statement,
    ImageFile: consistent_image,
}


_OWN_PATIENT = mark("The person that this row names is the patient: no related person is made.")
NOTHING: tuple[Any, ...] = (None, "", ())
"""Values of a field that is not filled in."""


@dataclass(frozen=True, slots=True)
class CompiledRecord:
    """One thing that a row becomes, or each part that the decoder ``each`` found.

    Its conditions (``when``) ``accept`` a row first; ``make`` may still return nothing.

    ``owners`` takes whose it is, where other rows refer to it.
    """

    kind: type[Record]
    maker: Maker
    owners: KeyOwners | None
    accepts: Test
    make: Callable[[MappedRow], Record | None]
    each: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CompiledJoin:
    """A join: its name, the table, the key here, and the columns there that are asked for."""

    name: str
    table: str
    key: Key
    columns: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class CompiledTable:
    """How the rows of a table are read; ``missing`` are the columns that the database does not have."""

    declaration: TableDeclaration
    source: SourceTable
    key: Key | None
    owner: tuple[str, Key] | None
    joins: tuple[CompiledJoin, ...]
    children: tuple[Children, ...]
    decoded: tuple[CompiledDecoding, ...]
    records: tuple[CompiledRecord, ...]
    missing: tuple[tuple[str, str], ...]


def compile_table(
    mapping: MappingDeclaration, name: str, sources: Mapping[str, SourceTable], found: FoundRecords
) -> CompiledTable:
    """Return the functions of the table ``name``."""
    table = mapping.tables[name]
    values = ValueCompiler(mapping, table, sources, found)
    decoded = tuple(compile_decoding(values, alias, one) for alias, one in table.decoded.items())
    records = tuple(_record(values, one) for one in table.records)
    records = tuple(sorted(records, key=lambda one: one.kind is not Patient))
    joins = (
        CompiledJoin(
            name=alias,
            table=table.joins[alias].table,
            key=_key(values, table.joins[alias].columns, table.joins[alias].padded),
            columns=frozenset(columns),
        )
        for alias, columns in values.joined.items()
    )
    owner = table.owner
    return CompiledTable(
        declaration=table,
        source=sources[name],
        joins=tuple(joins),
        key=_key(values, table.key) if table.key else None,
        owner=None if owner is None else (owner.table, _key(values, owner.columns, owner.padded)),
        children=tuple(values.children),
        decoded=decoded,
        records=records,
        missing=tuple(values.missing),
    )


def parent_key(
    mapping: MappingDeclaration, children: Children, sources: Mapping[str, SourceTable], found: FoundRecords
) -> Key:
    """Return how a row of the table of ``children`` names its parent."""
    return _key(ValueCompiler(mapping, mapping.tables[children.table], sources, found), (children.column,))


def _key(values: ValueCompiler, columns: Iterable[str], padded: str = "") -> Key:
    """Return the reader of a key; what it is ``padded`` with from the left is no part of it, unless it is all."""
    key = values.key([Column(name) for name in columns])
    return (lambda row: key(row).lstrip(padded) or key(row)[-1:]) if padded else key


def _record(values: ValueCompiler, record: RecordDeclaration) -> CompiledRecord:
    maker = values.table.name, record.name
    fields = tuple(_fields(values, record).items())
    telling = _telling(record)
    tests = [_test(values, one) for one in record.conditions]
    none = None if record.none is None else _none(values, record.none)
    kind: type = record.kind
    needed = [name for name, target in targets_of(kind).items() if target.required]
    given = _given(values.found, record.kind, maker)
    consistent = _CONSISTENT.get(record.kind, dict)
    own = _own_patient(values, record)

    def make(row: MappedRow) -> Record | None:
        if own is not None and own(row):
            row.notice(Severity.NOTE, "mapped-person-is-patient", _OWN_PATIENT)
            return None
        made: dict[str, Any] = given(row)
        for name, read in fields:
            content = read(row)
            if content is not None:
                made[name] = content
        if none is not None and none(row):
            made["presence"] = Presence.NONE
        elif telling and all(made.get(name) in NOTHING for name in telling):
            return None  # an empty cell is neither “none” nor something
        for name in needed:
            if name not in made:
                _lacking(row, record, name)
                return None
        try:
            return record.kind(**consistent(made))
        except (ValueError, TypeError, Failure) as fault:
            _refused(row, record, fault)
            return None

    made, accepts = values.found.made.get(maker), _accepting(tests)
    return CompiledRecord(record.kind, maker, made, accepts, make, record.each)


def _fields(values: ValueCompiler, record: RecordDeclaration) -> dict[str, Read]:
    read = {name: values.value(one) for name, one in record.fields.items()}
    if record.kind is Patient and not names_number(record):
        read[IDENTIFIERS] = with_key_as_number(values, read.get(IDENTIFIERS))
    return read


def _accepting(tests: list[Test]) -> Test:
    return (lambda row: all(test(row) for test in tests)) if tests else lambda _: True


def _own_patient(values: ValueCompiler, record: RecordDeclaration) -> Test | None:
    """Return what tells that a related person is the patient, where the mapping names the person's own record."""
    value = record.fields.get("other_patient") if record.kind is RelatedPerson else None
    return values.names_own_patient(value) if isinstance(value, Scalar) else None


def _telling(record: RecordDeclaration) -> frozenset[str]:
    """Return the fields of which one has to be filled in: a statement on somebody's health must state something.

    When it was recorded states nothing: a history that was gone through has that of every question.
    """
    if record.kind is not HealthStatement:
        return frozenset()
    return frozenset(
        name for name, value in record.fields.items() if name != "recorded_at" and _is_telling(value)
    )


def _is_telling(value: Value) -> bool:
    """Tell whether ``value`` is read from the row itself: not a constant, not whom or what the row refers to."""
    if isinstance(value, Scalar):
        return is_of_row(value) and value.target.form is not Form.REFERENCE
    if isinstance(value, Composite):
        return any(map(_is_telling, value.fields.values()))
    return True


def _given(found: FoundRecords, kind: type[Record], maker: Maker) -> Callable[[MappedRow], dict[str, Any]]:
    if kind is Practice:
        return lambda _: {"id": found.practice}
    if kind is Patient:
        return lambda row: {"id": row.patient, "practice": found.practice}
    if kind is Practitioner:
        return lambda row: {"id": found.id(maker, row.key)}
    return lambda row: {"id": found.id(maker, row.key), "patient": row.patient}


def _lacking(row: MappedRow, record: RecordDeclaration, name: str) -> None:
    sentence = mark(
        "This row lacks {column}, without which it becomes no record ({kind}); it travels as it stands."
    )
    made: type = record.kind
    kind, column = BilingualText(KINDS[record.kind.kind].one), targets_of(made)[name].named
    row.notice(Severity.WARNING, "mapped-record-lacking", sentence, kind=kind, column=column)


def _refused(row: MappedRow, record: RecordDeclaration, fault: Exception) -> None:
    reason = fault if isinstance(fault, Failure) else f"{type(fault).__name__}: {fault}"[:200]
    sentence = mark("This row could not become a record ({kind}): {reason}; it travels as it stands.")
    kind = BilingualText(KINDS[record.kind.kind].one)
    row.notice(Severity.ERROR, "mapped-row-not-understood", sentence, kind=kind, reason=reason)


def _none(values: ValueCompiler, none: ExplicitNone) -> Test:
    text = values.text(none.column)
    words = frozenset(word.casefold() for word in none.values)
    return lambda row: text(row).casefold() in words


def _test(values: ValueCompiler, condition: Condition) -> Test:
    text = values.text(condition.column)
    wanted, excluded, filled = condition.values, condition.excluded, condition.filled
    empty = frozenset({"", *values.mapping.defaults.get("empty", ())})

    def test(row: MappedRow) -> bool:
        found = text(row)
        if wanted is not None and found not in wanted:
            return False
        return found not in excluded and (filled is None or filled == (found not in empty))

    return test
