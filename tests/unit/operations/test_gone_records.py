"""What a source gave once and gives no more stays and is marked; what a mapping makes no more is told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.handover.errors import CountsDiffer
from archiver.operations.collecting.collect import collect
from archiver.operations.collecting.outcome import CollectOutcome
from archiver.operations.dossiers.drop_records import drop_not_made
from archiver.operations.splitting.gone_from_source import without_gone
from archiver.operations.splitting.leaving import LeavingPatients
from archiver.practice.registers.gone_records import (
    OF_PRACTICE,
    GoneReason,
    GoneRecord,
    gone_by_patient,
    gone_records,
    mark_records,
)
from archiver.practice.registers.holds import note_stated_hold
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.gone_leaving import GoneLeaving
from formats.findings import Finding, Severity
from formats.model.care import Act
from formats.model.people import Patient
from formats.model.provenance import SourceRow
from formats.reading import Item, Tally
from tests.unit.sources import described
from tests.unit.sources.described import PATIENTS, Rows, given
from tests.unit.sources.test_read import ACTS, ONE, TWO

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
WITHOUT_ACTS = ACTS.partition("[[tables.ACTES.records]]")[0]
OTHER_KEY = ACTS.replace('key = "NUM"', 'key = "CODE"')
ACT = {"NUM": 7, "PATIENT": 1, "PRIX": "28,92", "LIB": "Détartrage", "CODE": "x7"}
LATER = {"NUM": 8, "PATIENT": 2, "PRIX": "60", "LIB": "Couronne", "CODE": "x8"}
SMS = {"TEXTE": "Rendez-vous demain"}
WHOLE: Rows = {"PATIENTS": [ONE, TWO], "ACTES": [ACT, LATER], "SMS": [SMS]}
LOST: Rows = {**WHOLE, "ACTES": [LATER]}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(tmp_path / "p.db", create=True) as opened:
        yield opened


def collected(
    store: PracticeStore,
    rows: Rows,
    text: str = ACTS,
    *,
    day: int = 0,
    reading: str | None = "1",
    practice: str = "test",
    change: Callable[[Iterable[Item]], Iterable[Item]] = lambda items: items,
) -> CollectOutcome:
    items = change(given(text, rows, practice=practice).items)
    at = NOON + timedelta(days=day)
    return collect(store, items, system="test", reading=reading, clock=lambda: at)


def marks(store: PracticeStore) -> Counter[tuple[str, GoneReason]]:
    """Return how many records are marked, by kind and reason."""
    return sum(gone_by_patient(store).values(), Counter())


def gone(**kinds: int) -> Counter[tuple[str, GoneReason]]:
    return Counter({(kind, GoneReason.ROW_GONE): count for kind, count in kinds.items()})


def findings(outcome: CollectOutcome, code: str = "gone-from-source") -> dict[str, str]:
    return {str(one.facts.get("kind", one.where)): one.text for one in outcome.findings if one.code == code}


def test_a_row_that_is_gone_keeps_its_records_and_marks_them(store: PracticeStore) -> None:
    collected(store, WHOLE)
    before = store.counts()
    assert marks(store) == Counter()
    outcome = collected(store, LOST, day=1)
    assert store.counts() == before and not outcome.changed and outcome.remarked
    assert marks(store) == gone(acts=1, source_rows=1)
    assert dict(outcome.gone) == {"acts": 1, "source_rows": 1} and dict(outcome.gone_rows) == {"ACTES": 1}
    (act,) = [one for one in gone_records(store, _patient(store, "Abadie")) if one.kind == "acts"]
    assert (act.system, act.since) == ("test", (NOON + timedelta(days=1)).isoformat())
    sentences = findings(outcome)
    assert "2026-11-30" in sentences["acts"] and "merge" in sentences["acts"]
    severities = {one.severity for one in outcome.findings if one.code == "gone-from-source"}
    assert severities == {Severity.WARNING, Severity.NOTE}  # the verbatim row is the note


def _patient(store: PracticeStore, family: str) -> str:
    (found,) = [one.id for one in store.patients() if one.traits.birth_family_name == family]
    return found


def test_a_mark_stays_as_it_was_set_and_goes_when_the_row_comes_back(store: PracticeStore) -> None:
    collected(store, WHOLE)
    collected(store, LOST, day=1)
    collected(store, LOST, day=2)
    assert {one.since for one in gone_records(store, _patient(store, "Abadie"))} == {
        (NOON + timedelta(days=1)).isoformat()
    }
    again = collected(store, {**WHOLE, "ACTES": [{**ACT, "LIB": "Polissage"}, LATER]}, day=3)
    assert marks(store) == Counter() and findings(again) == {}


def test_a_patient_who_is_gone_is_named_and_their_acts_go_with_them(store: PracticeStore) -> None:
    collected(store, WHOLE)
    bellec = _patient(store, "Bellec")
    outcome = collected(store, {**WHOLE, "PATIENTS": [ONE]}, day=1, reading="2")
    expected = gone(patients=1, source_rows=1) + Counter({("acts", GoneReason.ROW_CHANGED): 1})
    assert marks(store) == expected and {one.patient for one in gone_records(store, bellec)} == {bellec}
    (sentence,) = findings(outcome, "patient-gone").values()
    assert "merged" in sentence


def test_what_a_mapping_does_not_make_any_more_is_no_deletion(store: PracticeStore) -> None:
    collected(store, WHOLE)
    outcome = collected(store, WHOLE, WITHOUT_ACTS, reading="2", day=1)
    assert marks(store) == Counter({("acts", GoneReason.NOT_MADE): 2})
    assert "mapping does not make them" in findings(outcome)["acts"]
    collected(store, WHOLE, ACTS, reading="3", day=2)
    assert marks(store) == Counter()


def test_rows_under_other_keys_are_there(store: PracticeStore) -> None:
    collected(store, WHOLE)
    collected(store, WHOLE, OTHER_KEY, reading="2", day=1)
    assert marks(store) == Counter(
        {("acts", GoneReason.NOT_MADE): 2, ("source_rows", GoneReason.NOT_MADE): 2}
    )


def test_a_row_under_another_key_that_was_changed_besides_is_unclear(store: PracticeStore) -> None:
    collected(store, WHOLE)
    collected(store, {**WHOLE, "ACTES": [{**ACT, "PRIX": "30"}, LATER]}, OTHER_KEY, reading="2", day=1)
    found = marks(store)
    assert found["acts", GoneReason.UNCLEAR] == 1 and found["acts", GoneReason.NOT_MADE] == 1


def test_a_row_that_was_changed_and_makes_no_act_any_more(store: PracticeStore) -> None:
    text = ACTS.replace('kind = "acts"', 'kind = "acts"\nwhen = { column = "SUPPR", filled = false }')
    rows = {**WHOLE, "ACTES": [{**ACT, "SUPPR": ""}, {**LATER, "SUPPR": ""}]}
    collected(store, rows, text)
    collected(store, {**rows, "ACTES": [{**ACT, "SUPPR": "1"}, {**LATER, "SUPPR": ""}]}, text, day=1)
    assert marks(store) == Counter({("acts", GoneReason.ROW_CHANGED): 1})


def test_a_table_that_the_mapping_leaves_and_one_that_is_not_there(store: PracticeStore) -> None:
    collected(store, WHOLE)
    left = {name: rows for name, rows in WHOLE.items() if name != "SMS"}
    outcome = collected(store, left, day=1)
    assert findings(outcome, "source-table-missing") == {
        "SMS": "The store has 1 row of this table, and the source has no such table any more: it stays, and is not "
        "marked. Is it the whole source?"
    }
    assert marks(store) == Counter()  # the table may be in a file that somebody forgot
    collected(store, WHOLE, ACTS + "[left_out]\nSMS = 'nothing of care'", reading="2", day=2)
    assert marks(store) == Counter({("source_rows", GoneReason.NOT_MADE): 1})
    assert [one.kind for one in gone_records(store, OF_PRACTICE)] == ["source_rows"]


def test_an_emptied_table_is_gone_row_by_row(store: PracticeStore) -> None:
    collected(store, WHOLE)
    collected(store, {**WHOLE, "ACTES": []}, day=1)
    assert marks(store) == gone(acts=2, source_rows=2)


def test_a_part_of_a_source_marks_nothing(store: PracticeStore) -> None:
    collected(store, WHOLE)
    collected(store, LOST, reading=None, day=1)
    assert marks(store) == Counter()


def test_a_table_that_was_not_read_to_its_end_marks_nothing(store: PracticeStore) -> None:
    def cut(items: Iterable[Item]) -> Iterator[Item]:
        yield from items
        yield Finding(severity=Severity.WARNING, code="table-rows-beyond", where="ACTES", sentence="Cut.")

    collected(store, WHOLE)
    collected(store, LOST, day=1, change=cut)
    assert marks(store) == Counter()


def test_a_collection_that_fails_marks_nothing(store: PracticeStore) -> None:
    def lying(items: Iterable[Item]) -> Iterator[Item]:
        yield from items
        yield Tally(table="ACTES", rows=4)

    collected(store, WHOLE)
    with pytest.raises(CountsDiffer):
        collected(store, LOST, day=1, change=lying)
    assert marks(store) == Counter()


def test_another_practice_of_the_same_software_is_not_gone(store: PracticeStore) -> None:
    collected(store, WHOLE)
    collected(store, {"PATIENTS": [ONE], "ACTES": [ACT], "SMS": []}, practice="elsewhere", day=1)
    assert marks(store) == Counter()
    collected(store, LOST, day=2)
    assert marks(store) == gone(acts=1, source_rows=1)


def test_what_is_refused_is_there(store: PracticeStore) -> None:
    def unstorable(items: Iterable[Item]) -> Iterator[Item]:
        for one in items:
            if isinstance(one, SourceRow) and one.table == "ACTES" and one.key == "7":
                yield replace(one, columns={**one.columns, "LIB": "\ud800"})
            elif isinstance(one, Act) and one.label == "Détartrage":
                yield replace(one, label="\ud800")
            else:
                yield one

    collected(store, WHOLE)
    outcome = collected(store, WHOLE, day=1, change=unstorable)
    assert "record-unstorable" in {one.code for one in outcome.findings}
    assert marks(store) == Counter()


def test_the_journal_says_what_was_marked(store: PracticeStore) -> None:
    collected(store, WHOLE)
    collected(store, LOST, day=1)
    collected(store, LOST, day=2)
    collected(store, WHOLE, day=3)
    columns = "json_extract(detail, '$.gone'), json_extract(detail, '$.back')"
    query = f"SELECT {columns} FROM journal WHERE operation = 'collect'"
    assert store.db.execute(query).fetchall() == [(None, None), (2, 0), (0, 2)]
    assert store.get(Patient, _patient(store, "Abadie")) is not None


def test_only_what_an_earlier_mapping_made_is_dropped(store: PracticeStore) -> None:
    collected(store, WHOLE)
    collected(store, {**WHOLE, "ACTES": [LATER], "SMS": []}, day=1)
    collected(store, {**WHOLE, "ACTES": [LATER], "SMS": []}, WITHOUT_ACTS, reading="2", day=2)
    lost = gone(acts=1, source_rows=2)
    assert marks(store) == lost + Counter({("acts", GoneReason.NOT_MADE): 1})
    with store.changing():
        assert drop_not_made(store, at=NOON) == {"acts": 1}
    assert marks(store) == lost and store.counts()["acts"] == 1
    with store.changing():
        assert drop_not_made(store, at=NOON) == {}
    assert store.db.execute("SELECT count(*) FROM journal WHERE operation = 'gone-dropped'").fetchone() == (
        1,
    )


INVOICES = """
[tables.FACT]
key = "N"
owner = "PATIENT"
[[tables.FACT.records]]
kind = "invoices"
when = { column = "SUPPR", filled = false }
[tables.FACT.records.fields]
issued_on = "LE"
[tables.FACT.records.fields.lines]
children = "LIGNE"
column = "FACT"
fields = { label = "LIB" }
[tables.LIGNE]
key = "N"
"""


@pytest.mark.parametrize(
    ("parents", "reason"),
    [
        ([], GoneReason.ROW_GONE),
        ([{"N": 1, "PATIENT": 1, "LE": "2025-09-04", "SUPPR": "1"}], GoneReason.ROW_CHANGED),
    ],
    ids=["deleted", "changed"],
)
def test_what_lost_one_of_its_rows_is_not_dropped_whatever_the_other_says(
    store: PracticeStore, parents: list[dict[str, object]], reason: GoneReason
) -> None:
    lines = [{"N": 1, "FACT": 1, "LIB": "Couronne"}, {"N": 2, "FACT": 1, "LIB": "Inlay"}]
    invoice = {"N": 1, "PATIENT": 1, "LE": "2025-09-04", "SUPPR": ""}
    collected(store, {"PATIENTS": [ONE], "FACT": [invoice], "LIGNE": lines}, INVOICES)
    assert store.counts()["invoices"] == 1
    rows: Rows = {"PATIENTS": [ONE], "FACT": parents, "LIGNE": lines}
    collected(store, rows, INVOICES, reading="2", day=1)
    assert marks(store)["invoices", reason] == 1
    with store.changing():
        assert drop_not_made(store, at=NOON) == {}


JOINED = """
[tables.ACTES]
key = "NUM"
owner = "PATIENT"
[tables.ACTES.joins]
etat = { table = "ETATS", column = "ETAT" }
[[tables.ACTES.records]]
kind = "acts"
when = { column = "etat.FAIT", is = "1" }
fields = { status = "=done", label = "LIB" }
[tables.ETATS]
key = "CODE"
"""


@pytest.mark.parametrize(
    ("state", "reason"),
    [("0", GoneReason.ROW_CHANGED), ("1", GoneReason.NOT_MADE)],
    ids=["joined row changed", "mapping alone"],
)
def test_what_a_row_beside_it_decided_is_not_laid_on_the_mapping(
    store: PracticeStore, state: str, reason: GoneReason
) -> None:
    """“Not made” may be dropped: a row that was changed in the software must not lead there."""
    rows: Rows = {
        "PATIENTS": [ONE],
        "ACTES": [{"NUM": 7, "PATIENT": 1, "ETAT": "F", "LIB": "Couronne"}],
        "ETATS": [{"CODE": "F", "FAIT": "1"}],
        "SMS": [SMS],
    }
    collected(store, rows, JOINED)
    assert store.counts()["acts"] == 1
    later = {**rows, "ETATS": [{"CODE": "F", "FAIT": state}], "SMS": [{"TEXTE": "x"}]}
    changed = JOINED if state == "0" else JOINED.replace('is = "1"', 'is = "2"')
    collected(store, later, changed, reading="2", day=1)
    assert marks(store)["acts", reason] == 1


def test_rows_within_a_record_of_a_table_that_a_mapping_drops_are_as_before(store: PracticeStore) -> None:
    """Whose a row is came by the table that is dropped; the row itself says what it said."""
    owned = INVOICES.replace(
        "[tables.LIGNE]\n", '[tables.LIGNE]\nowner = { table = "FACT", column = "FACT" }\n'
    )
    assert owned != INVOICES
    rows: Rows = {
        "PATIENTS": [ONE],
        "FACT": [{"N": 1, "PATIENT": 1, "LE": "2025-09-04", "SUPPR": ""}],
        "LIGNE": [{"N": 1, "FACT": 1, "LIB": "Couronne"}],
    }
    collected(store, rows, owned)
    assert store.counts()["invoices"] == 1
    dropped = '[tables.LIGNE]\nkey = "N"\n[left_out]\nFACT = "bills are elsewhere"\n'
    collected(store, rows, dropped, reading="2", day=1)
    assert marks(store)["invoices", GoneReason.NOT_MADE] == 1


def test_a_patient_who_is_needed_is_not_dropped(
    store: PracticeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_key = PATIENTS.replace('key = "NUM"', 'key = "CODE"')
    rows: Rows = {"PATIENTS": [{**ONE, "CODE": "a"}, {**TWO, "CODE": "b"}]}
    collected(store, rows)
    bellec = _patient(store, "Bellec")
    with store.changing():
        note_stated_hold(store, bellec, package="x", at=NOON)
    monkeypatch.setattr(described, "PATIENTS", with_key)
    collected(store, rows, reading="2", day=1)
    assert marks(store)["patients", GoneReason.NOT_MADE] == 2
    with store.changing():
        assert drop_not_made(store, at=NOON)["patients"] == 1
    assert store.get(Patient, bellec) is not None
    assert not store.db.execute("PRAGMA foreign_key_check").fetchall()


def test_what_stays_with_patients_who_are_gone_is_counted(store: PracticeStore) -> None:
    """Images and documents are of no row of the software: nobody said that they do not leave."""
    collected(store, WHOLE)
    patients = tuple(one.id for one in store.patients())
    gone = [
        GoneRecord("patients", one, "test", one, GoneReason.ROW_GONE, NOON.isoformat()) for one in patients
    ]
    mark_records(store, gone)
    whose, left = without_gone(store, LeavingPatients(patients=patients), everybody=True)
    assert (whose.patients, left.records) == ((), 0)
    assert left.beside == {"acts": 2, "source_rows": 4}
    assert GoneLeaving(left_out=True, beside=left.beside).counts() == {"acts": 2, "source_rows": 4}
    assert GoneLeaving(beside=left.beside).counts() == {}
