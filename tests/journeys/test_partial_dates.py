"""Somebody of whom a practice knows no more than the month of birth leaves, and arrives as precisely known."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from samples.story.book import build_sqlite
from tests.journeys.line import EXPORT, IMPORT, SAMPLES, Line, asked
from tests.journeys.program import Program

HEADING = "numéro;nom;prénom;né le"
NAMESAKE = "UPDATE patient SET LName = 'Hervé', FName = 'Hervé', Gender = 0, Birthdate = ? WHERE PatNum = 4"


@pytest.fixture
def desk(demo_line: Line, tmp_path: Path) -> Program:
    demo_line.copy(tmp_path, "practice.db", "kerbrat", "roots.pem", "pressoir", "receiver.identity")
    return Program(folder=tmp_path)


def leave(desk: Program, birth_date: str) -> None:
    (desk.folder / "roster.csv").write_text(f"{HEADING}\n49;Hervé;Hervé;{birth_date}\n", encoding="utf-8")
    desk(*EXPORT).ok()


def successor(desk: Program, birth_date: str) -> None:
    """Make the store of a successor who knows a Hervé Hervé born on ``birth_date``."""
    build_sqlite(
        (SAMPLES / "successor" / "opendental.sql").read_text("utf-8"), desk.folder / "pressoir.sqlite"
    )
    with closing(sqlite3.connect(desk.folder / "pressoir.sqlite")) as connection:
        connection.execute(NAMESAKE, (birth_date,))
        connection.commit()
    desk("collect", "opendental", "pressoir.sqlite", "--into", "successor.db").ok()


def test_a_month_of_birth_arrives_as_it_left(desk: Program) -> None:
    leave(desk, "05/1983")
    opening = ("package.asice", "--identity", "receiver.identity", "--roots", "roots.pem")
    assert "1983-05 " in desk("inspect", *opening).ok().out
    desk(*IMPORT).ok()
    query = "SELECT traits_birth_date FROM patients"
    assert asked(desk.folder / "successor.db", query) == [("1983-05",)]


@pytest.mark.parametrize(("known", "waiting"), [("1983-05-12", 1), ("1983-06-01", 0)])
def test_a_namesake_born_on_one_of_its_days_is_a_question(desk: Program, known: str, waiting: int) -> None:
    leave(desk, "1983-05")
    successor(desk, known)
    totals = desk(*IMPORT, "--receipt", "receipt.json", "--json").ok().document["totals"]
    assert (totals["came_in"], totals["recognised"], totals["questions"]) == (1, 0, waiting)
    page = (desk.folder / "receipt.txt").read_text(encoding="utf-8")
    assert ("Hervé Hervé 1983-05" in page) == bool(waiting)
