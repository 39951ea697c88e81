"""What the strict ZIP reader lets in, and what it refuses."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from formats.errors import FormatFailure, LimitExceeded, UnsafeName
from formats.zip import member
from formats.zip.archive import ZipArchive
from formats.zip.errors import ZipDamaged, ZipMemberMissing, ZipRefused
from formats.zip.limits import ZipLimits

TEXT = b"du texte\n" * 20_000


def made(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


def opened(data: bytes, **limits: int) -> ZipArchive:
    return ZipArchive(io.BytesIO(data), limits=ZipLimits(**limits))


PLAIN = made(("A.TXT", TEXT), ("B/C.TXT", b"deux"), ("B/EMPTY", b""))


def test_an_archive_of_another_program_is_read() -> None:
    archive = opened(PLAIN)
    assert set(archive.members) == {"A.TXT", "B/C.TXT", "B/EMPTY"}
    assert archive.open("A.TXT").read() == TEXT
    assert archive.read("B/C.TXT", limit=4) == b"deux"
    assert archive.open("B/EMPTY").read() == b""


@pytest.mark.parametrize("at_once", [member.MAX_AT_ONCE, 0])
def test_two_members_are_read_side_by_side(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(member, "MAX_AT_ONCE", at_once)
    archive = opened(made(("A", TEXT), ("B", TEXT[::-1])))
    first, second = archive.open("A"), archive.open("B")
    halves = [first.read(999), second.read(77), first.read(), second.read()]
    assert halves[0] + halves[2] == TEXT
    assert halves[1] + halves[3] == TEXT[::-1]


def test_a_comment_and_folders_are_let_in() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("F/", b"")
        archive.writestr("F/A", b"a")
        archive.comment = b"made by hand"
    assert set(opened(target.getvalue()).members) == {"F/A"}


def test_data_descriptors_of_another_program_are_read() -> None:
    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.taken = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.taken += data
            return len(data)

    target = Unseekable()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("A", TEXT)
        archive.writestr("B", b"b")
    assert opened(bytes(target.taken)).open("A").read() == TEXT


def test_zip64_end_records_that_no_number_needs_are_let_in_where_they_agree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The standard library has them from 2 GiB on."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    data = made(("A", b"a"), ("B", b"b"))
    end64 = data.index(b"PK\x06\x06")
    assert set(opened(data).members) == {"A", "B"}
    with pytest.raises(ZipRefused, match="contradict"):
        opened(patched(data, end64 + 48, "<Q", 1))


def test_a_missing_member_is_said_to_be_missing() -> None:
    with pytest.raises(ZipMemberMissing):
        opened(PLAIN).open("NOBODY")


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../A",
        "A/../../B",
        "A/./B",
        "C:/A",
        "CON",
        "A/NUL.TXT",
        "A\\B",
        "A.",
        "A:stream",
        "e\u0301",
    ],
)
def test_unsafe_names_are_refused(name: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = name
    with pytest.raises(UnsafeName):
        opened(made((info, b"x")))


def central(data: bytes, index: int = 0) -> int:
    """Return where the directory entry number ``index`` begins."""
    at = -1
    for _ in range(index + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    return at


def patched(data: bytes, at: int, shape: str, value: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(shape, changed, at, value)
    return bytes(changed)


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    assert len(old) == len(new)
    return data.replace(old, new)


def overlapping() -> bytes:
    """Two directory entries that share one local header, as ZIP bombs do."""
    data = made(("A", TEXT), ("B", b"b"), method=zipfile.ZIP_STORED)
    return patched(data, central(data, 1) + 42, "<L", 0)


def with_gap() -> bytes:
    first = made(("A", b"a"))
    end = first.index(b"PK\x01\x02")
    hidden = b"hidden bytes"
    data = first[:end] + hidden + first[end:]
    return patched(data, len(data) - 6, "<L", end + len(hidden))


def symlink() -> bytes:
    info = zipfile.ZipInfo("L")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return made((info, b"/etc/passwd"))


REFUSED: dict[str, Callable[[], bytes]] = {
    "not a ZIP": lambda: b"%PDF-1.7",
    "nothing": lambda: b"",
    "cut short": lambda: PLAIN[:-1],
    "half": lambda: PLAIN[: len(PLAIN) // 2],
    "bytes in front": lambda: b"MZ" + PLAIN,
    "bytes behind": lambda: PLAIN + b"\0",
    "two end records": lambda: PLAIN[:-2] + struct.pack("<H", 22) + b"PK\x05\x06" + bytes(18),
    "encrypted": lambda: patched(PLAIN, central(PLAIN) + 8, "<H", 1),
    "bzip2": lambda: made(("A", TEXT), method=zipfile.ZIP_BZIP2),
    "overlapping": overlapping,
    "gap": with_gap,
    "symbolic link": symlink,
    "twice": lambda: renamed(made(("AA", b"1"), ("AB", b"2")), b"AB", b"AA"),
    "case clash": lambda: made(("aa", b"1"), ("AA", b"2")),
    "file and folder": lambda: made(("A", b"1"), ("a/B", b"2")),
    "folder with bytes": lambda: renamed(made(("AB", b"1")), b"AB", b"A/"),
    "other local name": lambda: PLAIN.replace(b"A.TXT", b"B.TXT", 1),
    "other local method": lambda: patched(PLAIN, 8, "<H", 0),
    "other local method of a stored member": lambda: patched(
        made(("A", b"abc"), method=zipfile.ZIP_STORED), 8, "<H", 12
    ),
    "other local CRC": lambda: patched(PLAIN, 14, "<L", 1),
    "other media": lambda: patched(PLAIN, len(PLAIN) - 18, "<H", 1),
    "too few entries": lambda: patched(patched(PLAIN, len(PLAIN) - 14, "<H", 2), len(PLAIN) - 12, "<H", 2),
    "too many entries": lambda: patched(patched(PLAIN, len(PLAIN) - 14, "<H", 9), len(PLAIN) - 12, "<H", 9),
    "stored with two lengths": lambda: patched(
        made(("A", b"abc"), method=zipfile.ZIP_STORED),
        central(made(("A", b"abc"), method=zipfile.ZIP_STORED)) + 24,
        "<L",
        9,
    ),
    "missing ZIP64 record": lambda: patched(PLAIN, len(PLAIN) - 6, "<L", 0xFFFFFFFF),
}


@pytest.mark.parametrize("flaw", REFUSED)
def test_a_structure_that_is_not_plain_is_refused(flaw: str) -> None:
    with pytest.raises(ZipRefused):
        opened(REFUSED[flaw]())


def with_local_and_central(data: bytes, offset: int, shape: str, value: int) -> bytes:
    """Patch a field in the local header (``offset``) and in the directory (two bytes further on)."""
    return patched(patched(data, offset, shape, value), central(data) + offset + 2, shape, value)


def longer_than_stated() -> bytes:
    return with_local_and_central(made(("A", TEXT)), 22, "<L", len(TEXT) - 1)


def shorter_than_stated() -> bytes:
    return with_local_and_central(made(("A", TEXT)), 22, "<L", len(TEXT) + 1)


def other_crc() -> bytes:
    return with_local_and_central(made(("A", TEXT)), 14, "<L", 1)


def broken_stream() -> bytes:
    data = bytearray(made(("A", TEXT)))
    data[31] = 0xFF
    return bytes(data)


def surplus_behind_the_stream() -> bytes:
    """A deflate stream that ends before the packed bytes do."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(TEXT) + packer.flush() + b"surplus"
    data = made(("A", packed), method=zipfile.ZIP_STORED)
    data = with_local_and_central(data, 8, "<H", 8)
    data = with_local_and_central(data, 22, "<L", len(TEXT))
    return with_local_and_central(data, 14, "<L", zlib.crc32(TEXT))


@pytest.mark.parametrize(
    "flawed",
    [longer_than_stated, shorter_than_stated, other_crc, broken_stream, surplus_behind_the_stream],
)
@pytest.mark.parametrize("step", [1, 1000, -1])
@pytest.mark.parametrize("at_once", [member.MAX_AT_ONCE, 0])
def test_a_member_that_is_not_what_it_says_is_damaged(
    flawed: Callable[[], bytes], step: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member, "MAX_AT_ONCE", at_once)
    archive = opened(flawed())
    with pytest.raises(ZipDamaged), archive.open("A") as stream:
        while stream.read(step):
            pass


@pytest.mark.parametrize("at_once", [member.MAX_AT_ONCE, 0])
def test_a_flipped_byte_is_always_noticed(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(member, "MAX_AT_ONCE", at_once)
    data = made(("A.TXT", b"une ligne\n" * 9), ("B", b"stored"))
    for place in range(len(data)):
        for flip in (0x01, 0x80):
            changed = bytearray(data)
            changed[place] ^= flip
            try:
                archive = opened(bytes(changed))
                read = {name: archive.open(name).read() for name in archive.members}
            except FormatFailure:
                continue
            # Dates, versions and attributes are not data: whatever is let in reads the same.
            assert sorted(read.values()) == [b"stored", b"une ligne\n" * 9], place


def test_limits_are_kept() -> None:
    bomb = made(("A", bytes(70 << 20)))
    with pytest.raises(LimitExceeded):
        opened(bomb)
    assert opened(bomb, ratio=2000).members["A"].size == 70 << 20
    for limits in ({"members": 2}, {"member_bytes": len(TEXT) - 1}, {"total_bytes": len(TEXT)}):
        with pytest.raises(LimitExceeded):
            opened(PLAIN, **limits)
    with pytest.raises(LimitExceeded):
        opened(PLAIN).read("A.TXT", limit=len(TEXT) - 1)
