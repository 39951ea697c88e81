"""What no store can hold is refused alone, by whatever way it is collected; the rest comes in and the counts add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from archiver.operations.collecting.attribute import Attributing
from archiver.operations.collecting.collect import collect
from archiver.operations.collecting.collect_imaging import imaging_items
from archiver.operations.collecting.collect_papers import paper_items
from archiver.operations.collecting.outcome import CollectOutcome
from archiver.practice.errors import RecordUnstorable
from archiver.practice.rows.storable import unstorable
from archiver.practice.store import PracticeStore, open_store
from formats.databases.sqlite_source import SqliteSource
from formats.findings import Severity
from formats.model.care import Act
from formats.model.documents import Document
from formats.model.imaging import ImageSeries
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.opendental.read import read
from formats.reading import Item
from tests.unit.dicom.images import image
from tests.unit.opendental.tiny import KEY, ZONE
from tests.unit.operations.test_number_reuse import NOON, RAVENEL, become, days, desk, edit, named, practice
from tests.unit.practice.test_store import records

HALF = "\ud800"
Change = Callable[[Item], Item]


def collected(store: PracticeStore, path: Path, change: Change = lambda item: item) -> CollectOutcome:
    """Collect the practice at ``path`` with every item as ``change`` gives it."""
    with SqliteSource(path) as source:
        items = read(source, images=None, practice_key=KEY, time_zone=ZONE)
        return collect(store, map(change, items), system="opendental", clock=lambda: NOON)


def half(kind: type[Record], **where: object) -> Change:
    """Return what puts half a character into the records of ``kind`` whose fields are these."""

    def change(item: Item) -> Item:
        if not isinstance(item, kind) or any(getattr(item, name) != value for name, value in where.items()):
            return item
        if isinstance(item, Patient):
            return (
                replace(item, traits=replace(item.traits, birth_family_name=HALF))
                if _is_roussel(item)
                else item
            )
        if isinstance(item, SourceRow):
            return replace(item, columns={**item.columns, "Note": HALF})
        fields: dict[type[Record], str] = {Act: "label", Practice: "name", Practitioner: "family_name"}
        return replace(item, **{fields[kind]: HALF})

    return change


def _is_roussel(patient: Patient) -> bool:
    return patient.traits.used_family_name == "Roussel"


def codes(outcome: CollectOutcome, severity: Severity = Severity.ERROR) -> dict[str, str]:
    """Return where each code of this severity was found first."""
    return {one.code: one.where for one in reversed(list(outcome.findings)) if one.severity is severity}


# -- a number no column holds, in a database as it comes ----------------------------------


@pytest.mark.parametrize("number", ["1e30", "'99999999999999999999999'"])
def test_an_act_with_a_number_beyond_64_bits_is_refused_alone(tmp_path: Path, number: str) -> None:
    path = practice(tmp_path / "source")
    edit(path, f"UPDATE procedurelog SET UnitQty = {number} WHERE ProcNum = 1")
    with desk(tmp_path) as store:
        outcome = collected(store, path)
        assert codes(outcome) == {"record-unstorable": "procedurelog/1"}
        assert outcome.not_taken == 1
        acts = outcome.kinds["acts"]
        assert (acts.read, acts.added, acts.refused, acts.stored) == (3, 2, 1, 2)
        assert days(named(store, "Roussel")) == ["2020-05-06"]
        rows = {
            row.key: row.records for row in named(store, "Roussel").source_rows if row.table == "procedurelog"
        }
        assert rows["1"] == () and len(rows["2"]) == 1
        edit(path, "UPDATE procedurelog SET UnitQty = 1 WHERE ProcNum = 1")
        assert codes(collected(store, path)) == {}
        assert days(named(store, "Roussel")) == ["2019-05-06", "2020-05-06"]


# -- half a character ----------------------------------------------------------------------


def test_what_was_collected_before_stays_as_it_was(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        collected(store, path)
        before = named(store, "Roussel")
        outcome = collected(store, path, half(Act, performed_on=date(2019, 5, 6)))
        assert codes(outcome) == {"record-unstorable": "procedurelog/1"}
        assert named(store, "Roussel") == before
        acts = outcome.kinds["acts"]
        assert (acts.read, acts.unchanged, acts.refused, acts.stored) == (3, 2, 1, 3)
        assert not outcome.changed


def test_of_a_refused_patient_the_rows_are_kept_and_nobody_gets_the_records(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        outcome = collected(store, path, half(Patient))
        assert codes(outcome) == {"record-unstorable": "patient/2", "patient-unstorable": "patient/2"}
        assert [one.traits.used_family_name for one in store.patients()] == ["Perrichon"]
        assert store.counts()["acts"] == 1
        assert outcome.kinds["acts"].refused == 2
        rows = {(row.table, row.key): row.records for row in store.practice_rows()}
        assert rows["patient", "2"] == rows["procedurelog", "1"] == rows["procedurelog", "2"] == ()
        table = outcome.tables["procedurelog"]
        assert (table.read, table.added, table.refused) == (3, 3, 0)
        assert codes(collected(store, path)) == {}
        roussel = named(store, "Roussel")
        assert days(roussel) == ["2019-05-06", "2020-05-06"] and len(roussel.source_rows) == 3
        assert ("patient", "2") not in {(row.table, row.key) for row in store.practice_rows()}


def test_of_a_patient_who_is_refused_later_the_dossier_stays_as_it_was(tmp_path: Path) -> None:
    """Whose the acts of such a row are, nobody knows: the number may have passed to somebody else."""
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        collected(store, path)
        edit(path, become(2, **RAVENEL))
        collected(store, path)
        edit(path, "UPDATE procedurelog SET ProcDate = '2026-01-20' WHERE ProcNum = 1")
        before = [named(store, name) for name in ("Roussel", "Ravenel")]
        rows = list(store.practice_rows())

        def broken(item: Item) -> Item:
            found = isinstance(item, Patient) and item.traits.used_family_name == "Ravenel"
            return replace(item, language=HALF) if found else item

        outcome = collected(store, path, broken)
        assert codes(outcome)["record-unstorable"] == "patient/2"
        assert [named(store, name) for name in ("Roussel", "Ravenel")] == before
        assert list(store.practice_rows()) == rows
        assert not outcome.gone


def test_a_refused_practitioner_is_missing_where_named(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        outcome = collected(store, path, half(Practitioner))
        assert codes(outcome) == {"record-unstorable": "provider/1"}
        (left,) = [one for one in outcome.findings if one.code == "reference-unstorable"]
        assert (left.where, left.facts["count"]) == ("provider/1", 3)
        assert {act.practitioner for act in named(store, "Roussel").acts} == {None}


def test_a_row_that_cannot_be_stored_verbatim_leaves_its_record(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        outcome = collected(store, path, half(SourceRow, table="procedurelog", key="1"))
        assert codes(outcome) == {"record-unstorable": "procedurelog/1"}
        table = outcome.tables["procedurelog"]
        assert (table.read, table.added, table.refused, table.stored) == (3, 2, 1, 2)
        assert len(named(store, "Roussel").acts) == 2


def test_without_its_practice_nothing_is_collected(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        with pytest.raises(RecordUnstorable):
            collected(store, path, half(Practice))
        collected(store, path)
        assert codes(collected(store, path, half(Practice))) == {
            "record-unstorable": "practices/" + _own(store)
        }


def _own(store: PracticeStore) -> str:
    (found,) = store.practices()
    return found.id


def test_nobody_takes_a_number_from_a_patient_who_cannot_be_stored(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        collected(store, path)
        edit(path, become(2, **{**RAVENEL, "LName": "Roussel"}))
        outcome = collected(store, path, half(Patient))
        assert codes(outcome)["record-unstorable"] == "patient/2"
        assert len(list(store.patients())) == 2 and store.counts()["acts"] == 3


# -- the other collectors --------------------------------------------------------------------


def _attributed(
    store: PracticeStore, run: Attributing, items: Iterable[Item], change: Change
) -> CollectOutcome:
    return collect(store, map(change, items), system=run.system, clock=lambda: NOON)


def _titled(item: Item) -> Item:
    title = getattr(item, "title", "") or getattr(item, "description", "")
    name = "title" if getattr(item, "title", "") else "description"
    return replace(item, **{name: HALF}) if title == "broken" else item


def test_a_paper_is_refused_alone(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    for name in ("one.txt", "two.txt"):
        (papers / name).write_text(name, encoding="utf-8")
    lines = ["file;patient_number;family_name;given_name;birth_date;title"]
    lines += [
        f"{name}.txt;2;Roussel;Paul;1991-03-02;{title}" for name, title in (("one", "broken"), ("two", "ok"))
    ]
    (papers / "list.csv").write_text("\n".join(lines), encoding="utf-8")
    with desk(tmp_path) as store:
        collected(store, practice(tmp_path / "source"))
        outcome = _attributed(store, *paper_items(store, papers, listing=None, assigned={}), _titled)
        assert codes(outcome) == {"record-unstorable": "paper/one.txt"}
        assert [one.title for one in named(store, "Roussel").documents] == ["ok"]
        assert (outcome.tables["paper"].read, outcome.kinds["documents"].refused) == (2, 1)


def test_a_study_is_refused_alone_and_whole(tmp_path: Path) -> None:
    """Its second series cannot be stored: nothing is left of the first."""
    traits = {
        "PatientName": "Roussel^Paul",
        "PatientID": "2",
        "PatientBirthDate": "19910302",
        "PatientSex": "M",
    }
    for number in ("1", "2"):
        image(tmp_path / "images" / f"{number}.dcm", study=number, **traits)

    def change(item: Item) -> Item:
        series: tuple[ImageSeries, ...] = getattr(item, "series", ())
        if getattr(item, "study_instance_uid", "").endswith(".1"):
            return replace(item, series=(*series, replace(series[0], description=HALF)))
        return item

    with desk(tmp_path) as store:
        collected(store, practice(tmp_path / "source"))
        outcome = _attributed(store, *imaging_items(store, tmp_path / "images", assigned={}), change)
        (where,) = codes(outcome).values()
        assert where.startswith("study/") and where.endswith(".1")
        (study,) = named(store, "Roussel").image_studies
        assert study.study_instance_uid.endswith(".2")
        assert store.db.execute("SELECT count(DISTINCT owner) FROM image_studies_series").fetchone() == (1,)


def test_a_key_with_half_a_character_is_a_key(tmp_path: Path) -> None:
    """What nobody can be given is kept as a row; here the row itself cannot be stored."""

    class _Found:
        key = f"a{HALF}.txt"
        claim: Any = None
        table = "paper"
        bridge: Any = None

        def bodies(self) -> Iterator[Any]:
            return iter(())

        def columns(self) -> dict[str, str]:
            return {}

        def record(self, patient: str) -> Record:
            return Document(id="x", patient=patient)

    with desk(tmp_path) as store:
        collected(store, practice(tmp_path / "source"))
        run = Attributing(store=store, system="papers", table="paper", assigned={_Found.key: "2"})
        outcome = _attributed(store, run, run.items([_Found()]), lambda item: item)
        assert codes(outcome) == {"record-unstorable": f"paper/a{HALF}.txt"}


# -- what is foreseen is what the store says ----------------------------------------------------

VALUES = st.one_of(
    st.text(max_size=3),
    st.sampled_from([HALF, "a\udfff", "\x00"]),
)
COUNTS = st.integers(-(1 << 64), 1 << 64) | st.sampled_from(
    [(1 << 63) - 1, 1 << 63, -(1 << 63), -(1 << 63) - 1]
)


@settings(deadline=None, max_examples=30)
@given(VALUES, VALUES, COUNTS)
def test_what_cannot_be_stored_is_known_before(
    tmp_path_factory: pytest.TempPathFactory, label: str, text: str, count: int
) -> None:
    act = next(one for one in records() if isinstance(one, Act))
    act = replace(act, label=label, teeth=(text,), quantity=count)
    with open_store(tmp_path_factory.mktemp("store") / "p.db", create=True) as store:
        with store.changing():
            for one in records()[:3]:
                store.put(one)
        reason = unstorable(act)
        with store.changing():
            if reason:
                with pytest.raises(RecordUnstorable) as refused:
                    store.put(act)
                assert refused.value.facts["reason"] == reason
            else:
                store.put(act)
        assert store.holds(Act, act.id) == (not reason)
