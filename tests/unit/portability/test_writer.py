"""Parts of the official archive: 7-bit README, agenda, traces, mapping and dictionary."""

from __future__ import annotations

import csv
import io
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import icalendar

from formats.model.care import Appointment, AppointmentStatus
from formats.model.dates import PartialDate
from formats.model.dictionary.entries import CODES, FIELDS
from formats.model.dossier import PATIENT_KINDS
from formats.model.people import Patient, Practice, Practitioner
from formats.model.record import Record
from formats.pdlgc.tables import write_table
from formats.portability.writer.agenda import agenda_events, calendar_end, calendar_head
from formats.portability.writer.author import ExportAuthor
from formats.portability.writer.dictionary import COLUMNS, dictionary_kinds, dictionary_rows, value_rows
from formats.portability.writer.documentation import MAPPING, documentation
from formats.portability.writer.readme import (
    EXPORT_INSTRUCTIONS,
    EXPORT_TREE,
    readme_findings,
    write_readme,
)
from formats.portability.writer.traces import trace_line
from tests.full_dossier import full_dossier

STAMP = datetime(2026, 11, 29, 10, 15, tzinfo=UTC)


def author(name: str) -> ExportAuthor:
    return ExportAuthor(practice=Practice(id="p", name=name), program="archiver", version="1")


def test_a_readme_has_seven_bits_and_says_what_it_lost() -> None:
    for name, lost in (("Cabinet Hélène", False), ("Клиника", True), ("", False)):
        text = write_readme(author(name), EXPORT_INSTRUCTIONS, EXPORT_TREE)
        assert text.isascii() and text.count(b"\n") == text.count(b"\r\n") > 20
        assert (b"{U+041A}" in text) is lost and bool([*readme_findings(author(name))]) is lost


def test_an_agenda_is_read_by_others_whatever_stands_in_it() -> None:
    dossier = full_dossier()
    text = "Détartrage; “urgent”, \\ et plus\nsur deux lignes " + "é" * 100
    odd = Appointment(
        id="00000000-0000-5000-8000-000000000001",
        patient=dossier.patient.id,
        status=AppointmentStatus.BROKEN,
        starts_at=datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
        minutes=45,
        reason=text,
        practitioner=dossier.practitioners[0].id,
    )
    undated = replace(odd, id="00000000-0000-5000-8000-000000000002", starts_at=None)
    daily = replace(odd, id="00000000-0000-5000-8000-000000000003", starts_at=date(2026, 4, 1))
    monthly = replace(odd, id="00000000-0000-5000-8000-000000000004", starts_at=PartialDate(2026, 4))
    dossier = replace(dossier, appointments=(*dossier.appointments, odd, undated, daily, monthly))
    data = calendar_head() + b"".join(agenda_events(dossier, STAMP)) + calendar_end()
    assert max(map(len, data.split(b"\r\n"))) <= 75
    events = {str(one["UID"]): one for one in icalendar.Calendar.from_ical(data).walk("VEVENT")}
    assert events.keys().isdisjoint(f"urn:uuid:{one.id}" for one in (undated, monthly)) and len(events) > 1
    assert events[f"urn:uuid:{daily.id}"]["DTSTART"].dt == date(2026, 4, 1)
    event = events[f"urn:uuid:{odd.id}"]
    assert str(event["SUMMARY"]).endswith(text)
    assert event["DTSTART"].dt == odd.starts_at and event["DTEND"].dt.minute == 15
    assert str(event["STATUS"]) == "CANCELLED"


def test_a_trace_is_one_line_whatever_is_in_it() -> None:
    line = trace_line("2026-11-29T10:00:00+01:00", "Logiciel é", "access", {"detail": "a\nb\u2028"})
    assert line.count(b"\n") == 1 and line.startswith(
        b"<110>1 2026-11-29T10:00:00+01:00 - Logiciel_ - access - "
    )
    assert trace_line("", "", "x", {}).startswith(b"<110>1 - - - - x - ")


def test_the_dictionary_has_every_field_of_the_model_and_every_value() -> None:
    rows = [*dictionary_rows()]
    assert all(len(row) == len(COLUMNS) for row in rows)
    written = {(row[1].split(" ")[0], row[2]) for row in rows if row[1]}
    kinds = {*PATIENT_KINDS, Patient, Practice, Practitioner}
    assert kinds <= {*dictionary_kinds()} and len(dictionary_kinds()) > 30
    for kind in FIELDS:
        if kind is not Record:
            assert {(kind.__name__, one.name) for one in fields(kind)} <= written
    named = list(COLUMNS).index("type")
    types = {part for row in rows for part in row[named].split(" | ")}
    values = {row[0] for row in value_rows()}
    assert {vocabulary.__name__ for vocabulary in CODES} == values
    assert values <= types, "a value list that no field has"
    by_field = {(row[1].split(" ")[0], row[2]): row[7] for row in rows if row[1]}
    assert by_field["Appointment", "status"] == "1..1" and by_field["Appointment", "minutes"] == "0..1"
    assert by_field["Patient", "identifiers"] == "0..*"


def test_the_documentation_is_a_table_that_names_each_file_once() -> None:
    for _, pieces in documentation():
        rows = [*csv.reader(io.StringIO(b"".join(pieces).decode("utf-8-sig")), delimiter=";")]
        assert len(rows) > 20 and len({len(row) for row in rows}) == 1
    assert len({one.name for one in MAPPING}) == len(MAPPING)
    assert all(one.specification or any(one.reading) for one in MAPPING)
    assert b"".join(write_table(("a",), [("b",)]))
