"""The digest of a source: the same as long as reading gives the same, whatever engine holds it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from formats.databases.content_digest import content_digest
from formats.databases.files.folder import FileFolder
from formats.databases.given_rows import GivenRows
from formats.databases.sqlite_source import SqliteSource
from formats.databases.tables import OversizedValue
from formats.digests import Digest

ROWS = [(1, "Ægir", None), (2, "", 2.5), (2, "", 2.5), (None, "N", b"\x00")]


def made(path: Path, rows: list[tuple[object, ...]], columns: str = "a, b, c", name: str = "t") -> Digest:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE {name} ({columns})")
        connection.executemany(f"INSERT INTO {name} VALUES (?, ?, ?)", rows)
    with SqliteSource(path) as source:
        found = content_digest(source, None, ())
        assert found is not None
        return found


def test_rows_in_another_order_are_the_same(tmp_path: Path) -> None:
    assert made(tmp_path / "a.db", ROWS) == made(tmp_path / "a.db", ROWS[::-1])


@pytest.mark.parametrize(
    "other",
    [
        ROWS[:3],
        [*ROWS, ROWS[0]],
        [ROWS[0], ROWS[1], *ROWS[3:]],
        [(1, "Ægir", ""), *ROWS[1:]],
        [("1", "Ægir", None), *ROWS[1:]],
        [*ROWS[:3], (None, "N", "\x00")],
        [*ROWS[:3], ("N", None, b"\x00")],
        [*ROWS[:3], (None, b"N", b"\x00")],
    ],
    ids=["fewer", "more", "one of a pair", "empty", "text", "bytes", "changed places", "kind"],
)
def test_another_row_is_another_digest(tmp_path: Path, other: list[tuple[object, ...]]) -> None:
    assert made(tmp_path / "a.db", ROWS) != made(tmp_path / "a.db", other)


def test_names_and_options_count(tmp_path: Path) -> None:
    first = made(tmp_path / "a.db", ROWS)
    assert first != made(tmp_path / "a.db", ROWS, columns="a, c, b")
    assert first != made(tmp_path / "a.db", ROWS, name="u")
    source = GivenRows({"t": ("a",)}, {"t": [{"a": 1}]})
    digests = {content_digest(source, None, options).hex for options in ((), ("x",), ("y",), ("x", "y"))}
    assert len(digests) == 4


def test_a_value_beyond_the_limit_counts_by_its_size() -> None:
    sizes = (70_000_000, 70_000_001)
    sources = [GivenRows({"t": ("a",)}, {"t": [{"a": OversizedValue(size=size)}]}) for size in sizes]
    small, large = (content_digest(source, None, ()) for source in sources)
    assert small != large


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "b" / "new.jpg").write_bytes(b"1"),
        lambda folder: (folder / "one.jpg").write_bytes(b"12"),
        lambda folder: os.utime(folder / "one.jpg", ns=(1, 2)),
        lambda folder: (folder / "one.jpg").rename(folder / "two.jpg"),
    ],
    ids=["new", "size", "time", "name"],
)
def test_files_beside_the_tables_count(tmp_path: Path, change: Callable[[Path], object]) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "one.jpg").write_bytes(b"1")
    os.utime(tmp_path / "one.jpg", ns=(1, 1))
    source = GivenRows({}, {})
    before = content_digest(source, tmp_path, ())
    assert content_digest(source, tmp_path, ()) == before
    change(tmp_path)
    assert content_digest(source, tmp_path, ()) != before


@pytest.mark.parametrize("kind", ["link to a file", "link to a folder", "link out", "pipe", "gone"])
def test_what_cannot_be_vouched_for_has_no_digest(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, other = tmp_path / "images", tmp_path / "elsewhere"
    (folder / "B").mkdir(parents=True)
    other.mkdir()
    (folder / "one.jpg").write_bytes(b"1")
    source = GivenRows({}, {})
    assert content_digest(source, folder, ()) is not None
    if kind == "link to a file":  # of which the file is digested
        (folder / "link.jpg").symlink_to(folder / "one.jpg")
        before = content_digest(source, folder, ())
        (folder / "one.jpg").write_bytes(b"12")
        assert before is not None and content_digest(source, folder, ()) != before
        return
    if kind == "link to a folder":
        (folder / "link").symlink_to(folder / "B")
    elif kind == "link out":
        (folder / "link").symlink_to(other)
    elif kind == "pipe":
        os.mkfifo(folder / "pipe")
    else:
        real = Path.stat

        def vanishing(path: Path, **options: Any) -> os.stat_result:
            if path.name == "one.jpg" and not options:
                vanishing.calls += 1
                if vanishing.calls > 1:
                    raise FileNotFoundError(2, "gone")
            return real(path, **options)

        vanishing.calls = 0
        monkeypatch.setattr(Path, "stat", vanishing)
    assert content_digest(source, folder, ()) is None


def test_a_permission_that_changes_counts(tmp_path: Path) -> None:
    (tmp_path / "one.jpg").write_bytes(b"1")
    source = GivenRows({}, {})
    before = content_digest(source, tmp_path, ())
    time.sleep(0.02)
    (tmp_path / "one.jpg").chmod(0o400)
    assert content_digest(source, tmp_path, ()) != before


def test_a_folder_of_tables(tmp_path: Path) -> None:
    def digest() -> str:
        with FileFolder(tmp_path, {}) as source:
            return content_digest(source, None, ()).hex

    (tmp_path / "t.csv").write_text("a;b\n1;2\n3;4\n", encoding="utf-8")
    before = digest()
    assert digest() == before
    (tmp_path / "t.csv").write_text("a;b\n1;2\n3;5\n", encoding="utf-8")
    assert digest() != before


def test_what_is_said_of_the_files_counts(tmp_path: Path) -> None:
    """Of what lies there and is no row, nothing but a finding tells."""

    def digest() -> str:
        with FileFolder(tmp_path, {}) as source:
            return content_digest(source, None, ()).hex

    (tmp_path / "t.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    before = digest()
    (tmp_path / "t.xyz").write_text("x", encoding="utf-8")
    assert digest() != before


def test_a_file_of_delimited_text_counts_as_it_lies_there(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    digests = []
    for content in (b"a;b\n1;2\n3;4\n", b"a;b\n1;2\n3;4\n", b"a;b\n1;2\n3;5\n", b"a;b\r\n1;2\r\n3;4\r\n"):
        path.write_bytes(content)
        with FileFolder(tmp_path, {}) as source:
            assert source.table_checksum("t") is not None
            digests.append(content_digest(source, None, ()))
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
