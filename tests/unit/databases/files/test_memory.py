"""A file of tables goes by: what is held does not grow with it, in whatever kind of file the rows are."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from formats.databases.files.folder import FileFolder
from formats.databases.files.table_file import TableFile
from formats.tables import delimited as delimited_text

ROWS = 8_000
TEXT = "Sensibilité au froid, à revoir dans six mois. " * 40
"""Some 1,800 characters: 15 MB of them."""
MOST = 5 << 20
"""Bytes that may be held at a time: a mebibyte of the spool, 8 bytes a row, what a parser reads ahead, its buffers."""


def delimited() -> Iterator[str]:
    yield "NUM;TEXTE\n"
    yield from (f"{n};{TEXT}\n" for n in range(ROWS))


def json_list() -> Iterator[str]:
    yield "["
    for n in range(ROWS):
        yield ("," if n else "") + json.dumps({"NUM": n, "TEXTE": TEXT, "DANS": {"LISTE": [1, 2]}})
    yield "]"


def xml() -> Iterator[str]:
    yield "<?xml version='1.0' encoding='utf-8'?><r>"
    yield from (f"<p NUM='{n}'><TEXTE>{TEXT}</TEXTE></p>" for n in range(ROWS))
    yield "</r>"


def calendar() -> Iterator[str]:
    yield "BEGIN:VCALENDAR\r\n"
    for n in range(ROWS // 8):
        yield f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:20250612T120000Z\r\n"
        yield from (f"X-{part}:{TEXT}\r\n" for part in range(8))
        yield "END:VEVENT\r\n"
    yield "END:VCALENDAR\r\n"


def fixed_width() -> Iterator[str]:
    yield from (f"{n:06}{TEXT}\n" for n in range(ROWS))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "pieces", "known"),
    [
        ("T.csv", delimited, {"expected": ("NUM", "TEXTE")}),
        ("T.json", json_list, {}),
        ("T.xml", xml, {}),
        ("T.ics", calendar, {}),
        ("T.txt", fixed_width, {"widths": (6, len(TEXT)), "headings": ("NUM", "TEXTE")}),
    ],
)
def test_what_is_held_does_not_grow_with_the_file(
    name: str,
    pieces: Callable[[], Iterator[str]],
    known: dict[str, tuple[int, ...]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        delimited_text, "SAMPLE", 1 << 16
    )  # else four mebibytes, whatever the size of the file
    path = tmp_path / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(pieces())
    assert path.stat().st_size > 2 * MOST
    known_file = {"T": TableFile(**known)}  # type: ignore[arg-type]
    with FileFolder(tmp_path, known_file):
        """Loads what reads it."""
    tracemalloc.start()
    try:
        with FileFolder(tmp_path, known_file) as source:
            seen = sum(1 for _ in source.rows("t"))
            column = source.tables()["t"].columns[0]
            ordered = sum(1 for _ in source.rows_in_text_order("t", column))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seen == ordered == (ROWS // 8 if name == "T.ics" else ROWS)
    assert peak < MOST
