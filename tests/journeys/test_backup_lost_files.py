"""A practice store loses files: its backup goes on without them, says so, and gives back what an earlier run has."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.backups import KEY, NAME, PATIENT, change, objects, rows
from tests.journeys.program import Program

FILES = (
    "SELECT attachment_sha256 FROM {table} t JOIN patients_identifiers i ON i.owner = t.patient"
    " WHERE i.value = '45' AND attachment_sha256 IS NOT NULL ORDER BY 1"
)
IMAGES = (
    "SELECT n.attachment_sha256 FROM image_studies_series_instances n JOIN image_studies s ON s.id = n.owner"
    " JOIN patients_identifiers i ON i.owner = s.patient WHERE i.value = '45' ORDER BY 1"
)


def place(practice: Program, digest: str, files: str = "practice.files") -> Path:
    return practice.folder / files / digest[:2] / digest


def asked(practice: Program, query: str) -> list[str]:
    with closing(sqlite3.connect(practice.folder / "practice.db")) as db:
        return [one for (one,) in db.execute(query)]


@pytest.fixture
def lost(practice: Program) -> dict[str, bytes]:
    """His document is lost, one of his pictures damaged, a radiograph cut short; what they were."""
    document = asked(practice, FILES.format(table="documents"))[0]
    picture = next(one for one in asked(practice, FILES.format(table="image_files")) if one != document)
    image = asked(practice, IMAGES)[0]
    before = {one: place(practice, one).read_bytes() for one in (document, picture, image)}
    place(practice, document).unlink()
    data = bytearray(before[picture])
    data[len(data) // 2] ^= 1
    place(practice, picture).write_bytes(data)
    place(practice, image).write_bytes(before[image][:-1])
    return before


def run(practice: Program, status: int) -> dict[str, Any]:
    done = practice("backup", "run", "backup", "--json")
    assert done.status == status, done.err
    document: dict[str, Any] = done.document
    return document


def problems(practice: Program) -> list[dict[str, Any]]:
    document = practice("backup", "status", "backup", "--json").document
    assert document["good"] is not bool(document["problems"])
    found: list[dict[str, Any]] = document["problems"]
    return found


def listed(practice: Program) -> dict[str, Any]:
    """Return what the newest list says of dossiers that were sealed without files."""
    document = json.loads((practice.folder / "backup" / "list.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = document.get("lost", {})
    return found


def require_whole(practice: Program, lost: dict[str, bytes], into: str) -> None:
    """Restore everything, and require every row and every lost file to be as before."""
    done = practice("backup", "restore", "backup", *KEY, "--into", f"{into}.db", "--json").ok().document
    assert done["dossiers"] == done["expected"]
    assert rows(practice.folder / f"{into}.db") == rows(practice.folder / "practice.db")
    for digest, data in lost.items():
        assert place(practice, digest, f"{into}.files").read_bytes() == data


def test_a_run_goes_on_and_says_which_files_are_lost(practice: Program, lost: dict[str, bytes]) -> None:
    digests = sorted(lost)
    change(practice.folder / "practice.db")
    done = run(practice, 4)
    assert done["wrote"] and done["sealed"] == 1
    assert done["lost"] == [{"number": PATIENT, "files": digests}]
    (problem,) = (one for one in problems(practice) if one["code"] == "backup-file-lost")
    assert problem["where"] == f"patients/{PATIENT}"
    assert (
        all(digest in problem["text"] for digest in digests) and "3 files of this dossier" in problem["text"]
    )
    shown = practice("backup", "run", "backup")
    assert shown.status == 4 and all(digest in shown.err for digest in digests)
    (entry,) = listed(practice).values()
    assert len(entry["files"]) == 3 and len(entry["earlier"]) == 1


def test_what_an_earlier_run_has_comes_back_in_its_place(practice: Program, lost: dict[str, bytes]) -> None:
    change(practice.folder / "practice.db")
    run(practice, 4)
    change(practice.folder / "practice.db", given="Zoé Louise")
    run(practice, 4)
    (entry,) = listed(practice).values()
    assert len(entry["earlier"]) == 1, "the second version had no file that the third lacks"
    require_whole(practice, lost, "back")
    one = practice(
        "backup", "restore", "backup", *KEY, "--patient", PATIENT, "--into", "one.db", "--json"
    ).ok()
    assert (one.document["lost"], one.document["recovered"]) == (3, 3)
    names = "SELECT original_name FROM documents WHERE attachment_sha256 = '{}'"
    document = next(digest for digest in lost if asked(practice, names.format(digest)))
    (name,) = asked(practice, names.format(document))
    wanted = ("--patient", NAME, "--document", name, "--to", "found", "--json")
    found = practice("backup", "restore", "backup", *KEY, *wanted).ok().document
    assert found["sha256"] == document
    practice("backup", "drill", "backup", *KEY).ok()


def test_what_the_vault_has_whole_is_not_sealed_again_and_is_said(
    practice: Program, lost: dict[str, bytes]
) -> None:
    done = run(practice, 4)
    assert not done["wrote"] and [len(one["files"]) for one in done["lost"]] == [2], (
        "what no one reads is unnoticed"
    )
    assert [one["code"] for one in problems(practice)] == ["backup-file-lost"]
    require_whole(practice, lost, "back")


def test_a_file_that_is_put_back_is_sealed_and_nothing_is_lost(
    practice: Program, lost: dict[str, bytes]
) -> None:
    change(practice.folder / "practice.db")
    run(practice, 4)
    for digest, data in lost.items():
        place(practice, digest).write_bytes(data)
    done = run(practice, 0)
    assert done["sealed"] == 1 and done["lost"] == []
    assert problems(practice) == [] and listed(practice) == {}
    require_whole(practice, lost, "back")


def test_the_only_version_that_has_a_file_is_never_pruned(practice: Program, lost: dict[str, bytes]) -> None:
    path = practice.folder / "backup" / "backup.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["policy"] = dict.fromkeys(("all_days", "daily", "monthly", "yearly"), 0)
    path.write_text(json.dumps(document), encoding="utf-8")
    first = objects(practice.folder / "disk")
    for given in ("Zoé", "Louise", "Ève"):
        change(practice.folder / "practice.db", given=given)
        run(practice, 4)
    assert set(first) <= set(objects(practice.folder / "disk"))
    assert practice("backup", "run", "backup", "--again", "--json").status == 4
    assert set(first) <= set(objects(practice.folder / "disk")), "it alone has the files"
    require_whole(practice, lost, "back")
    for digest, data in lost.items():
        place(practice, digest).write_bytes(data)
    assert practice("backup", "run", "backup", "--again", "--json").ok().document["pruned"]
    require_whole(practice, lost, "after")


def test_what_the_machine_forgot_it_finds_again(practice: Program, lost: dict[str, bytes]) -> None:
    change(practice.folder / "practice.db")
    run(practice, 4)
    for name in ("state.json", "list.json"):
        (practice.folder / "backup" / name).unlink()
    done = run(practice, 4)
    assert done["rebuilt"] and [len(one["files"]) for one in done["lost"]] == [3]


def test_files_of_nobody_are_sealed_once_and_a_lost_one_is_said(practice: Program) -> None:
    path = practice.folder / "backup" / "list.json"
    first = json.loads(path.read_text(encoding="utf-8"))
    before = first["files"]
    assert len(before) == 5 and {package for package, _ in before.values()} == {first["object"]}
    change(practice.folder / "practice.db")
    run(practice, 0)
    assert json.loads(path.read_text(encoding="utf-8"))["files"] == before, "sealed once"
    assigned = set(asked(practice, ASSIGNED))
    names = asked(practice, "SELECT sha256 FROM files ORDER BY 1")
    one = next(place(practice, name) for name in names if name not in assigned)
    data = one.read_bytes()
    one.unlink()
    done = run(practice, 4)
    assert done["lost"] == [{"number": "", "files": [one.name]}] and not done["wrote"]
    (problem,) = problems(practice)
    assert (problem["code"], problem["where"]) == ("backup-file-lost", "")
    back = practice("backup", "restore", "backup", *KEY, "--into", "back.db", "--json").ok().document
    assert back["files"] == 5
    assert place(practice, one.name, "back.files").read_bytes() == data


def test_a_damaged_file_of_nobody_is_said_at_every_run_and_writes_none(practice: Program) -> None:
    assigned = set(asked(practice, ASSIGNED))
    names = asked(practice, "SELECT sha256 FROM files ORDER BY 1")
    one = next(place(practice, name) for name in names if name not in assigned)
    data = one.read_bytes()
    one.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    again = practice("backup", "run", "backup", "--again", "--json")
    assert again.status == 4 and again.document["lost"] == [{"number": "", "files": [one.name]}]
    done = run(practice, 4)
    assert not done["wrote"] and done["lost"] == [{"number": "", "files": [one.name]}]
    one.write_bytes(data)
    assert run(practice, 0)["wrote"]
    back = practice("backup", "restore", "backup", *KEY, "--into", "back.db", "--json").ok().document
    assert back["files"] == 5 and back["lost"] == 0


ASSIGNED = " UNION ALL ".join(
    f"SELECT attachment_sha256 FROM {table} WHERE attachment_sha256 IS NOT NULL"
    for table in ("documents", "image_files", "image_studies_series_instances")
)
