"""The practice store: what goes in comes out, twice is once, and a failure leaves nothing."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archiver.practice import people, questions, schema
from archiver.practice.columns import table_of
from archiver.practice.errors import AttachmentMissing, ReferenceMissing, StoreUnreadable
from archiver.practice.row_batches import batch_of, put_batch
from archiver.practice.rows.record_rows import MAX_PENDING, indexes_last
from archiver.practice.store import Change, PracticeStore, open_store
from formats.errors import FileNotFound
from formats.model.care import Act, ActStatus, Note, NoteKind, PlanItem, TreatmentPlan
from formats.model.dates import PartialDate
from formats.model.documents import Attachment, Document
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.identity import Identifier, IdentifierType, Sex, Traits
from formats.model.imaging import ImageInstance, ImageSeries, ImageStudy
from formats.model.mouth import PerioExam, PerioKind, PerioMeasure, PerioSite, Surface
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import FileBody

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LETTER = b"Cher confrere, ..."


def attachment(data: bytes = LETTER) -> Attachment:
    return Attachment(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type="text/plain")


def body(data: bytes = LETTER) -> FileBody:
    return FileBody(attachment=attachment(data), open=lambda: io.BytesIO(data))


def records() -> list[Record]:
    """One patient with nested, repeated and optional values of every shape the store knows."""
    series = ImageSeries(
        series_instance_uid="1.2.3",
        modality="CT",
        instances=tuple(
            ImageInstance(
                sop_instance_uid=f"1.2.3.{n}", sop_class_uid="1.2", number=n, attachment=attachment()
            )
            for n in (1, 2)
        ),
    )
    return [
        Practice(id="p", name="Cabinet", identifiers=(_local("P1"),)),
        Practitioner(id="d", family_name="Durand"),
        Patient(
            id="a",
            practice="p",
            traits=Traits(
                birth_family_name="L'Hermitte",
                birth_given_names=("Zoé", "Inès"),
                birth_date=date(1980, 2, 29),
                sex=Sex.FEMALE,
            ),
            identifiers=(_local("7"), Identifier(type=IdentifierType.CHART, system="urn:x", value="C7")),
            attending="d",
        ),
        Act(
            id="c",
            patient="a",
            status=ActStatus.DONE,
            teeth=("18", "21"),
            surfaces=(Surface.MESIAL,),
            practitioner="d",
            fee_cents=-150,
        ),
        Act(id="c1", patient="a", status=ActStatus.EXISTING_ELSEWHERE, performed_on=PartialDate(1983)),
        Act(id="c2", patient="a", status=ActStatus.EXISTING_ELSEWHERE, performed_on=PartialDate(1983, 5)),
        TreatmentPlan(
            id="t",
            patient="a",
            created_on=date(2020, 5, 4),
            items=(PlanItem(act="c"), PlanItem(label="détartrage")),
        ),
        PerioExam(
            id="e",
            patient="a",
            measures=(
                PerioMeasure(tooth="36", measure=PerioKind.GINGIVAL_MARGIN, site=PerioSite.BUCCAL, value=-5),
            ),
        ),
        Document(id="l", patient="a", title="Lettre", created_at=NOON, attachment=attachment()),
        Document(id="m", patient="a", title="Fichier absent"),
        ImageStudy(id="s", patient="a", study_instance_uid="1.2", series=(series,)),
        SourceRow(
            id="r",
            patient="a",
            system="x",
            table="patient",
            key="7",
            columns={"N": None, "F": 1.5},
            records=("a",),
        ),
    ]


def _local(value: str) -> Identifier:
    return Identifier(type=IdentifierType.LOCAL, system="urn:x", value=value)


def fill(store: PracticeStore) -> list[Change]:
    with store.changing():
        return [store.keep_file(body()), *(store.put(record) for record in records())]


def dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as db:
        return list(db.iterdump())


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    practice, practitioner, patient, *acts, plan, exam, letter, absent, study, row = records()
    with open_store(tmp_path / "p.db", create=True) as store:
        assert set(fill(store)) == {Change.ADDED}
    with open_store(tmp_path / "p.db") as store:
        assert store.dossier("a") == Dossier(
            practice=practice,
            practitioners=(practitioner,),
            patient=patient,
            acts=tuple(acts),
            treatment_plans=(plan,),
            perio_exams=(exam,),
            documents=(letter, absent),
            image_studies=(study,),
            source_rows=(row,),
        )
        with store.attachments.open(attachment().sha256) as stream:
            assert stream.read() == LETTER


def test_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    with open_store(path, create=True) as store:
        fill(store)
    before = dump(path)
    with open_store(path) as store:
        assert set(fill(store)) == {Change.UNCHANGED}
    assert dump(path) == before


def test_only_what_changed_is_updated(tmp_path: Path) -> None:
    with open_store(tmp_path / "p.db", create=True) as store:
        fill(store)
        changed = next(record for record in records() if isinstance(record, TreatmentPlan))
        changed = dataclasses.replace(changed, items=changed.items[:1])
        with store.changing():
            assert store.put(changed) is Change.UPDATED
        assert store.dossier("a").treatment_plans == (changed,)
        assert store.counts()["treatment_plans"] == 1


def test_a_failed_block_leaves_records_and_files_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    with open_store(path, create=True) as store:
        fill(store)
        before = dump(path)
        with pytest.raises(ZeroDivisionError), store.changing():
            store.keep_file(body(b"another"))
            store.put(Document(id="z", patient="a", attachment=attachment(b"another")))
            raise ZeroDivisionError
        assert not store.attachments.path(attachment(b"another").sha256).exists()
        assert store.attachments.path(attachment().sha256).exists()
    assert dump(path) == before


def test_a_failed_inner_block_is_undone_alone(tmp_path: Path) -> None:
    with open_store(tmp_path / "p.db", create=True) as store:
        fill(store)
        with store.changing():
            store.put(Document(id="y", patient="a", title="reste"))
            store.keep_file(body(b"stays"))
            with pytest.raises(ZeroDivisionError), store.changing():
                store.put(Document(id="z", patient="a"))
                store.keep_file(body(b"goes"))
                raise ZeroDivisionError
        assert [document.id for document in store.dossier("a").documents] == ["l", "m", "y"]
        assert store.attachments.path(attachment(b"stays").sha256).exists()
        assert not store.attachments.path(attachment(b"goes").sha256).exists()


def test_what_was_just_put_is_there_for_whoever_asks(tmp_path: Path) -> None:
    """Rows of new records are inserted together, later; nothing that can be asked depends on it."""
    practice, practitioner, patient, act, *_ = records()
    with open_store(tmp_path / "p.db", create=True) as store, store.changing():
        for record in (practice, practitioner, patient, act):
            assert not store.holds(type(record), record.id) and store.get(type(record), record.id) is None
            assert store.put(record) is Change.ADDED
            assert store.holds(type(record), record.id)
        assert store.owner(Act, "c") == "a" and store.owner(Act, "z") is None
        assert [store.put(record) for record in (act, patient)] == [Change.UNCHANGED] * 2
        changed = dataclasses.replace(patient, identifiers=())
        assert store.put(changed) is Change.UPDATED and store.get(Patient, "a") == changed
        assert (store.counts()["patients"], store.dossier("a").acts) == (1, (act,))


def test_more_records_than_are_inserted_together_keep_their_order(tmp_path: Path) -> None:
    names = [f"n{number}" for number in range(2 * MAX_PENDING + 1)]
    with open_store(tmp_path / "p.db", create=True) as store:
        with store.changing():
            fill(store)
            for name in names:
                note = Note(id=name, patient="a", note=NoteKind.CLINICAL, text="x" * MAX_PENDING)
                assert store.put(note) is Change.ADDED
        assert [note.id for note in store.dossier("a").notes] == names


def test_records_cost_no_more_when_there_are_many(tmp_path: Path) -> None:
    """Whatever is inserted together: no reference of a row points to nothing while others are inserted."""
    steps = [_steps(tmp_path / f"{count}.db", count) for count in (2 * MAX_PENDING, 4 * MAX_PENDING)]
    assert steps[1] < 2.5 * steps[0]


def _steps(path: Path, patients: int) -> int:
    """Return how many hundred steps SQLite takes to put that many patients, and a row after each."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    with open_store(path, create=True) as store:
        store.db.set_progress_handler(count, 100)
        with store.changing(), indexes_last(store.db):
            store.put(Practice(id="p", name="Cabinet"))
            for name in (f"n{number}" for number in range(patients)):
                store.put(Patient(id=name, practice="p", traits=Traits(birth_family_name=name)))
                store.put(SourceRow(id=f"r{name}", patient=name, system="x", table="y", key=name, columns={}))
    return steps


def test_a_record_is_looked_up_only_where_it_may_be(tmp_path: Path) -> None:
    """In a table that was empty in this transaction, what was never put; in any other, everything."""
    asked: list[str] = []
    with open_store(tmp_path / "p.db", create=True) as store:
        with store.changing():
            store.db.set_trace_callback(asked.append)
            fill(store)
            assert not [one for one in asked if "WHERE id =" in one]
            assert store.put(records()[-1]) is Change.UNCHANGED
        with store.changing():
            assert set(fill(store)) == {Change.UNCHANGED}
        assert [one for one in asked if "WHERE id =" in one]


def test_what_somebody_else_inserted_is_found(tmp_path: Path) -> None:
    with open_store(tmp_path / "p.db", create=True) as store, store.changing():
        assert not store.holds(Practice, "p") and not store.holds(Practice, "q")
        assert put_batch(store, batch_of(Practice, [Practice(id="q", name="Cabinet")]), {})
        assert store.holds(Practice, "q") and not store.holds(Practice, "p")


@pytest.mark.parametrize("savepoint", [True, False])
def test_what_was_put_in_a_block_inside_goes_with_the_outer_one(tmp_path: Path, *, savepoint: bool) -> None:
    with open_store(tmp_path / "p.db", create=True) as store:
        fill(store)
        with pytest.raises(ZeroDivisionError), store.changing():
            store.put(Document(id="y", patient="a"))
            with store.changing(savepoint=savepoint):
                store.put(Document(id="z", patient="a"))
            raise ZeroDivisionError
        assert not store.holds(Document, "y") and not store.holds(Document, "z")
        with store.changing(), store.changing(savepoint=savepoint):
            store.put(Document(id="z", patient="a"))
        assert store.holds(Document, "z")


def test_a_record_put_outside_a_block_is_stored_at_once(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    with open_store(path, create=True) as store:
        assert store.put(records()[0]) is Change.ADDED
        with sqlite3.connect(path) as other:
            assert other.execute("SELECT id FROM practices").fetchall() == [("p",)]


@pytest.mark.parametrize("fails", [False, True])
def test_indexes_made_last_are_those_there_were(tmp_path: Path, *, fails: bool) -> None:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
    with open_store(tmp_path / "p.db", create=True) as store:
        before = store.db.execute(query).fetchall()
        with contextlib.suppress(ZeroDivisionError), store.changing(), indexes_last(store.db):
            assert before and not store.db.execute(query).fetchall()
            fill(store)
            if fails:
                raise ZeroDivisionError
        assert store.db.execute(query).fetchall() == before
        assert store.counts()["patients"] == (not fails)
        assert store.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_reference_to_nowhere_is_refused(tmp_path: Path) -> None:
    with open_store(tmp_path / "p.db", create=True) as store:
        with pytest.raises(ReferenceMissing), store.changing():
            store.put(Act(id="c", patient="nobody", status=ActStatus.DONE))
        assert store.counts()["acts"] == 0


def test_references_are_looked_up_again_after_the_first_filling(tmp_path: Path) -> None:
    with open_store(tmp_path / "p.db", create=True) as store:
        with store.changing():
            fill(store)
        with pytest.raises(ReferenceMissing), store.changing():
            store.put(Act(id="lost", patient="nobody", status=ActStatus.DONE))
        with pytest.raises(sqlite3.IntegrityError):
            store.db.execute("INSERT INTO file_remarks (sha256, code) VALUES ('none', 'c')")
        assert not store.holds(Act, "lost")


def test_a_new_store_that_fails_is_taken_away(tmp_path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        open_store(tmp_path / "p.db", create=True) as store,
        store.changing(),
    ):
        fill(store)
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_what_was_kept_outlives_a_later_failure(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_store(tmp_path / "p.db", create=True) as store:
        fill(store)
        raise ZeroDivisionError
    with open_store(tmp_path / "p.db") as store:
        assert store.counts()["patients"] == 1


def test_a_lost_file_is_named(tmp_path: Path) -> None:
    with open_store(tmp_path / "p.db", create=True) as store, pytest.raises(AttachmentMissing, match="abc"):
        store.attachments.open("abc")


@pytest.mark.parametrize("content", [b"", b"not a database at all, but a text of some length"])
def test_what_is_no_store_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.db"
    path.write_bytes(content)
    with pytest.raises(StoreUnreadable), open_store(path):
        pass
    assert path.read_bytes() == content


def test_no_store_is_not_found_and_none_is_made(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    with pytest.raises(FileNotFound), open_store(path):
        pass
    assert not path.exists()


def test_every_kind_has_tables_described_in_the_file(tmp_path: Path) -> None:
    with open_store(tmp_path / "p.db", create=True) as store:
        described = {row[0]: row[1] for row in store.db.execute("SELECT [table], about FROM about_tables")}
        names = store.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert described.keys() == {row[0] for row in names}
        assert all(described.values())
        assert {kind.kind for kind in PATIENT_KINDS} <= described.keys()
        assert store.db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_every_field_of_the_model_has_a_column() -> None:
    for kind in schema.KINDS:
        table = table_of(kind)
        names = {name.split("_position")[0] for name in table.names}
        below = {name for name, _ in table.children} | {name for name, _, _, _ in table.values}
        assert {field.name for field in dataclasses.fields(kind)} <= names | below


def test_questions_wait_for_a_human(tmp_path: Path) -> None:
    with open_store(tmp_path / "p.db", create=True) as store, store.changing():
        fill(store)
        store.put(Patient(id="b", practice="p", traits=Traits()))
        questions.ask_question(store, "b", "a", reason="same traits", at=NOON)
        (question,) = questions.questions(store)
        questions.answer_question(store, question, same=True, decided_by="Dr Durand", at=NOON)
        questions.ask_question(store, "b", "a", reason="same traits", at=NOON)
        assert list(questions.questions(store)) == []
        assert people.person_of(store, "b") == "a"
        assert [one.answer for one in questions.questions(store, open_only=False)] == ["same"]


def test_what_no_record_lists_is_swept_and_nothing_else(tmp_path: Path) -> None:
    with open_store(tmp_path / "s.db", create=True) as store:
        with store.changing():
            store.keep_file(body())
        files = store.attachments.folder
        left = store.attachments.path("ab" * 32)
        part = files / "cd" / f".{'cd' * 32}.0123abcd.part"
        foreign = [files / "notes.txt", files / "ab" / "notes.txt"]
        for path in (left, part, *foreign):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"x")
        with store.changing():
            store.keep_file(body(b"new"))
            assert store.sweep() == 2
        assert not left.exists() and not part.parent.exists()
        assert all(path.exists() for path in foreign)
        assert all(store.attachments.path(attachment(data).sha256).exists() for data in (LETTER, b"new"))
        with store.changing():
            assert store.sweep() == 0


def test_only_reading_looks_past_what_cannot_be_written(tmp_path: Path) -> None:
    """A name that SQLite reads as part of an address stays a name."""
    path = tmp_path / "a b?mode=memory#1.db"
    with open_store(path, create=True):
        pass
    with open_store(path, reading=True) as store:
        assert store.counts()["patients"] == 0
