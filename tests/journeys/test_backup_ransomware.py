"""Ransomware in a practice whose backup lies in a real object storage that locks: everything comes back.

Whoever has the machine has the practice's own credentials, its keys, its clock, and time until somebody notices.
"""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from tests.backups import KEY, change, rows
from tests.engines.seaweedfs import VAULT, SeaweedServer
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.journeys.test_vault_probe import credentials_file
from tests.tools import need

ACCOUNT = ("--credentials", "vault.ini")


@pytest.fixture
def attacked(
    small_line: Line, tmp_path: Path, seaweed: SeaweedServer, locking_bucket: str
) -> tuple[Program, str, str]:
    """A practice with two runs in the object storage, the bucket's prefix, and the moment after the second."""
    folder = small_line.copy(tmp_path, "practice.db")
    credentials_file(folder, "vault.ini", VAULT)
    practice = Program(folder=folder)
    prefix = uuid4().hex
    practice(
        *("backup", "init", "backup", "--source", "practice.db", "--name", "Cabinet des Tilleuls"),
        *("--to", str(seaweed.address(locking_bucket, prefix)), *ACCOUNT, "--uncertified", "essai"),
    ).ok()
    shutil.move(folder / "backup" / "person", folder / "away")
    change(folder / "practice.db")
    assert practice("backup", "run", "backup", "--json").ok().document["sealed"] == 1
    time.sleep(1.2)  # the storage's clock counts in seconds
    return practice, prefix, datetime.now(UTC).isoformat(timespec="seconds")[:19]


def vandalise(seaweed: SeaweedServer, bucket: str, prefix: str) -> tuple[int, int]:
    """Do everything that the practice's account may: return how many versions were removed, and how many are left."""
    client = seaweed.client(VAULT)
    pages = client.get_paginator("list_object_versions")
    versions = [
        one for page in pages.paginate(Bucket=bucket, Prefix=prefix) for one in page.get("Versions", ())
    ]
    locked = [one for one in versions if "archiver-probe" not in one["Key"]]
    for one in locked:
        with pytest.raises(ClientError):
            client.put_object_retention(
                Bucket=bucket,
                Key=one["Key"],
                VersionId=one["VersionId"],
                Retention={"Mode": "COMPLIANCE", "RetainUntilDate": datetime.now(UTC) + timedelta(seconds=5)},
            )
        with pytest.raises(ClientError):
            client.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])
        client.put_object(Bucket=bucket, Key=one["Key"], Body=b"PAY " + os.urandom(64))
        client.delete_object(Bucket=bucket, Key=one["Key"])
    after = sum(len(page.get("Versions", ())) for page in pages.paginate(Bucket=bucket, Prefix=prefix))
    return len(locked), after


def test_everything_comes_back_after_everything_was_deleted_overwritten_and_encrypted(
    attacked: tuple[Program, str, str], seaweed: SeaweedServer, locking_bucket: str
) -> None:
    practice, prefix, before_attack = attacked
    folder = practice.folder
    good = rows(folder / "practice.db")
    files = {one.name: one.read_bytes() for one in (folder / "practice.files").rglob("*") if one.is_file()}
    assert practice("backup", "status", "backup", "--json").ok().document["good"]

    locked, left = vandalise(seaweed, locking_bucket, prefix)
    assert locked > 20 and left >= 2 * locked, "nothing that is locked went; what was put over it lies beside"
    for path in [*(folder / "practice.files").rglob("*"), folder / "practice.db"]:
        if path.is_file():
            path.write_bytes(os.urandom(64))

    done = practice("backup", "status", "backup", "--json")
    assert done.status == 8 and "storage-foreign" in str(done.document["problems"])
    refused = practice("backup", "run", "backup")
    assert refused.status in {41, 80}, refused.err
    shutil.rmtree(
        folder / "backup"
    )  # the machine is lost altogether; what is left is in a drawer, and in the bucket
    address = str(seaweed.address(locking_bucket, prefix))
    source = ("backup", "restore", "--storage", address, *ACCOUNT, *KEY)
    practice(*source, "--into", "none.db").refused("backup-absent", 90)
    restored = (
        practice(*source, "--as-of", before_attack, "--into", "back.db", "--json", TZ="UTC").ok().document
    )
    assert restored["run"] == 2 and restored["dossiers"] == restored["expected"]
    assert rows(folder / "back.db") == good
    back = {one.name: one.read_bytes() for one in (folder / "back.files").rglob("*") if len(one.name) == 64}
    assert back and all(files[name] == data for name, data in back.items())


def test_a_clock_that_was_moved_ends_no_lock_and_is_noticed(
    attacked: tuple[Program, str, str], seaweed: SeaweedServer, locking_bucket: str
) -> None:
    practice, prefix, _ = attacked
    faketime = need("faketime")
    future = Program(folder=practice.folder, before=(faketime, "-f", "+400d"))
    change(practice.folder / "practice.db", "Autre")
    done = future("backup", "run", "backup")
    assert "[storage-clock-differs]" in done.err and done.status == 82, done.err
    seen = future("backup", "status", "backup", "--json")
    codes = [one["code"] for one in seen.document["problems"]]
    assert seen.status == 8 and {"backup-too-old", "storage-clock-differs"} <= set(codes), codes
    past = Program(folder=practice.folder, before=(faketime, "-f", "-30d"))
    seen = past("backup", "status", "backup", "--json")
    codes = [one["code"] for one in seen.document["problems"]]
    assert seen.status == 8 and {"backup-clock-behind", "storage-clock-differs"} <= set(codes), codes
    client = seaweed.client(VAULT)
    pages = client.get_paginator("list_object_versions").paginate(Bucket=locking_bucket, Prefix=prefix)
    for one in (one for page in pages for one in page.get("Versions", ())):
        if "archiver-probe" not in one["Key"]:
            head = client.head_object(Bucket=locking_bucket, Key=one["Key"], VersionId=one["VersionId"])
            assert head["ObjectLockRetainUntilDate"] > datetime.now(UTC) + timedelta(days=80), one["Key"]
    assert practice("backup", "run", "backup", "--json").ok().document["sealed"] == 1
    practice("backup", "status", "backup").ok()
