"""Values of a mapping: a column, a constant, or a table of keys, for each field that a record takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from formats.sources.mapped.language.date_patterns import DatePatterns
from formats.sources.mapped.language.declarations import (
    Children,
    Column,
    Composite,
    Parts,
    Scalar,
    Several,
    Value,
)
from formats.sources.mapped.language.faults import MappingFaults
from formats.sources.mapped.language.key_entries import Shape
from formats.sources.mapped.language.keys import CHILDREN, EACH, PIECES, VALUE
from formats.sources.mapped.language.sections import expect_shape, section
from formats.sources.mapped.language.targets import FieldTarget, Form, fields_by_label, targets_of
from formats.sources.mapped.language.toml_lines import Path
from formats.words import mark

CONSTANT = "="
"""In front of a text that stands for itself."""
UNDECIDED = "?"
"""In the place of a value, or of a word of a code table, that a person has still to decide."""
_EVERY = frozenset({"column", "columns", "first_of", "constant", "empty"})
_COLUMNS = ("column", "columns", "first_of")
PRESENCE: tuple[str, ...] = ("if_filled", "if_empty")
"""Keys of a value that is chosen by whether the column holds something."""
_NUMBER = frozenset({"decimal"})
_CODED = frozenset({"codes", "otherwise", "join"})
_DATED = frozenset({"dates", "first_year"})
OPTIONS: Mapping[Form, frozenset[str]] = {
    Form.TEXT: _CODED,
    Form.CODE: _CODED,
    Form.DATE: _DATED,
    Form.MOMENT: _DATED | {"clock"},
    Form.MONEY: _NUMBER | {"unit", "sign", "less"},
    Form.WHOLE: _NUMBER,
    Form.REAL: _NUMBER,
    Form.DECIMAL: _NUMBER,
    Form.BOOLEAN: frozenset({"true", "false"}),
    Form.TOOTH: frozenset({"notation"}),
    Form.TEETH: frozenset({"notation", "split"}),
    Form.SURFACES: frozenset({"letters"}),
    Form.TEXTS: frozenset({"split", "codes", "otherwise"}),
    Form.REFERENCE: frozenset({"table", "record"}),
    Form.FILE: frozenset({"folder", "content"}),
}
"""Keys that a value of each form may have besides those of every value."""
_OF_COLUMNS = ("clock", "content", "since", "less")
"""Keys that name columns besides that of the value."""
_ELEMENT = {
    Form.TEXTS: Form.TEXT,
    Form.TEETH: Form.TOOTH,
    Form.SURFACES: Form.SURFACES,
    Form.WHOLES: Form.WHOLE,
}
"""What the values of a list of each form are."""
_CONSTANTS: Mapping[Form, tuple[type, ...]] = {
    Form.TEXT: (str,),
    Form.CODE: (str,),
    Form.DATE: (str,),
    Form.MONEY: (int,),
    Form.WHOLE: (int,),
    Form.REAL: (int, float),
    Form.DECIMAL: (int, float, str),
    Form.BOOLEAN: (bool,),
    Form.TOOTH: (str,),
}


def options_of(target: FieldTarget) -> frozenset[str]:
    """Return the keys that a value for ``target`` may have besides those of every value."""
    return OPTIONS.get(target.form, frozenset()) | ({"since"} if target.name == "minutes" else frozenset())


@dataclass(frozen=True, slots=True)
class ValueParser:
    """Parses the values of one table: ``joins`` are the names that columns may have in front of them."""

    faults: MappingFaults
    codes: Mapping[str, Mapping[str, str]]
    joins: frozenset[str]
    inside_children: bool = False

    def fields(self, path: Path, raw: Any, kind: type) -> dict[str, Value]:
        """Return the fields of ``kind`` that ``raw`` describes, and note which it lacks."""
        if not isinstance(raw, dict):
            expect_shape(self.faults, path, Shape.FIELDS)
            return {}
        targets = targets_of(kind)
        found: dict[str, Value] = {}
        for name, described in raw.items():
            if name not in targets:
                called = fields_by_label(kind)
                self.faults.unknown("mapping-field-unknown", (*path, name), name, targets, called=called)
            elif (value := self._value((*path, name), described, targets[name])) is not None:
                found[name] = value
        for name, target in targets.items():
            if target.required and name not in raw and target.form is not Form.VALUE and name != "presence":
                sentence = mark("This field is missing, without which there is no such record: {field}.")
                self.faults.add("mapping-key-missing", path, sentence, field=target.named)
        return found

    def column(self, written: str) -> Column:
        """Return the column that ``written`` names, with or without a join in front."""
        join, dot, name = written.partition(".")
        return Column(name, join) if dot and join in self.joins else Column(written)

    def _value(self, path: Path, raw: Any, target: FieldTarget) -> Value | None:
        if raw == UNDECIDED:
            self._undecided(path, target.type if target.form is Form.CODE else ())
            return None
        if target.form is Form.VALUE:
            return Composite(target=target, path=path, fields=self.fields(path, raw, target.type))
        in_pieces = target.form is Form.FILE and isinstance(raw, dict) and "children" in raw
        if target.form is Form.VALUES or in_pieces:
            return self._values(path, raw, target)
        if isinstance(raw, list):
            return self._list(path, raw, target)
        if target.form is Form.WHOLES:
            expect_shape(self.faults, path, Shape.SECTIONS)
            return None
        return self._scalar(path, raw, target)

    def _values(self, path: Path, raw: Any, target: FieldTarget) -> Value | None:
        if isinstance(raw, dict):
            if target.form is Form.FILE:
                return self._pieces(path, raw, target)
            return self._parts(path, raw, target) if "each" in raw else self._children(path, raw, target)
        if not isinstance(raw, list):
            expect_shape(self.faults, path, Shape.SECTIONS)
            return None
        one = replace(target, form=Form.VALUE, refers="", required=False)
        values = (
            Composite(
                target=one, path=(*path, place), fields=self.fields((*path, place), described, target.type)
            )
            for place, described in enumerate(raw)
        )
        return Several(target=target, path=path, values=tuple(values))

    def _children(self, path: Path, raw: Mapping[str, Any], target: FieldTarget) -> Value | None:
        if self.inside_children:
            self.faults.add(
                "mapping-value-unfit", path, mark("Rows of children have no children of their own.")
            )
            return None
        found = section(self.faults, path, raw, CHILDREN)
        inside = ValueParser(self.faults, self.codes, frozenset(), inside_children=True)
        described = inside.fields((*path, "fields"), found.get("fields", {}), target.type)
        return Children(
            target=target,
            path=path,
            table=found.get("children", ""),
            column=found.get("column", ""),
            fields=described,
        )

    def _parts(self, path: Path, raw: Mapping[str, Any], target: FieldTarget) -> Parts:
        found = section(self.faults, path, raw, EACH)
        inside = replace(self, inside_children=True)
        fields = inside.fields((*path, "fields"), found.get("fields", {}), target.type)
        return Parts(target=target, path=path, each=found.get("each", ""), fields=fields)

    def _pieces(self, path: Path, raw: Mapping[str, Any], target: FieldTarget) -> Children:
        """Return the description of a file that lies in pieces in the rows of another table."""
        found = section(self.faults, path, raw, PIECES)
        piece = Scalar(target=target, path=path, content=Column(found.get("content", "")))
        table, column = found.get("children", ""), found.get("column", "")
        return Children(target=target, path=path, table=table, column=column, fields={"content": piece})

    def _list(self, path: Path, raw: list[Any], target: FieldTarget) -> Value | None:
        form = _ELEMENT.get(target.form)
        if form is None:
            sentence = mark(
                "One value is expected of {field}; texts of several columns are put together with “columns”."
            )
            self.faults.add("mapping-value-unfit", path, sentence, field=target.named)
            return None
        one = replace(target, form=form, refers="", required=False)
        values = (self._scalar((*path, place), described, one) for place, described in enumerate(raw))
        return Several(target=target, path=path, values=tuple(value for value in values if value is not None))

    def _scalar(self, path: Path, raw: Any, target: FieldTarget) -> Scalar | None:
        if isinstance(raw, str) and not raw.startswith(CONSTANT):
            return Scalar(target=target, path=path, columns=(self.column(raw),))
        if not isinstance(raw, dict):
            return self._constant(path, raw.removeprefix(CONSTANT) if isinstance(raw, str) else raw, target)
        allowed = _EVERY | options_of(target)
        if target.form in _CONSTANTS:
            allowed |= frozenset(PRESENCE)
        found = section(self.faults, path, raw, {key: VALUE[key] for key in VALUE if key in allowed})
        if "constant" in found:
            return self._constant(path, found["constant"], target)
        columns = self._columns(path, found)
        if not columns and "content" not in found:
            if raw.keys() - found.keys():  # a word mistyped, which is a fault already
                return None
            sentence = mark("A value needs a “column”, “columns”, “first_of” or a “constant”.")
            self.faults.add("mapping-key-missing", path, sentence)
            return None
        options = self._options(path, found, target)
        return Scalar(
            target=target,
            path=path,
            columns=tuple(self.column(written) for written in columns),
            options=options,
            clock=self.column(found["clock"]) if "clock" in found else None,
            content=self.column(found["content"]) if "content" in found else None,
            since=self.column(found["since"]) if "since" in found else None,
            less=tuple(self.column(written) for written in found.get("less", ())),
        )

    def _columns(self, path: Path, found: Mapping[str, Any]) -> tuple[str, ...]:
        columns = ((found["column"],) if "column" in found else ()) + found.get("columns", ())
        if columns and "first_of" in found:
            sentence = mark("“first_of” stands alone: neither “column” nor “columns” beside it.")
            self.faults.add("mapping-value-unfit", (*path, "first_of"), sentence)
        return columns or tuple(found.get("first_of", ()))

    def _options(self, path: Path, found: Mapping[str, Any], target: FieldTarget) -> dict[str, Any]:
        options = {key: value for key, value in found.items() if key not in {*_COLUMNS, *_OF_COLUMNS}}
        if "first_of" in found:
            options["first_of"] = True
        for key in options.keys() & PRESENCE:
            self._constant((*path, key), options[key], target)
        self._check_codes(path, options, target)
        check_dates(self.faults, path, options)
        return options

    def _constant(self, path: Path, constant: Any, target: FieldTarget) -> Scalar | None:
        types = _CONSTANTS.get(target.form, ())
        if not isinstance(constant, types) or (isinstance(constant, bool) and bool not in types):
            sentence = mark("“{value}” is no constant for {field}.")
            self.faults.add("mapping-value-unfit", path, sentence, value=str(constant), field=target.named)
            return None
        if target.form is Form.CODE:
            self._check_word(path, constant, target.type)
        return Scalar(target=target, path=path, constant=constant)

    def _check_codes(self, path: Path, options: dict[str, Any], target: FieldTarget) -> None:
        """Put the code table itself where only its name stood, and look its words up."""
        codes, place = options.get("codes"), (*path, "codes")
        if isinstance(codes, str):
            if codes not in self.codes:
                self.faults.unknown("mapping-value-unfit", place, codes, self.codes)
                del options["codes"]
                return
            place = ("codes", codes)
            options["codes"] = self.codes[codes]
        elif isinstance(codes, dict):
            options["codes"] = code_table(self.faults, place, codes)
        if target.form is Form.CODE:
            for value, word in options.get("codes", {}).items():
                self._check_word((*place, value), word, target.type)
            if "otherwise" in options:
                self._check_word((*path, "otherwise"), options["otherwise"], target.type)

    def _undecided(self, path: Path, vocabulary: Iterable[StrEnum]) -> None:
        words = ", ".join(one.value for one in vocabulary)
        sentence = mark(
            "Somebody has to decide this: write a column, a code table or a constant; words: {words}."
        )
        self.faults.add("mapping-undecided", path, sentence, words=words or "–")

    def _check_word(self, path: Path, word: object, vocabulary: type[StrEnum]) -> None:
        if word == UNDECIDED:
            self._undecided(path, vocabulary)
            return
        words = [one.value for one in vocabulary]
        if word not in words:
            self.faults.unknown("mapping-word-unknown", path, str(word), words)


def code_table(faults: MappingFaults, path: Path, raw: Any) -> dict[str, str]:
    """Return a code table from value to word, both texts."""
    if not isinstance(raw, dict):
        expect_shape(faults, path, Shape.SECTION)
        return {}
    for value, word in raw.items():
        if not isinstance(word, str):
            expect_shape(faults, (*path, value), Shape.TEXT)
    return {value: word for value, word in raw.items() if isinstance(word, str)}


def check_dates(faults: MappingFaults, path: Path, options: Mapping[str, Any]) -> None:
    """Note patterns of dates that are none."""
    for pattern in options.get("dates", ()):
        try:
            DatePatterns((pattern,), options.get("first_year"))
        except ValueError:
            sentence = mark(
                "“{pattern}” is no pattern of dates: it is made of yyyy, MM (month), dd, HH, mm (minutes) and ss, "
                "as in dd/MM/yyyy HH:mm; yy needs “first_year” beside it."
            )
            faults.add("mapping-value-unfit", (*path, "dates"), sentence, pattern=pattern)
