"""A storage added, retired or cleared by a command that is ended or whose disk is full: the next one finishes it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from archiver.signing.certificates.reading import write_pem
from tests.faults.injection.catalogue import EVERY
from tests.faults.injection.desk import Desk, Injection
from tests.faults.injection.disks import leave_free, small_disk
from tests.faults.injection.scene import Scene, Supplies, judge, lay
from tests.faults.injection.vault_scenes import AUDIT, DEPOSIT, INIT, SIGNER, A, B
from tests.journeys.line import Line, contents
from tests.packages import package, signer

C = "vault/disk-c"
WHO = ("--by", "Anne Martin")
ADD = ("vault", "storage", "add", "vault", C, "--uncertified", "Essai")
RETIRE = ("vault", "storage", "retire", "vault", "storage-1", "--reason", "Essai", *WHO)
CLEAR = ("vault", "storage", "clear", "vault", "storage-1", *WHO, "--to", "statements", *SIGNER)
DONE_BEFORE = 81
CALLS = ("fsync", "linkat", "rename", "unlink", "write", "mkdir")
MORE = 3
"""Further packages, so that a storage is filled in several steps."""
MIB = 1 << 20


def _filled(folder: Path, supplies: Supplies) -> Desk:
    supplies.copy(folder, "package.asice", "roots.pem", "kerbrat")
    desk = Desk(folder=folder)
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    by = signer()
    (folder / "more.pem").write_text(write_pem(by.roots), encoding="ascii")
    (folder / "more").mkdir()
    for _ in range(MORE):
        name = str(uuid4())
        (folder / "more" / f"{name}.asice").write_bytes(package(package_id=name, by=by))
    desk(*DEPOSIT[:3], "more", *SIGNER, "--receipts", "receipts", "--roots", "more.pem").ok()
    return desk


def _added(folder: Path, supplies: Supplies) -> Desk:
    desk = _filled(folder, supplies)
    desk(*ADD).ok()
    return desk


def _retired(folder: Path, supplies: Supplies) -> None:
    _added(folder, supplies)(*RETIRE).ok()


def listed(desk: Desk) -> dict[str, Any]:
    return dict(desk("vault", "storage", "list", "vault", "--json").ok().document)


def acts(desk: Desk) -> list[str]:
    shown = desk("vault", "journal", "show", "vault", "--json").ok().document["entries"]
    return [one["outcome"] for one in shown if one["outcome"].startswith("storage-")]


def assert_whole(desk: Desk, *disks: str) -> None:
    """Every disk has everything, alike; every command that looks says so."""
    checked = desk(*AUDIT, "--all").ok().document["checked"]
    assert checked["ok"] == len(disks) * (MORE + 2), checked
    made = desk("vault", "rebuild", "vault", "--json").ok().document
    assert (made["objects"], made["findings"]) == (MORE + 1, [])
    verified = desk("vault", "journal", "verify", "vault", "--json").ok().document
    assert {one["code"] for one in verified["findings"]} <= {"journal-seal-unstamped"}, verified["findings"]
    first = contents(desk.folder / disks[0])
    for other in disks[1:]:
        assert contents(desk.folder / other) == first


def _add_between(desk: Desk, acknowledged: bool) -> None:
    desk("vault", "list", "vault").ok()
    whole = [one["name"] for one in listed(desk)["storages"] if one["whole"]]
    if acknowledged:
        assert whole == ["storage-1", "storage-2", "storage-3"]
    if "storage-3" in whole:  # whatever was acknowledged: it counts only when it is whole
        assert "storage-filled" in acts(desk)
        assert_whole(desk, A, B, C)


def _add_after(desk: Desk) -> None:
    assert [one["name"] for one in listed(desk)["storages"] if one["whole"]] == [
        "storage-1",
        "storage-2",
        "storage-3",
    ]
    assert {"storage-added", "storage-filled"} <= set(acts(desk))
    left = [one for one in (desk.folder / "vault").rglob("*") if one.name.endswith((".part", ".new"))]
    assert left == []
    assert_whole(desk, A, B, C)


def _retire_between(desk: Desk, acknowledged: bool) -> None:
    found = listed(desk)
    names = {one["name"] for one in found["storages"]} | {one["name"] for one in found["former"]}
    assert names == {"storage-1", "storage-2", "storage-3"}
    if acknowledged:
        assert found["former"]
    if found["former"]:
        assert "storage-retired" in acts(desk)
    desk("vault", "list", "vault").ok()


def _retire_after(desk: Desk) -> None:
    found = listed(desk)
    assert [one["name"] for one in found["former"]] == ["storage-1"]
    desk("vault", "list", "vault").ok()
    assert_whole(desk, B, C)


def _clear_between(desk: Desk, acknowledged: bool) -> None:
    (former,) = listed(desk)["former"]
    if acknowledged:
        assert former["cleared"]
    if former.get("cleared"):
        _clear_after(desk)


def _clear_after(desk: Desk) -> None:
    (former,) = listed(desk)["former"]
    assert former["cleared"] and "storage-cleared" in acts(desk)
    assert [one for one in (desk.folder / A).rglob("*") if one.is_file()] == []
    assert len(list((desk.folder / "statements").iterdir())) == 2
    (path,) = (desk.folder / "statements").glob("*.json")
    assert json.loads(path.read_text(encoding="utf-8"))["counts_complete"] is True
    assert_whole(desk, B, C)


def _always(*command: str) -> Any:
    return lambda _: command


SCENES = {
    "add": Scene(
        make=_filled,
        command=_always(*ADD),
        between=_add_between,
        after=_add_after,
        again=frozenset({0, DONE_BEFORE}),
    ),
    "retire": Scene(
        make=_added,
        command=_always(*RETIRE),
        between=_retire_between,
        after=_retire_after,
        again=frozenset({0, DONE_BEFORE}),
    ),
    "clear": Scene(
        make=_retired,
        command=_always(*CLEAR),
        between=_clear_between,
        after=_clear_after,
        again=frozenset({0, DONE_BEFORE}),
    ),
}
SHARES = (0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 1.0)
SAMPLE = {
    ("add", "fsync", 0.2),
    ("add", "linkat", 0.5),
    ("add", "fsync", 0.97),
    ("add", "rename", 1.0),
    ("retire", "rename", 0.5),
    ("retire", "fsync", 0.97),
    ("clear", "unlink", 0.5),
    ("clear", "fsync", 0.8),
}
POINTS = [(name, call, share) for name in SCENES for call in CALLS for share in SHARES]


@pytest.fixture(scope="module")
def made(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return what gives a fresh copy of a scene, and how many calls of a kind its command makes."""
    root = tmp_path_factory.mktemp("storages")
    supplies = Supplies(line=small_line, authority="")
    counts: dict[str, dict[str, int]] = {}

    def copy(name: str) -> Path:
        folder = root / name
        if not folder.exists():
            folder.mkdir()
            SCENES[name].make(folder, supplies)
        return lay(folder, root / f"{name}-{uuid4().hex}")

    def count(name: str) -> dict[str, int]:
        if name not in counts:
            folder = copy(name)
            done, counts[name] = Desk(folder=folder).calls(SCENES[name].command(Desk(folder=folder)), CALLS)
            assert done.status == 0, done.err
            shutil.rmtree(folder)
        return counts[name]

    yield copy, count
    shutil.rmtree(root, ignore_errors=True)


@pytest.mark.skipif(sys.platform != "linux", reason="strace is of Linux")
@pytest.mark.parametrize(
    ("name", "call", "share"), [one for one in POINTS if os.environ.get(EVERY) or one in SAMPLE]
)
@pytest.mark.parametrize("kind", ["signal=SIGKILL", "error=ENOSPC"])
def test_whenever_it_is_ended_the_next_one_finishes(
    made: Any, name: str, call: str, share: float, kind: str
) -> None:
    copy, count = made
    if kind != "signal=SIGKILL" and call == "unlink":
        pytest.skip("nothing is full for what is removed")
    scene, of = SCENES[name], count(name)[call]
    if not of:
        pytest.skip(f"{name} makes no {call}")
    folder = copy(name)
    desk = Desk(folder=folder)
    when = max(1, round(share * of))
    done, _ = desk.injected(scene.command(desk), Injection(call=call, expression=f"{kind}:when={when}"))
    judge(scene, desk, done)
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount a disk")
@pytest.mark.parametrize("left", [0, 16 << 10, 48 << 10])
def test_a_full_disk_is_one_sentence_and_the_next_run_goes_on(made: Any, tmp_path: Path, left: int) -> None:
    copy, _ = made
    folder = copy("add")
    with small_disk(tmp_path / "small", 8 * MIB) as disk:
        place = disk / "disk-c"
        add = ("vault", "storage", "add", "vault", str(place), "--uncertified", "Essai")
        desk, filler = Desk(folder=folder), leave_free(disk, left)
        done = desk(*add)
        assert done.status != 0 and done.err.count("\n") == 1, done.err
        assert done.err.rstrip().endswith("[disk-full]"), done.err
        assert all(one["whole"] is (one["name"] != "storage-3") for one in listed(desk)["storages"])
        desk("vault", "audit", "vault").ok()
        filler.unlink()
        desk(*add).ok()
        assert contents(place) == contents(folder / A)
    shutil.rmtree(folder)
