"""Stores, sources and targets that cannot serve: refused, and nothing is made, changed or replaced."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from samples.demo import COLLABORATOR
from tests.journeys.line import EXPORT, IMPORT, SAMPLES, Line, asked, contents
from tests.journeys.program import Program
from tests.tools import run


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program with everything both sides have."""
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db", "kerbrat", "pressoir")
    return Program(folder=small_line.copy(tmp_path, *names, "practice.db", "roster.csv", "pressoir.sqlite"))


def exporting(target: str) -> tuple[str, ...]:
    return (*EXPORT[:2], target, *EXPORT[3:])


def refused(desk: Program, command: tuple[str | Path, ...], code: str, status: int) -> str:
    before = contents(desk.folder)
    sentence = desk(*command).refused(code, status)
    assert contents(desk.folder) == before
    return sentence


def test_no_store_is_made_beside_the_files_of_another(desk: Program) -> None:
    """A store was renamed, and its folder of files was not: the files stay."""
    (desk.folder / "practice.db").rename(desk.folder / "old.db")
    there = sorted((desk.folder / "practice.files").rglob("*"))
    collecting = ("collect", "opendental", "pressoir.sqlite", "--into", "practice.db")
    sentence = refused(desk, collecting, "files-without-store", 41)
    assert "practice.files" in sentence
    assert sorted((desk.folder / "practice.files").rglob("*")) == there != []
    desk("collect", "opendental", "pressoir.sqlite", "--into", "new.db").ok()


# -- stores -------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"Bonjour\n" * 500], ids=["empty", "text"])
def test_a_store_that_is_no_database(desk: Program, content: bytes) -> None:
    (desk.folder / "practice.db").write_bytes(content)
    (desk.folder / "successor.db").write_bytes(content)
    refused(desk, exporting("out.asice"), "store-unreadable", 41)
    refused(desk, ("people", "list", "practice.db"), "store-unreadable", 41)
    if content:
        refused(desk, IMPORT, "store-unreadable", 41)
    else:  # what a command left that was ended before it wrote: nobody's, and begun again
        assert desk(*IMPORT).ok().err.startswith("The store successor.db was not there")


def test_a_database_that_is_no_store(desk: Program) -> None:
    with closing(sqlite3.connect(desk.folder / "other.db")) as other, other:
        other.execute("CREATE TABLE things (name TEXT)")
    refused(desk, ("export", "other.db", *exporting("out.asice")[2:]), "store-unreadable", 41)
    refused(desk, ("people", "list", "other.db"), "store-unreadable", 41)
    refused(desk, ("collect", "opendental", "pressoir.sqlite", "--into", "other.db"), "store-unreadable", 41)


def test_a_store_that_is_not_there(desk: Program) -> None:
    for command in (
        ("export", "nowhere.db", *exporting("out.asice")[2:]),
        ("people", "list", "nowhere.db"),
        ("collect", "dicom", SAMPLES / "practice" / "imaging", "--into", "nowhere.db"),
    ):
        assert "nowhere.db" in refused(desk, command, "file-not-found", 54)


def test_a_store_of_a_newer_version(desk: Program) -> None:
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store, store:
        store.execute("PRAGMA user_version = 999")
    sentence = refused(desk, exporting("out.asice"), "store-newer", 41)
    assert "999" in sentence and "newer version" in sentence


def test_a_store_cut_short(desk: Program) -> None:
    path = desk.folder / "practice.db"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    done = desk(*exporting("out.asice"))
    done.refused("store-unreadable", 41)
    assert not (desk.folder / "out.asice").exists()


def test_a_store_with_a_hole(desk: Program) -> None:
    path = desk.folder / "practice.db"
    whole = path.read_bytes()
    half = len(whole) // 2
    path.write_bytes(whole[:half] + bytes(8 << 16) + whole[half + (8 << 16) :])
    assert "it is damaged" in desk(*exporting("out.asice")).refused("store-unreadable", 41)
    assert not (desk.folder / "out.asice").exists()


def test_a_store_somebody_else_writes_to(desk: Program) -> None:
    before = contents(desk.folder)
    with closing(sqlite3.connect(desk.folder / "successor.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        sentence = desk(*IMPORT).refused("store-busy", 57)
        assert "Another command is writing" in sentence and "Try again when it has ended" in sentence
        for planned in (
            (*IMPORT, "--preview"),
            ("import", "undo", "successor.db", "--by", "Dr X", "--dry-run"),
        ):
            assert desk(*planned).status in {0, 39}, "a preview waits for nobody"
    assert contents(desk.folder) == before


@contextmanager
def shelved(desk: Program, *, folder: int = 0o500) -> Iterator[Path]:
    """Put the practice store on a shelf where nobody may write; ``folder`` is the mode of the shelf itself."""
    shelf = desk.folder / "shelf"
    shelf.mkdir()
    for path in desk.folder.glob("successor.*"):
        path.rename(shelf / path.name)
    places = [shelf, *(path for path in shelf.rglob("*"))]
    for path in places[1:]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    shelf.chmod(folder)
    try:
        yield shelf
    finally:
        for path in places:
            path.chmod(0o700 if path.is_dir() else 0o600)


READING: tuple[tuple[str, ...], ...] = (
    ("patients", "shelf/successor.db"),
    ("people", "list", "shelf/successor.db"),
    ("export", "shelf/successor.db", "all.asice", "--all", *EXPORT[9:]),
)
WRITING: tuple[tuple[str | Path, ...], ...] = (
    (*IMPORT[:-1], "shelf/successor.db"),
    ("collect", "opendental", "pressoir.sqlite", "--into", "shelf/successor.db"),
    ("people", "same", "shelf/successor.db", "1", "--by", "Dr Exemple"),
)


@pytest.mark.parametrize("mode", [0o500, 0o700], ids=["folder-locked", "file-locked"])
def test_a_store_nobody_may_write_to(desk: Program, mode: int) -> None:
    bound = desk.bound()
    desk(*IMPORT).ok()  # so that a question waits
    with shelved(desk, folder=mode) as shelf:
        before = contents(shelf)
        for command in WRITING:
            sentence = bound(*command).refused("store-read-only", 41)
            assert "shelf/successor.db" in sentence
        for command in READING:
            bound(*command).ok()
        assert contents(shelf) == before
    desk("verify", "all.asice", "--roots", "roots.pem").ok()


def test_a_store_whose_last_changes_cannot_be_read(desk: Program) -> None:
    """Changes that wait in a -wal file are not passed over, as a reader that ignores it would."""
    code = (
        "import os, sqlite3\n"
        "store = sqlite3.connect('successor.db')\n"
        "store.execute(\"INSERT INTO settings VALUES ('late', '1')\")\n"
        "store.commit()\n"
        "os._exit(0)\n"
    )
    run(sys.executable, "-c", code, cwd=desk.folder)
    (desk.folder / "successor.db-shm").unlink()
    with shelved(desk):
        assert "-wal" in desk.bound()(*READING[0]).refused("store-unreadable", 41)
    desk(*READING[0]).ok()


def test_a_store_nobody_may_read(desk: Program) -> None:
    path = desk.folder / "successor.db"
    path.chmod(0o000)
    done = desk.bound()("patients", "successor.db")
    path.chmod(0o600)
    assert done.status == 2 and "you may not read 'successor.db'" in done.err


# -- files behind documents ---------------------------------------------------------------


def test_a_file_of_the_store_is_gone(desk: Program) -> None:
    query = (
        "SELECT d.attachment_sha256 FROM documents d JOIN patients_identifiers i ON i.owner = d.patient"
        " WHERE i.value = '45' AND d.attachment_sha256 IS NOT NULL"
    )
    digest = str(asked(desk.folder / "practice.db", query)[0][0])
    path = desk.folder / "practice.files" / digest[:2] / digest
    data = path.read_bytes()
    path.unlink()
    assert digest in refused(desk, exporting("out.asice"), "files-lost", 35)
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert digest in refused(desk, exporting("out.asice"), "files-lost", 35)
    path.write_bytes(data + b"?")
    assert digest in refused(desk, exporting("out.asice"), "files-lost", 35)
    path.write_bytes(data)
    desk.here(*exporting("out.asice")).ok()


# -- sources ------------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "code", "status"), [
    ("nowhere.sqlite", "file-not-found", 54),
    ("roster.csv", "format", 43),
    ("practice.db", "not-opendental", 40),
    ("mysql://nobody@127.0.0.1:1/nothing", "source-unreachable", 40),
    ("mysql://nobody@127.0.0.1:1/", "database-address-invalid", 2),
])  # fmt: skip
def test_a_source_that_is_none(desk: Program, source: str, code: str, status: int) -> None:
    refused(desk, ("collect", "opendental", source, "--into", "successor.db"), code, status)
    refused(desk, ("collect", "opendental", source, "--into", "fresh.db"), code, status)


def test_a_source_that_counts_otherwise_than_it_reads(desk: Program) -> None:
    """A damaged index: SQLite counts rows along one and reads them from the table."""
    with closing(sqlite3.connect(desk.folder / "pressoir.sqlite", isolation_level=None)) as source:
        source.execute("CREATE TABLE few (a INTEGER)")
        source.execute("INSERT INTO few VALUES (1)")
        source.execute("CREATE INDEX of_few ON few (a)")
        source.execute("CREATE INDEX of_many ON commlog (PatNum)")
        source.execute("PRAGMA writable_schema = ON")
        source.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'of_few')"
            " WHERE name = 'of_many'"
        )
    command = ("collect", "opendental", "pressoir.sqlite", "--into", "fresh.db")
    assert "commlog" in refused(desk, command, "counts-differ", 34)


def test_a_time_zone_that_is_none(desk: Program) -> None:
    command = (
        "collect",
        "opendental",
        "pressoir.sqlite",
        "--into",
        "fresh.db",
        "--time-zone",
        "Mars/Olympus",
    )
    refused(desk, command, "unknown-time-zone", 2)


def test_a_folder_that_is_none(desk: Program) -> None:
    for kind in ("dicom", "documents"):
        refused(desk, ("collect", kind, "nowhere", "--into", "practice.db"), "folder-not-found", 54)


def test_a_list_of_documents_that_is_none(desk: Program) -> None:
    (desk.folder / "papers").mkdir()
    command = ("collect", "documents", "papers", "--into", "practice.db", "--csv")
    refused(desk, (*command, "nowhere.csv"), "file-not-found", 54)
    (desk.folder / "list.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    refused(desk, (*command, "list.csv"), "table-unreadable", 46)


def test_an_assignment_that_is_none(desk: Program) -> None:
    command = ("collect", "dicom", SAMPLES / "practice" / "imaging", "--into", "practice.db", "--assign")
    refused(desk, (*command, "nowhere.csv"), "file-not-found", 54)
    (desk.folder / "list.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    refused(desk, (*command, "list.csv"), "table-unreadable", 46)


# -- targets ------------------------------------------------------------------------------


def test_a_package_that_exists_is_not_replaced(desk: Program) -> None:
    assert "package.asice" in refused(desk, exporting("package.asice"), "already-exists", 42)
    (desk.folder / "folder").mkdir()
    refused(desk, exporting("folder"), "already-exists", 42)


def test_a_folder_that_is_not_there(desk: Program) -> None:
    sentence = refused(desk, exporting("nowhere/out.asice"), "folder-not-found", 54)
    assert sentence == "Folder not found: nowhere." and ".part" not in sentence
    refused(
        desk, ("collect", "opendental", "pressoir.sqlite", "--into", "nowhere/s.db"), "folder-not-found", 54
    )
    refused(desk, (*IMPORT[:-1], "nowhere/s.db"), "folder-not-found", 54)


def test_a_folder_nobody_may_write_to(desk: Program) -> None:
    locked = desk.folder / "locked"
    locked.mkdir(mode=0o500)
    assert "permission" in refused(desk.bound(), exporting("locked/out.asice"), "disk-fault", 51)


def test_a_receipt_that_cannot_be_written_is_said_before_anything_comes_in(desk: Program) -> None:
    refused(desk, (*IMPORT, "--receipt", "nowhere/receipt.json"), "folder-not-found", 54)


def test_a_report_that_cannot_be_written_is_said_before_anything_is_stored(desk: Program) -> None:
    command = ("collect", "documents", SAMPLES / "practice" / "papers", "--into", "successor.db")
    refused(desk, (*command, "--report", "nowhere/report.csv"), "folder-not-found", 54)
    desk.here(*command, "--report", "report.csv").incomplete()


def test_everybody_does_not_leave_with_somebody(desk: Program) -> None:
    order = ("--all", "--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    done = desk("export", "practice.db", "out.asice", "--practitioner", COLLABORATOR, *order)
    assert done.status == 2 and "[usage]" in done.err
    assert not (desk.folder / "out.asice").exists()
