"""``archiver read``: whoever has taken over reads today, in a browser; what stands in the way is said at once."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys.line import Line, contents
from tests.journeys.program import Program, ended

READ = ("--no-browser", "--idle", "1")
OPEN = ("--identity", "receiver.identity", "--roots", "roots.pem")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/#[0-9a-f]{64}$", re.MULTILINE)


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("read")
    small_line.copy(folder, "practice.db", "package.asice", "receiver.identity", "roots.pem")
    return Program(folder=folder)


def test_it_serves_until_nobody_reads_any_more_and_changes_nothing(desk: Program) -> None:
    before = contents(desk.folder)
    done = desk("read", "practice.db", *READ).ok()
    assert ADDRESS.search(done.out)
    assert "Ctrl-C ends it." in done.err and "Nothing is served any more." in done.err
    assert contents(desk.folder) == before


def test_a_package_is_read_with_its_key_and_not_without(desk: Program) -> None:
    assert ADDRESS.search(desk("read", "package.asice", *READ, *OPEN).ok().out)
    without = desk("read", "package.asice", *READ)
    assert without.status == 2 and without.out == ""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_and_is_no_failure(desk: Program, stop: signal.Signals) -> None:
    with desk.start("read", "practice.db", "--no-browser") as process:
        assert process.stdout is not None
        address = ADDRESS.search(process.stdout.readline().decode())
        assert address is not None
        page, _, _ = address[0].partition("#")
        with urllib.request.urlopen(page, timeout=20) as answer:  # noqa: S310 - our own
            assert b"data-served" in answer.read()
        process.send_signal(stop)
        done = ended(process)
    assert (done.status, "Nothing is served any more." in done.err) == (0, True)


def test_what_cannot_be_read_is_said_before_anything_is_served(desk: Program, tmp_path: Path) -> None:
    desk("read", "absent.db", *READ).refused("file-not-found", 54)
    shutil.copy2(desk.folder / "practice.db", tmp_path / "newer.db")
    with closing(sqlite3.connect(tmp_path / "newer.db")) as db:
        db.execute("PRAGMA user_version = 9999")
    program = Program(folder=tmp_path)
    newer = program("read", "newer.db", *READ)
    assert newer.status != 0 and "[store-newer]" in newer.err and newer.out == ""
    (tmp_path / "other.db").write_bytes(b"SQLite format 3\0" + bytes(100))
    other = program("read", "other.db", *READ)
    assert "[store-unreadable]" in other.err and other.out == ""
