"""A page that says something else than its data refuses that dossier alone; what is shown afterwards is our own."""

from __future__ import annotations

import gc
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportRequest
from archiver.handover.opened_dossier import open_dossier
from archiver.handover.opening import OpenRequest, open_handover
from archiver.handover.receipt import Receipt
from archiver.handover.receipt_text import receipt_text
from archiver.operations.documents.receipt_document import receipt_json
from archiver.operations.drill import DrillRequest, drill
from archiver.operations.export import export
from archiver.operations.receive import receive
from archiver.operations.share import ShareRequest, share
from archiver.practice.practitioners import OWN_PRACTICE
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.age import HybridIdentity
from archiver.sealing.unsealing import open_entry
from formats.model.identity import Identifier, IdentifierType
from formats.model.people import Practice
from formats.pdlgc import layout, write
from formats.pdlgc.errors import PageMismatch
from formats.pdlgc.page.page import index_page
from formats.pdlgc.read import PatientArchive
from tests.large import fill
from tests.packages import counted, signer, trust

KEY, NEXT = HybridIdentity(seed=b"k" * 32), HybridIdentity(seed=b"n" * 32)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LIE = b"Exemple2 est allergique"
"""A text that no program of ours writes."""
Change = Callable[[bytes], bytes]
LYING: Change = lambda page: page.replace(b"<main>", b"<main><p>" + LIE + b"</p>")  # noqa: E731
OLDER: Change = lambda page: re.sub(rb"; page \d+;", b"; page 99;", LYING(page))  # noqa: E731


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    """Return the store of a practice that has a number and three patients."""
    fill(tmp_path / "p.db", [[10, 300], [20], []])
    with open_store(tmp_path / "p.db") as opened:
        practice = opened.get(Practice, opened.setting(OWN_PRACTICE) or "")
        assert practice is not None
        number = Identifier(
            type=IdentifierType.FINESS, system="urn:oid:1.2.250.1.71.4.2.2", value="750000001"
        )
        with opened.changing():
            opened.put(replace(practice, name="Cabinet « Les Lilas » & fils", identifiers=(number,)))
        yield opened


def lying(monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
    """Let the sender's program change the page of the second patient before it is packed and signed."""

    def index(dossier: Any, **options: Any) -> Iterator[bytes]:
        page = b"".join(index_page(dossier, **options))
        changed = change(page) if dossier.patient.traits.birth_family_name == "Exemple2" else page
        yield changed

    monkeypatch.setattr(write, "index_page", index)


def exported(store: PracticeStore, target: Path, **options: Any) -> Path:
    request = ExportRequest(
        target=target,
        patients=tuple(patient.id for patient in store.patients()),
        access=KeyringRecipients(recipients=[KEY.to_recipient()]),
        signer=signer(),
        **options,
    )
    randomness = counted(target.name.encode())
    return export(store, request, clock=NOON.astimezone, randomness=randomness).path


def opening(package: Path, key: HybridIdentity = KEY) -> OpenRequest:
    return OpenRequest(package=package, identities=[key], trust=trust(signer(), at=NOON))


def received(package: Path, into: Path, key: HybridIdentity = KEY) -> Receipt:
    with open_store(into, create=True) as there:
        return receive(there, opening(package, key), clock=lambda: NOON)


def pages(package: Path, key: HybridIdentity = KEY) -> list[bytes]:
    """Return the page of every dossier of a package, as somebody who opens it by hand sees them."""
    found = []
    for volume, entry in open_handover(opening(package, key)).entries():
        if entry.patient is not None:
            with volume.package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
                found.append(zipfile.ZipFile(plain).read(layout.INDEX))
    return found


def test_an_honest_page_is_compared_and_comes_in(store: PracticeStore, tmp_path: Path) -> None:
    receipt = received(exported(store, tmp_path / "p.asice"), tmp_path / "next.db")
    assert len(receipt.came_in) == 3
    assert not receipt.pages_not_compared
    assert "INDEX.HTM" not in "".join(receipt_text(receipt))
    assert all(one["page_compared"] for one in receipt_json(receipt)["dossiers"])


def test_a_page_that_differs_refuses_that_dossier_alone(
    store: PracticeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lying(monkeypatch, LYING)
    package = exported(store, tmp_path / "p.asice")
    receipt = received(package, tmp_path / "next.db")
    (refused,) = receipt.refused
    assert refused.refusal is not None
    assert (refused.who["family"], refused.refusal.code) == ("Exemple2", PageMismatch.code)
    assert sorted(one.who["family"] for one in receipt.came_in) == ["Exemple1", "Exemple3"]
    assert "The page that a person would read (INDEX.HTM) differs from the data" in "".join(
        receipt_text(receipt)
    )
    assert "La page qu’une personne lirait" in "".join(receipt_text(receipt))
    assert receipt_json(receipt)["totals"]["refused"] == 1
    with open_store(tmp_path / "next.db") as there:
        assert sorted(one.traits.birth_family_name for one in there.patients()) == ["Exemple1", "Exemple3"]
    for volume, entry in open_handover(opening(package)).entries():
        if (entry.patient or {}).get("family") == "Exemple2":
            with pytest.raises(PageMismatch), open_dossier(volume.package, entry):
                pass


def opened_archives() -> int:
    gc.collect()
    return sum(isinstance(one, PatientArchive) for one in gc.get_objects())


@pytest.mark.slow
def test_a_refusal_holds_nothing_of_the_dossier(
    store: PracticeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receipt is written at the end: every refused dossier would be in memory until then."""
    lying(monkeypatch, LYING)
    package, before = exported(store, tmp_path / "p.asice"), opened_archives()
    receipt = received(package, tmp_path / "next.db")
    assert receipt.refused and opened_archives() == before


def test_a_page_of_another_version_comes_in_and_the_receipt_says_so(
    store: PracticeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lying(monkeypatch, OLDER)
    receipt = received(exported(store, tmp_path / "p.asice"), tmp_path / "next.db")
    assert len(receipt.came_in) == 3
    assert [one.who["family"] for one in receipt.pages_not_compared] == ["Exemple2"]
    sentence = "Pages INDEX.HTM not compared with their data, being of another version or another program: 1"
    assert "".join(receipt_text(receipt)).count(sentence) == 1
    document = receipt_json(receipt)
    assert document["totals"]["pages_not_compared"] == 1
    assert [one["page_compared"] for one in document["dossiers"] if one["patient"]] == [True, False, True]


def test_what_a_practice_hands_on_has_its_own_page_and_never_the_senders(
    store: PracticeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the page that came is kept; whoever is handed the dossier next gets one made of the data."""
    lying(monkeypatch, OLDER)
    package = exported(store, tmp_path / "p.asice")
    assert sum(LIE in page for page in pages(package)) == 1
    received(package, tmp_path / "next.db")
    monkeypatch.undo()
    contents = [path.read_bytes() for path in tmp_path.glob("next.*") if path.is_file()]
    contents += [path.read_bytes() for path in (tmp_path / "next.files").rglob("*") if path.is_file()]
    assert len(contents) > 3
    assert not any(LIE in data or b"<main>" in data for data in contents)
    with open_store(tmp_path / "next.db") as there:
        onward = exported(there, tmp_path / "onward.asice", sender="Cabinet du Vieux Pressoir")
    assert len(pages(onward)) == 3
    assert not any(LIE in page for page in pages(onward))
    # the sender is not the practice of the dossiers any more; its page can be made again all the same
    last = received(onward, tmp_path / "last.db")
    assert (len(last.came_in), len(last.pages_not_compared)) == (3, 0)


def test_pages_of_a_later_revision_and_of_a_set_are_compared_too(
    store: PracticeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = exported(store, tmp_path / "p.asice")
    lying(monkeypatch, LYING)
    cut = exported(store, tmp_path / "cut.asice", by_retention_year=True)
    request = ShareRequest(
        opening=opening(first),
        access=KeyringRecipients(recipients=[NEXT.to_recipient()]),
        signer=signer(),
        target=tmp_path / "second.asice",
        only=True,
        receiver="Cabinet du Vieux Pressoir",
    )
    shared = share(request, clock=lambda: NOON, randomness=counted(b"share")).package
    receipt = received(shared, tmp_path / "next.db", NEXT)
    assert (len(receipt.came_in), len(receipt.pages_not_compared)) == (3, 0)
    outcome = received(cut, tmp_path / "cut.db")
    assert [one.refusal.code for one in outcome.refused if one.refusal] == [PageMismatch.code]


def test_a_drill_reads_as_an_import_does(
    store: PracticeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lying(monkeypatch, LYING)
    package = exported(store, tmp_path / "p.asice")
    request = DrillRequest(
        package=package, identity=KEY, trust=trust(signer(), at=NOON), register=tmp_path / "register"
    )
    with pytest.raises(PageMismatch):
        for number in range(3):
            drill(request, clock=lambda: NOON, randomness=lambda length, n=number: n.to_bytes(length, "big"))
