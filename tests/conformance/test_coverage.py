"""The coverage page says of each source at least what is read of its example."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from formats import registry
from formats.model.record import Record
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
    assert len(seen) > 20 or name in {"dicom", "documents"}


def test_every_source_and_every_field_has_its_place() -> None:
    for language in ("fr", "en"):
        text = PAGE["page"](language)
        assert all(f"`{name}`" in text for name in registry.SOURCES)
        assert text.count("| `") > 200
    assert PAGE["fills"]("archive").keys() == set(PAGE["described_kinds"]())


def test_a_source_of_which_nothing_says_what_it_fills_is_refused() -> None:
    with pytest.raises(LookupError):
        PAGE["fills"]("nothing")
