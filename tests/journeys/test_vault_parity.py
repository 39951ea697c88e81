"""``vault parity`` as an archive company types it: made once, on every storage; it mends what rots everywhere."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.journeys.line import Line, contents
from tests.journeys.program import Program
from tests.journeys.test_vault import DEPOSIT, HOSTED, INIT, SIGN
from tests.journeys.test_vault_repair import flip, stored
from tests.ocfl_judge import assert_valid_ocfl
from tests.tools import need

DISKS = ("disk-a", "disk-b")


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    names = ("package.asice", "roots.pem", "kerbrat", "pressoir", "receiver.identity")
    return Program(folder=small_line.copy(tmp_path, *names))


def parity_files(desk: Program, disk: str) -> list[Path]:
    return sorted(one for one in (desk.folder / disk).rglob("*.par2") if "archiver-damaged" not in one.parts)


def package_of(desk: Program) -> str:
    return str(desk("vault", "list", "vault", "--json").ok().document["listed"][0]["package"])


def rot_everywhere(desk: Program) -> bytes:
    """Damage the package at the same places of both storages: no copy of these bytes is left."""
    sound = stored(desk, "disk-a").read_bytes()
    data = bytearray(sound)
    data[2000:2100] = bytes(100)
    data[len(data) // 2] ^= 1
    for disk in DISKS:
        stored(desk, disk).write_bytes(data)
    return sound


def test_parity_is_made_once_and_mends_what_rotted_on_every_storage(desk: Program) -> None:
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    shown = desk("vault", "parity", "show", "vault", "--json").ok().document
    assert [(one["protected"], one["lacking"]) for one in shown["each"]] == [(0, 1)]
    made = desk("vault", "parity", "make", "vault").ok()
    assert "1 package: parity of 10 % made of 1 file" in made.out
    files = {disk: parity_files(desk, disk) for disk in DISKS}
    assert {one.parent.name for one in files["disk-a"]} == {"revision-001"}
    assert contents(desk.folder / "disk-a") == contents(desk.folder / "disk-b")
    for disk in DISKS:
        assert_valid_ocfl(desk.folder / disk, 2)
    (entry,) = desk("vault", "journal", "show", "vault", "--act", "parity", "--json").ok().document["entries"]
    size = sum(one.stat().st_size for one in files["disk-a"])
    assert entry["facts"] == {"files": 1, "redundancy_percent": 10, "size": size, "version": "v2"}
    before = contents(desk.folder / "disk-a")
    again = desk("vault", "parity", "make", "vault", package_of(desk), "--json").ok().document
    assert [(one["made"], one["present"]) for one in again["each"]] == [(0, 1)]
    assert contents(desk.folder / "disk-a") == before

    sound = rot_everywhere(desk)
    assert desk("vault", "audit", "vault", "--all").status == 87
    done = desk("vault", "repair", "vault", "--json").ok().document
    first, second = done["copies"]
    assert [one["method"] for one in first["files"]] == ["parity"]
    assert first["files"][0]["found"] < first["files"][0]["blocks"]
    assert [one["method"] for one in second["files"]] == ["replica"]
    assert [stored(desk, disk).read_bytes() for disk in DISKS] == [sound, sound]
    desk("vault", "audit", "vault", "--all").ok()
    desk("vault", "rebuild", "vault").ok()


def test_a_vault_that_promises_parity_makes_it_at_each_deposit(desk: Program) -> None:
    desk(*INIT, "--parity", "20").ok()
    assert desk("vault", "list", "vault", "--json").ok().document["vault"]["parity_percent"] == 20
    desk(*DEPOSIT).ok()
    acts = [one["act"] for one in desk("vault", "journal", "show", "vault", "--json").document["entries"]]
    assert acts[-2:] == ["deposit", "parity"]
    desk(*DEPOSIT).refused("deposit-duplicate", 85)
    assert len(parity_files(desk, "disk-b")) == 2

    # by hand, with the program of the system, on what was fetched
    desk("vault", "fetch", "vault", package_of(desk), "--to", "back", "--parity").ok()
    back = desk.folder / "back" / "package.asice"
    sound = back.read_bytes()
    flip(back)
    command = [need("par2"), "repair", "-q", "package.asice.par2"]
    subprocess.run(command, cwd=back.parent, check=True, capture_output=True)
    assert back.read_bytes() == sound

    # everything that is handed over has its parity; the journal as PREMIS names the act
    to_others = ("--all", "--to", "handed", "--by", "Anne Martin", "--receiver", "Autres Archives", *SIGN[:2])
    desk("vault", "restitute", "vault", *to_others).ok()
    assert len(list((desk.folder / "handed").rglob("parity/revision-001/*.par2"))) == 2
    done = subprocess.run(
        [need("sha512sum"), "--quiet", "-c", "SHA512SUMS"], cwd=desk.folder / "handed", check=False
    )
    assert done.returncode == 0
    desk("vault", "journal", "export", "vault", "--to", "journal.xml").ok()
    text = (desk.folder / "journal.xml").read_text(encoding="utf-8")
    assert "<premis:eventDetail>parity</premis:eventDetail>" in text
    desk("vault", "parity", "set", "vault", "0").ok()
    assert desk("vault", "parity", "show", "vault", "--json").ok().document["percent"] == 0


def test_what_was_ended_before_its_parity_is_finished_by_the_same_deposit(desk: Program) -> None:
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    assert parity_files(desk, "disk-a") == []
    desk("vault", "parity", "set", "vault", "10").ok()
    desk(*DEPOSIT).refused("deposit-duplicate", 85)
    assert len(parity_files(desk, "disk-a")) == len(parity_files(desk, "disk-b")) == 2


def test_without_the_program_nothing_is_promised_and_nothing_taken_in(
    desk: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk(*INIT, "--parity", "10").ok()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    desk.here(*DEPOSIT).refused("extra-missing", 52)
    desk.here("vault", "parity", "make", "vault").refused("extra-missing", 52)
    other = ("vault", "init", "other", "--name", "Exemple", "--storage", "disk-c", *HOSTED)
    desk.here(*other, "--parity", "10").refused("extra-missing", 52)
    assert not (desk.folder / "other").exists() and not (desk.folder / "receipts").exists()
    assert desk("vault", "list", "vault", "--json").ok().document["listed"] == []


def test_no_parity_is_made_of_what_is_damaged_everywhere(desk: Program) -> None:
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    rot_everywhere(desk)
    assert "No storage gives" in desk("vault", "parity", "make", "vault").err
    assert parity_files(desk, "disk-a") == []
