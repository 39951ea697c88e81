"""A practice that is backed up: a small store on which somebody works, and a backup on a disk beside it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys.line import Line, once
from tests.journeys.program import Program

PATIENT, NAME = "45", "Perrichon"
INIT = (
    "backup",
    "init",
    "backup",
    "--source",
    "practice.db",
    "--to",
    "disk",
    "--name",
    "Cabinet des Tilleuls",
)
DERIVED = frozenset({"journal", "header_facts", "file_remarks", "files"})
KEY = ("--identity", "away/receiver.identity")


def make_backup(folder: Path, line: Line) -> None:
    """Set up a backup of the small practice in ``folder``, and take the person's folder away."""
    line.copy(folder, "practice.db")
    (folder / "disk").mkdir()
    Program(folder=folder)(*INIT).ok()
    shutil.move(folder / "backup" / "person", folder / "away")


@pytest.fixture(scope="session")
def made_backup(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a practice store, its backup after the first run and drill, and the person's own folder."""
    return once(tmp_path_factory, "backup", lambda folder: make_backup(folder, small_line))


@pytest.fixture
def practice(made_backup: Path, tmp_path: Path) -> Program:
    """The program beside a practice that is backed up: copied, and its addresses said anew."""
    folder = tmp_path / "practice"
    shutil.copytree(made_backup, folder)
    for path in (folder / "backup" / "backup.json", folder / "backup" / "vault" / "vault.json"):
        path.write_text(
            path.read_text(encoding="utf-8").replace(str(made_backup), str(folder)), encoding="utf-8"
        )
    return Program(folder=folder)


def change(store: Path, given: str = "Zoé", number: str = PATIENT) -> None:
    """Let somebody correct the name of the patient of that number, as a program of the practice would."""
    with closing(sqlite3.connect(store)) as db, db:
        done = db.execute(
            "UPDATE patients SET traits_used_given_name = ? WHERE id IN"
            " (SELECT owner FROM patients_identifiers WHERE value = ?)",
            (given, number),
        )
        assert done.rowcount == 1


def rows(store: Path) -> dict[str, list[str]]:
    """Return every row of every table of a store, whatever their order.

    But for its journal, the list of its files, and what is derived from their content.
    """
    with closing(sqlite3.connect(store)) as db:
        names = [one for (one,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(map(repr, db.execute(f"SELECT * FROM [{name}]")))
            for name in names
            if name not in DERIVED
        }


def objects(disk: Path) -> list[Path]:
    """Return the packages that lie on a disk."""
    return sorted(disk.rglob("*.asice"))
