"""A backup that began with one disk: a second one later, a lost one replaced, a bucket that locks."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from tests.backups import KEY, change, objects, rows
from tests.engines.seaweedfs import VAULT, SeaweedServer
from tests.journeys.line import contents
from tests.journeys.program import Program
from tests.journeys.test_vault_object_storage import versions
from tests.journeys.test_vault_probe import credentials_file

ADD = ("backup", "storage", "add", "backup")
WHY = ("--reason", "Essai", "--by", "Anne Martin")
HOSTED = ("--host", "Hébergeur", "--certificate", "HDS-1", "--until", "2099-01-01")
NEARLY = timedelta(days=89)


def problems(practice: Program) -> set[str]:
    done = practice("backup", "status", "backup", "--json")
    assert done.status in {0, 8}, done.err
    return {one["code"] for one in (*done.document["problems"], *done.document["remarks"])}


def assert_restored(practice: Program, disk: str) -> None:
    into = f"{uuid4().hex}.db"
    practice("backup", "restore", "--storage", disk, *KEY, "--into", into).ok()
    assert rows(practice.folder / into) == rows(practice.folder / "practice.db")


def test_a_second_disk_is_added_later_and_a_lost_one_replaced(practice: Program) -> None:
    change(practice.folder / "practice.db")
    practice("backup", "run", "backup").ok()
    assert problems(practice) == {"vault-one-storage"}
    practice(*ADD, "second").ok()
    assert problems(practice) == set()
    assert contents(practice.folder / "second") == contents(practice.folder / "disk")
    assert_restored(practice, "second")
    found = json.loads(practice("backup", "storage", "list", "backup", "--json").ok().out)
    assert [one["whole"] for one in found["storages"]] == [True, True]

    # the first disk dies: runs go on with the other one, and nothing else does
    shutil.rmtree(practice.folder / "disk")
    change(practice.folder / "practice.db", "Zoé-Marie")
    assert practice("backup", "run", "backup").status in {0, 4}
    assert "storage-unreachable" in problems(practice)
    retire = ("backup", "storage", "retire", "backup", "storage-1", *WHY)
    practice(*retire).refused("storage-unreachable", 80)
    practice(*retire, "--lost").ok()
    assert problems(practice) == {"vault-one-storage", "vault-storage-uncleared"}
    practice(*ADD, "third").ok()
    clear = ("backup", "storage", "clear", "backup", "storage-1", *WHY[2:], "--to", "statements")
    practice(*clear).refused("storage-unreachable", 80)
    practice(*clear, "--means", "drilled through").ok()
    assert len(list((practice.folder / "statements").iterdir())) == 2
    assert problems(practice) == set()
    practice("backup", "run", "backup").ok()
    assert len(objects(practice.folder / "third")) == 3
    assert_restored(practice, "third")
    practice("backup", "drill", "backup", *KEY).ok()


def test_while_a_disk_is_filled_status_is_not_as_agreed_and_runs_write_to_it(practice: Program) -> None:
    change(practice.folder / "practice.db")
    practice("backup", "run", "backup").ok()
    practice(*ADD, "second", "--most", "1").incomplete()
    assert problems(practice) == {"vault-one-storage", "vault-storage-filling"}
    assert practice("backup", "status", "backup").status == 8
    change(practice.folder / "practice.db", "Zoé-Marie")
    practice("backup", "run", "backup").ok()
    practice(*ADD, "second").ok()
    assert problems(practice) == set()
    assert contents(practice.folder / "second") == contents(practice.folder / "disk")


def test_a_bucket_that_locks_is_added_with_its_credentials_for_every_run(
    practice: Program, seaweed: SeaweedServer, locking_bucket: str
) -> None:
    account = credentials_file(practice.folder, "backup.ini", VAULT)
    prefix = uuid4().hex
    store = seaweed.store(locking_bucket, prefix)
    address = str(seaweed.address(locking_bucket, prefix))
    description = practice.folder / "backup" / "backup.json"
    before = description.read_bytes()
    practice(*ADD, address, "--credentials", account).refused("hosting-unexplained", 70)
    assert description.read_bytes() == before
    practice(*ADD, address, "--credentials", account, *HOSTED).ok()
    for one in versions(store):
        known = store.find(one.key, one.version)
        assert known is not None and known.lock is not None, one.key
        assert known.lock.until > datetime.now(UTC) + NEARLY, "shorter than the days of the backup"
    change(practice.folder / "practice.db")
    practice("backup", "run", "backup").ok()
    assert problems(practice) == set()
    stated = json.loads(description.read_text(encoding="utf-8"))["credentials"]
    assert Path(stated).name == "backup.ini"
    shutil.rmtree(practice.folder / "disk")
    into = ("--into", "restored.db")
    practice("backup", "restore", "--storage", address, "--credentials", account, *KEY, *into).ok()
    assert rows(practice.folder / "restored.db") == rows(practice.folder / "practice.db")
