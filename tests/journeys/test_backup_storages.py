"""A backup that began with one disk: a second one later, a lost one replaced, a bucket that locks."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from tests.backups import KEY, change, objects, rows
from tests.engines.seaweedfs import VAULT, SeaweedServer
from tests.journeys.line import contents
from tests.journeys.program import Ended, Program
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


def rot(folder: Path) -> None:
    """Spoil every package in a folder."""
    for path in [one for one in folder.rglob("*.asice") if one.is_file()]:
        path.write_bytes(b"\0")


def test_messages_about_the_storages_of_a_backup_name_its_own_commands(practice: Program) -> None:
    folder = practice.folder
    change(folder / "practice.db")
    practice("backup", "run", "backup").ok()
    retire = ("backup", "storage", "retire", "backup", "storage-1", *WHY)
    clear = ("backup", "storage", "clear", "backup", "storage-1", *WHY[2:], "--to", "statements")
    filling = (*ADD, "second", "--most", "1")
    printed = [practice(*retire), practice(*clear), practice(*filling), practice(*filling, "--json")]
    printed += listed(practice)
    practice(*ADD, "second").ok()
    # what one disk alone has whole, and what none has
    rot(folder / "second")
    assert practice("vault", "audit", "backup/vault", "--all", "--processes", "1").status == 87
    printed += [practice(*retire)]
    rot(folder / "disk")
    printed += [practice(*retire), practice(*ADD, "third"), practice(*ADD, "third", "--json")]
    # a disk that was retired, and that still has what it got
    printed += [practice("backup", "storage", "retire", "backup", "storage-3", *WHY, "--despite-damage")]
    printed += [practice(*ADD, "third"), *listed(practice)]
    text = "\n".join(one.out + one.err for one in printed)
    assert set(re.findall(r"archiver (?:vault|backup) (?:storage [a-z]+|[a-z]+)", text)) == {
        "archiver backup storage add",
        "archiver backup storage clear",
        "archiver backup storage retire",
        "archiver backup run",
    }
    assert set(re.findall(r"\[([a-z-]+)\]", text)) == {
        "storage-last",
        "storage-in-service",
        "storage-only-copy",
        "storage-damaged-copy",
        "storage-former-copy",
        "vault-one-storage",
        "vault-storage-filling",
        "vault-storage-uncleared",
        "vault-damaged-everywhere",
        "backup-copies-damaged",
    }


def listed(practice: Program) -> list[Ended]:
    shown = ("backup", "storage", "list", "backup")
    return [practice(*shown), practice(*shown, "--json"), practice("backup", "status", "backup")]
