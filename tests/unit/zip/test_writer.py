"""A ZIP archive written without seeking is read by others and by ourselves."""

from __future__ import annotations

import io
import os
import zipfile
from bisect import bisect_right
from datetime import UTC, datetime
from typing import Any

import pytest

from formats.errors import LimitExceeded
from formats.zip import writer
from formats.zip.archive import ZipArchive
from formats.zip.writer import HEAD, MemberTwice, ZipStream
from tests.unit.pdlgc.bodies import WRITTEN_AT, Pipe

NOISE = os.urandom(HEAD + 4321)
TEXT = b"une ligne de texte\r\n" * (HEAD // 8)


def written(members: dict[str, list[bytes]], *, when: datetime = WRITTEN_AT) -> bytes:
    target = Pipe()
    stream = ZipStream(target, when=when)
    for name, pieces in members.items():
        stream.add(name, pieces)
    assert stream.finish() == len(target.taken)
    return bytes(target.taken)


MEMBERS = {
    "EMPTY": [],
    "SHORT.TXT": [b"bonjour"],
    "SHORT.BIN": [NOISE[:5000]],
    "LONG.TXT": [TEXT],
    "LONG.BIN": [NOISE[:HEAD], NOISE[HEAD:]],
    "EXACT": [bytes(HEAD)],
    "PIECES": [b"x"] * 3000,
    "DOSSIER/été.txt": [b"accents"],
}


def test_python_and_our_strict_reader_read_every_member() -> None:
    data = written(MEMBERS)
    ours, theirs = ZipArchive(io.BytesIO(data)), zipfile.ZipFile(io.BytesIO(data))
    assert list(ours.members) == theirs.namelist() == list(MEMBERS)
    assert theirs.testzip() is None
    for name, pieces in MEMBERS.items():
        assert ours.open(name).read() == theirs.read(name) == b"".join(pieces)


def test_what_does_not_shrink_is_stored() -> None:
    infos = {info.filename: info for info in zipfile.ZipFile(io.BytesIO(written(MEMBERS))).infolist()}
    for name in ("EMPTY", "SHORT.BIN", "LONG.BIN"):
        assert infos[name].compress_type == zipfile.ZIP_STORED
    for name in ("LONG.TXT", "EXACT", "PIECES"):
        assert infos[name].compress_type == zipfile.ZIP_DEFLATED
        assert infos[name].compress_size < infos[name].file_size // 10


def test_only_long_members_need_a_descriptor() -> None:
    infos = {info.filename: info for info in zipfile.ZipFile(io.BytesIO(written(MEMBERS))).infolist()}
    assert [name for name, info in infos.items() if info.flag_bits & 8] == ["LONG.TXT", "LONG.BIN"]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert written(MEMBERS) == written(MEMBERS)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (datetime(2026, 11, 21, 10, 15, 31, tzinfo=UTC), (2026, 11, 21, 10, 15, 30)),
        (datetime(1979, 12, 31, tzinfo=UTC), (1980, 1, 1, 0, 0, 0)),
        (datetime(2108, 1, 1, tzinfo=UTC), (2107, 12, 31, 23, 59, 58)),
    ],
)
def test_dates_stay_inside_what_dos_can_say(when: datetime, expected: tuple[int, ...]) -> None:
    (info,) = zipfile.ZipFile(io.BytesIO(written({"A": [b"a"]}, when=when))).infolist()
    assert info.date_time == expected


def test_a_name_is_written_once() -> None:
    stream = ZipStream(Pipe(), when=WRITTEN_AT)
    stream.add("A", [b"1"])
    with pytest.raises(MemberTwice):
        stream.add("A", [b"2"])


def test_a_member_must_not_outgrow_what_was_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MAX_UNANNOUNCED", 2 * HEAD)
    stream = ZipStream(Pipe(), when=WRITTEN_AT)
    with pytest.raises(LimitExceeded):
        stream.add("A", [NOISE, NOISE])


def test_an_announced_large_member_gets_64_bit_sizes() -> None:
    target = Pipe()
    stream = ZipStream(target, when=WRITTEN_AT)
    stream.add("WIDE.TXT", [TEXT], size=writer.ZIP64_FROM)
    stream.add("AFTER", [b"a"])
    stream.finish()
    data = bytes(target.taken)
    assert zipfile.ZipFile(io.BytesIO(data)).read("WIDE.TXT") == TEXT
    assert ZipArchive(io.BytesIO(data)).open("WIDE.TXT").read() == TEXT
    assert ZipArchive(io.BytesIO(data)).open("AFTER").read() == b"a"


@pytest.mark.slow
def test_more_members_than_16_bits_can_count() -> None:
    count = 0x10001
    data = written({f"F{number:07d}": [b""] for number in range(count)})
    assert len(zipfile.ZipFile(io.BytesIO(data)).namelist()) == count
    assert len(ZipArchive(io.BytesIO(data)).members) == count


class Rope(io.RawIOBase):
    """Holds what is written by reference, so that gigabytes of one repeated block need no memory."""

    def __init__(self) -> None:
        self._parts: list[memoryview] = []
        self._starts: list[int] = []
        self._length = 0
        self._position = 0

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = memoryview(data)
        self._starts.append(self._length)
        self._parts.append(part)
        self._length += len(part)
        return len(part)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        self._position = origin + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:
        if self._position >= self._length:
            return 0
        index = bisect_right(self._starts, self._position) - 1
        inside = self._position - self._starts[index]
        piece = self._parts[index][inside : inside + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)


@pytest.mark.slow
def test_a_member_and_an_offset_beyond_four_gigabytes() -> None:
    block, times = NOISE[:HEAD], 4100
    rope = Rope()
    stream = ZipStream(rope, when=WRITTEN_AT)
    stream.add("CBCT", (block for _ in range(times)), size=len(block) * times)
    stream.add("BEHIND", [b"still found"])
    assert stream.finish() > 1 << 32
    source = io.BufferedReader(rope, 1 << 20)
    theirs = zipfile.ZipFile(source)
    assert theirs.getinfo("CBCT").file_size == len(block) * times
    assert theirs.read("BEHIND") == b"still found"
    ours = ZipArchive(source)
    assert ours.open("BEHIND").read() == b"still found"
    with ours.open("CBCT") as member:
        length = 0
        while piece := member.read(1 << 20):
            length += len(piece)
    assert length == len(block) * times
