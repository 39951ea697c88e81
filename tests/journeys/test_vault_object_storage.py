"""A vault on a folder and a real object storage that locks, as an archive company types it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from archiver.storage.object_store import ObjectStore
from archiver.storage.probing.probe import PLACE
from archiver.storage.storage import ObjectVersion
from tests.engines.seaweedfs import VAULT, SeaweedServer, running
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.journeys.test_vault import DEPOSIT, HOSTED, catalogue
from tests.journeys.test_vault_probe import credentials_file

ACCOUNT = ("--credentials", "vault.ini")
NINETEEN_YEARS = timedelta(days=19 * 365)


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    names = ("package.asice", "roots.pem", "kerbrat", "pressoir", "receiver.identity")
    folder = small_line.copy(tmp_path, *names)
    credentials_file(folder, "vault.ini", VAULT)
    return Program(folder=folder)


def init(address: object, *options: str) -> tuple[str, ...]:
    disks = ("--storage", "disk-a", "--storage", str(address))
    return ("vault", "init", "vault", "--name", "Archives Exemple", *disks, *HOSTED, *ACCOUNT, *options)


def versions(store: ObjectStore) -> Iterator[ObjectVersion]:
    """Yield every version of the vault's own files; those of the probe have a short lock."""
    yield from (one for one in store.versions() if not one.key.startswith(PLACE))


def assert_everything_locked(store: ObjectStore) -> None:
    found = [store.find(one.key, one.version) for one in versions(store) if not one.deletion]
    assert found
    for one in found:
        assert one is not None and one.lock is not None and one.lock.compliance, one
        assert one.lock.until > datetime.now(UTC) + NINETEEN_YEARS, one


def package_key(store: ObjectStore) -> str:
    return next(one.key for one in store.list() if one.key.endswith("package.asice"))


def test_a_vault_on_a_folder_and_an_object_storage(
    desk: Program, seaweed: SeaweedServer, locking_bucket: str
) -> None:
    prefix = uuid4().hex
    store = seaweed.store(locking_bucket, prefix)
    address = str(seaweed.address(locking_bucket, prefix))
    done = desk(*init(address)).ok()
    assert "with 2 storages" in done.out and not done.err
    described = json.loads((desk.folder / "vault" / "vault.json").read_text(encoding="utf-8"))
    assert described["storages"][1]["address"] == address and described["storages"][1]["locks"] is True
    assert "locks" not in described["storages"][0]
    for path in (one for one in (desk.folder / "vault").rglob("*") if one.is_file()):
        assert VAULT.secret.encode() not in path.read_bytes()

    desk(*DEPOSIT).refused("storage-credentials-unusable", 23)
    assert "on 2 storages" in desk(*DEPOSIT, *ACCOUNT).ok().out
    assert_everything_locked(store)
    listed = desk("vault", "list", "vault", "--json").ok().document["listed"]
    assert listed[0]["storages"] == ["storage-1", "storage-2"]
    package = listed[0]["package"]

    environment = {"AWS_ACCESS_KEY_ID": VAULT.key_id, "AWS_SECRET_ACCESS_KEY": VAULT.secret}
    for processes in ("1", "2"):
        audit = ("vault", "audit", "vault", "--all", "--processes", processes, "--json")
        coverage = desk(*audit, **environment).ok().document["coverage"]
        assert coverage["copies"] == coverage["verified"] == 4
    desk("vault", "show", "vault", package, *ACCOUNT).ok()
    desk("vault", "fetch", "vault", package, "--to", "back", *ACCOUNT).ok()
    original = (desk.folder / "package.asice").read_bytes()
    assert (desk.folder / "back" / "package.asice").read_bytes() == original
    before = catalogue(desk)
    (desk.folder / "vault" / "catalogue.db").unlink()
    desk("vault", "rebuild", "vault", *ACCOUNT).ok()
    assert catalogue(desk) == before
    desk("vault", "host", "vault", "storage-2", "--uncertified", "Essai", *ACCOUNT).ok()
    assert_everything_locked(store)

    # the folder rots: mended from the object storage
    (copy,) = (desk.folder / "disk-a").rglob("package.asice")
    copy.write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
    assert desk("vault", "audit", "vault", "--all", *ACCOUNT).status == 87
    desk("vault", "repair", "vault", *ACCOUNT).ok()
    assert copy.read_bytes() == original
    desk("vault", "audit", "vault", "--all", *ACCOUNT).ok()

    # a thief of the account deletes, which hides: mended from the folder, and locked again
    key = package_key(store)
    seaweed.client(VAULT).delete_object(Bucket=locking_bucket, Key=f"{prefix}/{key}")
    assert desk("vault", "audit", "vault", "--all", *ACCOUNT).status == 87
    assert "vault-file-hidden" in str(desk("vault", "rebuild", "vault", *ACCOUNT, "--json").ok().document)
    desk("vault", "repair", "vault", *ACCOUNT).ok()
    desk("vault", "audit", "vault", "--all", *ACCOUNT).ok()
    desk("vault", "journal", "seal", "vault", *ACCOUNT).ok()
    verified = desk("vault", "journal", "verify", "vault", *ACCOUNT, "--json").ok().document
    assert [one["name"] for one in verified["copies"]] == ["journal", "storage-1", "storage-2"]
    assert [one["code"] for one in verified["findings"]] == ["journal-seal-unstamped"]
    assert_everything_locked(store)


def test_what_a_killed_deposit_left_locked_is_superseded_or_hidden_and_said(
    desk: Program, seaweed: SeaweedServer, locking_bucket: str
) -> None:
    prefix = uuid4().hex
    store = seaweed.store(locking_bucket, prefix)
    desk(*init(seaweed.address(locking_bucket, prefix))).ok()
    process = desk.start(*DEPOSIT, *ACCOUNT)
    end = time.monotonic() + 60
    while not any(one.key.endswith(".p7s") for one in store.list()):
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert not list(desk.folder.glob("receipts/*")), "it was killed too late to show anything"

    found = desk("vault", "rebuild", "vault", *ACCOUNT, "--json").ok().document["findings"]
    assert "deposit-unfinished" in {one["code"] for one in found}
    # whoever signs now has another name for the signature: that of the first belongs to nothing
    desk("keys", "new", "other", "--name", "Archives Exemple", "--no-passphrase").ok()
    signing = ("--signer", "other/signer.p12", "--receipts", "receipts", "--roots", "roots.pem")
    desk("vault", "deposit", "vault", "package.asice", *signing, *ACCOUNT).ok()
    desk("vault", "audit", "vault", "--all", *ACCOUNT).ok()
    found = desk("vault", "rebuild", "vault", *ACCOUNT, "--json").ok().document["findings"]
    (hidden,) = [one for one in found if one["code"] == "vault-file-hidden"]
    assert hidden["where"].startswith("storage-2: ") and hidden["where"].endswith(".p7s")
    assert_everything_locked(store)


def test_a_storage_that_does_not_lock_needs_a_reason_which_is_said(
    desk: Program, seaweed: SeaweedServer
) -> None:
    address = seaweed.address(seaweed.bucket(locking=False), "place")
    desk(*init(address)).refused("storage-lock-unheld", 82)
    assert not (desk.folder / "vault").exists() and not (desk.folder / "disk-a").exists()
    done = desk(*init(address, "--unlocked", "Essai d’un hébergeur", "--json")).ok().document
    assert done["storages"][1]["unlocked"] == "Essai d’un hébergeur"
    assert [one["code"] for one in done["findings"]] == ["vault-storage-unlocked"]
    desk(*DEPOSIT, *ACCOUNT).ok()
    desk("vault", "audit", "vault", *ACCOUNT).ok()


def test_a_stopped_server_is_one_sentence_and_nothing_is_acknowledged(desk: Program) -> None:
    with running() as server:
        address = server.address(server.bucket(), "place")
        desk(*init(address)).ok()
        server.kill()
        desk(*DEPOSIT, *ACCOUNT).refused("storage-unreachable", 80)
        assert not (desk.folder / "receipts").exists()
        assert not list((desk.folder / "disk-a").rglob("package.asice"))
        assert desk("vault", "list", "vault", "--json").ok().document["listed"] == []
        again = ("vault", "init", "again", "--name", "Archives", "--storage", str(address), *HOSTED, *ACCOUNT)
        desk(*again).refused("storage-unreachable", 80)
        assert not (desk.folder / "again").exists()
        done = desk("vault", "audit", "vault", *ACCOUNT, "--json")
        assert (done.status, done.document["coverage"]["could-not-check"]) == (4, 1)
        server.start()
        desk(*DEPOSIT, *ACCOUNT).ok()
        desk("vault", "audit", "vault", *ACCOUNT).ok()
