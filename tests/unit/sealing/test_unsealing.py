from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import replace
from typing import Any

import pytest
import pyzipper

from archiver.errors import WrongPassphrase
from archiver.sealing import unsealing
from archiver.sealing.errors import SealBroken, UnitMismatch
from archiver.sealing.keyring_lines import KeyringEntry
from archiver.sealing.keystream import STEP
from archiver.sealing.unit import sealing_unit
from archiver.sealing.unit_layout import read_layout
from archiver.sealing.unsealing import UnsealedUnit, open_entry, open_unit, unseal
from formats.digests import Digest
from formats.errors import Failure

PASSPHRASE = "p" * 43
PLAIN = bytes(range(256)) * 3


def unit(plain: bytes = PLAIN, member: str = "PAT00001.ZIP") -> bytes:
    target = io.BytesIO()
    with sealing_unit(target, passphrase=PASSPHRASE, salt=b"s" * 16, member=member) as sink:
        sink.write(plain)
    return target.getvalue()


def by_pyzipper(
    *members: tuple[str, bytes],
    compression: int = pyzipper.ZIP_STORED,
    comment: bytes = b"",
    **encryption: Any,
) -> bytes:
    target = io.BytesIO()
    with pyzipper.AESZipFile(target, "w", compression=compression) as file:
        file.setpassword(PASSPHRASE.encode())
        file.setencryption(pyzipper.WZ_AES, **encryption)
        for name, data in members:
            file.writestr(name, data)
        file.comment = comment
    return target.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(SealBroken) as caught:
        unseal(io.BytesIO(data), PASSPHRASE, io.BytesIO())
    with pytest.raises(SealBroken):
        open_unit(io.BytesIO(data), PASSPHRASE)
    return str(caught.value)


def test_both_ways_of_opening_give_what_was_sealed() -> None:
    target = io.BytesIO()
    unsealed = unseal(io.BytesIO(unit()), PASSPHRASE, target)
    assert target.getvalue() == open_unit(io.BytesIO(unit()), PASSPHRASE).read() == PLAIN
    assert (unsealed.member, unsealed.plain_size) == ("PAT00001.ZIP", len(PLAIN))
    assert isinstance(unsealed, UnsealedUnit)


MODES = {"at once": (1 << 30, 1 << 30), "held": (1 << 30, 0), "as it is read": (0, 0)}
"""What may be held, and what is decrypted in one go."""


@pytest.fixture(params=MODES)
def _mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    in_memory, at_once = MODES[request.param]
    monkeypatch.setattr(unsealing, "MAX_IN_MEMORY", in_memory)
    monkeypatch.setattr(unsealing, "MAX_AT_ONCE", at_once)


@pytest.mark.usefixtures("_mode")
def test_an_opened_unit_seeks() -> None:
    plain = b"".join(struct.pack("<Q", number) for number in range(STEP // 4))
    stream = open_unit(io.BytesIO(unit(plain)), PASSPHRASE)
    for at in (0, 8, len(plain) - 8, STEP, STEP - 3, 5):
        assert stream.seek(at) == at and stream.read(8) == plain[at : at + 8]
    assert stream.seek(-4, io.SEEK_END) == len(plain) - 4 and stream.read() == plain[-4:]
    assert stream.seek(len(plain) + 10) and stream.read(1) == b""
    stream.seek(3)
    stream.seek(2, io.SEEK_CUR)
    assert stream.read(1) == plain[5:6]
    for beyond, whence in ((-1, io.SEEK_SET), (-len(plain) - 1, io.SEEK_END)):
        with pytest.raises(OSError, match="before the start"):
            stream.seek(beyond, whence)


@pytest.mark.usefixtures("_mode")
def test_a_unit_is_what_the_keyring_says_it_is() -> None:
    plain = bytes(range(256)) * STEP
    entry = KeyringEntry(
        unit="u",
        member="PAT00001.ZIP",
        passphrase=PASSPHRASE,
        plain_digest=Digest.of(plain),
        plain_size=len(plain),
        patient={},
        counts={},
        salt="B" * 43,
    )
    assert open_entry(io.BytesIO(unit(plain)), entry).read() == plain
    others = (
        replace(entry, plain_size=len(plain) + 1),
        replace(entry, plain_digest=Digest.from_hex("0" * 64)),
        replace(entry, member="PAT00002.ZIP"),
    )
    for other in others:
        with pytest.raises(UnitMismatch):
            open_entry(io.BytesIO(unit(plain)), other)


def test_a_wrong_passphrase_is_told_before_anything_is_written() -> None:
    target = io.BytesIO()
    with pytest.raises(WrongPassphrase):
        unseal(io.BytesIO(unit()), "q" * 43, target)
    assert target.getvalue() == b""


def test_a_unit_of_stock_pyzipper_is_read() -> None:
    data = by_pyzipper(("PAT00042.ZIP", PLAIN), nbits=256)
    assert open_unit(io.BytesIO(data), PASSPHRASE).read() == PLAIN


def test_other_archives_are_not_units() -> None:
    one = ("PAT00001.ZIP", PLAIN)
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as file:
        file.writestr(*one)
    reasons = {
        refused(by_pyzipper(one, ("PAT00002.ZIP", b"x"))),
        refused(by_pyzipper(one, compression=pyzipper.ZIP_DEFLATED)),
        refused(by_pyzipper(one, nbits=128)),
        refused(by_pyzipper(one, force_wz_aes_version=1)),
        refused(by_pyzipper(("DUPONT.ZIP", PLAIN))),
        refused(by_pyzipper(one, comment=b"hidden")),
        refused(by_pyzipper()),
        refused(plain.getvalue()),
        refused(b""),
        refused(bytes(1000)),
    }
    assert len(reasons) >= 6


def test_nothing_stands_before_or_after() -> None:
    data = unit()
    refused(b"x" + data)
    refused(data + b"x")
    refused(data + data)
    refused(data[:-22] + b"hidden" + data[-22:])


def test_a_hidden_second_entry_is_seen() -> None:
    data = bytearray(unit())
    directory = data.rindex(b"PK\x01\x02")
    entry = bytes(data[directory:-22])
    end = bytearray(data[-22:])
    end[12:16] = (2 * len(entry)).to_bytes(4, "little")
    assert "more than one entry" in refused(bytes(data[:-22]) + entry + bytes(end))


@pytest.mark.usefixtures("_mode")
def test_a_unit_cut_anywhere_is_refused() -> None:
    data = unit(b"dossier")
    for size in range(len(data)):
        refused(data[:size])


@pytest.mark.usefixtures("_mode")
def test_a_flipped_bit_is_noticed_in_every_byte_that_means_something() -> None:
    data = unit(b"dossier")
    directory = data.rindex(b"PK\x01\x02")
    # versions and file attributes decide nothing; only the outer digest covers them
    free = {4, 5, *(directory + at for at in (4, 5, 6, 7, 36, 37, 38, 39, 40, 41))}
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 0x10
        if at in free:
            assert open_unit(io.BytesIO(bytes(changed)), PASSPHRASE).read() == b"dossier"
        else:
            with pytest.raises((SealBroken, WrongPassphrase)):
                open_unit(io.BytesIO(bytes(changed)), PASSPHRASE)


def test_a_long_unit_is_laid_out_in_zip64() -> None:
    """Five gibibytes that exist only as their headers: sizes and directory go through ZIP64."""
    size = 5 << 30
    name, extra = b"PAT00001.ZIP", struct.pack("<2H", 0x9901, 7) + bytes.fromhex("02004145030000")
    long_local = struct.pack("<2H2Q", 1, 16, size, size + 28)
    long_entry = struct.pack("<2H2Q", 1, 16, size, size + 28)
    head = struct.pack("<4s5H3L2H", b"PK\x03\x04", 51, 1, 99, 0, 33, 0, 2**32 - 1, 2**32 - 1, 12, 31)
    head += name + long_local + extra
    directory_at = len(head) + size + 28
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 51, 51, 1, 99, 0, 33, 0, 2**32 - 1, 2**32 - 1, 12, 31, 0, 0, 0, 0, 0
    )
    entry += name + long_entry + extra
    end64_at = directory_at + len(entry)
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 51, 51, 0, 0, 1, 1, len(entry), directory_at)
    end += struct.pack("<4sLQL", b"PK\x06\x07", 0, end64_at, 1)
    end += struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), 2**32 - 1, 0)
    source = Hollow(head, size + 28, entry + end)
    layout = read_layout(source, 0, source.length)
    assert (layout.plain_size, layout.data_at) == (size, len(head) + 18)
    wrong = Hollow(head, size + 28, entry + end.replace(struct.pack("<Q", end64_at), struct.pack("<Q", 7)))
    with pytest.raises(Failure):
        read_layout(wrong, 0, wrong.length)


class Ends:
    """A target that keeps the first and the last bytes written to it, and their number."""

    def __init__(self) -> None:
        self.head, self.tail, self.size = b"", b"", 0

    def write(self, data: bytes | memoryview, /) -> int:
        self.head += bytes(data[: max(0, 100 - len(self.head))])
        self.tail = (self.tail + bytes(data[-400:]))[-400:]
        self.size += len(data)
        return len(data)


def test_zip64_end_records_that_no_number_needs_are_let_in_where_they_agree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """pyzipper has them from 2 GiB on; units that it laid out for us too."""
    monkeypatch.setattr("pyzipper.zipfile.ZIP64_LIMIT", 40)
    data = by_pyzipper(("PAT00042.ZIP", PLAIN), nbits=256)
    end64 = data.rindex(b"PK\x06\x06")
    assert struct.unpack_from("<2L", data, len(data) - 10)[1] < 2**32 - 1
    assert open_unit(io.BytesIO(data), PASSPHRASE).read() == PLAIN
    lying = bytearray(data)
    lying[end64 + 48] ^= 1
    assert "contradict" in refused(bytes(lying))


@pytest.mark.slow
def test_a_unit_of_two_gibibytes_is_read_and_needs_no_zip64() -> None:
    size, target = (1 << 31) - 28, Ends()
    with sealing_unit(target, passphrase=PASSPHRASE, salt=b"s" * 16) as sink:
        block = bytes(1 << 20)
        for start in range(0, size, len(block)):
            sink.write(block[: size - start])
    assert target.size == size + 216
    unit = Hollow(target.head, target.size - 500, target.tail)
    layout = read_layout(unit, 0, unit.length)
    assert (layout.member, layout.plain_size) == ("PAT00001.ZIP", size)


class Hollow:
    """A seekable source with a head, a hole of zeros and a tail."""

    def __init__(self, head: bytes, hole: int, tail: bytes) -> None:
        self._head, self._tail = head, tail
        self._tail_at = len(head) + hole
        self.length = self._tail_at + len(tail)
        self._at = 0

    def seek(self, at: int) -> int:
        self._at = at
        return at

    def read(self, size: int) -> bytes:
        part, start = (self._tail, self._tail_at) if self._at >= self._tail_at else (self._head, 0)
        data = part[self._at - start :][:size]
        self._at += len(data)
        return data
