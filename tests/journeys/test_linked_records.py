"""A person with several patient records leaves whole, whichever of them the roster names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.practice import people, questions
from archiver.practice.store import open_store
from samples.demo import COLLABORATOR
from tests.journeys.line import Line, asked
from tests.journeys.program import Program

HEAD = "patient_number;family_name;given_name;birth_date;practitioner_rpps\n"
ONE, OTHER, ALONE = "45", "44", "47"
SEALING = (
    "--practitioner", COLLABORATOR, "--to", "pressoir/receiver.recipient",
    "--signer", "kerbrat/signer.p12", "--roster", "roster.csv", "--unsigned", "essai",
)  # fmt: skip
READING = ("--identity", "receiver.identity", "--roots", "roots.pem")


def identity(desk: Program, number: str) -> str:
    query = "SELECT owner FROM patients_identifiers WHERE type = 'LOCAL' AND value = ?"
    ((found,),) = asked(desk.folder / "practice.db", query, number)
    return str(found)


def line(desk: Program, number: str) -> str:
    query = (
        "SELECT traits_used_family_name, traits_used_given_name, traits_birth_date FROM patients WHERE id = ?"
    )
    ((family, given, born),) = asked(desk.folder / "practice.db", query, identity(desk, number))
    return f"{number};{family};{given};{born};{COLLABORATOR}\n"


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program where two patient records were found to be one person."""
    small_line.copy(tmp_path, "practice.db", "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    desk = Program(folder=tmp_path)
    with open_store(tmp_path / "practice.db") as store, store.changing():
        people.link(
            store, identity(desk, ONE), identity(desk, OTHER), rule="human", decided_by="Dr Exemple",
            at=datetime(2026, 3, 1, tzinfo=UTC),
        )  # fmt: skip
    return desk


def exported(desk: Program, name: str, *numbers: str, options: tuple[str, ...] = ()) -> Any:
    (desk.folder / "roster.csv").write_text(HEAD + "".join(line(desk, one) for one in numbers), "utf-8")
    return desk.here("export", "practice.db", name, *SEALING, *options, "--json").ok().document


def units(desk: Program, package: str) -> dict[str, Any]:
    """Return the dossiers of a package by patient number, as the keyring and the signed manifest list them."""
    listed = desk.here("inspect", package, *READING, "--json").ok().document["units"]
    return {one["patient"]["number"]: one for one in listed if one["patient"]}


@pytest.mark.parametrize("named", [(ONE,), (OTHER,), (ONE, OTHER)])
def test_every_linked_record_leaves(desk: Program, named: tuple[str, ...]) -> None:
    document = exported(desk, "out.asice", *named)
    assert document["counts"]["patients"] == 2 and document["units"] == 3
    unnamed = {ONE, OTHER} - set(named)
    assert document["linked"] == [identity(desk, one) for one in unnamed]
    assert set(units(desk, "out.asice")) == {ONE, OTHER}


def test_it_is_said_whose_record_leaves_besides(desk: Program) -> None:
    exported(desk, "out.asice", ALONE, ONE)
    done = desk.here("export", "practice.db", "again.asice", *SEALING).ok()
    _, family, given, *_ = line(desk, OTHER).split(";")
    assert f"1 record ({family} {given}" in done.out


def test_a_person_has_one_term_and_leaves_in_one_volume(desk: Program) -> None:
    document = exported(desk, "out.asice", ONE, ALONE, options=("--by-retention-year",))
    volumes = {}
    for volume in document["volumes"]:
        receipt = desk.here(
            "import", volume["path"], *READING, "--into", f"{volume['package'][:8]}.db", "--json"
        ).ok().document  # fmt: skip
        for one in receipt["dossiers"]:
            if one["patient"]:
                volumes[one["patient"]["number"]] = (volume["retention_year"], one["destroy_from"])
    assert volumes[ONE] == volumes[OTHER]
    alone = exported(desk, "apart.asice", ALONE)
    assert alone["counts"]["patients"] == 1


def test_a_hold_on_one_record_is_a_hold_on_the_person(desk: Program) -> None:
    (desk.folder / "held.csv").write_text(HEAD + line(desk, OTHER), "utf-8")
    document = exported(desk, "out.asice", ONE, ALONE, options=("--hold", "held.csv"))
    assert document["held"] == 2 and document["counts"]["patients"] == 3


def test_the_receipt_counts_every_record(desk: Program) -> None:
    document = exported(desk, "out.asice", ONE)
    receipt = desk.here("import", "out.asice", *READING, "--into", "new.db", "--json").ok().document
    assert receipt["complete"] and receipt["totals"]["came_in"] == 2
    for kind, count in receipt["counts"].items():
        assert count["announced"] == count["found"], kind
    for kind, count in document["counts"].items():
        assert receipt["counts"].get(kind, {"found": 0})["found"] == count, kind


def test_a_question_about_somebody_who_stays_is_said(desk: Program) -> None:
    with open_store(desk.folder / "practice.db") as store, store.changing():
        questions.ask_question(
            store, identity(desk, ALONE), identity(desk, "1"), reason="same traits",
            at=datetime(2026, 3, 1, tzinfo=UTC),
        )  # fmt: skip
    exported(desk, "out.asice", ALONE)
    output = desk.here("export", "practice.db", "again.asice", *SEALING).ok().err
    assert "1 question waits" in output


def test_the_units_of_one_person_are_opened_together(desk: Program) -> None:
    exported(desk, "out.asice", ONE, ALONE)
    document = (
        desk.here("keys", "show-unit", "out.asice", *READING, "--patient", OTHER, "--json").ok().document
    )
    assert document["patient"]["number"] == OTHER
    assert [one["patient"]["number"] for one in document["linked"]] == [ONE]
    output = desk.here("keys", "show-unit", "out.asice", *READING, "--patient", OTHER).ok().out
    assert f"({ONE})" in output
    for one in (document, *document["linked"]):
        assert one["passphrase"] in output and one["path"] in output
    alone = desk.here("keys", "show-unit", "out.asice", *READING, "--patient", ALONE, "--json").ok().document
    assert alone["linked"] == []


def test_the_successor_is_asked_about_them(desk: Program) -> None:
    exported(desk, "out.asice", ONE)
    receipt = desk.here("import", "out.asice", *READING, "--into", "new.db", "--json").ok().document
    assert receipt["totals"]["waiting"] == 1
    (question,) = desk.here("people", "list", "new.db", "--json").ok().document["questions"]
    assert {question["patient"], question["candidate"]} == {identity(desk, ONE), identity(desk, OTHER)}
    assert question["reason"] == "the sender holds both for one person"
