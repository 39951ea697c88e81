"""Only the disk that was retired is cleared: none in service, whatever place or name it has got meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path
from unittest.mock import patch

import pytest

from archiver.vault import additions
from tests.journeys.program import Program
from tests.journeys.test_vault import HOSTED
from tests.journeys.test_vault_storages import ADD, CLEAR, RETIRE, WHY, desk, files, further, listed, vault
from tests.journeys.test_vault_unit_destruction import Killed

__all__ = ["desk", "vault"]


def exchange(one: Path, other: Path) -> None:
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def assert_refused(desk: Program, *disks: str) -> None:
    before = {disk: files(desk.folder / disk) for disk in disks}
    refused = desk(*CLEAR).refused("storage-not-retired", 80)
    assert "storage-1" in refused and "exchanged" in refused
    assert {disk: files(desk.folder / disk) for disk in disks} == before
    assert not (desk.folder / "statements").exists()
    assert not listed(desk)["former"][0].get("cleared")


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("used", [True, False])
def test_the_disk_in_service_that_lies_where_the_retired_one_was_stays(
    vault: Program, alone: bool, used: bool
) -> None:
    """Two disks were exchanged; what was deposited since the retirement lies on the one in service alone."""
    vault(*ADD).ok()
    vault(*RETIRE).ok()
    if alone:
        vault("vault", "storage", "retire", "vault", "storage-2", *WHY).ok()
    further(vault, 1)
    exchange(vault.folder / "disk-a", vault.folder / "disk-c")
    if used:
        vault("vault", "host", "vault", "storage-3", "--uncertified", "own rooms")
    assert_refused(vault, "disk-a", "disk-c")
    if used:  # the old disk was written to, and is like one in service: --means states how it is destroyed
        return
    exchange(vault.folder / "disk-a", vault.folder / "disk-c")
    vault(*CLEAR).ok()
    assert files(vault.folder / "disk-a") == {}


def test_a_storage_in_service_that_has_the_place_of_the_retired_one_by_another_name_stays(
    vault: Program,
) -> None:
    vault(*ADD).ok()
    vault(*RETIRE).ok()
    shutil.rmtree(vault.folder / "disk-a")
    (vault.folder / "disk-a").mkdir()
    (vault.folder / "link").symlink_to("disk-a")
    vault(*ADD[:4], "link", *HOSTED).ok()
    assert_refused(vault, "disk-a")
    vault("vault", "audit", "vault", "--all").ok()


def test_what_a_retirement_that_was_ended_left_is_cleared(vault: Program) -> None:
    """The next command finishes it, and gives the storage nothing of what says that it was retired."""
    vault(*ADD).ok()
    with patch.object(additions, "record", side_effect=Killed), pytest.raises(Killed):
        vault.here(*RETIRE)
    before = {one.name for one in (vault.folder / "disk-a").rglob("revision-*.json")}
    vault("vault", "repair", "vault").ok()
    assert {one.name for one in (vault.folder / "disk-a").rglob("revision-*.json")} == before
    vault(*RETIRE).refused("storage-retired", 81)
    vault(*CLEAR).ok()
    assert files(vault.folder / "disk-a") == {}
    vault("vault", "journal", "verify", "vault").ok()


def test_an_address_that_is_used_again_is_cleared_again_and_counted_alone(vault: Program) -> None:
    vault(*ADD).ok()
    vault(*RETIRE).ok()
    vault(*CLEAR).ok()
    vault(*ADD[:4], "disk-a", *HOSTED).ok()
    vault("vault", "storage", "retire", "vault", "storage-4", *WHY).ok()
    count = len(files(vault.folder / "disk-a"))
    done = vault(*(one.replace("storage-1", "storage-4") for one in CLEAR), "--json").ok().document
    assert (done["all_files"], done["runs"], done["counts_complete"]) == (count, 1, True)
