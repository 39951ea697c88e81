"""A statement of a destruction that cannot be read, and a withdrawal that nobody recorded: no other depends on it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.vault.additions import add_version
from archiver.vault.catalogue import open_catalogue
from archiver.vault.disposal.destruction import (
    APPROVAL,
    BEGUN,
    REQUEST,
    WITHDRAWAL,
    DestructionWithdrawal,
    withdrawal_bytes,
)
from archiver.vault.open_vault import open_vault
from formats.digests import Digest
from tests.journeys.program import Program
from tests.journeys.test_vault_destruction import ANNE, carry_out, package_of
from tests.journeys.test_vault_unit_destruction import DUE, approved as approved_of, made, vault
from tests.journeys.test_vault_unrecorded import entries
from tests.journeys.test_vault_withdrawal import approve, packages, withdraw

__all__ = ["made", "vault"]
NEVER = (
    b'{"destruction_withdrawal": 1, "destruction_approval": 1, "destruction_begun": 1, "request": "r", "reason": "r",'
    b' "request_sha256": "00", "at": "never", "by": "Eve"}'
)


def lay(desk: Program, name: str, files: Mapping[str, bytes]) -> None:
    """Add a version as somebody would who can write to the storages."""
    at = datetime.now(UTC).replace(microsecond=0)
    with open_catalogue(desk.folder / "vault") as table:
        add_version(
            open_vault(desk.folder / "vault"), table, name, dict(files), message="laid", at=at, entries=()
        )


def place(desk: Program, disk: str, name: str) -> Path:
    (found,) = (desk.folder / disk).glob(f"**/urn%3auuid%3a{name[9:]}")
    return found


@pytest.mark.parametrize(
    ("path", "data"),
    [
        (WITHDRAWAL, b"{"),
        (WITHDRAWAL, NEVER),
        (APPROVAL, b"[]"),
        (APPROVAL, NEVER),
        (BEGUN, b"\xff"),
        (BEGUN, NEVER),
    ],
)
def test_one_that_cannot_be_read_is_named_and_the_others_are_listed(
    vault: Program, path: str, data: bytes
) -> None:
    ask = ("vault", "destroy", "request", "vault", package_of(vault), "--unit", DUE, *ANNE, "--json")
    other, name = approved_of(vault, "--unit", DUE), str(vault(*ask).ok().document["destruction"])
    lay(vault, name, {path: data})
    listed = vault("vault", "destroy", "list", "vault", "--json").incomplete().document
    assert {one["destruction"]: one["state"] for one in listed["listed"]} == {other: "approved"}
    (finding,) = listed["findings"]
    assert (finding["code"], finding["where"]) == ("vault-statement-invalid", name)
    shown = vault("vault", "destroy", "list", "vault").incomplete()
    assert other in shown.out and name in shown.err
    for command in (carry_out(vault, name), withdraw(vault, name), approve(name)):
        refused = vault(*command).refused("vault-statement-invalid", 87)
        assert "description of the vault" not in refused
    assert packages(vault, "mixed.asice") == 2
    vault(*withdraw(vault, other)).ok()


def test_who_withdraws_what_somebody_called_withdrawn_has_it_recorded(vault: Program) -> None:
    """A withdrawal that the journal lacks can be taken away again; that of the approver then still counts."""
    name = approved_of(vault, "--unit", DUE)
    for disk in ("disk-a", "disk-b"):
        shutil.copytree(place(vault, disk, name), vault.folder / f"before-{disk}")
    request = (place(vault, "disk-a", name) / "v1" / "content" / REQUEST).read_bytes()
    at = datetime.now(UTC).replace(microsecond=0).isoformat()
    laid = DestructionWithdrawal(request=name, request_sha256=Digest.of(request), at=at, by="Eve", reason="-")
    lay(vault, name, {WITHDRAWAL: withdrawal_bytes(laid)})
    done = vault(*withdraw(vault, name), "--json").ok().document
    assert done["state"] == "withdrawn"
    (entry,) = [one for one in entries(vault, "destruction") if one["outcome"] == "withdrawn"]
    assert entry["agent"] == "Paul Durand"
    vault(*withdraw(vault, name, *ANNE)).ok()
    assert len([one for one in entries(vault, "destruction") if one["outcome"] == "withdrawn"]) == 1
    for disk in ("disk-a", "disk-b"):
        there = place(vault, disk, name)
        shutil.rmtree(there)
        shutil.copytree(vault.folder / f"before-{disk}", there)
    vault(*carry_out(vault, name)).refused("destruction-withdrawn", 70)
    assert packages(vault, "mixed.asice") == 2
