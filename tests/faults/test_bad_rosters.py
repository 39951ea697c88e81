"""Rosters that would take the wrong dossier, or nobody's: refused before anything is sealed."""

from __future__ import annotations

import pytest

from samples.demo import COLLABORATOR
from tests.journeys.line import Line, contents
from tests.journeys.program import Program

HEAD = "patient_number;family_name;given_name;birth_date;practitioner_rpps\n"
GOOD = f"45;Perrichon;Gérard;1955-11-23;{COLLABORATOR}\n"
SEALING = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return the program on the collaborator's machine; every roster here is refused, so one will do."""
    folder = tmp_path_factory.mktemp("rosters")
    return Program(folder=small_line.copy(folder, "practice.db", "kerbrat", "pressoir"))


def refused(desk: Program, roster: str | bytes, code: str, status: int, who: str = COLLABORATOR) -> str:
    """Export with ``roster``; return the sentence of the refusal."""
    data = roster.encode("utf-8") if isinstance(roster, str) else roster
    (desk.folder / "roster.csv").write_bytes(data)
    before = contents(desk.folder)
    command = ("export", "practice.db", "out.asice", *SEALING, "--roster", "roster.csv")
    sentence = desk(*command, *(("--practitioner", who) if who else ())).refused(code, status)
    assert contents(desk.folder) == before
    return sentence


def test_an_unknown_patient(desk: Program) -> None:
    sentence = refused(desk, HEAD + GOOD + "4711;Personne;Paul;1960-01-01;\n", "roster-unknown-patient", 30)
    assert "4711" in sentence and "line 3" in sentence


@pytest.mark.parametrize(("line", "word"), [
    ("45;Perrichon;Gérard;1955-11-24;", "birth date"),
    ("45;Perrichon;Gilbert;1955-11-23;", "given name"),
    ("44;Perrichon;Gérard;1955-11-23;", "family name"),
    ("45;Perrichon;Gérard;;", "birth date"),
])  # fmt: skip
def test_a_number_that_is_somebody_elses(desk: Program, line: str, word: str) -> None:
    assert word in refused(desk, HEAD + line + "\n", "roster-mismatch", 31)


def test_the_same_patient_twice_is_one_dossier(desk: Program) -> None:
    (desk.folder / "roster.csv").write_text(HEAD + GOOD + GOOD, encoding="utf-8")
    roster = ("--roster", "roster.csv", "--unsigned", "essai")
    command = ("export", "practice.db", "twice.asice", *SEALING, *roster, "--json")
    document = desk(*command, "--practitioner", COLLABORATOR).ok().document
    (desk.folder / "twice.asice").unlink()
    assert document["counts"]["patients"] == 1 and document["units"] == 2


def test_nobody_of_this_practitioner(desk: Program) -> None:
    assert "no patient of this practitioner" in refused(
        desk, HEAD + GOOD, "roster-unreadable", 32, "99900000011"
    )


def test_a_practitioner_the_practice_does_not_know(desk: Program) -> None:
    assert "Dr Personne" in refused(desk, HEAD + GOOD, "unknown-practitioner", 33, "Dr Personne")


def test_a_line_whose_practitioner_nobody_is(desk: Program) -> None:
    line = "44;Pasquier;Denise;1949-08-01;99900000092\n"
    sentence = refused(desk, HEAD + GOOD + line, "roster-unknown-practitioner", 33)
    assert "44 Pasquier Denise 1949-08-01" in sentence and "99900000092" in sentence and "line 3" in sentence


def test_practitioners_named_and_none_chosen(desk: Program) -> None:
    assert "--practitioner" in refused(desk, HEAD + GOOD, "roster-unreadable", 32, "")


@pytest.mark.parametrize("roster", [
    b"", HEAD, HEAD + ";Perrichon;Gérard;1955-11-23;\n", HEAD + "45;Perrichon;Gérard;hier;\n",
    "numéro\n45\n", "\x00\x01\x02" * 99,
], ids=["empty", "no-lines", "no-number", "no-date", "columns", "binary"])  # fmt: skip
def test_a_roster_that_is_none(desk: Program, roster: str | bytes) -> None:
    refused(desk, roster, "roster-unreadable", 32)


def test_a_roster_without_end(desk: Program) -> None:
    refused(desk, HEAD + "45;" + "x" * 200_000 + "\n", "limit-exceeded", 44)


def test_a_roster_that_is_not_there(desk: Program) -> None:
    before = contents(desk.folder)
    command = ("export", "practice.db", "out.asice", *SEALING, "--roster", "nowhere.csv")
    sentence = desk(*command, "--practitioner", COLLABORATOR).refused("file-not-found", 54)
    assert "nowhere.csv" in sentence
    assert contents(desk.folder) == before
