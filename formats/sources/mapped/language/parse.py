"""Parse a mapping: TOML, keys, fields, references; all its faults in one run."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from formats.errors import UnsafeName, not_found
from formats.findings import Finding, Severity
from formats.model.people import Patient
from formats.paths import safe_path
from formats.regular_files import read_regular
from formats.sources.mapped.language import keys
from formats.sources.mapped.language.declarations import (
    Dialect,
    MappingDeclaration,
    MappingTest,
    TableDeclaration,
)
from formats.sources.mapped.language.faults import MappingFaults, invalid
from formats.sources.mapped.language.key_entries import SHAPES, KeyEntry, Shape
from formats.sources.mapped.language.parse_files import dialect_of
from formats.sources.mapped.language.parse_tables import TableParser, check_links, with_owners
from formats.sources.mapped.language.parse_values import UNDECIDED, check_dates, code_table
from formats.sources.mapped.language.references import reading_order
from formats.sources.mapped.language.sections import section
from formats.sources.mapped.language.targets import KINDS
from formats.sources.mapped.language.toml_lines import Path, key_lines
from formats.words import mark

MAX_MAPPING_BYTES = 4 << 20
"""Bytes of a mapping; one of a software with 300 tables has some 200,000."""
SYNTAX_REASONS = (
    mark("Expected '=' after a key in a key/value pair"),
    mark("Expected ']' at the end of a table declaration"),
    mark("Expected ']]' at the end of an array declaration"),
    mark("Expected newline or end of document after a statement"),
    mark("Invalid initial character for a key part"),
    mark("Invalid statement"),
    mark("Invalid value"),
    mark("Unclosed array"),
    mark("Unclosed inline table"),
    mark("Unterminated string"),
)
"""What ``tomllib`` says most often, for the catalogue; whatever else it says stays as it is."""
_SYNTAX_SORTS = (
    (
        re.compile("Cannot (declare|redefine|mutate|overwrite)|Duplicate"),
        mark("a table or a key stands there for the second time"),
    ),
    (
        re.compile("Illegal character"),
        mark("a quotation mark is not closed in its line, or a sign is not allowed"),
    ),
    (
        re.compile("Unescaped|Invalid hex|Escaped character"),
        mark(
            "a “\\” stands between double quotation marks; between single ones ('…') it is a sign like any other"
        ),
    ),
)
"""What ``tomllib`` says with a name or a sign in it, by how it begins, and the sentence for it."""
_AT = re.compile(r"\(at line (?P<line>\d+), column \d+\)|\(at end of document\)")


def load_mapping(path: FilePath) -> MappingDeclaration:
    """Return the mapping in the file at ``path``.

    Raises:
        FileNotFound, LimitExceeded: when there is no such file, or it is too large.
        MappingInvalid: with all its faults.
    """
    return parse_mapping(mapping_bytes(path), path.name)


def mapping_bytes(path: FilePath) -> bytes:
    """Return what the file of a mapping at ``path`` holds.

    Raises:
        FileNotFound, LimitExceeded: when there is no such file, or it is too large.
    """
    try:
        return read_regular(path, MAX_MAPPING_BYTES, mark("the size of the mapping in bytes"))
    except FileNotFoundError as fault:
        raise not_found(path) from fault


def parse_mapping(data: bytes, name: str) -> MappingDeclaration:
    """Return the mapping in ``data``, which faults call ``name``.

    Raises:
        MappingInvalid: with all its faults.
    """
    made, faults = examine_mapping(data, name)
    faults.refuse()
    return made


def examine_mapping(data: bytes, name: str) -> tuple[MappingDeclaration, MappingFaults]:
    """Return the mapping in ``data`` as far as it can be read, and its faults.

    Raises:
        MappingInvalid: when it is no TOML, or of another version of the language.
    """
    try:
        text = data.decode("utf-8-sig")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as fault:
        raise invalid(name, [_syntax(name, 1 + data[: fault.start].count(b"\n"), "UTF-8")]) from fault
    except RecursionError as fault:
        raise invalid(name, [_syntax(name, 1, mark("it is nested too deeply"))]) from fault
    except tomllib.TOMLDecodeError as fault:
        at = _AT.search(str(fault))
        line = int(at["line"]) if at and at["line"] else 1 + text.count("\n")
        raise invalid(name, [_syntax(name, line, _syntax_reason(str(fault)))]) from fault
    faults = MappingFaults(name, key_lines(text))
    _refuse_other_language(faults, raw)
    return _MappingParser(faults, raw).mapping(), faults


def _refuse_other_language(faults: MappingFaults, raw: Mapping[str, Any]) -> None:
    """Refuse a mapping of another version of the language: what its other keys mean is not known here."""
    facts = raw.get("mapping")
    language = facts.get("language") if isinstance(facts, dict) else None
    if type(language) is int and language != keys.LANGUAGE:
        sentence = mark(
            "It is written in version {version} of the mapping language; this program reads version {known}."
        )
        path: Path = ("mapping", "language")
        faults.add("mapping-language-unknown", path, sentence, version=language, known=keys.LANGUAGE)
        faults.refuse()


def _syntax_reason(message: str) -> str:
    """Return what ``tomllib`` says as a sentence of the catalogue, where there is one."""
    sort = next((sentence for begins, sentence in _SYNTAX_SORTS if begins.match(message)), None)
    words = _AT.sub("", message).strip()
    return sort or next((sentence for sentence in SYNTAX_REASONS if sentence == words), words)


def _syntax(name: str, line: int, reason: str) -> Finding:
    sentence = mark("This is no TOML: {reason}.")
    return Finding(
        severity=Severity.ERROR,
        code="mapping-syntax",
        where=f"{name}:{line}",
        sentence=sentence,
        facts={"reason": reason},
    )


class _MappingParser:
    def __init__(self, faults: MappingFaults, raw: Mapping[str, Any]) -> None:
        self._faults = faults
        self._raw = section(faults, (), raw, keys.SECTIONS)
        self._codes = {
            name: code_table(faults, ("codes", name), one) for name, one in self._raw.get("codes", {}).items()
        }

    def mapping(self) -> MappingDeclaration:
        """Return the mapping, as far as it can be read."""
        facts = section(self._faults, ("mapping",), self._raw.get("mapping", {}), keys.MAPPING)
        for key in [one for one, value in facts.items() if value == UNDECIDED]:
            sentence = mark("Somebody has to decide this: {meaning}")
            meaning = keys.MAPPING[key].meaning
            self._faults.add("mapping-undecided", ("mapping", key), sentence, meaning=meaning)
        source = self._section("source", keys.SOURCE)
        practice = self._section("practice", keys.PRACTICE)
        defaults = self._section("defaults", keys.DEFAULTS)
        check_dates(self._faults, ("defaults",), defaults)
        tables = self._tables(dialect_of(self._faults, ("source",), source, Dialect()))
        patients = self._patients(tables)
        tables = with_owners(tables, patients)
        check_links(self._faults, tables)
        order, circle = reading_order(tables, patients)
        if circle:
            sentence = mark(
                "These tables refer to each other in a circle, so that none can be read first: {names}."
            )
            self._faults.add("mapping-circle", ("tables", circle[0]), sentence, names=", ".join(circle))
        return MappingDeclaration(
            **{
                one: facts.get(one, "")
                for one in ("name", "version", "author", "software", "software_version")
            },
            time_zone=self._zone(defaults.pop("time_zone", "Europe/Paris")),
            files=self._files(source.get("files", "")),
            encoding=source.get("encoding", ""),
            patient_columns=source.get("patient_columns", ()),
            practice_key=self._practice_key(practice.get("key", ""), tables),
            currency=practice.get("currency", "EUR"),
            left_out=code_table(self._faults, ("left_out",), self._raw.get("left_out", {})),
            defaults=MappingProxyType(defaults),
            tables=MappingProxyType(tables),
            patients=patients,
            order=order,
            tests=tuple(self._tests(tables)),
        )

    def _section(self, name: str, entries: Mapping[str, KeyEntry]) -> dict[str, Any]:
        return section(self._faults, (name,), self._raw.get(name, {}), entries)

    def _zone(self, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            sentence = mark("“{name}” is no time zone; write it like Europe/Paris.")
            self._faults.add("mapping-value-unfit", ("defaults", "time_zone"), sentence, name=name)
        return name

    def _files(self, name: str) -> str:
        """Return the folder of documents, which a mapping that somebody shared must not seek elsewhere."""
        try:
            return name and safe_path(name).as_posix()
        except UnsafeName as fault:
            sentence = mark("The folder must lie below that of the source: {reason}.")
            self._faults.add(
                "mapping-value-unfit", ("source", "files"), sentence, reason=fault.facts["reason"]
            )
            return ""

    def _practice_key(self, written: str, tables: Mapping[str, TableDeclaration]) -> tuple[str, str] | None:
        table, dot, column = written.partition(".")
        if written and (not dot or table not in tables):
            self._faults.unknown("mapping-value-unfit", ("practice", "key"), table, tables)
        return (table, column) if dot else None

    def _tables(self, dialect: Dialect) -> dict[str, TableDeclaration]:
        parser = TableParser(self._faults, self._codes, dialect)
        return {name: parser.table(name, one) for name, one in self._raw.get("tables", {}).items()}

    def _patients(self, tables: Mapping[str, TableDeclaration]) -> str:
        found = [
            name for name, one in tables.items() if any(record.kind is Patient for record in one.records)
        ]
        if len(found) != 1:
            sentence = mark('One table must become the patients (kind = "patients"); here: {count}.')
            self._faults.add("mapping-value-unfit", ("tables",), sentence, count=len(found))
        return found[0] if found else next(iter(tables), "")

    def _tests(self, tables: Mapping[str, TableDeclaration]) -> Iterator[MappingTest]:
        for place, raw in enumerate(self._raw.get("tests", ())):
            path: Path = ("tests", place)
            found = section(self._faults, path, raw, keys.TEST)
            rows, records = found.get("rows", {}), found.get("records", {})
            for kind in records.keys() - KINDS.keys():
                self._faults.unknown("mapping-kind-unknown", (*path, "records", kind), kind, KINDS)
            for name in rows.keys() - tables.keys():
                self._faults.unknown("mapping-table-unknown", (*path, "rows", name), name, tables)
            yield MappingTest(
                name=found.get("name", ""),
                path=path,
                rows={name: self._rows((*path, "rows", name), one) for name, one in rows.items()},
                records={kind: self._rows((*path, "records", kind), one) for kind, one in records.items()},
                findings=found.get("findings"),
            )

    def _rows(self, path: Path, raw: Any) -> tuple[Mapping[str, Any], ...]:
        if isinstance(raw, list) and all(isinstance(one, dict) for one in raw):
            return tuple(raw)
        sentence = mark("Expected here: {shape}.")
        self._faults.add("mapping-value-unfit", path, sentence, shape=SHAPES[Shape.SECTIONS])
        return ()
