"""An import taken back: refused while something builds on it, then whole, so that the practice is as before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.line import IMPORT, SAMPLES, Line, asked, dump
from tests.journeys.program import Program

BY = ("--by", "Dr Exemple")
REGISTERS = ("journal", "former_rows", "import_runs")


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db")
    return Program(folder=small_line.copy(tmp_path, *names))


def content(desk: Program) -> list[str]:
    """Return every row of the store but those that say what was done, and every file."""
    rows = [
        line
        for line in dump(desk.folder / "successor.db")
        if not any(f'"{one}"' in line for one in REGISTERS)
    ]
    return sorted(rows) + sorted(path.name for path in (desk.folder / "successor.files").glob("*/*"))


def test_an_import_is_taken_back_and_comes_in_again(desk: Program) -> None:
    before = content(desk)
    desk(*IMPORT).ok()
    after = content(desk)
    assert after != before

    (listed,) = desk("import", "list", "successor.db", "--json").ok().document["listed"]
    assert (listed["id"], listed["dossiers"], listed["undone_at"]) == (1, 4, "")
    planned = desk("import", "undo", "successor.db", *BY, "--dry-run").ok().out
    assert "4 patients who came with it go:" in planned and "Nothing was changed" in planned
    assert content(desk) == after

    (question, *_) = desk("people", "list", "successor.db", "--json").ok().document["questions"]
    desk("people", "different", "successor.db", question["question"], *BY).ok()
    number = asked(desk.folder / "successor.db", "SELECT patient FROM imports ORDER BY rowid")[0][0]
    desk("hold", "set", "successor.db", str(number), "--reason", "Expertise", *BY).ok()
    answered = content(desk)
    refused = desk("import", "undo", "successor.db", *BY)
    assert refused.status == 70 and "Nothing was changed. [undo-refused]" in refused.err
    assert (
        f"Question {question['question']} about" in refused.err and "Hold 1 on the dossier of" in refused.err
    )
    assert "With --later" in refused.err
    assert content(desk) == answered

    outcome = desk("import", "undo", "successor.db", "1", *BY, "--later", "--json").ok().document["imports"]
    assert [len(one["patients"]) for one in outcome] == [4] and outcome[0]["removed"]["holds"] == 1
    assert content(desk) == before

    again = desk("import", "undo", "successor.db", "1", *BY).refused("undone-before", 39)
    assert "was taken back before, by Dr Exemple on " in again
    desk("import", "undo", "successor.db", *BY).refused("nothing-to-undo", 39)
    desk("import", "undo", "successor.db", "7", *BY).refused("import-unknown", 39)

    assert desk(*IMPORT, "--json").ok().document["totals"]["came_in"] == 4
    assert len(content(desk)) == len(after)
    numbers = [one["id"] for one in desk("import", "list", "successor.db", "--json").ok().document["listed"]]
    assert numbers == [1, 2]


def test_what_was_collected_since_refuses_whatever_is_asked(desk: Program) -> None:
    """Images of a patient who came: they were given to that patient here, and no package brings them again."""
    desk(*IMPORT).ok()
    store = desk.folder / "successor.db"
    desk("collect", "dicom", SAMPLES / "practice" / "imaging", "--into", "successor.db").ok()
    assert asked(store, "SELECT count(*) FROM image_studies")[0][0]
    before = content(desk)
    refused = desk("import", "undo", "successor.db", *BY, "--later")
    assert refused.status == 70 and "[undo-refused]" in refused.err
    assert "not by an import. [later-records]" in refused.err
    assert content(desk) == before
