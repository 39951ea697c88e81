"""Sealed units go both ways between us, 7-Zip and stock pyzipper."""

from __future__ import annotations

import io
import secrets
from pathlib import Path

import pytest
import pyzipper

from archiver.sealing.errors import SealBroken
from archiver.sealing.keystream import STEP
from archiver.sealing.unit import new_passphrase, sealing_unit
from archiver.sealing.unsealing import open_unit, unseal
from tests.tools import need, run

SIZES = [0, 1, 4096, STEP, 5 * STEP + 123]


def sealed(folder: Path, data: bytes) -> tuple[Path, str]:
    passphrase = new_passphrase(secrets.token_bytes)
    path = folder / "unit.zip"
    with (
        path.open("wb") as target,
        sealing_unit(
            target, passphrase=passphrase, salt=secrets.token_bytes(16), member="PAT00007.ZIP"
        ) as sink,
    ):
        sink.write(data)
    return path, passphrase


@pytest.mark.parametrize("size", SIZES)
def test_7_zip_extracts_ours(tmp_path: Path, size: int) -> None:
    data = secrets.token_bytes(size)
    path, passphrase = sealed(tmp_path, data)
    output = run(need("7z", "7zz"), "x", "-y", f"-p{passphrase}", f"-o{tmp_path / 'out'}", path)
    assert "Everything is Ok" in output and "Warnings" not in output
    assert (tmp_path / "out" / "PAT00007.ZIP").read_bytes() == data


def test_7_zip_notices_a_changed_unit_as_we_do(tmp_path: Path) -> None:
    path, passphrase = sealed(tmp_path, bytes(5000))
    changed = bytearray(path.read_bytes())
    changed[2000] ^= 1
    path.write_bytes(changed)
    with pytest.raises(AssertionError, match=r"CRC Failed|Data Error"):
        run(need("7z", "7zz"), "t", f"-p{passphrase}", path)
    with path.open("rb") as source, pytest.raises(SealBroken):
        unseal(source, passphrase, io.BytesIO())


@pytest.mark.parametrize("size", SIZES)
def test_stock_pyzipper_reads_ours(tmp_path: Path, size: int) -> None:
    data = secrets.token_bytes(size)
    path, passphrase = sealed(tmp_path, data)
    with pyzipper.AESZipFile(path) as file:
        file.setpassword(passphrase.encode())
        (info,) = file.infolist()
        assert (info.wz_aes_version, info.wz_aes_strength, info.compress_type) == (2, 3, pyzipper.ZIP_STORED)
        assert file.read("PAT00007.ZIP") == data


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("streamed", [False, True])
def test_we_read_stock_pyzippers(size: int, streamed: bool) -> None:
    data, target = secrets.token_bytes(size), io.BytesIO()
    outlet = Pipe(target) if streamed else target
    with pyzipper.AESZipFile(outlet, "w", encryption=pyzipper.WZ_AES) as file:
        file.setpassword(b"mot de passe")
        file.writestr("TRANSV.ZIP", data)
    assert open_unit(target, "mot de passe").read() == data


class Pipe:
    """A target that cannot go back."""

    def __init__(self, target: io.BytesIO) -> None:
        self._target = target

    def write(self, data: bytes) -> int:
        return self._target.write(data)

    def flush(self) -> None:
        self._target.flush()


@pytest.mark.parametrize("size", [4096, 5 * STEP + 123])
def test_we_read_7_zips(tmp_path: Path, size: int) -> None:
    (tmp_path / "PAT00008.ZIP").write_bytes(secrets.token_bytes(size))
    run(
        need("7z", "7zz"),
        "a",
        "-tzip",
        "-mem=AES256",
        "-mx0",
        "-psecret",
        "theirs.zip",
        "PAT00008.ZIP",
        cwd=tmp_path,
    )
    opened = io.BytesIO()
    with (tmp_path / "theirs.zip").open("rb") as source:
        unsealed = unseal(source, "secret", opened)
    assert unsealed.member == "PAT00008.ZIP"
    assert opened.getvalue() == (tmp_path / "PAT00008.ZIP").read_bytes()


@pytest.mark.slow
def test_a_unit_beyond_four_gibibytes_opens_everywhere(tmp_path: Path) -> None:
    block, count = secrets.token_bytes(1 << 26), 65
    passphrase, path = new_passphrase(secrets.token_bytes), tmp_path / "long.zip"
    with (
        path.open("wb") as target,
        sealing_unit(target, passphrase=passphrase, salt=secrets.token_bytes(16)) as sink,
    ):
        for _ in range(count):
            sink.write(block)
    assert sink.sealed.size == path.stat().st_size > 1 << 32
    assert "Everything is Ok" in run(need("7z", "7zz"), "t", f"-p{passphrase}", path)
    with path.open("rb") as source:
        stream = open_unit(source, passphrase)
        stream.seek(64 << 26)
        assert stream.read(1 << 26) == block and stream.read(1) == b""
