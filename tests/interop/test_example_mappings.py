"""The invented examples of the catalogue read the kinds of files they are for; sums are the test's own."""

from __future__ import annotations

import csv
import io
import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import openpyxl
import pytest

from formats import registry
from formats.findings import Finding
from formats.model.care import Appointment
from formats.model.money import Invoice
from formats.model.people import Patient
from formats.model.provenance import SourceRow
from formats.reading import Tally
from tests.docs.pages import ROOT

MAPPINGS = ROOT / "docs" / "mappings"
PARIS = ZoneInfo("Europe/Paris")
PEOPLE = [(f"p-{n}", f"Nom{n}", "Agnès Marie", date(1950 + n, 3, 12), "F") for n in range(12)]
HEADINGS = ("Identifiant", "Nom de naissance", "Prénoms", "Date de naissance", "Sexe")


def read(mapping: str, place: Path) -> list[Any]:
    with registry.reader_for("mapped")(str(place), mapping=MAPPINGS / mapping, practice_key="999") as items:
        return list(items)


def of(items: list[Any], kind: type[Any]) -> list[Any]:
    return [one for one in items if isinstance(one, kind)]


# -- accounts of closing ---------------------------------------------------------------------------


def euros(amount: Decimal) -> str:
    whole, _, cents = f"{amount:.2f}".partition(".")
    groups = f"{int(whole):,}".replace(",", "\u00a0")
    return f"{groups},{cents}"


def write(path: Path, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode("cp1252"))


def test_closings_are_read_one_behind_the_other(tmp_path: Path) -> None:
    dice = random.Random("closings")
    insured = [
        [
            str(n),
            f"NOM{n}",
            "Agnès",
            "12/03/1961",
            "2",
            "",
            "3 quai",
            "",
            "99420",
            "Sainte-Rive",
            "",
            "A1",
            "C1",
        ]
        for n in range(1, 21)
    ]
    write(tmp_path / "Rassures12.csv", insured)
    write(
        tmp_path / "Rorganis12.csv",
        [["A1", "CPAM exemple", *[""] * 12], ["C1", "Mutuelle exemple", *[""] * 12]],
    )
    totals, insurers, count = Decimal(0), Decimal(0), 0
    for closing in (10, 11, 12):
        rows = []
        for number in range(30):
            care, crown = Decimal(dice.randrange(2000, 9000)) / 100, Decimal(dice.randrange(0, 200_000)) / 100
            share = Decimal(dice.randrange(0, 2000)) / 100
            who = str(dice.randrange(1, 21))
            rows.append(
                ["1", f"{number + 1:02}/{closing}/2025", f"{closing}-{number}", who, f"NOM{who}", "Agnès", "LM",
                 euros(care), euros(crown), "0,00", "0,00", euros(share), "0,00", "0,00", "A1", "C1", who,
                 f"NOM{who} Côme", f"{number + 1:02}/{closing}/2025", "1"]
            )  # fmt: skip
            totals, insurers, count = totals + care + crown, insurers + share, count + 1
        write(tmp_path / f"FFACTURA{closing}.CSV", rows)
    items = read("closing-accounts.toml", tmp_path)
    invoices = of(items, Invoice)
    assert (len(invoices), len(of(items, Patient))) == (count, 20) == (90, 20)
    assert sum(one.total_cents for one in invoices) == int(totals * 100) > 100_000
    assert sum(line.fee_cents for one in invoices for line in one.lines) == int(totals * 100)
    assert sum(one.insurer_cents for one in invoices) == int(insurers * 100)
    assert {one.payer for one in invoices} == {"CPAM exemple"}
    assert {one.rows for one in of(items, Tally) if one.table == "FACTURES"} == {90}
    assert [one.code for one in of(items, Finding)] == []


# -- appointments -----------------------------------------------------------------------------------


def made() -> list[tuple[int, str, datetime, int, str]]:
    """Return appointments: number, patient, start on the clocks of the practice, minutes, reason."""
    dice = random.Random("appointments")
    first = datetime(2025, 3, 27, 9, 30)  # noqa: DTZ001 - what a clock shows
    return [
        (
            n,
            dice.choice(PEOPLE)[0],
            first + timedelta(hours=23 * n),
            dice.choice((15, 30, 45)),
            "Contrôle, détartrage",
        )
        for n in range(40)
    ]


def as_list(folder: Path) -> str:
    rows = [
        [n, who, f"{start:%d/%m/%Y}", f"{start:%H:%M}", minutes, "À venir", reason]
        for n, who, start, minutes, reason in made()
    ]
    headings = ["Numéro", "Identifiant", "Date", "Heure", "Durée", "Statut", "Motif"]
    write(folder / "Patients.csv", [list(HEADINGS), *([*map(_day, one)] for one in PEOPLE)])
    write(folder / "Rendez-vous.csv", [headings, *([*map(str, row)] for row in rows)])
    return "appointments-list.toml"


def as_workbook(folder: Path) -> str:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Rendez-vous"
    sheet.append(["Export du 30/11/2025"])
    sheet.append(["Numéro", "Identifiant", "Date", "Heure", "Durée", "Statut", "Motif"])
    for n, who, start, minutes, reason in made():
        sheet.append([n, who, start.date(), start.time(), minutes, "À venir", reason])
    patients = book.create_sheet("Patients")
    for row in (HEADINGS, *PEOPLE):
        patients.append(row)
    book.save(folder / "export.xlsx")
    return "appointments-list.toml"


def as_calendar(folder: Path) -> str:
    calendar = icalendar.Calendar()
    calendar.add("PRODID", "-//exemple//agenda//")
    calendar.add("VERSION", "2.0")
    for n, who, start, minutes, reason in made():
        event = icalendar.Event()
        event.add("UID", f"{n}@agenda")
        here = start.replace(tzinfo=PARIS)
        event.add("DTSTART", here if n % 2 else here.astimezone(ZoneInfo("UTC")))
        event.add("DURATION", timedelta(minutes=minutes))
        event.add("SUMMARY", reason)
        event.add("STATUS", "CONFIRMED")
        event.add("X-PATIENT", who)
        calendar.add_component(event)
    (folder / "agenda.ics").write_bytes(calendar.to_ical())
    write(folder / "Patients.csv", [list(HEADINGS), *([*map(_day, one)] for one in PEOPLE)])
    return "appointments-icalendar.toml"


def _day(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


@pytest.mark.parametrize("lay", [as_list, as_workbook, as_calendar], ids=lambda one: one.__name__)
def test_appointments_are_the_same_from_every_kind_of_file(lay: Any, tmp_path: Path) -> None:
    items = read(lay(tmp_path), tmp_path)
    numbers = {one.id: one.identifiers[0].value for one in of(items, Patient)}
    found = [(numbers[one.patient], one.starts_at, one.minutes, one.reason) for one in of(items, Appointment)]
    assert found == [
        (who, start.replace(tzinfo=PARIS), minutes, reason) for _, who, start, minutes, reason in made()
    ]
    assert {start.utcoffset() for _, start, _, _ in found} == {timedelta(hours=1), timedelta(hours=2)}
    assert {one.status.value for one in of(items, Appointment)} == {"scheduled"}
    assert len(numbers) == 12 and len(of(items, SourceRow)) == 52
    assert {one.code for one in of(items, Finding)} <= {"table-title-lines", "mapped-column-missing"}
