"""``vault probe`` as a person types it, on a real object storage with and without locks."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest

from archiver.storage.credentials import StorageCredentials
from tests.engines.seaweedfs import ADMIN, VAULT, SeaweedServer
from tests.journeys.program import Program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(folder=tmp_path)


def credentials_file(folder: Path, name: str, credentials: StorageCredentials) -> str:
    path = folder / name
    path.write_text(
        f"[default]\naws_access_key_id = {credentials.key_id}\naws_secret_access_key = {credentials.secret}\n"
    )
    path.chmod(0o600)
    return str(path)


def test_a_storage_that_locks(
    program: Program, tmp_path: Path, seaweed: SeaweedServer, locking_bucket: str
) -> None:
    address = str(seaweed.address(locking_bucket, uuid4().hex))
    user = credentials_file(tmp_path, "user", VAULT)
    administrator = credentials_file(tmp_path, "administrator", ADMIN)
    done = program(
        "vault", "probe", address, "--credentials", user, "--administrator", administrator, "--json"
    )
    document = json.loads(done.out)
    assert document["locks"] == "enforced"
    assert {one["outcome"] for one in document["checks"]} == {"enforced"}
    assert document["left"]["versions"] == 2
    shown = program("vault", "probe", address, "--credentials", user)
    assert "✓ delete the locked version · as the vault" in shown.out
    assert "This storage locks" in shown.out
    assert "Not tried as administrator" in shown.out
    assert VAULT.secret not in shown.out + shown.err + done.out + done.err


def test_a_storage_that_does_not_lock_ends_with_a_status_of_its_own(
    program: Program, tmp_path: Path, seaweed: SeaweedServer
) -> None:
    address = str(seaweed.address(seaweed.bucket(locking=False)))
    user = credentials_file(tmp_path, "user", VAULT)
    done = program("vault", "probe", address, "--credentials", user)
    assert done.status == 82
    assert "✗ lock an object for a time" in done.out
    assert "This storage does not lock" in done.out
    program("vault", "probe", tmp_path).refused("storage-lock-unheld", 82)


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("s3:http://storage.example/bucket", 2, "storage-address-invalid"),
        ("s3:https://key:secret@storage.example/bucket", 2, "storage-address-invalid"),
        ("s3:https://storage.example", 2, "storage-address-invalid"),
        ("s3:https://storage.example/bucket/../x", 2, "storage-address-invalid"),
        ("s3:http://127.0.0.1:1/bucket", 80, "storage-unreachable"),
    ],
)
def test_an_address_that_is_none(
    program: Program, tmp_path: Path, address: str, status: int, code: str
) -> None:
    user = credentials_file(tmp_path, "user", VAULT)
    program("vault", "probe", address, "--credentials", user).refused(code, status)


def test_credentials_that_are_none(program: Program, tmp_path: Path) -> None:
    address = "s3:http://127.0.0.1:1/bucket"
    for name, text, mode in (
        ("empty", "", 0o600),
        ("half", "[default]\naws_access_key_id = me\n", 0o600),
        ("no sections", "my-secret-key\n", 0o600),
        ("open", "[default]\naws_access_key_id = me\naws_secret_access_key = my-secret-key\n", 0o644),
        ("long", "#" * 70_000, 0o600),
    ):
        path = tmp_path / name
        path.write_text(text)
        path.chmod(mode)
        done = program("vault", "probe", address, "--credentials", path)
        assert "my-secret-key" not in done.refused("storage-credentials-unusable", 23)
    program("vault", "probe", address).refused("storage-credentials-unusable", 23)
    program("vault", "probe", address, "--credentials", tmp_path / "gone").refused("file-not-found", 54)
