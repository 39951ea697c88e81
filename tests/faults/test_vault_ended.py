"""A deposit ended anywhere: nothing acknowledged is lost, nothing half-done is believed, the next one finishes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.faults.test_full_disk import disk_of
from tests.journeys.line import Line, contents
from tests.journeys.program import PATIENCE, Program
from tests.ocfl_judge import assert_valid_ocfl
from tests.tools import need

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="strace is of Linux")

DEPOSIT = (
    *("vault", "deposit", "vault", "package.asice", "--signer", "kerbrat/signer.p12"),
    *("--receipts", "receipts", "--roots", "roots.pem"),
)
A, B = "vault/disk-a", "vault/disk-b"
"""Storages within the folder of the vault, so that the whole is copied for each test."""
INIT = (
    *("vault", "init", "vault", "--name", "Archives Exemple", "--storage", A, "--storage", B),
    *("--certificate", "HDS-2026-0001", "--until", "2099-05-01"),
)
KILLED = [
    *(("fsync", when) for when in (1, 2, 5, 9, 14, 20, 27, 35, 42, 50, 56, 60)),
    *(("linkat", when) for when in (1, 3, 5, 6, 8, 10)),
    *(("rename", when) for when in (1, 2, 3, 4)),
    *(("write", when) for when in (3, 10, 20, 40)),
    *(("fdatasync", when) for when in (1, 2, 3, 4)),
]
"""The system call at which the deposit is killed, and which time it is made."""
FAILED = [
    *(("fsync", "EIO", when) for when in (1, 6, 17, 33)),
    *(("linkat", "ENOSPC", when) for when in (1, 4, 7, 9)),
    *(("write", "ENOSPC", when) for when in (4, 12, 30)),
]
"""The system call that fails, with what, and which time it is made."""


@pytest.fixture(scope="module")
def vault(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault on two storages with nothing in it, and a package."""
    folder = tmp_path_factory.mktemp("vault")
    small_line.copy(folder, "package.asice", "roots.pem", "kerbrat")
    Program(folder=folder)(*INIT).ok()
    return folder


@pytest.fixture
def desk(vault: Path, tmp_path: Path) -> Program:
    return Program(folder=Path(shutil.copytree(vault, tmp_path / "desk")))


def injected(desk: Program, call: str, fault: str) -> tuple[int, str]:
    """Run the deposit with a fault; return its status and what it printed."""
    strace = need("strace")
    before = (strace, "-qq", "-f", "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:{fault}")
    process = desk.start(*DEPOSIT, before=before)
    out, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, out if isinstance(out, str) else out.decode("utf-8")


def listed(desk: Program) -> list[dict[str, Any]]:
    done = desk("vault", "list", "vault", "--json")
    assert done.status in {0, 4}, done.err
    return list(json.loads(done.out)["listed"])


def assert_finished_by_the_next(desk: Program, *, acknowledged: bool) -> None:
    """What was acknowledged is there; nothing else is believed; the next deposit ends it, and all is in order."""
    known = listed(desk)
    if acknowledged:
        assert [one["storages"] for one in known] == [["storage-1", "storage-2"]]
    done = desk(*DEPOSIT)
    assert done.status in {0, 85} and (done.status == 0 or known or not acknowledged), done.err
    assert len(list((desk.folder / "receipts").iterdir())) == 2
    assert [one["storages"] for one in listed(desk)] == [["storage-1", "storage-2"]]
    assert contents(desk.folder / A) == contents(desk.folder / B)
    for disk in (A, B):
        assert_valid_ocfl(desk.folder / disk, 2)
        stored = list((desk.folder / disk).rglob("package.asice"))
        assert [one.read_bytes() for one in stored] == [(desk.folder / "package.asice").read_bytes()]
    made = desk("vault", "rebuild", "vault", "--json").ok().document
    assert (made["objects"], made["deposits"], made["findings"]) == (1, 1, [])
    audited = desk("vault", "audit", "vault", "--json").ok().document
    assert audited["checked"] == {"ok": 4, "damaged": 0, "could-not-check": 0}


@pytest.mark.parametrize(("call", "when"), KILLED)
def test_a_deposit_that_is_killed(desk: Program, call: str, when: int) -> None:
    status, out = injected(desk, call, f"signal=SIGKILL:when={when}")
    assert status != 0 or call in {"write", "rename", "fdatasync"}, "it was not killed"
    assert_finished_by_the_next(desk, acknowledged="deposited as" in out)


@pytest.mark.parametrize(("call", "error", "when"), FAILED)
def test_a_disk_that_fails_once(desk: Program, call: str, error: str, when: int) -> None:
    status, out = injected(desk, call, f"error={error}:when={when}")
    assert status != 1
    assert_finished_by_the_next(desk, acknowledged="deposited as" in out)


@pytest.mark.parametrize("share", [0.5, 1.5, 2.01])
def test_a_full_disk(small_line: Line, tmp_path: Path, share: float) -> None:
    """Both storages lie on it: with half of what both need, one is whole and the other is not."""
    desk = Program(folder=small_line.copy(tmp_path, "package.asice", "roots.pem", "kerbrat"))
    size = (desk.folder / "package.asice").stat().st_size
    with disk_of(tmp_path / "disk", 8 * size + (8 << 20)) as disk:
        words = ["disk/a" if word == A else "disk/b" if word == B else word for word in INIT]
        desk(*words).ok()
        before = contents(disk)
        with (disk / "filler").open("wb") as filler:
            free = os.statvfs(disk)
            left = int(share * size)
            os.posix_fallocate(filler.fileno(), 0, free.f_bavail * free.f_frsize - left)
        done = desk(*DEPOSIT)
        if share < 2:
            done.refused("disk-full", 50)
            assert listed(desk) == []
            (disk / "filler").unlink()
            assert contents(disk) == before, "nothing is left of it"
        else:
            assert done.status in {0, 50}
            (disk / "filler").unlink()
        assert desk(*DEPOSIT).status in {0, 85}
        assert contents(disk / "a") == contents(disk / "b")
        desk("vault", "audit", "vault").ok()


def test_a_storage_that_can_only_be_read(small_line: Line, tmp_path: Path) -> None:
    desk = Program(folder=small_line.copy(tmp_path, "package.asice", "roots.pem", "kerbrat"))
    with disk_of(tmp_path / "disk", 64 << 20) as disk:
        desk(*["disk/b" if word == B else word for word in INIT]).ok()
        before = contents(tmp_path / A)
        mount = need("mount")
        subprocess.run([mount, "-o", "remount,ro", disk], check=True)
        desk(*DEPOSIT).refused("disk-fault", 51)
        assert listed(desk) == [] and contents(tmp_path / A) == before
        subprocess.run([mount, "-o", "remount,rw", disk], check=True)
        desk(*DEPOSIT).ok()
        assert contents(tmp_path / A) == contents(disk / "b")


def test_an_init_that_is_killed_is_gone_on_with(tmp_path: Path) -> None:
    strace = need("strace")
    for when in (1, 4, 9, 15):
        (tmp_path / str(when)).mkdir()
        desk = Program(folder=tmp_path / str(when))
        fault = ("-e", "trace=fsync", "-e", f"inject=fsync:signal=SIGKILL:when={when}")
        inject = (strace, "-qq", "-f", "-o", os.devnull, *fault)
        process = desk.start(*INIT, before=inject)
        process.communicate(timeout=PATIENCE)
        assert process.returncode != 0
        desk("vault", "list", "vault").refused("not-a-vault", 83)
        desk(*INIT).ok()
        for disk in (A, B):
            assert_valid_ocfl(desk.folder / disk, 1)
