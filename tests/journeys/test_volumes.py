"""Volumes, terms and holds: what the public manifest says, and who decides it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from samples.demo import COLLABORATOR
from tests.journeys.line import Line, contents
from tests.journeys.program import Ended, Program

SEALING = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
LEAVING = ("--practitioner", COLLABORATOR, "--roster", "roster.csv")
HOLDS = "numéro;nom;prénom;date de naissance\n"


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program on the collaborator's machine."""
    small_line.copy(tmp_path, "practice.db", "roster.csv", "pressoir", "kerbrat", "roots.pem")
    return Program(folder=tmp_path)


def manifest(package: Path) -> Any:
    with zipfile.ZipFile(package) as archive:
        return json.loads(archive.read("manifest.json"))


def held(desk: Program, *lines: str) -> Ended:
    (desk.folder / "holds.csv").write_text(HOLDS + "\n".join(lines), encoding="utf-8")
    return desk.here("export", "practice.db", "out.asice", *SEALING, *LEAVING, "--hold", "holds.csv")


def test_every_unit_says_from_which_year_it_may_be_destroyed(desk: Program) -> None:
    desk.here("export", "practice.db", "out.asice", *SEALING, *LEAVING).ok()
    said = manifest(desk.folder / "out.asice")
    assert said["set"] is None
    *dossiers, practice = said["units"]
    assert len(dossiers) == 4
    assert all(one["destroy_from"].endswith("-01-01") for one in dossiers)
    assert practice["destroy_from"] == max(one["destroy_from"] for one in dossiers)
    assert not any(one["hold"] for one in said["units"])


def test_a_hold_is_in_the_manifest_without_a_name(desk: Program) -> None:
    done = held(desk, "1;Lemoine-Garnier;Anne-Sophie;1979-03-14").ok()
    assert "Under a hold, to be kept beyond their term: 1 dossiers.\n" in done.out
    *dossiers, practice = manifest(desk.folder / "out.asice")["units"]
    assert sorted(one["hold"] for one in dossiers) == [False, False, False, True]
    assert practice["hold"]


@pytest.mark.parametrize(
    ("line", "code", "status"),
    [
        ("2;Lemoine-Garnier;Paul;1977-01-01", "hold-unknown-patient", 30),
        ("1;Lemoine-Garnier;Anne-Sophie;1979-03-15", "roster-mismatch", 31),
        (";Lemoine-Garnier;Anne-Sophie;1979-03-14", "roster-unreadable", 32),
    ],
)
def test_a_hold_for_nobody_exported_is_refused(desk: Program, line: str, code: str, status: int) -> None:
    (desk.folder / "holds.csv").write_text(HOLDS + line, encoding="utf-8")
    before = contents(desk.folder)
    said = held(desk, line).refused(code, status)
    assert "holds.csv" in said or code == "roster-unreadable"
    assert contents(desk.folder) == before
