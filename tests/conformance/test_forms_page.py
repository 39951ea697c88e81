"""The page of forms says of every field of the model how each form carries it, and why where it does not."""

from __future__ import annotations

import runpy
from functools import cache
from typing import Any

from formats.model.dictionary.entries import entries_of
from formats.model.provenance import SourceRow
from formats.model.record import Record
from tests.docs.pages import ROOT

PAGE = runpy.run_path(str(ROOT / ".ci" / "forms_page.py"))


@cache
def cells() -> dict[tuple[str, type[Record], str], Any]:
    """Return the cell of every form, kind of record and field."""
    return {
        (form, kind, name): cell(kind, name)
        for form, cell in PAGE["FORMS"].items()
        for kind in PAGE["kinds"]()
        for name, _ in PAGE["fields_of"](kind)
    }


def signs(form: str) -> set[str]:
    return {cell.sign for (one, _, _), cell in cells().items() if one == form}


def test_every_field_has_its_place_in_every_form() -> None:
    fields = {(kind, name) for _, kind, name in cells()}
    assert len(fields) > 250 and len(cells()) == len(fields) * len(PAGE["FORMS"])
    left_out = {(kind, name) for kind in PAGE["kinds"]() for name in entries_of(kind)} - fields
    assert {name for _, name in left_out} <= {"id", "patient", "practice"}
    assert (SourceRow, "columns") in fields


def test_whole_forms_are_whole() -> None:
    # what reads back equal leaves nothing out (tests/unit/pdlgc, tests/interop/test_eark, tests/journeys/test_tables)
    assert signs("unit") == signs("eark") == {PAGE["DATA"], PAGE["VERBATIM"]}
    assert signs("fhir") == {
        PAGE["DATA"],
        PAGE["NOT"],
    }  # rows of the source (tests/journeys/test_fhir_deliveries)
    assert signs("tables") == {PAGE["DATA"]}
    assert signs("seda") == signs("bagit") == {PAGE["SEALED"]}
    assert signs("documents") == {PAGE["DATA"], PAGE["TEXT"], PAGE["NOT"]}


def test_what_is_not_carried_has_a_reason() -> None:
    assert not [place for place, cell in cells().items() if cell.sign == PAGE["NOT"] and not cell.reason]
    for language in ("fr", "en"):
        text = PAGE["page"](language)
        assert PAGE["UNDESCRIBED"] not in text
        numbers = [line.split("|")[1].strip() for line in text.rpartition("|---|---|\n")[2].splitlines()]
        assert numbers == [str(one) for one in range(1, len(numbers) + 1)] and len(numbers) > 15
