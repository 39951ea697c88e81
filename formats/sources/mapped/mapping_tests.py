"""Tests that a mapping carries: its rows are read as it says, and what comes of them is compared."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from formats.databases.given_rows import GivenRows
from formats.errors import Fact, Failure, FormatFailure
from formats.findings import Finding, Severity, as_fact
from formats.model.dates import PartialDate
from formats.model.dictionary.kinds import KINDS as KIND_ENTRIES
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.sources.mapped.language.declarations import MappingDeclaration, MappingTest
from formats.sources.mapped.language.references import named_columns
from formats.sources.mapped.language.targets import named_key
from formats.sources.mapped.read import read_tables
from formats.words import mark, plural

KEY = "test"
"""The practice of every test."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TestedMapping:
    """What a test came to: ``failures`` says what was otherwise than expected."""

    test: MappingTest
    failures: tuple[Finding, ...]


class MappingTestsFailed(FormatFailure):
    """A mapping of which a test of its own fails: it does not make of a row what its author expects."""

    code = "mapping-tests-failed"
    sentence = plural(
        "{first} In the mapping {name}, {count} test fails; archiver mapping check says in what.",
        "{first} In the mapping {name}, {count} tests fail; archiver mapping check says in what.",
    )


def require_tests(mapping: MappingDeclaration, name: str) -> None:
    """Run the tests of ``mapping``, whose file is called ``name``.

    Raises:
        MappingTestsFailed: when one fails.
    """
    failed = [one for one in run_tests(mapping) if one.failures]
    if failed:
        raise MappingTestsFailed(name=name, count=len(failed), first=as_fact(failed[0].failures[0]))


def run_tests(mapping: MappingDeclaration) -> Iterator[TestedMapping]:
    """Yield what each test of ``mapping`` came to."""
    columns = named_columns(mapping)
    for test in mapping.tests:
        yield TestedMapping(test=test, failures=tuple(_failures(mapping, test, columns)))


def _failures(
    mapping: MappingDeclaration, test: MappingTest, columns: Mapping[str, tuple[str, ...]]
) -> Iterator[Finding]:
    given = {
        name: tuple(
            dict.fromkeys((*columns[name], *(column for row in test.rows.get(name, ()) for column in row)))
        )
        for name in mapping.tables
    }
    rows = {name: tuple(map(dict, found)) for name, found in test.rows.items()}
    try:
        items = list(read_tables(GivenRows(given, rows), mapping, practice_key=KEY, files=None))
    except Failure as fault:
        yield _failure(test, mark("It could not be read: {reason}"), reason=fault)
        return
    names = _names(items)
    for kind, expected in test.records.items():
        named = named_key(KIND_ENTRIES[kind].many, kind)
        made = [_plain(one, names) for one in items if isinstance(one, Record) and one.kind == kind]
        if len(made) != len(expected):
            sentence = mark("{kind}: made: {count}, expected: {expected}.")
            yield _failure(test, sentence, count=len(made), kind=named, expected=len(expected))
        for place, (one, wanted) in enumerate(zip(made, expected, strict=False), 1):
            for field, found, value in _differences(one, wanted, ""):
                sentence = mark("{kind} {place}: “{field}” is {found}, and {expected} was expected.")
                yield _failure(
                    test,
                    sentence,
                    kind=named,
                    place=place,
                    field=field,
                    found=_toml(found),
                    expected=_toml(value),
                )
    yield from _of_findings(test, items)


def _of_findings(test: MappingTest, items: list[Any]) -> Iterator[Finding]:
    if test.findings is None:
        return
    found = Counter(one.code for one in items if isinstance(one, Finding) and one.code not in _OF_SOURCE)
    expected = Counter(test.findings)
    for code in sorted(found.keys() | expected.keys()):
        if found[code] != expected[code]:
            sentence = mark("The finding {code} came this often: {count}, expected: {expected}.")
            yield _failure(test, sentence, count=found[code], code=code, expected=expected[code])


_OF_SOURCE = frozenset({"mapped-credentials-withheld", "mapped-kind-empty"})
"""Findings about a source as a whole, which are the same for every test."""


def _names(items: list[Any]) -> dict[str, str]:
    """Return identities of records by what a test calls them: table and key of the row they come from."""
    names: dict[str, str] = {}
    for row in items:
        if isinstance(row, SourceRow):
            for record in row.records:
                names.setdefault(record, f"{row.table}/{row.key}")
    return names


def _plain(value: Any, names: Mapping[str, str]) -> Any:
    """Return a value of the model as a test writes it."""
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name), names) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one, names) for one in value]
    if isinstance(value, date | PartialDate):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, bool | int | float):
        return value
    return names.get(str(value), str(value))


def _differences(found: Any, expected: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield every field that ``expected`` names and ``found`` has otherwise; a date may be given as TOML has dates."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name, wanted in expected.items():
            yield from _differences(found.get(name), wanted, f"{place}.{name}".removeprefix("."))
        return
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, wanted) in enumerate(zip(found, expected, strict=True), 1):
            yield from _differences(one, wanted, f"{place}[{number}]")
        return
    wanted = expected.isoformat() if isinstance(expected, date) else expected
    if found != wanted:
        yield place, found, wanted


def _toml(value: Any) -> str:
    """Return a value of a test as it is written there."""
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False, default=str)


def _failure(test: MappingTest, sentence: str, **facts: Fact) -> Finding:
    return Finding(
        severity=Severity.ERROR, code="mapping-test-failed", where=test.name, sentence=sentence, facts=facts
    )
