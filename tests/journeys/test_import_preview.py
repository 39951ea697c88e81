"""What an import would bring is shown patient by patient, and nothing of it is kept."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys.line import IMPORT, Line, contents
from tests.journeys.program import Program

PREVIEW = (*IMPORT, "--preview")


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db")
    return Program(folder=small_line.copy(tmp_path, *names))


def test_a_preview_says_what_the_import_does(desk: Program) -> None:
    before = contents(desk.folder)
    shown = desk(*PREVIEW).ok()
    assert "2 questions would be asked." in shown.out and "Nothing was taken in" in shown.err
    (perrichon,) = (line for line in shown.out.splitlines() if "Perrichon" in line)
    assert "would come in" in perrichon and "integrated" in perrichon and "a new patient" in perrichon
    assert "may be Maillet Pauline 2004-02-29: same traits" in shown.out
    assert "Dossiers that would come in: 4" in shown.out
    assert "came" not in shown.out, "nothing has happened"
    planned = desk(*PREVIEW, "--json").ok().document
    assert contents(desk.folder) == before

    done = desk(*IMPORT, "--json").ok().document
    for name in ("states", "counts", "totals"):
        assert planned[name] == done[name], name
    for one, other in zip(planned["dossiers"], done["dossiers"], strict=False):  # but the practice's part
        assert {name: value for name, value in one.items() if name not in {"same", "questions"}} == other
    asked = {question["question"] for one in planned["dossiers"] for question in one["questions"]}
    waiting = desk("people", "list", "successor.db", "--json").ok().document["questions"]
    assert asked == {one["question"] for one in waiting} and len(asked) == 2

    again = desk(*PREVIEW, "--json").ok().document
    assert again["totals"]["already_there"] == 4 and again["totals"]["came_in"] == 0


def test_a_preview_of_a_choice_as_page_and_list(desk: Program) -> None:
    before = contents(desk.folder)
    choice = ("--only", "47", "--kind", "documents")
    desk(*PREVIEW, *choice, "--page", "preview.html", "--list", "preview.csv").ok()
    page = (desk.folder / "preview.html").read_text(encoding="utf-8")
    assert page.count("<section>") == 1 and "Cabinet dentaire du Vieux Pressoir" in page
    assert "script" not in page and page.count(">left aside on purpose</td>") == 3
    rows = list(
        csv.reader((desk.folder / "preview.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    )
    assert [row[0] for row in rows[1:]] == ["1", "16", "45", "47"]
    assert rows[4][5] == "waiting for a person" and int(rows[4][6]) > 0 < int(rows[4][7])
    for name in ("preview.html", "preview.csv"):
        (desk.folder / name).unlink()
    assert contents(desk.folder) == before


def test_a_preview_keeps_nobody_waiting(desk: Program) -> None:
    """Somebody writes to the store all the while: the preview is of the moment before, and is as whole."""
    whole = desk(*PREVIEW, "--json").ok().document
    with closing(sqlite3.connect(desk.folder / "successor.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM identity_questions")
        found = desk(*PREVIEW, "--json").ok().document
        other.execute("COMMIT")
    moments = {"received_at", "findings"}
    assert {key: found[key] for key in found.keys() - moments} == {
        key: whole[key] for key in whole.keys() - moments
    }


def test_a_preview_of_an_import_into_a_store_that_is_not_there(desk: Program) -> None:
    before = contents(desk.folder)
    document = desk(*IMPORT[:-1], "new.db", "--preview", "--json").ok().document
    assert document["totals"]["came_in"] == 4 and document["totals"]["waiting"] == 0
    assert contents(desk.folder) == before


def test_a_signer_met_in_a_preview_is_not_remembered(desk: Program) -> None:
    first = (*IMPORT[:4], *IMPORT[6:], "--trust-first")
    for _ in range(2):
        assert (
            desk(*first, "--preview", "--json").ok().document["signer"]["accepted_code"]
            == "accepted-first-use"
        )
    assert desk(*first, "--json").ok().document["signer"]["accepted_code"] == "accepted-first-use"
    assert desk(*first, "--preview", "--json").ok().document["signer"]["accepted_code"] == "accepted-known"


def test_what_does_not_go_with_a_preview(desk: Program) -> None:
    before = contents(desk.folder)
    assert "nothing to receipt" in desk(*PREVIEW, "--receipt", "receipt.json").err
    assert "add --preview" in desk(*IMPORT, "--page", "preview.html").err
    (desk.folder / "preview.html").write_text("mine", encoding="utf-8")
    desk(*PREVIEW, "--page", "preview.html").refused("already-exists", 42)
    (desk.folder / "preview.html").unlink()
    assert contents(desk.folder) == before
