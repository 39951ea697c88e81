"""A roster is compared with the practice before anybody leaves: everything that is wrong, in one run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from samples.demo import COLLABORATOR
from tests.journeys.line import Line, contents
from tests.journeys.program import Program

HEAD = "patient_number;family_name;given_name;birth_date;practitioner_rpps\n"
WRONG = (
    HEAD
    + f"45;Perrichon;Gilbert;1955-11-23;{COLLABORATOR}\n"
    + "1;Lemoine-Garnier;Anne-Sophie;1979-03-14;\n"
    + "4711;Perrichon;Gérard;1955-11-23;\n"
    + "16;;;hier;\n"
)


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program at the practice, with a roster that has errors."""
    small_line.copy(tmp_path, "practice.db", "kerbrat", "pressoir", "roster.csv")
    (tmp_path / "wrong.csv").write_text(WRONG, encoding="utf-8")
    return Program(folder=tmp_path)


def test_a_correct_roster(desk: Program) -> None:
    done = desk("roster", "check", "practice.db", "roster.csv").ok()
    assert done.out == "4 patients can leave as listed.\n" and done.err == ""


def test_every_error_beside_the_practice_without_exporting(desk: Program) -> None:
    before = contents(desk.folder)
    done = desk("roster", "check", "practice.db", "wrong.csv")
    assert done.status == 32
    assert "The list of patients has 3 errors" in done.err and done.err.endswith("[roster-errors]\n")
    assert re.search(r"\(line 2\): the given name is another \(list: Gilbert; practice: Gérard\)", done.out)
    assert re.search(r"list +45 +Perrichon +Gilbert +1955-11-23\n +practice +45 +Perrichon +Gérard", done.out)
    assert "Nearest: 45 Perrichon Gérard 1955-11-23" in done.out
    assert "wrong.csv:5: The list of patients cannot be read: the birth date is not a date." in done.out
    assert "1 patient can leave as listed." in done.out
    assert contents(desk.folder) == before


def test_all_errors_in_json_and_in_the_report(desk: Program) -> None:
    done = desk("roster", "check", "practice.db", "wrong.csv", "--json", "--report", "errors.csv")
    assert done.status == 32
    errors = done.document["errors"]
    assert [(one["line"], one["code"]) for one in errors] == [
        (2, "roster-mismatch"),
        (4, "roster-unknown-patient"),
        (5, "roster-unreadable"),
    ]
    assert errors[0]["columns"] == ["given_name"]
    assert (errors[0]["cells"]["given_name"], errors[0]["known"][0]["given_name"]) == ("Gilbert", "Gérard")
    assert done.document["lines"] == 4 and done.document["patients"] == 1
    report = (desk.folder / "errors.csv").read_text(encoding="utf-8-sig")
    assert [one["code"] for one in errors] == re.findall(r"\[(roster-[a-z-]+)\]", report)


def test_many_errors_are_counted_and_the_first_are_shown(desk: Program) -> None:
    (desk.folder / "wrong.csv").write_text(HEAD + "4711;A;B;;\n" * 130, encoding="utf-8")
    done = desk("roster", "check", "practice.db", "wrong.csv")
    assert done.status == 32 and "has 130 errors" in done.err
    assert done.out.count("[roster-unknown-patient]") == 100
    assert "30 more errors are not shown here" in done.err
    document = desk("roster", "check", "practice.db", "wrong.csv", "--json").document
    assert len(document["errors"]) == 130


def test_only_what_concerns_one_practitioner(desk: Program) -> None:
    text = HEAD + f"45;Perrichon;Gérard;1955-11-23;{COLLABORATOR}\n12;Morvan;X;;99900000011\n"
    (desk.folder / "both.csv").write_text(text, encoding="utf-8")
    done = desk("roster", "check", "practice.db", "both.csv", "--practitioner", COLLABORATOR).ok()
    assert "1 line is of another practitioner." in done.out
    assert desk("roster", "check", "practice.db", "both.csv").status == 31


def test_an_export_names_every_error_and_takes_nobody(desk: Program) -> None:
    sealing = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    command = ("export", "practice.db", "out.asice", *sealing, "--practitioner", COLLABORATOR)
    done = desk(*command, "--roster", "wrong.csv")
    assert done.status == 32 and done.out == ""
    assert re.findall(r"\[(roster-[a-z-]+)\]", done.err) == [
        "roster-mismatch",
        "roster-unknown-patient",
        "roster-unreadable",
        "roster-errors",
    ]
    assert not (desk.folder / "out.asice").exists()


def test_a_list_of_holds_with_errors_is_called_so(desk: Program) -> None:
    sealing = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    done = desk("export", "practice.db", "out.asice", *sealing, "--all", "--hold", "wrong.csv")
    assert done.status == 32 and done.out == ""
    assert "The list of holds has 3 errors. Correct them. [hold-errors]" in done.err
    assert "roster check" not in done.err


def test_an_export_says_what_it_noticed_of_the_roster(desk: Program) -> None:
    (desk.folder / "twice.csv").write_text(HEAD + 2 * "45;Perrichon;Gérard;1955-11-23;\n", encoding="utf-8")
    sealing = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    command = ("export", "practice.db", "out.asice", *sealing, "--practitioner", COLLABORATOR)
    lists = ("--roster", "twice.csv", "--hold", "twice.csv", "--unsigned", "essai")
    document = desk(*command, *lists, "--json").ok().document
    assert [one["code"] for one in document["findings"]] == [
        *2 * ["roster-patient-twice"],
        "cda-practice-number",
    ]
