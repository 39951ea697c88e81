"""Parity of a package out of which units are destroyed: made with what stays, and that of the file before is gone."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from tests.journeys.program import Program
from tests.journeys.test_vault_destruction import COMPANY, WHY, carry_out, package_of
from tests.journeys.test_vault_unit_destruction import (
    DUE,
    approved,
    assert_alike,
    assert_gone,
    end_at,
    made,
    vault,
)

__all__ = ["made", "vault"]
DISKS = ("disk-a", "disk-b")


def parity_files(desk: Program, disk: str = "disk-a") -> list[str]:
    """Return where parity lies, without the first folders of the object."""
    found = sorted(Path(desk.folder / disk).rglob("*.par2"))
    return ["/".join(one.parts[one.parts.index("content") + 1 :]) for one in found]


def coverage(desk: Program) -> list[tuple[int, int]]:
    shown = desk("vault", "parity", "show", "vault", "--json").ok().document
    return [(one["protected"], one["lacking"]) for one in shown["each"] if one["protected"] + one["lacking"]]


def reduced_files(desk: Program) -> list[Path]:
    return sorted(path for disk in DISKS for path in (desk.folder / disk).rglob("reduced-001/mixed.asice"))


def promising(desk: Program) -> None:
    """Let the vault promise parity, and make it of what is there."""
    desk("vault", "parity", "set", "vault", "20").ok()
    desk("vault", "parity", "make", "vault").ok()
    assert coverage(desk) == [(1, 0)]


def assert_protected(desk: Program) -> None:
    """What stays has parity, that of the older file is gone, and the new one mends what rots everywhere."""
    assert coverage(desk) == [(1, 0)]
    folder = "parity/revision-001/reduced-001"
    assert [one.rpartition("/")[0] for one in parity_files(desk)] == [folder, folder]
    assert_alike(desk.folder)
    sound = reduced_files(desk)[0].read_bytes()
    for path in reduced_files(desk):
        path.write_bytes(sound[:300] + bytes(50) + sound[350:])
    assert desk("vault", "audit", "vault", "--all", "--processes", "1").status == 87
    desk("vault", "repair", "vault").ok()
    assert [one.read_bytes() for one in reduced_files(desk)] == [sound, sound]


def test_what_stays_of_a_package_has_parity_as_soon_as_the_destruction_is_done(vault: Program) -> None:
    promising(vault)
    name = approved(vault, "--unit", DUE)
    vault(*carry_out(vault, name)).ok()
    assert_gone(vault.folder / "disk-a", DUE)
    (entry,) = vault("vault", "journal", "show", "vault", "--act", "parity", "--json").document["entries"][1:]
    assert (entry["outcome"], entry["facts"]["files"]) == ("parity-made", 1)
    assert_protected(vault)


def test_parity_that_was_made_by_hand_is_made_again_of_what_stays(vault: Program) -> None:
    vault("vault", "parity", "make", "vault", "--redundancy", "90").ok()
    vault(*carry_out(vault, approved(vault, "--unit", DUE))).ok()
    assert_protected(vault)


def test_a_package_without_parity_in_a_vault_that_promises_none_gets_none(vault: Program) -> None:
    vault(*carry_out(vault, approved(vault, "--unit", DUE))).ok()
    assert parity_files(vault) == []


def test_what_came_into_the_package_since_is_left_when_the_destruction_is_asked_for_again(
    vault: Program,
) -> None:
    name = approved(vault, "--unit", DUE)
    vault(*carry_out(vault, name)).ok()
    vault("vault", "parity", "make", "vault").ok()
    vault("vault", "hold", "vault", package_of(vault), *WHY, *COMPANY).ok()
    before = sorted(path.name for path in (vault.folder / "disk-a").rglob("*"))
    vault(*carry_out(vault, name)).refused("destruction-done", 76)
    assert sorted(path.name for path in (vault.folder / "disk-a").rglob("*")) == before
    assert_alike(vault.folder)


def test_a_storage_put_back_gets_what_came_since_as_well(vault: Program) -> None:
    folder = vault.folder
    (before,) = (folder / "disk-b").rglob("revision-001")
    place = before.parents[2].relative_to(folder / "disk-b")
    shutil.copytree(folder / "disk-b" / place, folder / "before")
    name = approved(vault, "--unit", DUE)
    vault(*carry_out(vault, name)).ok()
    vault("vault", "parity", "make", "vault").ok()
    shutil.rmtree(folder / "disk-b" / place)
    shutil.copytree(folder / "before", folder / "disk-b" / place)
    vault(*carry_out(vault, name)).ok()
    assert_gone(folder / "disk-b", DUE)
    assert_alike(folder)
    vault("vault", "audit", "vault", "--all", "--processes", "1").ok()


@pytest.mark.parametrize(
    ("method", "when"), [("put", 8), ("put", 16), ("put", 24), ("remove", 1), ("remove", 9)]
)
def test_a_destruction_that_is_ended_anywhere_leaves_no_package_without_parity(
    vault: Program, method: str, when: int
) -> None:
    promising(vault)
    name = approved(vault, "--unit", DUE)
    end_at(vault, method, when, *carry_out(vault, name))
    vault(*carry_out(vault, name)).ok()
    assert_gone(vault.folder / "disk-a", DUE)
    assert_protected(vault)


def test_without_the_program_nothing_is_begun(vault: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    promising(vault)
    name = approved(vault, "--unit", DUE)
    before = parity_files(vault)
    with monkeypatch.context() as gone:
        gone.setattr(importlib.util, "find_spec", lambda _: None)
        gone.setattr(shutil, "which", lambda _: None)
        vault.here(*carry_out(vault, name)).refused("extra-missing", 52)
    assert parity_files(vault) == before
    (listed,) = vault("vault", "destroy", "list", "vault", "--json").document["listed"]
    assert listed["state"] == "approved"
    vault(*carry_out(vault, name)).ok()
