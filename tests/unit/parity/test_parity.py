"""Parity of a file: made by the extra, applied by it and by Debian's program, and what it survives."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.parity import program
from archiver.parity.create import (
    BLOCKS,
    MAX_BLOCKS,
    SMALLEST_BLOCK,
    block_size,
    create_parity,
    recovery_blocks,
)
from archiver.parity.errors import ParityFailed
from archiver.parity.repair import ParityRepair, digest_of_copy, repair_by_parity
from archiver.signing.errors import ExtraMissing
from formats.digests import SHA512, Digest
from tests.tools import need

DATA = os.urandom(3 << 20)
NAME = "volume-1.asice"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the file and its parity."""
    (tmp_path / NAME).write_bytes(DATA)
    create_parity(tmp_path / NAME)
    return tmp_path


def mend(folder: Path, copies: tuple[Path, ...] = (), parity: tuple[Path, ...] | None = None) -> ParityRepair:
    digest = Digest.of(DATA, algorithm=SHA512)
    found = tuple(folder.glob("*.par2")) if parity is None else parity
    return repair_by_parity(folder, NAME, digest, parity=found, copies=copies)


def flipped(data: bytes, *places: int) -> bytes:
    changed = bytearray(data)
    for place in places:
        changed[place] ^= 1
    return bytes(changed)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "bits": lambda data: flipped(data, 0, 70_000, len(data) - 1),
    "cut short": lambda data: data[: -len(data) // 20],
    "bytes inserted": lambda data: data[:5000] + b"inserted" + data[5000:],
    "bytes taken out": lambda data: data[:5000] + data[5100:],
    "a run of zeros": lambda data: data[:400_000] + bytes(150_000) + data[550_000:],
    "blocks in another order": lambda data: data[1 << 20 :] + data[: 1 << 20],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_parity_mends(folder: Path, damage: str) -> None:
    (folder / NAME).write_bytes(DAMAGE[damage](DATA))
    mended = mend(folder)
    assert mended.path == folder / NAME
    assert mended.path.read_bytes() == DATA


@pytest.mark.parametrize("damage", ["bits", "bytes inserted"])
def test_debians_program_mends_with_the_parity_of_the_extra(folder: Path, damage: str) -> None:
    (folder / NAME).write_bytes(DAMAGE[damage](DATA))
    done = subprocess.run(
        [need("par2"), "repair", "-q", f"{NAME}.par2"], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert (folder / NAME).read_bytes() == DATA


def test_what_is_beyond_the_parity_is_not_mended_and_counted(folder: Path) -> None:
    (folder / NAME).write_bytes(bytes(1 << 20) + DATA[1 << 20 :])
    mended = mend(folder)
    assert mended.path is None
    assert mended.blocks == -(-len(DATA) // SMALLEST_BLOCK)
    assert mended.found == mended.blocks - 256


def test_two_damaged_copies_are_mended_where_neither_could_be_alone(folder: Path) -> None:
    half = len(DATA) // 2
    (folder / NAME).write_bytes(bytes(half) + DATA[half:])
    other = folder / "copy-of-the-other-storage"
    other.write_bytes(DATA[: half + 5000] + bytes(half - 5000))
    assert mend(folder).path is None
    (folder / NAME).write_bytes(bytes(half) + DATA[half:])
    assert mend(folder, (other,)).path is not None


def test_damaged_parity_still_counts(folder: Path) -> None:
    for one in folder.glob("*.par2"):
        data = one.read_bytes()
        one.write_bytes(flipped(data, 10, len(data) // 2))
    (folder / NAME).write_bytes(flipped(DATA, 1000))
    assert mend(folder).path is not None


def test_parity_that_is_nothing_mends_nothing(folder: Path) -> None:
    for one in folder.glob("*.par2"):
        one.write_bytes(b"")
    (folder / NAME).write_bytes(flipped(DATA, 1000))
    assert mend(folder) == ParityRepair(path=None, found=0, blocks=0)
    assert mend(folder, parity=()) == ParityRepair(path=None, found=0, blocks=0)


def test_parity_of_another_file_is_not_used(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whoever wrote into the storage could have the program write a file of any name."""
    foreign = tmp_path_factory.mktemp("foreign") / "other.asice"
    foreign.write_bytes(DATA)
    for one in create_parity(foreign):
        shutil.copy(one, folder / f"{NAME}.{one.name}")
    (folder / NAME).write_bytes(flipped(DATA, 1000))
    mended = mend(folder)
    assert mended.unfit == 2
    assert mended.path is not None
    assert not (folder / "other.asice").exists()


def test_our_digest_decides(folder: Path) -> None:
    """Parity made from bytes that are not those of the package mends them into what they were, and that is refused."""
    wrong = Digest.of(b"what was sealed", algorithm=SHA512)
    (folder / NAME).write_bytes(flipped(DATA, 1000))
    mended = repair_by_parity(folder, NAME, wrong, parity=folder.glob("*.par2"), copies=())
    assert mended.path is None
    assert digest_of_copy(folder / NAME, wrong) != wrong


@pytest.mark.parametrize("size", [1, 4096, 4097, 10**6, 4_096_001, 80 * 10**6, 10**9, 4 * 10**9, 10**12])
def test_blocks_are_neither_too_small_nor_too_many(size: int) -> None:
    block = block_size(size)
    blocks = -(-size // block)
    assert block % 4 == 0
    assert block >= SMALLEST_BLOCK
    assert blocks <= BLOCKS < MAX_BLOCKS
    assert recovery_blocks(size) >= max(2, blocks // 10)


def test_a_missing_program_and_an_empty_file_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(ParityFailed):
        create_parity(tmp_path / "empty")
    (tmp_path / NAME).write_bytes(DATA)
    monkeypatch.setattr(program.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ExtraMissing) as caught:
        create_parity(tmp_path / NAME)
    assert "archiver[parity]" in str(caught.value)
