"""The Vieux Pressoir takes the dossiers in, among ten patients of its own, and settles who is who."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archiver.handover.kinds import kind_words
from archiver.handover.missing_lines import shown_count
from archiver.signing.certificates.fingerprint import Fingerprint
from tests.journeys.line import IMPORT, Line, asked, contents, dump
from tests.journeys.program import Program

MOTHERS_INS, MAILLET = "apdss-04pv1", "z93tp-wkgg1"
"""The two questions of the small line: two people with one INS, and one person without it on one side."""


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program on the successor's machine: package, key, accepted certificate, own patients."""
    small_line.copy(tmp_path, "package.asice", "receiver.identity", "roots.pem", "successor.db")
    return Program(folder=tmp_path)


def receipt(desk: Program) -> Any:
    return json.loads((desk.folder / "receipt.json").read_text(encoding="utf-8"))


def test_a_look_into_the_package_before_anything_is_taken(desk: Program) -> None:
    before = contents(desk.folder)
    opening = ("package.asice", "--identity", "receiver.identity", "--roots", "roots.pem")
    output = desk("inspect", *opening).ok().out
    assert "4 patients." in output and "Perrichon" in output and "1955-11-23" in output
    listed = desk("inspect", *opening, "--json").ok().document
    assert [one["patient"]["number"] for one in listed["units"] if one["patient"]] == ["1", "16", "45", "47"]
    assert contents(desk.folder) == before


def test_the_receipt_says_what_came(desk: Program) -> None:
    done = desk(*IMPORT, "--receipt", "receipt.json").ok()
    assert "Dossiers that came in: 4" in done.out
    assert "Counts agree with the package:" in done.out
    document = receipt(desk)
    assert document["complete"] is True and document["legal_ground"] == "collaboration-exit"
    assert document["totals"] == {
        "came_in": 4, "already_there": 0, "recognised": 0, "waiting": 2, "refused": 0, "questions": 2,
        "left_aside": 0, "in_part": 0,
        "held": 0, "without_term": 0, "pages_not_compared": 0, "newer_here": 0,
        "degraded_entries": 0, "placeholders": 0, "unread_allergies": 0,
    }  # fmt: skip
    for kind, count in document["counts"].items():
        assert count["announced"] == count["found"], kind
    assert document["counts"]["patients"]["found"] == 4
    assert {one["outcome"] for one in document["dossiers"]} == {"came-in"}
    page = (desk.folder / "receipt.txt").read_text(encoding="utf-8")
    assert document["package"] in page and f"{Fingerprint(document['signer']['fingerprint'])}" in page
    assert "O'Shaughnessy Maeve 1990-05-25" in page
    assert "Counts, announced and found:" in page
    for kind, count in document["counts"].items():
        words = kind_words(kind)
        line = next(line for line in page.splitlines() if line.startswith(f"  {words} "))
        assert line.removeprefix(f"  {words} ").split() == [
            shown_count(kind, {kind: count[side]}) for side in ("announced", "found")
        ]


def test_the_ten_who_were_here_are_untouched(desk: Program) -> None:
    store = desk.folder / "successor.db"
    before = set(dump(store))
    desk(*IMPORT).ok()
    after = set(dump(store))
    assert before - after == set()
    assert len(asked(store, "SELECT id FROM patients")) == 14


def test_the_files_are_there_and_whole(desk: Program) -> None:
    desk(*IMPORT).ok()
    files = asked(desk.folder / "successor.db", "SELECT sha256, size FROM files")
    sizes = {path.name: path.stat().st_size for path in (desk.folder / "successor.files").glob("*/*")}
    assert sizes == dict(files)
    assert len(sizes) > 10


def test_a_second_time_changes_nothing(desk: Program) -> None:
    desk(*IMPORT, "--receipt", "receipt.json").ok()
    before = contents(desk.folder)
    done = desk(*IMPORT).ok()
    assert "Dossiers that came in: 0" in done.out and "Dossiers that were here already: 4" in done.out
    assert "Patients of whom a human must say who they are: 2" in done.out
    assert "open in this practice, earlier ones included: 2" in done.out
    assert contents(desk.folder) == before
    desk("people", "different", "successor.db", MOTHERS_INS, "--by", "Dr Exemple").ok()
    document = desk(*IMPORT, "--json").ok().document
    assert (document["totals"]["waiting"], document["totals"]["questions"]) == (1, 1)


def test_into_a_store_that_did_not_exist(desk: Program) -> None:
    document = desk(*IMPORT[:-1], "fresh.db", "--json").ok().document
    assert document["totals"]["came_in"] == 4 and document["totals"]["waiting"] == 0
    assert len(asked(desk.folder / "fresh.db", "SELECT id FROM patients")) == 4


def test_by_fingerprint_instead_of_a_certificate(desk: Program) -> None:
    verdict = desk("verify", "package.asice", "--json").document
    fingerprint = verdict["signed_by"]["facts"]["fingerprint"]
    desk("import", "package.asice", "--identity", "receiver.identity", "--into", "successor.db",
         "--accept", fingerprint).ok()  # fmt: skip


def test_who_is_who_is_settled_and_taken_back(desk: Program) -> None:
    desk(*IMPORT).ok()
    store = desk.folder / "successor.db"
    patients = asked(store, "SELECT * FROM patients ORDER BY id")

    listed = desk("people", "list", "successor.db").ok()
    assert "same INS, but the strict traits differ" in listed.out
    assert "same traits, without an INS to prove it" in listed.out
    assert "2 questions wait." in listed.out
    questions = desk("people", "list", "successor.db", "--json").ok().document["questions"]
    assert [question["question"] for question in questions] == [MOTHERS_INS, MAILLET]
    same = next(one for one in questions if one["reason"].startswith("same traits"))
    other = next(one for one in questions if one is not same)

    by = ("--by", "Dr Exemple", "--json")
    document = desk("people", "different", "successor.db", MOTHERS_INS, *by).ok().document
    assert (document["decided"], document["patient"]) == ("different", other["patient"])
    assert "1 question waits." in desk("people", "list", "successor.db").ok().out
    done = desk("people", "same", "successor.db", MAILLET, "--by", "Dr Exemple").ok()
    who = "Maillet Pauline 2004-02-29"
    assert done.out == f"{MAILLET}: {who} and {who} are one person.\n"
    settled = desk("people", "list", "successor.db", "--json").ok().document
    assert settled["questions"] == []
    assert [(one["patient"], one["person"]) for one in settled["merged"]] == [
        (same["patient"], same["candidate"])
    ]
    listed = desk("patients", "successor.db", "--json").ok().document["listed"]
    (person,) = [one for one in listed if one["merged"]]
    assert person["id"] == same["candidate"] and person["merged"][0]["id"] == same["patient"]
    assert len(listed) == 13

    document = desk("people", "separate", "successor.db", same["patient"], *by).ok().document
    assert (document["decided"], document["by"]) == ("separate", "Dr Exemple")
    again = desk("people", "list", "successor.db", "--json").ok().document
    assert again["merged"] == []
    assert [(one["question"], one["patient"]) for one in again["questions"]] == [(MAILLET, same["patient"])]
    assert asked(store, "SELECT * FROM patients ORDER BY id") == patients
    journal = [operation for (operation,) in asked(store, "SELECT operation FROM journal ORDER BY id")]
    assert journal == [
        "collect", "import", "identity-answer", "same-person", "identity-answer", "answer-undone",
    ], journal  # fmt: skip


def test_a_question_that_is_none(desk: Program) -> None:
    desk(*IMPORT).ok()
    before = contents(desk.folder)
    for verb in ("same", "different"):
        desk("people", verb, "successor.db", "7", "--by", "Dr Exemple").refused("question-unknown", 39)
    desk("people", "undo", "successor.db", MAILLET, "--by", "X").refused("question-unanswered", 39)
    desk("people", "show", "successor.db", "7").refused("question-unknown", 39)
    desk("people", "separate", "successor.db", "nobody", "--by", "X").refused("question-unknown", 39)
    assert contents(desk.folder) == before
