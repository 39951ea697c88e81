"""What the software of a practice has lost stays in the store, is shown, and is asked about before it leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.journeys.terminal import talk
from tests.journeys.test_collecting import SOFTWARE, change

EXPORT = (
    "export", "practice.db", "package.asice", "--all", "--ground", "cessation",
    "--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12",
)  # fmt: skip
OPEN = ("--identity", "receiver.identity", "--roots", "roots.pem")
NOTES = "SELECT max(CommlogNum) FROM commlog"


@pytest.fixture
def desk(demo_line: Line, tmp_path: Path) -> Program:
    """Return the program where the software lost a note that was collected from it."""
    names = ("tilleuls.sqlite", "practice.db", "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    program = Program(folder=demo_line.copy(tmp_path, *names))
    change(program, f"DELETE FROM commlog WHERE CommlogNum = ({NOTES})")
    program(*SOFTWARE).incomplete()
    return program


def test_what_is_gone_is_listed_and_shown_with_the_dossier(desk: Program) -> None:
    listed = desk("dossier", "gone", "practice.db", "--json").ok().document
    assert sorted(one["kind"] for one in listed["records"]) == ["notes", "source_rows"]
    assert {one["reason"] for one in listed["records"]} == {"row-gone"}
    shown = desk("dossier", "gone", "practice.db").ok().out
    assert "2 records are here that their source does not give any more." in shown
    (patient,) = {one["patient"] for one in listed["records"]}
    assert "not in the software of the practice any more" in desk("show", "practice.db", patient).ok().out
    dropped = desk("dossier", "gone", "practice.db", "--drop", "--json").ok().document
    assert dropped["removed"] == {} and len(dropped["records"]) == 2  # deleted rows are never dropped


def test_nobody_is_there_to_say_so_and_nothing_is_sealed(desk: Program) -> None:
    ended = desk(*EXPORT)
    assert ended.status == 39 and "[gone-undecided]" in ended.err
    assert "communications: 1" in ended.err or "notes: 1" in ended.err
    assert not (desk.folder / "package.asice").exists()
    assert "its row" in desk(*EXPORT, "--dry-run").ok().err


def test_what_is_kept_is_stated_in_the_package(desk: Program) -> None:
    made = desk(*EXPORT, "--gone", "keep", "--json").ok().document
    assert made["terms"]["gone-records"] == "2" and "gone_records" not in made["left_out"]
    read = desk("inspect", "package.asice", *OPEN, "--json").ok().document
    assert "gone-records" in json.dumps(read)


def test_a_dry_run_counts_what_stays_as_the_export_does(desk: Program) -> None:
    planned = desk(*EXPORT, "--gone", "leave-out", "--dry-run", "--json").ok().document
    assert planned["left_out"]["gone_records"] == 2 and planned["left_out"]["notes:gone-from-source"] == 1
    shown = desk(*EXPORT, "--gone", "leave-out", "--dry-run").ok().out
    assert "Not taken (records that the software did not have any more): 2." in shown
    made = desk(*EXPORT, "--gone", "leave-out", "--json").ok().document
    assert planned["left_out"] == made["left_out"]
    assert planned["counts"] == {kind: made["counts"][kind] for kind in planned["counts"]}


def test_what_is_left_out_is_counted_in_the_manifest_and_in_the_slip(desk: Program) -> None:
    whole = desk(*EXPORT, "--gone", "keep", "--json").ok().document
    (desk.folder / "package.asice").unlink()
    made = desk(*EXPORT, "--gone", "leave-out", "--paperwork", "papers", "--json").ok().document
    assert made["left_out"]["gone_records"] == 2
    assert made["left_out"]["notes:gone-from-source"] == 1
    assert made["left_out"]["source_rows:gone-from-source"] == 1
    assert made["counts"]["notes"] == whole["counts"]["notes"] - 1
    assert made["paperwork"]
    desk("import", "package.asice", *OPEN, "--into", "successor.db")
    slip = desk("paperwork", "transfer", "package.asice", "--to", "again", *OPEN).ok()
    assert slip.status == 0


@pytest.mark.parametrize(("answer", "left_out"), [("oui", False), ("non", True)])
def test_at_a_terminal_it_is_asked(desk: Program, answer: str, left_out: bool) -> None:
    french = Program(folder=desk.folder, language="fr")
    talking = [("Mot de passe de kerbrat", ""), ("oui ou non", "peut-être"), ("oui ou non", answer)]
    status, seen = talk(french, (*EXPORT, "--json"), talking)
    assert status == 0
    document = json.loads(seen[seen.index("{") : seen.rindex("}") + 1])
    assert ("gone_records" in document["left_out"]) is left_out


def test_a_note_that_comes_back_is_marked_no_more(demo_line: Line, tmp_path: Path) -> None:
    desk = Program(folder=demo_line.copy(tmp_path, "tilleuls.sqlite", "practice.db"))
    before = (desk.folder / "tilleuls.sqlite").read_bytes()
    change(desk, f"DELETE FROM commlog WHERE CommlogNum = ({NOTES})")
    desk(*SOFTWARE, "--part").incomplete()
    assert desk("dossier", "gone", "practice.db", "--json").ok().document["records"] == []
    desk(*SOFTWARE, "--again").incomplete()
    assert len(desk("dossier", "gone", "practice.db", "--json").ok().document["records"]) == 2
    (desk.folder / "tilleuls.sqlite").write_bytes(before)
    desk(*SOFTWARE).incomplete()
    assert desk("dossier", "gone", "practice.db", "--json").ok().document["records"] == []
