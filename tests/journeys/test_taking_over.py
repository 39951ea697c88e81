"""A dentist retires: the successor, who treats thirty of the patients already, takes all dossiers over, twice.

Told in order by one test, for each step begins where the one before ended: collect one's own practice, import, say who
is who in a list, take an answer back, import again three months later, and find the first package on a forgotten stick.
"""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.journeys.line import SAMPLES, Line, contents
from tests.journeys.opendental_source import OpenDentalSource, SqliteSource
from tests.journeys.program import Program

KNOWN, ALL = 30, 68
"""Patients whom the successor treats already, and all patients of the practice that closes."""
SIGNING = ("--signer", "kerbrat/signer.p12", "--to", "pressoir/receiver.recipient")
READING = ("--identity", "receiver.identity", "--roots", "roots.pem", "--into", "successor.db")
BY = ("--by", "Dr Exemple")
NEEDED = ("kerbrat", "pressoir", "receiver.identity", "roots.pem")


def successor_of(source: OpenDentalSource, practice: Sequence[tuple[str, str]]) -> None:
    """Make ``source``, a copy of the leaver's, the database of another practice that knows thirty of the patients."""
    for name in source.tables_with("PatNum"):
        source.run(f"DELETE FROM {name} WHERE PatNum > {KNOWN}")
    source.run(
        *(
            f"UPDATE preference SET ValueString = '{value}' WHERE PrefName = '{name}'"
            for name, value in practice
        )
    )


def exported(desk: Program, name: str) -> None:
    desk("export", "practice.db", name, "--all", *SIGNING).ok()


def imported(desk: Program, name: str) -> Any:
    return desk("import", name, *READING, "--json").ok().document


def persons(desk: Program) -> list[Any]:
    listed: list[Any] = desk("patients", "successor.db", "--json").ok().document["listed"]
    return listed


def answer_all(desk: Program) -> None:
    """Fill the list in: two records are of one person where both practices gave them the same number."""
    compared = desk("people", "show", "successor.db", "--json").ok().document["questions"]
    same = {}
    for one in compared:
        numbers = next(row for row in one["rows"] if row["label"] == "Numbers")
        same[one["question"]] = numbers["patient"][0] == numbers["candidate"][0]
    desk("people", "show", "successor.db", "--answers", "list.csv").ok()
    rows = list(csv.DictReader(io.StringIO((desk.folder / "list.csv").read_text("utf-8-sig")), delimiter=";"))
    with (desk.folder / "answers.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, "answer": "same" if same[row["question"]] else "different"})


def test_a_successor_takes_everything_over_and_knows_who_is_who(demo_line: Line, tmp_path: Path) -> None:
    desk = Program(folder=demo_line.copy(tmp_path, "practice.db", *NEEDED, "tilleuls.sqlite"))
    shutil.copy(tmp_path / "tilleuls.sqlite", tmp_path / "heir.sqlite")
    leaver, heir = (SqliteSource(path=tmp_path / name) for name in ("tilleuls.sqlite", "heir.sqlite"))
    take_over(desk, leaver, heir, preferences(demo_line.folder / "pressoir.sqlite"))


def preferences(practice: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(practice)) as db:
        return db.execute("SELECT PrefName, ValueString FROM preference").fetchall()


def take_over(
    desk: Program, leaver: OpenDentalSource, heir: OpenDentalSource, practice: Sequence[tuple[str, str]]
) -> None:
    """Play the journey between two databases, of which ``heir`` is still a copy of ``leaver``."""
    successor_of(heir, practice)
    desk("collect", "opendental", heir.address, "--into", "successor.db").incomplete()
    assert len(persons(desk)) == KNOWN

    exported(desk, "first.asice")
    totals = imported(desk, "first.asice")["totals"]
    assert totals["came_in"] == ALL and totals["newer_here"] == 0
    assert totals["recognised"] + totals["waiting"] >= KNOWN

    answer_all(desk)
    desk("people", "answer", "successor.db", "--file", "answers.csv", *BY).ok()
    listed = persons(desk)
    assert len(listed) == ALL and sum(len(one["merged"]) for one in listed) == KNOWN

    merged = desk("people", "list", "successor.db", "--json").ok().document["merged"]
    decided = next(one for one in merged if one["rule"] == "human")
    desk("people", "undo", "successor.db", decided["question"], *BY).ok()
    assert len(persons(desk)) == ALL + 1
    document = desk("people", "answer", "successor.db", "--file", "answers.csv", *BY, "--json").ok().document
    assert [one["question"] for one in document["recorded"]] == [decided["question"]]
    assert persons(desk) == listed

    leaver.run(
        "UPDATE patient SET HmPhone = '02 61 91 99 99', DateTStamp = '2027-02-28 09:00:00' WHERE PatNum = 40",
    )
    images = ("--images", SAMPLES / "practice" / "images")
    desk("collect", "opendental", leaver.address, *images, "--into", "practice.db").incomplete()
    exported(desk, "second.asice")
    totals = imported(desk, "second.asice")["totals"]
    assert (totals["came_in"], totals["newer_here"], totals["questions"]) == (1, 0, 0)
    assert persons(desk) == listed

    before = contents(desk.folder)
    receipt = imported(desk, "first.asice")
    assert receipt["totals"]["came_in"] == 0 and receipt["totals"]["newer_here"] == 1
    (dossier,) = [one for one in receipt["dossiers"] if one["newer_here"]]
    assert dossier["patient"]["number"] == "40"
    assert contents(desk.folder) == before
