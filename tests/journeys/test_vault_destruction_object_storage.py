"""Destruction where a copy lies in a real object storage: not before the lock ends, and then every version of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from archiver.signing.certificates.reading import write_pem
from tests.destruction import mixed_package
from tests.engines.seaweedfs import VAULT, SeaweedServer
from tests.journeys.program import Program
from tests.journeys.test_vault_destruction import ANNE, COMPANY, PAUL, PERSONS, package_of
from tests.journeys.test_vault_object_storage import ACCOUNT, init
from tests.journeys.test_vault_probe import credentials_file
from tests.ocfl_judge import assert_valid_ocfl
from tests.packages import package, signer, units


@pytest.fixture
def desk(tmp_path: Path) -> Program:
    """Approvers, and a package whose term has ended long ago."""
    desk = Program(folder=tmp_path)
    credentials_file(tmp_path, "vault.ini", VAULT)
    by = signer()
    (tmp_path / "old.asice").write_bytes(package(by=by, term=date(2020, 1, 1)))
    (tmp_path / "roots.pem").write_text(write_pem(by.roots), encoding="ascii")
    for name, person in PERSONS.items():
        desk("keys", "new", name, "--name", person, "--no-passphrase").ok()
    return desk


def approved(desk: Program, name: str = "old.asice", *named: str) -> tuple[str, ...]:
    """Deposit a package, have a destruction approved, of it or of what is ``named``; return what carries it out."""
    deposit = ("vault", "deposit", "vault", name, "--receipts", "receipts", "--roots", "roots.pem")
    desk(*deposit, *COMPANY, *ACCOUNT).ok()
    for person in ("anne", "paul"):
        key = ("--signer", f"{person}/signer.p12", *ACCOUNT)
        desk("vault", "approver", "vault", "--name", PERSONS[person], *key).ok()
    what = (package_of(desk), *named) if named else ("--due",)
    made = desk("vault", "destroy", "request", "vault", *what, *ANNE, *ACCOUNT, "--json").ok().document
    desk("vault", "destroy", "approve", "vault", made["destruction"], *PAUL, *ACCOUNT).ok()
    to = ("--to", "certificates", *COMPANY, *ACCOUNT)
    return ("vault", "destroy", "carry-out", "vault", str(made["destruction"]), *to)


def test_nothing_is_removed_before_the_last_lock_ends(
    desk: Program, seaweed: SeaweedServer, locking_bucket: str
) -> None:
    prefix = uuid4().hex
    store = seaweed.store(locking_bucket, prefix)
    desk(*init(seaweed.address(locking_bucket, prefix))).ok()
    carry_out = approved(desk)
    sentence = desk(*carry_out).refused("destruction-locked", 70)
    assert "storage-2" in sentence
    assert any(one.key.endswith("old.asice") for one in store.list())
    assert list((desk.folder / "disk-a").rglob("old.asice"))


def test_every_copy_in_a_bucket_goes(desk: Program, seaweed: SeaweedServer) -> None:
    bucket = seaweed.bucket(locking=False)
    store = seaweed.store(bucket, "place")
    desk(*init(seaweed.address(bucket, "place")), "--unlocked", "Essai").ok()
    desk(*approved(desk)).ok()
    assert not any(one.key.endswith("old.asice") for one in store.versions())
    assert any(one.key.endswith("destruction/tombstone.json") for one in store.list())
    assert_valid_ocfl(desk.folder / "disk-a", 3)
    desk("vault", "audit", "vault", *ACCOUNT).ok()


DUE, _, RUNNING, _ = (unit for unit, _ in units(4))
SEALED = dict(units(4))


def test_a_unit_whose_package_is_locked_for_the_others_stays_everywhere(
    desk: Program, seaweed: SeaweedServer, locking_bucket: str
) -> None:
    """Every file of a package is locked until its last term: a unit that is due before waits for it, and it is said."""
    prefix = uuid4().hex
    store = seaweed.store(locking_bucket, prefix)
    mixed_package(desk.folder / "mixed.asice")
    whole = (desk.folder / "mixed.asice").read_bytes()
    desk(*init(seaweed.address(locking_bucket, prefix))).ok()
    carry_out = approved(desk, "mixed.asice", "--unit", DUE)
    sentence = desk(*carry_out).refused("destruction-locked", 70)
    assert "storage-2" in sentence and "2090" in sentence
    (copy,) = (desk.folder / "disk-a").rglob("mixed.asice")
    assert copy.read_bytes() == whole, "nothing went from the folder, either"
    (one,) = (found for found in store.list() if found.key.endswith("mixed.asice"))
    with store.open(one.key) as stream:
        assert stream.read() == whole
    desk("vault", "audit", "vault", "--all", *ACCOUNT).ok()
    assert DUE in desk("vault", "due", "vault", "--units", *ACCOUNT).ok().out


def test_a_unit_goes_from_every_version_in_a_bucket_and_the_rest_stays_proven(
    desk: Program, seaweed: SeaweedServer
) -> None:
    bucket = seaweed.bucket(locking=False)
    store = seaweed.store(bucket, "place")
    mixed_package(desk.folder / "mixed.asice")
    desk(*init(seaweed.address(bucket, "place")), "--unlocked", "Essai").ok()
    desk(*approved(desk, "mixed.asice", "--unit", DUE)).ok()
    copies = [one for one in store.versions() if one.key.endswith("mixed.asice")]
    (copy,) = copies
    with store.open(copy.key) as stream:
        data = stream.read()
    assert SEALED[DUE][64:128] not in data and SEALED[RUNNING][64:128] in data
    assert any(one.key.endswith("units-001.json") for one in store.list())
    assert_valid_ocfl(desk.folder / "disk-a", 3)
    desk("vault", "audit", "vault", "--all", *ACCOUNT).ok()
    desk("vault", "fetch", "vault", package_of(desk), "--to", "back", *ACCOUNT).ok()
    whom = ("--roots", "roots.pem", "--roots", "company/roots.pem")
    verdict = desk("verify", "back/mixed.asice", *whom, "--json").document
    assert "member-lawfully-destroyed" in json.dumps(verdict)
