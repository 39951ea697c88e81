from __future__ import annotations

import io
import secrets
import zipfile
import zlib

import pytest
from Cryptodome.Cipher import AES
from Cryptodome.Util import Counter

from archiver.errors import DiskFull, KeyUnreadable
from archiver.sealing.errors import SealBroken, UnitRefused
from archiver.sealing.keystream import ARITHMETIC, STEP, WITHOUT_NUMPY, Keystream, at_once
from archiver.sealing.sealed import SealedUnit
from archiver.sealing.unit import new_passphrase, new_salt, sealing_unit
from archiver.sealing.unsealing import open_unit, unseal
from formats.digests import Digest

PASSPHRASE = "p" * 43
SALT = b"s" * 16


def sealed(data: bytes, *, member: str = "PAT00001.ZIP") -> tuple[bytes, SealedUnit]:
    target = io.BytesIO()
    with sealing_unit(target, passphrase=PASSPHRASE, salt=SALT, member=member) as sink:
        sink.write(data)
    return target.getvalue(), sink.sealed


@pytest.mark.parametrize("without_numpy", [0, WITHOUT_NUMPY])
@pytest.mark.parametrize("position", [0, 1, 16, STEP - 1, STEP, 3 * STEP + 5])
def test_the_key_stream_is_little_endian_counter_mode(
    monkeypatch: pytest.MonkeyPatch, position: int, without_numpy: int
) -> None:
    monkeypatch.setattr(ARITHMETIC, "_left", without_numpy)
    key, data = secrets.token_bytes(32), secrets.token_bytes(position + STEP)
    counter = Counter.new(128, little_endian=True)
    expected = AES.new(key, AES.MODE_CTR, counter=counter).encrypt(data)
    ours = Keystream(key)
    ours.seek(position)
    assert bytes(ours.apply(data[position:])) == expected[position:]
    assert bytes(at_once(key, data)) == expected
    assert ARITHMETIC.is_wide is not bool(without_numpy)


def test_every_digest_and_size_is_that_of_the_bytes_written() -> None:
    data = secrets.token_bytes(3 * STEP + 17)
    unit, outcome = sealed(data, member="TRANSV.ZIP")
    assert outcome == SealedUnit(
        member="TRANSV.ZIP",
        size=len(unit),
        digest=Digest.of(unit),
        crc32=zlib.crc32(unit),
        plain_size=len(data),
        plain_digest=Digest.of(data),
    )


def test_the_same_input_makes_the_same_unit() -> None:
    assert sealed(b"dossier") == sealed(b"dossier")


def test_the_frame_has_one_size_whatever_it_holds() -> None:
    empty = len(sealed(b"")[0])
    for size in (1, STEP, 2 * STEP + 3):
        assert len(sealed(bytes(size))[0]) - size == empty


def test_names_and_date_tell_nothing() -> None:
    unit, _ = sealed(b"dossier")
    with zipfile.ZipFile(io.BytesIO(unit)) as outer:
        (info,) = outer.infolist()
    assert (info.filename, info.date_time, info.CRC) == ("PAT00001.ZIP", (1980, 1, 1, 0, 0, 0), 0)
    assert (info.extract_version, info.create_system, info.flag_bits) == (51, 3, 0x9)


def test_the_sink_takes_a_zip_that_streams() -> None:
    target = io.BytesIO()
    with sealing_unit(target, passphrase=PASSPHRASE, salt=SALT) as sink:
        with zipfile.ZipFile(sink, "w") as inner:
            inner.writestr("IHE_XDM/DOC.XML", "<a/>" * 1000)
        assert sink.tell() > 4000
    with zipfile.ZipFile(open_unit(target, PASSPHRASE)) as inner:
        assert inner.read("IHE_XDM/DOC.XML") == b"<a/>" * 1000


class Meagre:
    """A target that takes at most 1000 bytes a call, as a raw file may, and knows no position."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes | memoryview, /) -> int:
        self.data += bytes(data[:1000])
        return min(len(data), 1000)


def test_a_target_may_take_less_than_it_is_given() -> None:
    target = Meagre()
    with sealing_unit(target, passphrase=PASSPHRASE, salt=SALT) as sink:
        sink.write(b"dossier" * 5000)
    assert target.data == sealed(b"dossier" * 5000)[0]


def test_a_unit_may_stand_in_the_middle_of_a_file() -> None:
    container = io.BytesIO(b"before")
    container.seek(6)
    with sealing_unit(container, passphrase=PASSPHRASE, salt=SALT) as sink:
        sink.write(b"dossier")
    container.write(b"after")
    opened = open_unit(container, PASSPHRASE, offset=6, size=sink.sealed.size)
    assert opened.read() == b"dossier"


class Full:
    """A target whose disk fills up after ``free_bytes`` bytes."""

    def __init__(self, free_bytes: int) -> None:
        self.free_bytes = free_bytes

    def write(self, data: bytes | memoryview, /) -> int:
        self.free_bytes -= len(data)
        if self.free_bytes < 0:
            raise DiskFull
        return len(data)


@pytest.mark.parametrize("free_bytes", [0, 80, 100, STEP, 2 * STEP + 100])
def test_a_full_disk_is_told_and_nothing_else(free_bytes: int) -> None:
    def attempt() -> None:
        with sealing_unit(Full(free_bytes), passphrase=PASSPHRASE, salt=SALT) as sink:
            for _ in range(40):
                sink.write(bytes(STEP // 16))

    with pytest.raises(DiskFull):
        attempt()


def test_a_broken_off_unit_is_never_whole() -> None:
    target = io.BytesIO()
    sinks = []

    def interrupted() -> None:
        with sealing_unit(target, passphrase=PASSPHRASE, salt=SALT) as sink:
            sinks.append(sink)
            sink.write(bytes(2 * STEP))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    written = len(target.getvalue())
    with pytest.raises(UnitRefused):
        _ = sinks[0].sealed
    sinks.clear()
    assert len(target.getvalue()) == written
    with pytest.raises(SealBroken):
        unseal(target, PASSPHRASE, io.BytesIO())


def test_a_passphrase_is_256_random_bits_in_43_characters() -> None:
    assert new_passphrase(lambda size: b"\xff" * size) == "_" * 42 + "8"
    assert len({new_passphrase(secrets.token_bytes) for _ in range(100)}) == 100
    assert len(new_salt(secrets.token_bytes)) == 16


@pytest.mark.parametrize(
    "member", ["", "PAT1.ZIP", "PAT00001.zip", "PAT00001.ZIP\n", "../TRANSV.ZIP", "DUPONT.ZIP"]
)
def test_a_member_name_that_tells_something_is_refused(member: str) -> None:
    with pytest.raises(UnitRefused):
        sealed(b"", member=member)


@pytest.mark.parametrize("passphrase", ["", "x" * 65, "\udcff"])
def test_a_passphrase_with_a_second_spelling_is_refused(passphrase: str) -> None:
    with pytest.raises(KeyUnreadable), sealing_unit(io.BytesIO(), passphrase=passphrase, salt=SALT):
        pass


def test_a_salt_of_another_size_is_refused() -> None:
    with pytest.raises(UnitRefused), sealing_unit(io.BytesIO(), passphrase=PASSPHRASE, salt=b"short"):
        pass
