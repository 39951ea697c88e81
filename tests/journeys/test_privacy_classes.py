"""The archive company checks a package and learns nothing that the dictionary calls care, a third party's or a note."""

from __future__ import annotations

from datetime import date
from enum import Enum
from pathlib import Path

import pytest

from archiver.instructions.pages import package_pages
from archiver.opener import opener_page
from archiver.package import layout
from archiver.practice.store import open_store
from formats.model.dates import PartialDate
from formats.model.dictionary.entries import ABOUT_CARE, values_of_class
from formats.model.dictionary.kinds import KINDS
from formats.model.record import Record
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.open_bytes import Open, open_bytes
from tests.traits import LONG, Search, Traits, squeezed

PAGES = {layout.OPENER: opener_page(), **{f"docs/{name}": page for name, page in package_pages()}}
"""What every package says, whoever is in it."""
COMMONPLACE = frozenset({"application/pdf", "application/dicom", "text/plain", "signature"}) | {
    name for kind in KINDS for name in (kind, kind.removesuffix("s"))
}
"""Texts of the format itself: media types, and the kinds of record that the manifest counts."""
SIGNER = "Dr Malo Kerbrat"
"""Who signed, as everybody may read; he also opened dossiers, which nobody may."""


def texts(record: Record) -> set[str]:
    """Return what a record has in private fields, as text that nobody meets by chance."""
    found = set()
    for value in values_of_class(record, ABOUT_CARE):
        text = value.isoformat() if isinstance(value, date | PartialDate) else str(value)
        if (
            isinstance(value, str | date | PartialDate)
            and not isinstance(value, Enum)
            and len(squeezed(text)) >= LONG
        ):
            found.add(text)
    return {text for text in found if text.casefold() not in COMMONPLACE} - {SIGNER}


@pytest.fixture(scope="module")
def search(demo_line: Line) -> Search:
    found: set[str] = set()
    with open_store(demo_line.folder / "practice.db", reading=True) as store:
        for patient in store.patients():
            for record in store.dossier(patient.id).records():
                found |= texts(record)
    assert len(found) >= 1000
    return Search(traits=Traits(names=frozenset(), texts=frozenset(found)), public=(SIGNER,))


def public(desk: Program) -> list[Open]:
    """Return what the company has: the open bytes of the package, and what ``verify`` says of it."""
    screen = desk("verify", "package.asice", "--roots", "roots.pem").out
    document = desk("verify", "package.asice", "--roots", "roots.pem", "--json").out
    members = [one for one in open_bytes(desk.folder / "package.asice") if PAGES.get(one.where) != one.raw]
    answers = [Open(where=where, raw=text.encode(), texts=(text,)) for where, text in
               (("screen", screen), ("json", document))]  # fmt: skip
    return [*members, *answers]


@pytest.fixture
def desk(demo_line: Line, tmp_path: Path) -> Program:
    demo_line.copy(tmp_path, "package.asice", "roots.pem")
    return Program(folder=tmp_path)


def test_nothing_private_stands_where_the_company_reads(desk: Program, search: Search) -> None:
    read = public(desk)
    assert {"manifest.json", "container", "screen"} <= {one.where for one in read}
    assert {one.where: search.found(one) for one in read if search.found(one)} == {}


@pytest.mark.parametrize("private", ["Devis couronne sur implant", "2024-03-14"])
def test_a_private_value_is_seen(search: Search, private: str) -> None:
    assert any(private in text for text in search.traits.texts)
    (text,) = [one for one in search.traits.texts if one.startswith(private)][:1]
    assert text in search.found(Open(where="manifest.json", raw=f'{{"note": "{text}"}}'.encode(), texts=()))
