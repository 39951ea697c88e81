"""Registers of the GDPR: of processing, of breaches with their clock, of hosts with their certificates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from archiver.cli.exits import LATE
from tests.journeys.line import EXPORT, Line, asked, dump
from tests.journeys.program import Program

BY = ("--by", "Dr Kerbrat")
WHAT = ("--what", "Laptop stolen from a car", "--nature", "confidentiality", "--nature", "availability")


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    small_line.copy(tmp_path, "practice.db", "kerbrat", "pressoir", "roster.csv")
    return Program(folder=tmp_path)


def ago(**span: float) -> str:
    return (datetime.now(UTC) - timedelta(**span)).strftime("%Y-%m-%dT%H:%M+00:00")


def text_of(path: Path) -> str:
    return " ".join(page.extract_text() for page in PdfReader(path).pages)


def test_a_breach_is_opened_notified_told_and_closed(desk: Program) -> None:
    opened = desk("breach", "open", "practice.db", *WHAT, "--known", ago(hours=70), *BY)
    assert "To be notified to the CNIL by" in opened.ok().out and "Next: assess the risk." in opened.err
    listed = desk("breach", "list", "practice.db", "--json").ok().document["listed"][0]
    assert (listed["next"], listed["late"]) == ("assess", False)
    assert not listed["known_at"].endswith("+00:00"), "on the clock of the practice, as what follows from it"
    assert datetime.fromisoformat(listed["notify_by"]) - datetime.fromisoformat(
        listed["known_at"]
    ) == timedelta(hours=72)
    close = ("breach", "close", "practice.db", "1", "--reason", "Complaint filed", *BY)
    desk(*close).refused("breach-unassessed", 70)
    assert desk("breach", "update", "practice.db", "1", "--risk", "high", *BY).status == 2, (
        "without its reason"
    )
    assert desk("breach", "update", "practice.db", "1", *BY).status == 2, "nothing to fill in"
    high = ("--risk", "high", "--risk-reason", "The disk was not encrypted", "--persons", "60")
    desk("breach", "update", "practice.db", "1", *high, *BY).ok()
    desk(*close).refused("breach-unnotified", 70)
    desk("breach", "notify", "practice.db", "1", "--number", "2026-4711", *BY).ok()
    desk(*close).refused("persons-uninformed", 70)
    assert desk("breach", "inform", "practice.db", "1", *BY).status == 2
    assert desk("breach", "inform", "practice.db", "1", "--how", "x", "--not-because", "y", *BY).status == 2
    inform = ("breach", "inform", "practice.db", "1", "--on", ago(hours=1))
    assert desk(*inform, "--not-because", "y", *BY).status == 2, "when nobody was told"
    desk("breach", "inform", "practice.db", "1", "--how", "A letter to each of them", *BY).ok()
    desk(*close).ok()
    desk("breach", "update", "practice.db", "1", "--persons", "61", *BY).refused("breach-closed", 70)

    # the sheet says it all, in both languages
    desk("breach", "sheet", "practice.db", "1", "--to", "sheet").ok()
    for name in ("fiche-de-violation.pdf", "breach-sheet.pdf"):
        text = text_of(desk.folder / "sheet" / name)
        assert all(word in text for word in ("Laptop stolen", "2026-4711", "60", "A letter to each of them"))
    desk("breach", "sheet", "practice.db", "1", "--to", "sheet").refused("already-exists", 42)

    # what was wrong is opened again, and the journal has what stood there before; once is enough
    desk("breach", "reopen", "practice.db", "1", "--reason", "More patients", *BY).ok()
    before = list(dump(desk.folder / "practice.db"))
    desk("breach", "reopen", "practice.db", "1", "--reason", "Again", *BY).ok()
    assert list(dump(desk.folder / "practice.db")) == before
    desk("breach", "update", "practice.db", "1", "--persons", "61", *BY).ok()
    (found,) = desk("breach", "list", "practice.db", "--all", "--json").ok().document["listed"]
    assert (found["persons"], found["natures"]) == ("61", ["confidentiality", "availability"])
    noted = asked(desk.folder / "practice.db", "SELECT operation, detail FROM journal ORDER BY id")
    assert [row[0] for row in noted][-7:] == [
        *("breach-opened", "breach-updated", "breach-notified", "breach-informed", "breach-closed"),
        *("breach-reopened", "breach-updated"),
    ]
    assert '"former": {"persons": "60"}' in noted[-1][1]


def test_a_late_notification_comes_with_its_reasons(desk: Program) -> None:
    desk("breach", "open", "practice.db", *WHAT, "--known", ago(hours=73.5), *BY).ok()
    listed = desk("breach", "list", "practice.db")
    assert listed.status == LATE and "1 breach is late." in listed.out and "late by 1 hour" in listed.out
    risk = ("--risk", "risk", "--risk-reason", "Names and telephones")
    desk("breach", "update", "practice.db", "1", *risk, *BY).ok()
    notify = ("breach", "notify", "practice.db", "1")
    before = list(dump(desk.folder / "practice.db"))
    desk(*notify, *BY).refused("delay-unexplained", 70)
    assert desk(*notify, "--on", "2099-01-01 10:00", *BY).status == 2
    assert desk(*notify, "--on", "2026-11-01", *BY).status == 2, "a day is no moment"
    assert list(dump(desk.folder / "practice.db")) == before
    desk(*notify, "--on", ago(hours=10), *BY).ok()  # within the hours, as it was
    desk(*notify, "--delay", "Closed for the holidays", *BY).ok()
    assert desk("breach", "list", "practice.db").status == 0


def test_a_risk_that_is_unlikely_is_written_down_and_not_notified(desk: Program) -> None:
    none = ("--risk", "none", "--risk-reason", "The stick was encrypted, and the passphrase is not on it")
    desk("breach", "open", "practice.db", *WHAT, "--known", "2026-11-02", *none, *BY).ok()
    assert desk("breach", "list", "practice.db").status == 0
    desk("breach", "close", "practice.db", "1", "--reason", "Nothing to do", *BY).ok()
    desk("breach", "close", "practice.db", "2", "--reason", "x", *BY).refused("breach-unknown", 39)
    assert desk("breach", "open", "practice.db", "--what", "x", *BY).status == 2, "of no nature"


def test_the_certificate_of_a_host_is_shown_where_a_package_goes_to_one(desk: Program) -> None:
    name, soon = "Val de Loire Archives", (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    deposit = (*EXPORT[:2], "deposit.asice", *EXPORT[3:])
    place = deposit.index("--ground")
    deposit = (*deposit[: place + 1], "archive-deposit", *deposit[place + 2 :])
    deposit = (*deposit, "--receiver", name)
    assert "[host-unregistered]" in desk(*deposit, "--dry-run").ok().err
    stated = ("--certificate", "HDS-1", "--scope", "1 to 6", "--until", soon)
    added = desk("host", "add", "practice.db", "--name", name, "--service", "archives", *stated, *BY)
    assert "[host-certificate-ending]" in added.ok().err
    assert desk("host", "list", "practice.db").status == 0, "not over yet"
    assert "[host-certificate-ending]" in desk(*deposit, "--dry-run").ok().err

    renewed = ("--certificate", "HDS-2", "--until", "2060-12-31")
    assert desk("host", "renew", "practice.db", "1", *renewed[:2], *BY).status == 2, "until when"
    assert desk("host", "renew", "practice.db", "1", *renewed[2:], *BY).status == 2, "of which number"
    desk("host", "renew", "practice.db", "1", *renewed, *BY).ok()
    desk("host", "renew", "practice.db", "1", *renewed, *BY).refused("host-unknown", 39)
    (host,) = desk("host", "list", "practice.db", "--json").ok().document["listed"]
    assert (host["id"], host["certificate"], host["scope"]) == (2, "HDS-2", "1 to 6")
    sealed = desk(*deposit, "--json").ok().document
    (shown,) = [one for one in sealed["findings"] if one["code"].startswith("host-")]
    assert shown["code"] == "host-certified" and "HDS-2" in shown["text"] and "2060-12-31" in shown["text"]

    letters = (
        "paperwork",
        "departure",
        "practice.db",
        "--practitioner",
        "99900000029",
        "--situation",
        "cessation",
    )
    letter = desk(*letters, "--keeper", name, "--to", "letters").ok()
    assert "[host-certified]" in letter.err and "HDS-2" in letter.err

    desk("host", "end", "practice.db", "2", "--reason", "Contract over", *BY).ok()
    old = ("--certificate", "HDS-0", "--until", "2026-01-01")
    desk("host", "add", "practice.db", "--name", "Old Host", "--service", "backups", *old, *BY).ok()
    listed = desk("host", "list", "practice.db", "--all")
    assert listed.status == LATE and "[host-certificate-ended]" in listed.err and name in listed.out


def test_the_register_is_filled_in_from_the_store_as_pdf_and_spreadsheet(desk: Program) -> None:
    desk("host", "add", "practice.db", "--name", "Val de Loire Archives", "--service", "archives", *BY).ok()
    before = list(dump(desk.folder / "practice.db"))
    written = desk("register", "processing", "practice.db", "--to", "register", "--json").ok().document
    assert {Path(one).name for one in written["files"]} == {
        *("registre-des-traitements.pdf", "registre-des-traitements.xlsx"),
        *("register-of-processing.pdf", "register-of-processing.xlsx"),
    }
    text = text_of(desk.folder / "register" / "registre-des-traitements.pdf")
    for word in ("Tilleuls", "99900000029", "R1112-7", "Val de Loire Archives", "Open Dental", "L1111-7"):
        assert word in text, word
    desk("register", "notice", "practice.db", "--to", "register").ok()
    notice = text_of(desk.folder / "register" / "affiche-salle-d-attente.pdf")
    assert "Tilleuls" in notice and "www.cnil.fr" in notice
    assert (desk.folder / "register").stat().st_mode & 0o077 == 0
    desk("register", "notice", "practice.db", "--to", "register").refused("already-exists", 42)
    assert list(dump(desk.folder / "practice.db")) == before, "nothing is written into the store"
