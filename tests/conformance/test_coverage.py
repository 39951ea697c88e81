"""The coverage page says of each source at least what is read of its example."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from formats import registry
from formats.databases.given_rows import GivenRows
from formats.model.care import Act, Prescription
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.sources.mapped.language.parse import load_mapping
from formats.sources.mapped.language.references import named_columns
from formats.sources.mapped.read import read_tables
from tests.conformance.members import SOURCES
from tests.docs.pages import ROOT

PAGE = runpy.run_path(str(ROOT / ".ci" / "coverage_page.py"))


def filled_fields(value: Any) -> Iterator[tuple[type, str]]:
    """Yield kind and name of every field of ``value``, and of values inside it, that says something."""
    for one in fields(value):
        content = getattr(value, one.name)
        default = one.default if one.default_factory is MISSING else one.default_factory()
        if content in ("", None, ()) or content == default:
            continue
        yield type(value), one.name
        for inner in content if isinstance(content, tuple) else (content,):
            if is_dataclass(inner) and not isinstance(inner, type):
                yield from filled_fields(inner)


@pytest.mark.parametrize("name", registry.SOURCES)
def test_what_is_read_of_the_example_is_on_the_page(name: str, tmp_path: Path) -> None:
    source = SOURCES[name]
    place = source.lay(tmp_path)
    declared = PAGE["fills"](name)
    with registry.reader_for(name)(str(place), **source.options(tmp_path)) as found:
        records = [one for one in found if isinstance(one, Record) and type(one) in declared]
    seen = {each for one in records for each in filled_fields(one) if each[0] in declared}
    beyond = {
        f"{kind.__name__}.{field}"
        for kind, field in seen
        if field not in declared[kind] and field not in PAGE["FOLLOWING"]
    }
    assert beyond == set()
    assert len(seen) > 20 or name in {"dicom", "bridges", "documents"}


def test_every_source_and_every_field_has_its_place() -> None:
    for language in ("fr", "en"):
        text = PAGE["page"](language)
        assert all(f"`{name}`" in text for name in (*registry.SOURCES, *PAGE["MAPPINGS"]))
        assert text.count("| `") > 200
        cells = [
            cell for line in text.splitlines() if line.startswith("| `") for cell in line.split(" | ")[1:]
        ]
        assert {cell.strip(" |") for cell in cells} == {"●", "○", "–"}
    assert PAGE["fills"]("archive").keys() == set(PAGE["described_kinds"]())


@pytest.mark.parametrize("name", registry.SOURCES)
def test_rows_that_travel_word_for_word_are_those_of_the_sources_that_have_them(
    name: str, tmp_path: Path
) -> None:
    source = SOURCES[name]
    place = source.lay(tmp_path)
    with registry.reader_for(name)(str(place), **source.options(tmp_path)) as found:
        assert any(isinstance(one, SourceRow) for one in found) is (name in PAGE["ROWS"])


def test_a_mapping_fills_what_its_tests_make_and_no_more_than_a_mapping_can() -> None:
    fields = PAGE["fills"]("mapped")
    for name, file in PAGE["MAPPINGS"].items():
        declared = PAGE["fills_by"](name)
        assert all(declared[kind] <= fields[kind] for kind in fields), name
        records = list(_made_by_tests(ROOT / "docs" / "mappings" / file))
        seen = {each for one in records for each in filled_fields(one) if each[0] in declared}
        assert len(seen) > 20
        beyond = {(kind, field) for kind, field in seen if field not in declared[kind]}
        assert {field for _, field in beyond} <= PAGE["FOLLOWING"], name
    assert PAGE["mark_of"]("openmolar", Act, "surfaces") == "●"
    assert PAGE["mark_of"]("openmolar", Prescription, "product") == "○"
    assert PAGE["mark_of"]("dicom", Prescription, "product") == "–"


def _made_by_tests(path: Path) -> Iterator[Record]:
    mapping = load_mapping(path)
    columns = named_columns(mapping)
    for test in mapping.tests:
        rows = {name: tuple(map(dict, found)) for name, found in test.rows.items()}
        given = {name: columns[name] for name in mapping.tables}
        items = read_tables(GivenRows(given, rows), mapping, practice_key="test", files=None)
        yield from (one for one in items if isinstance(one, Record) and not isinstance(one, SourceRow))


def test_a_source_of_which_nothing_says_what_it_fills_is_refused() -> None:
    with pytest.raises(LookupError):
        PAGE["fills"]("nothing")
