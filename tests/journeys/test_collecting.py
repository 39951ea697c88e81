"""Collecting once more: what did not change stays, what changed is updated alone, nothing is lost."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.line import SAMPLES, Line, asked, contents
from tests.journeys.program import Ended, Program

SOFTWARE = (
    "collect", "opendental", "tilleuls.sqlite", "--images", SAMPLES / "practice" / "images",
    "--into", "practice.db",
)  # fmt: skip
IMAGING = ("collect", "dicom", SAMPLES / "practice" / "imaging", "--into", "practice.db")
PAPERS = ("collect", "documents", SAMPLES / "practice" / "papers", "--into", "practice.db")


@pytest.fixture
def desk(demo_line: Line, tmp_path: Path) -> Program:
    """Return the program on a machine where everything was collected once."""
    demo_line.copy(tmp_path, "tilleuls.sqlite", "practice.db", "studies.csv", "papers.csv")
    return Program(folder=tmp_path)


def change(desk: Program, statement: str) -> None:
    """Let somebody at the practice work with the software."""
    with closing(sqlite3.connect(desk.folder / "tilleuls.sqlite")) as connection, connection:
        assert connection.execute(statement).rowcount == 1


def changes(document: Any, what: str) -> dict[str, tuple[int, int]]:
    counts = document[what].items()
    return {name: (one["added"], one["updated"]) for name, one in counts if one["added"] or one["updated"]}


def rows(desk: Program) -> set[tuple[str, object]]:
    """Return every row of every table of the store."""
    store = desk.folder / "practice.db"
    names = [name for (name,) in asked(store, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {(str(name), row) for name in names for row in asked(store, f"SELECT * FROM [{name}]")}


@pytest.mark.parametrize("command", [SOFTWARE, IMAGING, PAPERS], ids=["software", "imaging", "papers"])
def test_collecting_twice_changes_nothing(desk: Program, command: tuple[str | Path, ...]) -> None:
    before = contents(desk.folder)
    ended = Ended.ok if command is IMAGING else Ended.incomplete
    done = ended(desk(*command))
    unchanged = "nothing was read again" if command is SOFTWARE else "Nothing changed."
    assert unchanged in done.out
    document = ended(desk(*command, "--json")).document
    assert document["changed"] is False
    for name, count in [*document["kinds"].items(), *document["tables"].items()]:
        assert (count["added"], count["updated"]) == (0, 0), name
        assert count["read"] == count["unchanged"] <= count["stored"], name
    assert contents(desk.folder) == before


def test_counts_read_are_counts_stored_per_table(desk: Program) -> None:
    document = desk(*SOFTWARE, "--json").incomplete().document
    assert len(document["tables"]) == 62
    with closing(sqlite3.connect(desk.folder / "tilleuls.sqlite")) as source:
        for name, count in document["tables"].items():
            (there,) = source.execute(f"SELECT count(*) FROM [{name}]").fetchone()
            assert count["read"] == count["stored"] == there, name
    stored = asked(
        desk.folder / "practice.db",
        "SELECT [table], count(*) FROM source_rows WHERE system = 'opendental' GROUP BY [table]",
    )
    assert dict(stored) == {name: count["stored"] for name, count in document["tables"].items()}


def test_a_changed_row_updates_only_its_own_records(desk: Program) -> None:
    before = rows(desk)
    change(desk, "UPDATE patient SET HmPhone = '02 61 91 00 00' WHERE PatNum = 45")
    document = desk(*SOFTWARE, "--json").incomplete().document
    assert changes(document, "tables") == {"patient": (0, 1)}
    assert changes(document, "kinds") == {"patients": (0, 1), "source_rows": (0, 1)}
    after = rows(desk)
    tables = {name for name, _ in before ^ after} - {"settings"}  # since when the practice is as it is
    assert tables == {"patients_contacts", "source_rows_columns", "journal"} or tables <= {
        "patients", "patients_contacts", "source_rows", "source_rows_columns", "journal",
    }, tables  # fmt: skip
    assert len(before - after) <= 5, sorted(before - after)
    assert "nothing was read again" in desk(*SOFTWARE).incomplete().out
    assert "Nothing changed." in desk(*SOFTWARE, "--again").incomplete().out


def test_a_new_row_is_added(desk: Program) -> None:
    change(
        desk,
        "INSERT INTO commlog SELECT (SELECT max(CommlogNum) + 1 FROM commlog), "
        + ", ".join(name for name in _columns(desk, "commlog") if name != "CommlogNum")
        + " FROM commlog WHERE CommlogNum = (SELECT min(CommlogNum) FROM commlog)",
    )
    document = desk(*SOFTWARE, "--json").incomplete().document
    assert changes(document, "tables") == {"commlog": (1, 0)}
    assert changes(document, "kinds") == {"notes": (1, 0), "source_rows": (1, 0)}


def _columns(desk: Program, table: str) -> Iterator[str]:
    for row in asked(desk.folder / "tilleuls.sqlite", f"PRAGMA table_info([{table}])"):
        yield str(row[1])


def test_a_deleted_row_is_kept_and_counted(desk: Program) -> None:
    change(desk, "DELETE FROM commlog WHERE CommlogNum = (SELECT max(CommlogNum) FROM commlog)")
    before = rows(desk)
    document = desk(*SOFTWARE, "--json").incomplete().document
    for _ in range(2):
        assert document["changed"] is False
        assert document["tables"]["commlog"]["kept_though_gone"] == 1
        assert document["kinds"]["notes"]["kept_though_gone"] == 1
        names = {name for name, _ in before ^ rows(desk)}
        assert names == {"settings", "gone_records", "journal"}
        document = desk(*SOFTWARE, "--json").incomplete().document
    assert document["unchanged_since"]


def test_an_unchanged_source_is_told_as_it_was_when_it_was_read(desk: Program) -> None:
    read = desk(*SOFTWARE, "--again", "--json", "--report", "read.csv").incomplete().document
    repeated = desk(*SOFTWARE, "--json", "--report", "repeated.csv").incomplete().document
    assert read["unchanged_since"] is None and repeated["unchanged_since"]
    assert repeated | {"unchanged_since": None} == read
    assert (desk.folder / "repeated.csv").read_bytes() == (desk.folder / "read.csv").read_bytes()


def test_a_file_that_was_lost_from_the_store_comes_back(desk: Program) -> None:
    query = "SELECT attachment_sha256 FROM documents WHERE original_name = 'Courrier Dr Évrard (1).pdf'"
    ((name,),) = asked(desk.folder / "practice.db", query)
    lost = desk.folder / "practice.files" / str(name)[:2] / str(name)
    lost.unlink()
    assert desk(*SOFTWARE, "--json").incomplete().document["unchanged_since"] is None
    assert lost.is_file()


def test_a_picture_that_changed_is_read_again(desk: Program) -> None:
    shutil.copytree(SAMPLES / "practice" / "images", desk.folder / "images")
    moved = (*SOFTWARE[:3], "--images", "images", *SOFTWARE[5:])
    desk.here(*moved).incomplete()
    assert desk.here(*moved, "--json").incomplete().document["unchanged_since"]
    picture = next(one for one in sorted((desk.folder / "images").rglob("*")) if one.is_file())
    os.utime(picture, (1, 1))
    assert desk.here(*moved, "--json").incomplete().document["unchanged_since"] is None


@pytest.mark.parametrize(
    ("operation", "detail", "unchanged"),
    [
        ("hold-set", {}, True),
        ("delivery", {}, True),
        ("collect", {"system": "dicom", "changed": {"image_studies": 2}}, True),
        ("collect", {"system": "dicom", "changed": {"patients": 1}}, False),
        ("collect", {"system": "archive", "changed": {"patients": 0, "source_rows": 3}}, False),
        ("import", {}, False),
        ("identity-answer", {}, False),
        ("what nobody knows yet", {}, False),
    ],
)
def test_what_may_have_changed_records_has_the_source_read_again(
    desk: Program, operation: str, detail: dict[str, Any], unchanged: bool
) -> None:
    desk(*SOFTWARE).incomplete()
    with closing(sqlite3.connect(desk.folder / "practice.db")) as connection, connection:
        connection.execute(
            "INSERT INTO journal (at, operation, detail) VALUES ('', ?, ?)", (operation, json.dumps(detail))
        )
    found = desk(*SOFTWARE, "--json").incomplete().document
    assert (found["unchanged_since"] is not None) is unchanged


def test_what_belongs_to_nobody_is_listed_filled_in_and_assigned(desk: Program) -> None:
    first = desk(*IMAGING, "--report", "again.csv", "--json").ok().document
    assert [one["state"] for one in first["unassigned"]] == ["unmatched", "unmatched", "ambiguous"]
    assert (desk.folder / "again.csv").read_bytes() == (desk.folder / "studies.csv").read_bytes()

    with (desk.folder / "studies.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream, delimiter=";"))
    assert {line["family_name"] for line in lines if line["key"]} == {"", "Inconnu", "Dubreuil"}
    assert {line["state"] for line in lines if not line["key"]} == {"note", "warning"}
    assert any("[imaging-document]" in line["reason"] for line in lines)
    for line in lines:
        if line["family_name"] == "Dubreuil":
            line["patient_number"] = "10"
    with (desk.folder / "filled.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(lines[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(lines)

    done = desk(*IMAGING, "--assign", "filled.csv", "--report", "rest.csv").ok()
    assert "2 could not be given to a patient for sure; they wait." in done.out
    rest = (desk.folder / "rest.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert sum(not line.startswith(";") for line in rest) == 2
    query = (
        "SELECT p.traits_birth_family_name FROM image_studies s JOIN patients p ON p.id = s.patient"
        " JOIN patients_identifiers i ON i.owner = p.id WHERE i.value = '10'"
    )
    assert asked(desk.folder / "practice.db", query) == [("Dubreuil",)]


def study_lines(desk: Program) -> list[str]:
    """Return the heading of the report and its lines of studies."""
    heading, *lines = (desk.folder / "studies.csv").read_text(encoding="utf-8").splitlines()
    return [heading, *(line for line in lines if line.startswith("2.25."))]


def test_an_assignment_to_a_number_of_several_patients_is_refused(desk: Program) -> None:
    store = desk.folder / "practice.db"
    with closing(sqlite3.connect(store)) as connection, connection:
        made = connection.execute("UPDATE patients_identifiers SET value = '10' WHERE value = '11'")
        assert made.rowcount == 1
    text = study_lines(desk)
    filled = desk.folder / "filled.csv"
    filled.write_text("\n".join([text[0], text[1] + "10"]) + "\n", encoding="utf-8")
    before = contents(desk.folder)
    sentence = desk.here(*IMAGING, "--assign", "filled.csv").refused("assignment-ambiguous", 31)
    assert "10" in sentence and "2 patients" in sentence
    assert contents(desk.folder) == before
    ((one,), _) = asked(store, "SELECT owner FROM patients_identifiers WHERE value = '10' ORDER BY owner")
    filled.write_text("\n".join([text[0], text[1] + str(one)]) + "\n", encoding="utf-8")
    assert desk.here(*IMAGING, "--assign", "filled.csv", "--json").ok().document["changed"] is True
    (key,) = [text[1].split(";")[0]]
    rows = asked(store, "SELECT patient FROM source_rows WHERE [table] = 'study' AND key = ?", key)
    assert rows == [(one,)]


def test_an_assignment_to_nobody_is_refused(desk: Program) -> None:
    text = study_lines(desk)
    (desk.folder / "filled.csv").write_text("\n".join([text[0], text[1] + "4711"]) + "\n", encoding="utf-8")
    before = contents(desk.folder)
    done = desk(*IMAGING, "--assign", "filled.csv", "--report", "rest.csv")
    assert "4711" in done.refused("assignment-unknown-patient", 30)
    assert contents(desk.folder) == before


def test_what_was_not_taken_is_said_once_a_code_and_listed_whole(desk: Program) -> None:
    """Errors first, one line a code with an example; all of them in the JSON and in the report."""
    change(desk, "UPDATE document SET FileName = 'lost-too.jpg' WHERE DocNum = 1")
    done = desk(*SOFTWARE, "--report", "findings.csv").incomplete()
    sentences = [line.strip() for line in done.err.splitlines() if "[" in line]
    codes = [re.search(r"\[([a-z-]+)\]", line)[1] for line in sentences]
    assert len(codes) == len(set(codes))
    order = [line.split(":", 1)[0] for line in sentences]
    assert order == sorted(order, key=["error", "warning", "note"].index)
    assert order[0] == "error" and "note" in order
    assert any("[opendental-file-missing] and 1 more like it" in line for line in sentences)
    assert "all are stored" not in done.out and "4 things of the source were not taken" in done.out
    with (desk.folder / "findings.csv").open(encoding="utf-8-sig", newline="") as stream:
        listed = [row for row in csv.DictReader(stream, delimiter=";") if not row["key"]]
    document = desk(*SOFTWARE, "--json").incomplete().document
    assert len(listed) == len(document["findings"]) > len(sentences)
    assert sum("[opendental-file-missing]" in row["reason"] for row in listed) == 2


@pytest.mark.parametrize("kind", ["dicom", "documents"])
def test_an_empty_source_is_no_success(desk: Program, kind: str) -> None:
    """The folder of a disk that is not mounted is there, and empty."""
    (desk.folder / "mnt").mkdir()
    (desk.folder / "mnt.csv").write_text("file;patient number\n", encoding="utf-8")
    done = desk.here("collect", kind, "mnt", "--into", "practice.db").incomplete()
    assert "[source-empty]" in done.err and "all are stored" not in done.out


def test_all_are_stored_only_where_they_are(desk: Program) -> None:
    (desk.folder / "whole").mkdir()
    scan = SAMPLES / "practice" / "imaging" / "pano" / "45_2024.dcm"
    (desk.folder / "whole" / "one.dcm").write_bytes(scan.read_bytes())
    done = desk.here("collect", "dicom", "whole", "--into", "practice.db").ok()
    assert "all are stored." in done.out


def test_what_cannot_be_stored_is_refused_alone_and_counted(desk: Program) -> None:
    """The software holds a number of more than 64 bits: the act is named, everything else comes in."""
    change(desk, "UPDATE procedurelog SET UnitQty = 1e30 WHERE ProcNum = 1")
    done = desk(*SOFTWARE, "--report", "findings.csv").incomplete()
    assert "procedurelog/1" in done.err and "[record-unstorable]" in done.err
    assert "refused" in done.out and "all are stored" not in done.out
    assert "record-unstorable" in (desk.folder / "findings.csv").read_text(encoding="utf-8")
    acts = desk(*SOFTWARE, "--json").incomplete().document["kinds"]["acts"]
    assert acts["refused"] == 1
    assert acts["read"] == acts["added"] + acts["updated"] + acts["unchanged"] + acts["refused"]


def test_a_merge_of_the_software_is_a_question_asked_once(desk: Program) -> None:
    """Who was merged in the software is one person here when somebody says so, and stays what was answered."""
    change(
        desk,
        "INSERT INTO patientlink (PatientLinkNum, PatNumFrom, PatNumTo, LinkType, DateTimeLink)"
        " VALUES (900, 11, 10, 1, '2024-03-14 10:00:00')",
    )
    done = desk(*SOFTWARE).incomplete()
    assert "[merged-in-software]" in done.err
    assert "[merged-in-software]" not in desk(*SOFTWARE, "--again").incomplete().err
    listed = desk("people", "list", "practice.db").ok().out
    assert "the practice software merged one into the other" in listed
