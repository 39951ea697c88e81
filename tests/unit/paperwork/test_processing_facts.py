"""The register of processing says what the store shows, and leaves to a person what only a person knows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from archiver.paperwork.registers.processing_facts import notice_data, processing_data
from archiver.paperwork.registers.processing_sheet import processing_sheets
from archiver.practice.practitioners import OWN_PRACTICE
from archiver.practice.registers.handovers import ExportRecord, note_handover
from archiver.practice.registers.hosts import add_host
from archiver.practice.store import PracticeStore, open_store
from formats.model.care import Act, ActStatus, Appointment, AppointmentStatus
from formats.model.identity import Traits
from formats.model.people import Patient, Practice, Practitioner

MADE = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
TODAY = MADE.date()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "practice.db"


@pytest.fixture
def store(path: Path) -> Iterator[PracticeStore]:
    with open_store(path, create=True) as opened:
        with opened.changing():
            opened.put(Practice(id="q", name="Cabinet des Tilleuls"))
            opened.set_setting(OWN_PRACTICE, "q")
            opened.put(Practitioner(id="m", family_name="Kerbrat", given_name="Malo"))
            opened.put(Practitioner(id="o", family_name="Ancien", active=False))
            opened.put(Practitioner(id="f", family_name="Fauteuil 2", person=False))
            opened.put(Patient(id="a", practice="q", traits=Traits(birth_date=date(1960, 1, 1))))
            opened.put(Act(id="c", patient="a", status=ActStatus.DONE, performed_on=date(2020, 1, 1)))
        yield opened


def codes(store: PracticeStore, path: Path) -> list[str]:
    return [one.activity.code for one in processing_data(store, path, MADE, TODAY).activities]


def test_an_activity_is_listed_once_the_store_has_a_record_of_it(store: PracticeStore, path: Path) -> None:
    assert codes(store, path) == ["care"]
    with store.changing():
        store.put(Appointment(id="p", patient="a", starts_at=MADE, status=AppointmentStatus.COMPLETED))
        add_host(store, by="x", at=MADE, name="H", service="s", certified_until="2026-11-28", certificate="1")
        add_host(store, by="x", at=MADE, name="I", service="s", certified_until="2026-11-29", certificate="2")
        add_host(store, by="x", at=MADE, name="J", service="s")
    assert codes(store, path) == ["care", "appointments", "handover"]
    known = {one.name: (one.over, one.certified) for one in notice_data(store, MADE, TODAY).hosts}
    assert known == {"H": (True, False), "I": (False, True), "J": (False, False)}


def test_an_export_shows_that_dossiers_are_handed_over_and_to_whom(store: PracticeStore, path: Path) -> None:
    sent = ExportRecord(
        package="u",
        file="p.asice",
        revision=1,
        signed_list="",
        created=datetime(2026, 11, 28, 23, 30, tzinfo=UTC),
        ground="succession",
        situation="",
        receiver="Cabinet du Pressoir",
        counts={},
    )
    again = replace(sent, package="v", created=MADE - timedelta(days=90))
    deposit = replace(sent, package="w", ground="archive-deposit", receiver="")
    patient = replace(sent, package="x", ground="patient-request", receiver="M. Perrichon")
    with store.changing():
        for one in (sent, again, deposit, patient):
            note_handover(store, one, (), at=MADE)
    data = processing_data(store, path, MADE, TODAY)
    care, handover = data.activities
    assert (care.activity.code, handover.activity.code) == ("care", "handover")
    assert {one.kind.code: one.count for one in handover.data} == {"handovers": 4}
    assert [(one.name, one.ground.code, one.packages, one.day.isoformat()) for one in data.receivers] == [
        ("", "archive-deposit", 1, "2026-11-29"),
        ("", "patient-request", 1, "2026-11-29"),
        ("Cabinet du Pressoir", "succession", 2, "2026-11-29"),
    ]
    sheet = processing_sheets(data)["fr"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    named = [row for row in rows if "Cabinet du Pressoir" in str(row[2])]
    assert len(named) == 1 and "Perrichon" not in str(rows)


def test_people_and_records_are_counted_and_a_column_of_the_diary_is_nobody(
    store: PracticeStore, path: Path
) -> None:
    found = processing_data(store, path, MADE, TODAY)
    (care,) = found.activities
    assert {one.kind.code: one.count for one in care.people} == {"patients": 1, "practitioners": 2}
    assert {one.kind.code: one.count for one in care.data} == {"acts": 1}
    assert [one.name for one in found.practitioners] == ["Dr Malo Kerbrat"] and found.former == 1
    assert {(one.words, one.code) for one in care.retention} >= {("until the 28th birthday", "CSP R1112-7")}


def test_a_measure_is_named_where_it_is_taken(store: PracticeStore, path: Path) -> None:
    def measures() -> list[str]:
        return [one.measure.code for one in processing_data(store, path, MADE, TODAY).measures]

    assert measures() == ["sealed", "signed", "private", "terms"]
    path.chmod(0o644)
    assert "private" not in measures()
    with store.changing():
        for system in ("papers", "molaire-3"):
            store.note("2026-11-01T10:00:00+00:00", "collect", {"system": system, "changed": {}})
        store.note("2026-11-02T10:00:00+00:00", "import", {"signer": "CN=Dr Kerbrat", "dossiers": 21})
        store.note("2026-11-09T10:00:00+00:00", "import", {"signer": "CN=Dr Kerbrat", "dossiers": 2})
    found = processing_data(store, path, MADE, TODAY)
    assert [(one.measure.code, one.count, one.since) for one in found.measures][-1] == (
        *("journal", 4),
        date(2026, 11, 1),
    )
    assert [(one.origin.code, one.origin.words, one.dossiers, one.day) for one in found.sources] == [
        ("papers", "A folder of documents", None, date(2026, 11, 1)),
        ("molaire-3", "molaire-3", None, date(2026, 11, 1)),
        ("CN=Dr Kerbrat", "CN=Dr Kerbrat", 23, date(2026, 11, 9)),
    ]


def test_the_workbook_has_a_mark_on_each_line_that_a_person_fills_in(
    store: PracticeStore, path: Path
) -> None:
    data = processing_data(store, path, MADE, TODAY)
    sheets = processing_sheets(data)
    assert sheets == processing_sheets(data)
    for language, mark, place in (("fr", "à compléter", "responsable"), ("en", "to fill in", "controller")):
        (sheet,) = [CalamineWorkbook.from_filelike(io.BytesIO(sheets[language])).get_sheet_by_index(0)]
        heading, *rows = sheet.to_python()
        assert heading[3] == mark
        assert all(row[2] or row[3] for row in rows), "neither known nor to fill in"
        assert {row[1]: row[2] for row in rows if str(row[1]).startswith(place)}
        assert any("Cabinet des Tilleuls" in str(row[2]) for row in rows)
        assert sum(row[3] == mark for row in rows) >= 8


def test_a_store_without_a_practice_of_its_own_says_so_little(tmp_path: Path) -> None:
    with open_store(tmp_path / "empty.db", create=True) as store:
        found = processing_data(store, tmp_path / "empty.db", MADE, TODAY)
    assert (found.practice.name, found.practitioners, found.activities, found.sources) == ("", (), (), ())
