"""A disk that fills up under every step: one sentence, and everything is as it was."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.assembly.request import least_volume_bytes
from archiver.signing.certificates.reading import write_pem
from tests.journeys.line import EXPORT, IMPORT, SAMPLES, Line, contents
from tests.journeys.program import Program
from tests.large import fill
from tests.tools import need
from tests.tsa import LocalAuthority, listening

KIB = 1 << 10


@contextmanager
def disk_of(folder: Path, size: int) -> Iterator[Path]:
    """Mount a disk of ``size`` bytes on ``folder``; skip where nobody may."""
    mount, umount = need("mount"), need("umount")
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    folder.mkdir()
    options = f"size={size},mode=0700"
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip(
            f"this machine lets nobody mount a disk: {done.stderr.decode('utf-8', 'replace').strip()}"
        )
    try:
        yield folder
    finally:
        subprocess.run([umount, folder], check=True)


@contextmanager
def disk_almost_full(folder: Path, line: Line, free_bytes: int, *names: str) -> Iterator[Path]:
    """Mount a disk that holds ``names`` of the line and has ``free_bytes`` bytes left."""
    with disk_of(folder, 64 << 20) as disk:
        line.copy(disk, *names)
        free = os.statvfs(disk)
        with (disk / "filler").open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, free.f_bavail * free.f_frsize - free_bytes)
        yield disk


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program; every test gives one of its steps a small disk."""
    names = ("package.asice", "receiver.identity", "roots.pem", "kerbrat", "pressoir", "roster.csv")
    return Program(folder=small_line.copy(tmp_path, *names, "practice.db", "pressoir.sqlite"))


def refused(desk: Program, *command: str | Path) -> None:
    before = contents(desk.folder)
    sentence = desk(*command).refused("disk-full", 50)
    assert sentence == "The disk is full; nothing was left behind."
    assert contents(desk.folder) == before


@pytest.mark.parametrize("share", [0.01, 0.5, 1.0, 1.9])
def test_the_disk_of_the_package(desk: Program, share: float) -> None:
    """Units lie beside the package until they are in it, so that twice its size is needed at most."""
    size = (desk.folder / "package.asice").stat().st_size
    with disk_of(desk.folder / "disk", max(8 * KIB, int(size * share))):
        command = (*EXPORT[:2], "disk/out.asice", *EXPORT[3:])
        if share < 1:
            refused(desk, *command)
        else:
            done = desk(*command)
            assert done.status in {0, 50}
            assert [path.name for path in (desk.folder / "disk").iterdir()] == ["out.asice"] * (
                done.status == 0
            )


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_the_disk_of_several_volumes(desk: Program, share: float) -> None:
    """Full while a later volume is written: the earlier ones do not appear either."""
    everybody = ("--all", *EXPORT[9:], "--volume-size", str(least_volume_bytes() + 75_000))
    outcome = desk(*EXPORT[:2], "out.asice", *everybody, "--json").ok().document
    assert len(outcome["volumes"]) > 3
    assert share * outcome["size"] > outcome["volumes"][0]["size"]
    with disk_of(desk.folder / "disk", int(outcome["size"] * share)):
        refused(desk, *EXPORT[:2], "disk/out.asice", *everybody)


@pytest.mark.parametrize("free_bytes", [4 * KIB, 64 * KIB, 400 * KIB, 900 * KIB, 2000 * KIB])
def test_the_disk_of_a_store_that_is_new(desk: Program, demo_line: Line, free_bytes: int) -> None:
    images = ("--images", SAMPLES / "practice" / "images")
    with disk_of(desk.folder / "disk", free_bytes):
        refused(
            desk, "collect", "opendental", demo_line.folder / "tilleuls.sqlite", *images,
            "--into", "disk/store.db",
        )  # fmt: skip


@pytest.mark.parametrize("free_bytes", [0, 40 * KIB, 200 * KIB, 800 * KIB])
def test_the_disk_of_a_store_that_is_there(
    desk: Program, small_line: Line, demo_line: Line, free_bytes: int
) -> None:
    with disk_almost_full(desk.folder / "disk", small_line, free_bytes, "successor.db"):
        refused(
            desk, "collect", "opendental", demo_line.folder / "tilleuls.sqlite", "--into", "disk/successor.db"
        )


@pytest.mark.parametrize("free_bytes", [0, 40 * KIB, 200 * KIB, 600 * KIB])
def test_the_disk_of_the_successor(desk: Program, small_line: Line, free_bytes: int) -> None:
    with disk_almost_full(desk.folder / "disk", small_line, free_bytes, "successor.db"):
        refused(desk, *IMPORT[:-1], "disk/successor.db", "--receipt", "disk/receipt.json")
        (desk.folder / "disk" / "filler").unlink()
        desk.here(*IMPORT[:-1], "disk/successor.db", "--receipt", "disk/receipt.json").ok()


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9])
def test_the_disk_of_the_successor_while_several_processes_write(
    desk: Program, small_line: Line, share: float
) -> None:
    sizes = [[900 * KIB, 300 * KIB]] * 12
    fill(desk.folder / "large.db", sizes)
    large = (*EXPORT[:1], "large.db", "large.asice", "--all", *EXPORT[9:])
    desk(*large).ok()
    small_line.copy(desk.folder, "successor.db")
    free_bytes = int(sum(map(sum, sizes)) * share)
    with disk_almost_full(desk.folder / "disk", small_line, free_bytes, "successor.db"):
        command = (
            IMPORT[0],
            "large.asice",
            *IMPORT[2:-1],
            "disk/successor.db",
            "--receipt",
            "disk/receipt.json",
        )
        refused(desk, *command)
        (desk.folder / "disk" / "filler").unlink()
        assert desk(*command, "--json").ok().document["totals"]["came_in"] == len(sizes)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.95])
def test_the_disk_of_evidence(desk: Program, small_line: Line, share: float) -> None:
    """The package is copied once beside itself, where the disk cannot share its blocks."""
    free_bytes = int((desk.folder / "package.asice").stat().st_size * share)
    stamper = LocalAuthority("Horodatage", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    with (
        listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as address,
        disk_almost_full(desk.folder / "disk", small_line, free_bytes, "package.asice") as disk,
    ):
        (desk.folder / "authorities.pem").write_text(write_pem(stamper.roots), encoding="ascii")
        asked = ("disk/package.asice", "--tsa", address, "--tsa-roots", "authorities.pem")
        build = ("evidence", "build", *asked)
        refused(desk, *build)
        (disk / "filler").unlink()
        desk(*build).ok()
        filled = contents(disk)
        with (disk / "filler").open("wb") as filler:
            free = os.statvfs(disk)
            os.posix_fallocate(filler.fileno(), 0, free.f_bavail * free.f_frsize - free_bytes)
        renewal = desk("evidence", "renew", *asked)
        renewal.refused("disk-full", 50)
        (disk / "filler").unlink()
        assert contents(disk) == filled


def test_the_disk_of_the_receipt(desk: Program, small_line: Line) -> None:
    small_line.copy(desk.folder, "successor.db")
    with disk_of(desk.folder / "disk", 8 * KIB) as disk:
        (disk / "filler").write_bytes(bytes(8 * KIB))
        refused(desk, *IMPORT, "--receipt", "disk/receipt.json")


def test_a_disk_that_can_only_be_read(desk: Program, small_line: Line) -> None:
    """Everything that writes refuses; everything that only reads works."""
    with disk_of(desk.folder / "disk", 64 << 20) as disk:
        small_line.copy(disk, "successor.db", "package.asice")
        subprocess.run([need("mount"), "-o", "remount,ro", disk], check=True)
        before = contents(desk.folder)
        for command in (
            (*EXPORT[:2], "disk/out.asice", *EXPORT[3:]),
            (*IMPORT[:-1], "disk/fresh.db"),
            ("collect", "opendental", "pressoir.sqlite", "--into", "disk/fresh.db"),
            ("keys", "new", "disk/keys", "--name", "Dr Exemple", "--no-passphrase"),
        ):
            assert desk(*command).refused("disk-fault", 51).startswith("disk")
        desk(*IMPORT[:-1], "disk/successor.db").refused("store-read-only", 41)
        desk("patients", "disk/successor.db").ok()
        desk("verify", "disk/package.asice", "--roots", "roots.pem").ok()
        assert contents(desk.folder) == before


def test_the_disk_of_new_keys(desk: Program) -> None:
    with disk_of(desk.folder / "disk", 8 * KIB) as disk:
        (disk / "filler").write_bytes(bytes(8 * KIB))
        refused(desk, "keys", "new", "disk/keys", "--name", "Dr Exemple", "--no-passphrase")
