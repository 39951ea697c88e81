"""From the description of a value to a function of a row: made once a table, called for every row of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from formats.databases.tables import SourceTable, Value as CellValue
from formats.databases.text_order import cell_as_text
from formats.findings import Severity
from formats.sources.mapped.columns import actual_column
from formats.sources.mapped.language.declarations import (
    Children,
    Column,
    Composite,
    MappingDeclaration,
    Parts,
    Scalar,
    Several,
    TableDeclaration,
    Value,
)
from formats.sources.mapped.language.parse_values import PRESENCE
from formats.sources.mapped.language.references import is_anywhere, is_of_row, makers
from formats.sources.mapped.language.targets import Form, targets_of
from formats.sources.mapped.rows.choices import Read, by_presence, first_filled
from formats.sources.mapped.rows.clocks import beside_clock, day_converter, noticing_clocks
from formats.sources.mapped.rows.conversions import (
    CACHED,
    KIND_WORDS,
    CodeUnknownError,
    PartlyReadError,
    converter,
)
from formats.sources.mapped.rows.files import file_reader, pieces_reader
from formats.sources.mapped.rows.found_records import FoundRecords, joined_key
from formats.sources.mapped.rows.row import MappedRow
from formats.sources.mapped.rows.several_rows import list_reader, sum_reader
from formats.sources.mapped.rows.time_spans import minutes_reader
from formats.words import mark

_NUMBERS = frozenset({Form.MONEY, Form.WHOLE, Form.REAL, Form.DECIMAL})
_CHOOSING = frozenset({"first_of", *PRESENCE})
_NO_KEY = frozenset({"", "0"})
"""How a foreign key says that there is none."""


@dataclass(slots=True)
class ValueCompiler:
    """Compiles the values of one table; ``children`` are the lists of child rows it met, ``missing`` the columns.

    ``sources`` are the tables that the database has, by their names in the mapping.
    """

    mapping: MappingDeclaration
    table: TableDeclaration
    sources: Mapping[str, SourceTable]
    found: FoundRecords
    children: list[Children] = field(default_factory=list)
    missing: dict[tuple[str, str], None] = field(default_factory=dict)
    joined: dict[str, set[str]] = field(default_factory=dict)

    def value(self, value: Value) -> Read:
        """Return the reader of ``value``."""
        if isinstance(value, Scalar):
            return self._scalar(value)
        if isinstance(value, Composite):
            return self._composite(value)
        if isinstance(value, Several):
            return self._several(value)
        return self._listed(value)

    def cell(self, column: Column) -> Callable[[MappedRow], CellValue]:
        """Return the reader of a cell as it is."""
        if column.join in self.table.decoded:
            return lambda row: row.joined.get(column.join, {}).get(column.name)
        link = self.table.joins.get(column.join)
        name = self._actual(link.table if link else self.table.name, column.name)
        if link is None:
            return lambda row: row.cells.get(name)
        alias = column.join
        self.joined.setdefault(alias, set()).add(name)

        def read(row: MappedRow) -> CellValue:
            cells = row.joined.get(alias)
            return cells.get(name) if cells else None

        return read

    def text(self, column: Column) -> Callable[[MappedRow], str]:
        """Return the reader of a cell as text without blanks around it."""
        cell = self.cell(column)
        if column.join:
            return lambda row: cell_as_text(cell(row))
        name = self._actual(self.table.name, column.name)

        def read(row: MappedRow) -> str:
            """Return the cell without a call for the text that most cells are."""
            found = row.cells.get(name)
            return found.strip() if found.__class__ is str else cell_as_text(found)

        return read

    def key(self, columns: Sequence[Column]) -> Callable[[MappedRow], str]:
        """Return the reader of a key of one column or of several; it is empty where a part of it is."""
        texts = [self.text(column) for column in columns]
        if len(texts) > 1:
            return lambda row: joined_key(text(row) for text in texts)
        (only,) = texts

        def read(row: MappedRow) -> str:
            text = only(row)
            return text.replace("/", "//") if "/" in text else text

        return read

    def _actual(self, table: str, name: str) -> str:
        source = self.sources.get(table)
        actual = actual_column(source, name) if source else ""
        if source and not actual:
            self.missing[table, name] = None
        return actual

    # -- one value ----------------------------------------------------------------------------

    def _scalar(self, value: Scalar) -> Read:
        if value.constant is not None:
            constant = self._constant(value)
            return lambda _: constant
        if not value.options.keys().isdisjoint(_CHOOSING):
            return self._chosen(value)
        if value.target.form is Form.REFERENCE:
            return self._reference(value)
        if value.target.form is Form.FILE:
            cells = [self.text(column) for column in value.columns]
            content = self.cell(value.content) if value.content else None
            names = [column.name for column in (*value.columns, *([value.content] if value.content else ()))]
            return file_reader(self.found, cells, content, value.options.get("folder", ""), names[0])
        if value.since is not None or (value.target.form is Form.MONEY and (value.less or value.columns[1:])):
            return self._computed(value)
        return self._converted(value)

    def _chosen(self, value: Scalar) -> Read:
        """Return the reader of a value that hangs on which of its columns holds something."""
        plain = replace(
            value, options={key: one for key, one in value.options.items() if key not in _CHOOSING}
        )
        empty = self._empty(plain.options)
        filled, missing = (
            self._constant(replace(plain, constant=value.options[key])) if key in value.options else None
            for key in PRESENCE
        )
        if "if_filled" in value.options:
            read: Read = lambda _: filled  # noqa: E731 - a reader as the others are
        elif "first_of" in value.options:
            alone = [replace(plain, columns=(column,)) for column in value.columns]
            read = first_filled([(self.text(one.columns[0]), self._scalar(one)) for one in alone], empty)
        else:
            read = self._scalar(plain)
        texts = [self.text(column) for column in value.columns]
        return by_presence(texts, empty, filled=read, otherwise=missing)

    def _empty(self, options: Mapping[str, Any]) -> frozenset[str]:
        return frozenset({"", *options.get("empty", self.mapping.defaults.get("empty", ()))})

    def _computed(self, value: Scalar) -> Read:
        """Return the reader of the minutes between two times of day, or of a sum of amounts."""
        if value.since is not None:
            return minutes_reader(self.text(value.since), self.text(value.columns[0]), value.columns[0].name)
        signed = [(column, 1) for column in value.columns] + [(column, -1) for column in value.less]
        parts = [(self._converted(replace(value, columns=(one,), less=())), sign) for one, sign in signed]
        return sum_reader(parts, [column.name for column, _ in signed])

    def _converted(self, value: Scalar) -> Read:
        options = {**self.mapping.defaults, **value.options}
        empty = self._empty(options)
        content = self._content(value, options)
        clock, column, kind = value.clock, value.columns[0].name, KIND_WORDS[value.target.form]
        convert = (
            converter(value.target, options, self.found.zone) if clock is None else day_converter(options)
        )

        def read(row: MappedRow) -> Any:
            found = content(row)
            if found in empty or found is None:
                return None
            try:
                return convert(found)
            except PartlyReadError as partly:
                row.unreadable(column, found, kind, partly=True)
                return partly.value
            except CodeUnknownError as unknown:
                for code in unknown.codes:
                    row.notices.unknown_code(column, code)
                return unknown.value
            except ValueError:
                row.unreadable(column, found, kind)
                if value.target.form is Form.MONEY:
                    row.unread[column] = "amount-unread"
                return None

        if clock is None:
            return noticing_clocks(column, read) if value.target.form is Form.MOMENT else read
        return noticing_clocks(clock.name, beside_clock(read, self.text(clock), self.found.zone, clock.name))

    def _content(self, value: Scalar, options: Mapping[str, Any]) -> Callable[[MappedRow], Any]:
        if len(value.columns) > 1:
            texts = [self.text(column) for column in value.columns]
            between = options.get("join", " ")
            return lambda row: between.join(filter(None, (text(row) for text in texts)))
        if value.target.form not in _NUMBERS:
            return self.text(value.columns[0])
        cell = self.cell(value.columns[0])

        def number(row: MappedRow) -> Any:
            found = cell(row)
            return found if isinstance(found, int | float) else cell_as_text(found)

        return number

    def _constant(self, value: Scalar) -> Any:
        constant, form = value.constant, value.target.form
        if form in {Form.REAL, Form.DECIMAL}:
            return float(constant) if form is Form.REAL else Decimal(str(constant))
        if form in {Form.MONEY, Form.WHOLE, Form.BOOLEAN, Form.TEXT}:
            return constant
        return converter(value.target, {}, self.found.zone)(constant)

    # -- a row of another table -----------------------------------------------------------------

    def _reference(self, value: Scalar) -> Read:
        (maker,) = makers(self.mapping.tables, value)
        owners, key_of = self.found.made[maker], self.key(value.columns)
        empty = _NO_KEY | frozenset(value.options.get("empty", ()))
        anywhere, patients = is_anywhere(value.target.refers), self.found.patient_ids
        # many rows name few people
        identity = lru_cache(CACHED)(self.found.id) if anywhere else self.found.id
        refers, earlier = value.target.refers, self.found.earlier_id
        column = ", ".join(one.name for one in value.columns)

        def read(row: MappedRow) -> str | None:
            key = key_of(row)
            if key in empty:
                return None
            owner = owners.get(key)
            if owner is None and (before := earlier(refers, maker, key, row.patient, anywhere=anywhere)):
                return before
            if owner is None or not (anywhere or owner == row.owner):
                sentence = mark("{column} points to {table} {key}, which is not there.")
                if owner is not None:
                    sentence = mark("{column} points to {table} {key}, which is another patient's.")
                code = "mapped-reference-lost"
                row.notice(Severity.WARNING, code, sentence, column=column, table=maker[0], key=key)
                return None
            return patients[owner] if refers == "patients" else identity(maker, key)

        return read

    def names_own_patient(self, value: Scalar) -> Callable[[MappedRow], bool]:
        """Return what tells that ``value``, a reference to a patient, names the one whose row it is."""
        key_of, patients = self.key(value.columns[:1]), self.found.rows[self.mapping.patients]
        return lambda row: row.owner >= 0 and patients.get(key_of(row)) == row.owner

    # -- values inside ---------------------------------------------------------------------------

    def _composite(self, value: Composite) -> Read:
        made, whole = value.target.type, value.target.required
        fields = {name: self.value(one) for name, one in value.fields.items()}
        needed = [name for name, target in targets_of(made).items() if target.required]
        telling = [name for name, one in value.fields.items() if is_of_row(one)]

        def read(row: MappedRow) -> Any:
            found = {}
            for name, one in fields.items():
                content = one(row)
                if content is not None:
                    found[name] = content
            if not whole and not any(name in found for name in telling):
                return None
            return made(**found) if all(name in found for name in needed) else None

        return read

    def _several(self, value: Several) -> Read:
        readers = [self.value(one) for one in value.values]
        flat = value.target.form is Form.SURFACES

        def read(row: MappedRow) -> tuple[Any, ...] | None:
            found = [content for one in readers if (content := one(row)) is not None]
            if flat:
                found = [surface for several in found for surface in several]
            return tuple(found) or None

        return read

    def _listed(self, value: Children | Parts) -> Read:
        one = Composite(target=value.target, path=value.path, fields=value.fields)
        if isinstance(value, Parts):
            return list_reader(self.value(one), lambda row: row.made_from(value.each))
        self.children.append(value)
        place, table = len(self.children) - 1, self.mapping.tables[value.table]
        inside = ValueCompiler(self.mapping, table, self.sources, self.found, missing=self.missing)
        piece = value.fields.get("content") if value.target.form is Form.FILE else None
        if isinstance(piece, Scalar) and piece.content is not None:
            return pieces_reader(inside.cell(piece.content), place)
        return list_reader(inside.value(one), lambda row: row.children[place])
