"""The list of approvers: who is put in and taken out, and a ``vault.json`` that somebody edited or put back."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.vault.additions import add_version
from archiver.vault.catalogue import open_catalogue
from archiver.vault.disposal.holds import HoldAct, HoldStatement, hold_bytes
from archiver.vault.open_vault import open_vault
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.journeys.test_vault import DEPOSIT, INIT
from tests.journeys.test_vault_destruction import ANNE, PAUL, PERSONS, carry_out, later

EVE = ("--by", "Eve", "--signer", "eve/signer.p12")


@pytest.fixture
def vault(small_line: Line, tmp_path: Path) -> Program:
    """A vault whose package is due, with two approvers, and the key of somebody who is none."""
    desk = Program(
        folder=small_line.copy(tmp_path, "package.asice", "roots.pem", "kerbrat", "receiver.identity")
    )
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    # a day before, for a machine that is slow: each program begins at the moment that is named
    for name, person in {**PERSONS, "eve": "Eve"}.items():
        later(tmp_path, "2046-01-31 10:00:00")("keys", "new", name, "--name", person, "--no-passphrase").ok()
    desk = later(tmp_path)
    desk("vault", "audit", "vault", "--processes", "1").ok()
    for name in ("anne", "paul"):
        done = desk(
            "vault", "approver", "vault", "--name", PERSONS[name], "--signer", f"{name}/signer.p12"
        ).ok()
    listed = [line.split(": ")[1] for line in done.out.splitlines() if line.startswith("  ")]
    assert [len(one.split()) for one in listed] == [16, 16], "every fingerprint is grouped, to be compared"
    return desk


def listed(desk: Program) -> Path:
    return desk.folder / "vault" / "vault.json"


def test_an_approver_whom_somebody_wrote_into_the_file_decides_nothing(vault: Program) -> None:
    document = json.loads(listed(vault).read_text(encoding="utf-8"))
    new = vault("vault", "approver", "vault", "--name", "Eve", "--signer", "eve/signer.p12", "--json").ok()
    (eve,) = (one for one in new.document["approvers"] if one["name"] == "Eve")
    vault("vault", "approver", "vault", "--name", "Eve", "--remove", "--signer", "eve/signer.p12").ok()
    # as one who can write there edits it, in the newest revision
    now = json.loads(listed(vault).read_text(encoding="utf-8"))
    now["approvers"] = [*document["approvers"], eve]
    listed(vault).write_text(json.dumps(now), encoding="utf-8")
    vault("vault", "destroy", "request", "vault", "--due", *EVE).refused("approver-unrecorded", 71)
    name = (
        vault("vault", "destroy", "request", "vault", "--due", *ANNE, "--json").ok().document["destruction"]
    )
    vault("vault", "destroy", "approve", "vault", name, *EVE).refused("approver-unrecorded", 71)
    vault("vault", "destroy", "approve", "vault", name, *PAUL).ok()


def test_who_was_taken_out_carries_nothing_out_by_an_older_file(vault: Program) -> None:
    name = (
        vault("vault", "destroy", "request", "vault", "--due", *ANNE, "--json").ok().document["destruction"]
    )
    vault("vault", "destroy", "approve", "vault", name, *PAUL).ok()
    shutil.copy2(listed(vault), vault.folder / "older.json")
    vault(
        "vault", "approver", "vault", "--name", "Paul Durand", "--remove", "--signer", "anne/signer.p12"
    ).ok()
    vault(*carry_out(vault, name)).refused("approver-unlisted", 71)
    shutil.copy2(vault.folder / "older.json", listed(vault))
    vault(*carry_out(vault, name)).refused("approver-unrecorded", 71)
    assert list((vault.folder / "disk-a").rglob("package.asice"))


def test_the_last_one_is_taken_out_and_nobody_is_not_taken_out(vault: Program) -> None:
    nobody = ("vault", "approver", "vault", "--name", "Personne", "--remove", "--signer", "anne/signer.p12")
    assert "Personne" in vault(*nobody).refused("approver-unknown", 39)
    for name in ("Anne Martin", "Paul Durand"):
        out = vault(
            "vault", "approver", "vault", "--name", name, "--remove", "--signer", "anne/signer.p12"
        ).ok()
    assert out.out.startswith("Nobody is an approver of the vault now")


def test_a_lifting_that_somebody_laid_on_a_storage_lifts_nothing(vault: Program) -> None:
    package = vault("vault", "list", "vault", "--json").ok().document["listed"][0]["package"]
    why = ("--reason", "Litige", "--by", "Me Exemple", "--signer", "company/signer.p12")
    vault("vault", "hold", "vault", package, *why).ok()
    lifting = HoldStatement(
        object_id=f"urn:uuid:{package}",
        number=2,
        act=HoldAct.LIFTED,
        reason="Affaire close",
        by="Me Exemple",
        at="2046-02-01T10:00:00+00:00",
        lifts=1,
    )
    opened = open_vault(vault.folder / "vault")
    files = {"holds/002.json": hold_bytes(lifting, opened.description.id)}
    with open_catalogue(vault.folder / "vault") as catalogue:
        at = datetime(2046, 2, 1, 10, tzinfo=UTC)
        add_version(opened, catalogue, lifting.object_id, files, message="hold 1 lifted", at=at, entries=())
    vault("vault", "destroy", "request", "vault", package, *ANNE).refused("destruction-suspended", 72)
    vault("vault", "destroy", "request", "vault", "--due", *ANNE).refused("destruction-suspended", 72)
    # whoever may lift it still does
    vault("vault", "lift", "vault", package, *why).ok()
    vault("vault", "destroy", "request", "vault", package, *ANNE).ok()


def test_what_is_under_a_hold_is_not_called_not_due(vault: Program) -> None:
    package = vault("vault", "list", "vault", "--json").ok().document["listed"][0]["package"]
    why = ("--reason", "Litige", "--by", "Me Exemple", "--signer", "company/signer.p12")
    vault("vault", "hold", "vault", package, *why).ok()
    asked = vault("vault", "destroy", "request", "vault", "--due", *ANNE)
    assert "hold" in asked.refused("destruction-nothing-due", 39)
