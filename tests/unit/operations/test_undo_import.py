"""An import is undone row by row; what other imports share with it stays, and is theirs."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.operations.imports.errors import ImportUnknown, NothingToUndo, UndoneBefore, UndoRefused
from archiver.operations.imports.undo_import import UndoneImport, undo_import
from archiver.practice import schema
from archiver.practice.imports.former_rows import UNRECORDED
from archiver.practice.imports.import_runs import import_runs, recorded_import
from archiver.practice.registers.hold_grounds import HoldGround
from archiver.practice.registers.holds import holds, lift_hold, note_stated_hold, set_hold
from archiver.practice.registers.retention_decisions import DecisionKind, decide_retention
from archiver.practice.registers.source_states import note_import, note_received
from archiver.practice.store import PracticeStore, open_store
from formats.digests import Digest
from formats.model.documents import Attachment, Document
from formats.model.identity import Traits, names_and_birth
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import FileBody
from tests.packages import SIGNED

OWN, SENDER = (Practice(id=f"practice-{name}", name=name) for name in ("own", "sender"))
DENTIST = Practitioner(id="dentist", family_name="Exemple")
PAPER = b"a letter"
FILE = Attachment(sha256=hashlib.sha256(PAPER).hexdigest(), size=len(PAPER), media_type="text/plain")
ROW = SourceRow(id="row", system="x", table="preference", key="1", columns={"a": "b"})


def person(name: str, practice: Practice = SENDER, **more: Any) -> Patient:
    return Patient(id=name, practice=practice.id, traits=Traits(used_family_name=name), **more)


def letter(patient: str, **more: Any) -> Document:
    return Document(id=f"letter-{patient}", patient=patient, title="Letter", attachment=FILE, **more)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(tmp_path / "p.db", create=True) as opened:
        with opened.changing():
            opened.put(OWN)
            opened.put(person("own", OWN))
        yield opened


def bring(store: PracticeStore, day: int, *records: Record, hold: str = "") -> None:
    """Import ``records``, and the paper, as an import of the day does."""
    at = SIGNED + timedelta(days=day)
    with (
        store.changing(),
        recorded_import(store, package=f"urn:test:{day}", created=at, sender="Cabinet", at=at) as running,
    ):
        running.practices.add(SENDER.id)
        note_received(store, SENDER.id, created=at)
        if any(isinstance(one, Document) for one in records):
            store.keep_file(FileBody(attachment=FILE, open=lambda: io.BytesIO(PAPER)))
        for one in records:
            store.put(one)
            if isinstance(one, Patient):
                note_import(store, one.id, package=f"urn:test:{day}", unit=one.id, plain=Digest.of(b""), created=at,
                            at=at, counts={})  # fmt: skip
        if hold:
            note_stated_hold(store, hold, package=f"urn:test:{day}", at=at)


def undo(store: PracticeStore, number: int | None = None, **options: Any) -> tuple[UndoneImport, ...]:
    return undo_import(store, number, by="Dr Exemple", at=SIGNED, **options)


def refusals(store: PracticeStore, number: int | None = None, **options: Any) -> list[tuple[str, str]]:
    with pytest.raises(UndoRefused) as refused:
        undo(store, number, **options)
    assert refused.value.facts["count"] == len(refused.value.findings)
    return [(one.code, one.text) for one in refused.value.findings]


def test_without_an_import_there_is_nothing_to_undo(store: PracticeStore) -> None:
    with pytest.raises(NothingToUndo):
        undo(store)
    with pytest.raises(ImportUnknown):
        undo(store, 1)


def test_an_import_that_changes_nothing_is_none(store: PracticeStore) -> None:
    bring(store, 1, SENDER, person("a"))
    with store.changing(), recorded_import(
        store, package="urn:again", created=SIGNED, sender="", at=SIGNED
    ):  # fmt: skip
        store.put(person("a"))
    assert [one.id for one in import_runs(store)] == [1]


def test_what_came_goes_and_the_register_says_by_whom(store: PracticeStore) -> None:
    bring(store, 1, SENDER, DENTIST, person("a"), letter("a", practitioner="dentist"), hold="a")
    (undone,) = undo(store)
    assert (
        undone.patients == (names_and_birth(person("a").traits),)
        and undone.files == 1
        and undone.file_bytes == len(PAPER)
    )
    assert undone.removed["documents"] == undone.removed["practitioners"] == undone.removed["holds"] == 1
    assert [one.id for one in store.patients()] == ["own"] and list(holds(store)) == []
    assert store.counts()["files"] == 0 and not store.attachments.folder.exists()
    assert store.db.execute("SELECT count(*) FROM former_rows").fetchone() == (0,)
    with pytest.raises(UndoneBefore):
        undo(store, 1)
    (run,) = import_runs(store)
    assert run.undone_by == "Dr Exemple"


def test_a_replaced_record_is_as_it_was_with_its_children(store: PracticeStore) -> None:
    before = person("a", linked=("own",))
    bring(store, 1, SENDER, before)
    bring(store, 2, person("a", occupation="Luthière"))
    (undone,) = undo(store, 2)
    assert undone.restored["patients"] == 1 and undone.patients == ()
    assert store.get(Patient, "a") == before


def test_a_file_that_another_import_names_stays_until_that_one_goes(store: PracticeStore) -> None:
    bring(store, 1, SENDER, person("a"), letter("a"))
    bring(store, 2, person("b"), letter("b"))
    (undone,) = undo(store, 1)
    assert (undone.files, undone.files_left) == (0, 1) and store.attachments.path(FILE.sha256).exists()
    undo(store)
    assert store.counts()["files"] == 0 and not store.attachments.path(FILE.sha256).exists()


def test_the_practice_and_its_rows_stay_with_a_later_import(store: PracticeStore) -> None:
    bring(store, 1, SENDER, DENTIST, ROW, person("a"))
    bring(store, 2, SENDER, DENTIST, ROW, person("b", attending="dentist"))
    undo(store, 1)
    assert (
        store.holds(Practice, SENDER.id)
        and store.holds(Practitioner, "dentist")
        and store.holds(SourceRow, "row")
    )
    undo(store, 2)
    assert not store.holds(Practice, SENDER.id) and not store.holds(SourceRow, "row")
    assert store.db.execute("SELECT count(*) FROM settings").fetchone() == (0,)


def test_a_practitioner_whom_something_of_the_own_practice_names_stays(store: PracticeStore) -> None:
    bring(store, 1, SENDER, DENTIST, person("a"))
    with store.changing():
        store.put(Document(id="own-letter", patient="own", practitioner="dentist"))
    undo(store)
    assert store.holds(Practitioner, "dentist") and not store.holds(Practice, SENDER.id)


def test_what_a_collection_changed_or_added_refuses_always(store: PracticeStore) -> None:
    bring(store, 1, SENDER, person("a"), person("b"), person("c"))
    with store.changing():
        store.put(person("a", occupation="Luthière"))
        store.put(Document(id="added", patient="b", title="Scan"))
    for later in (False, True):
        found = refusals(store, later=later)
        assert [code for code, _ in found] == ["later-records"] * 2
        assert {text.split(" was")[0] for _, text in found} == {"1 record of a  ?", "1 record of b  ?"}
    assert store.holds(Patient, "a") and store.holds(Document, "added")


def test_a_later_import_of_the_same_patient_refuses_or_goes_first(store: PracticeStore) -> None:
    bring(store, 1, SENDER, person("a"))
    bring(store, 2, person("a", occupation="Luthière"))
    bring(store, 3, person("c"))
    assert [code for code, _ in refusals(store, 1)] == ["later-import"]
    assert [one.run.id for one in undo(store, 1, later=True, rehearsal=True)] == [2, 1]
    assert store.holds(Patient, "a")
    assert [one.run.id for one in undo(store, 1, later=True)] == [2, 1]
    assert [one.id for one in store.patients()] == ["own", "c"]


def test_holds_and_decisions_made_since_refuse_or_go(store: PracticeStore) -> None:
    bring(store, 1, SENDER, person("a"), hold="a")
    with store.changing():
        lift_hold(store, 1, reason="x", lifted_by="x", at=SIGNED)
        set_hold(
            store, "a", ground=HoldGround.CLAIM, reason="x", since=date(2026, 1, 1), set_by="x", at=SIGNED
        )
        decide_retention(store, "a", decision=DecisionKind.KEEP_UNTIL, day=date(2060, 1, 1), reason="x",
                         decided_by="x", at=SIGNED)  # fmt: skip
    assert sorted(text.split(" of")[0] for _, text in refusals(store)) == [
        "Decision 1 about the term", "Hold 1 on the dossier", "Hold 2 on the dossier"
    ]  # fmt: skip
    (undone,) = undo(store, later=True)
    assert undone.removed["holds"] == 2 and undone.removed["retention_decisions"] == 1


def test_every_table_is_recorded_or_said_not_to_be() -> None:
    """A table of our own that refers to patients is put back; a new one is recorded without anybody's doing."""
    assert set(schema.OWN_TABLES) > UNRECORDED
    assert {"holds", "identity_questions", "imports", "files", "settings"}.isdisjoint(UNRECORDED)
