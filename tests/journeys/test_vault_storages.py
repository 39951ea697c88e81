"""Storages over twenty years: added to a vault in service, filled, retired, cleared; and everything that is refused."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from archiver.signing.certificates.reading import write_pem
from archiver.vault.lock import vault_lock
from tests.engines.seaweedfs import VAULT, SeaweedServer, running
from tests.journeys.line import Line, contents
from tests.journeys.program import Ended, Program
from tests.journeys.test_vault import DEPOSIT, HOSTED, INIT, SIGN, package_of
from tests.journeys.test_vault_object_storage import ACCOUNT, assert_everything_locked
from tests.journeys.test_vault_probe import credentials_file
from tests.journeys.test_vault_unit_destruction import end_at
from tests.ocfl_judge import assert_valid_ocfl
from tests.packages import package, signer

ADD = ("vault", "storage", "add", "vault", "disk-c", *HOSTED)
WHY = ("--reason", "disk of 2026", "--by", "Anne Martin")
RETIRE = ("vault", "storage", "retire", "vault", "storage-1", *WHY)
CLEAR = (
    *("vault", "storage", "clear", "vault", "storage-1", "--by", "Anne Martin"),
    *("--to", "statements", "--signer", "kerbrat/signer.p12"),
)

CLEARED = ("storage-clearing-begun", "storage-emptied", "storage-cleared")
"""What the journal says of a clearing in one run."""


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    return Program(folder=small_line.copy(tmp_path, "package.asice", "roots.pem", "kerbrat"))


@pytest.fixture
def vault(desk: Program) -> Program:
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    return desk


def listed(desk: Program) -> dict[str, Any]:
    return dict(desk("vault", "storage", "list", "vault", "--json").ok().document)


def codes(done: Ended) -> set[str]:
    return {one["code"] for one in done.document["findings"]}


def acts(desk: Program) -> list[str]:
    shown = desk("vault", "journal", "show", "vault", "--json").ok().document["entries"]
    return [one["outcome"] for one in shown if one["outcome"].startswith("storage-")]


def copy_of(desk: Program, disk: str) -> Path:
    return min((desk.folder / disk).rglob("package.asice"), key=lambda one: len(one.parts))


def files(folder: Path) -> dict[str, str]:
    return {name: one for name, one in contents(folder).items() if one != "folder"}


def rot(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def further(desk: Program, count: int) -> None:
    """Deposit further packages of another signer."""
    by = signer()
    (desk.folder / "more.pem").write_text(write_pem(by.roots), encoding="ascii")
    folder = desk.folder / "more"
    folder.mkdir(exist_ok=True)
    for number in range(count):
        name = f"{uuid4()}"
        (folder / f"{name}-{number}.asice").write_bytes(package(package_id=name, by=by))
    desk("vault", "deposit", "vault", "more", *SIGN, "--roots", "more.pem").ok()
    shutil.rmtree(folder)


def test_a_storage_is_added_filled_and_the_old_one_retired_and_cleared(vault: Program) -> None:
    vault("vault", "journal", "seal", "vault").ok()
    done = vault(*ADD).ok()
    assert "storage-3 is a whole copy from now on" in done.out and not done.err, done.out + done.err
    assert contents(vault.folder / "disk-c") == contents(vault.folder / "disk-a")
    assert_valid_ocfl(vault.folder / "disk-c", 2)
    found = listed(vault)
    assert [one["name"] for one in found["storages"] if one["whole"]] == [f"storage-{n}" for n in (1, 2, 3)]
    coverage = vault("vault", "audit", "vault", "--all", "--json").ok().document["coverage"]
    assert coverage["copies"] == coverage["verified"] == 6
    document = vault("vault", "list", "vault", "--json").ok().document
    assert document["listed"][0]["storages"] == ["storage-1", "storage-2", "storage-3"]
    vault("vault", "show", "vault", package_of(vault)).ok()

    done = vault(*RETIRE).ok()
    assert "storage-1 is retired: 2 objects examined on the other storages, whole: 2" in done.out
    assert "vault-storage-uncleared" in done.err
    assert package_of(vault) and vault("vault", "list", "vault", "--json").ok().document["listed"][0][
        "storages"
    ] == ["storage-2", "storage-3"]
    before = files(vault.folder / "disk-a")
    further(vault, 1)
    assert files(vault.folder / "disk-a") == before, "something was written to a retired storage"
    vault(*RETIRE).refused("storage-retired", 81)
    vault("vault", "journal", "verify", "vault").ok()
    vault("vault", "rebuild", "vault").ok()

    (vault.folder / "disk-a" / "dad").mkdir()
    (vault.folder / "disk-a" / "dad" / "letter.txt").write_text(
        "not ours, in a folder of three hexadecimal digits"
    )
    done = vault(*CLEAR).ok()
    assert "1 file there is none of a vault" in done.out
    assert [*files(vault.folder / "disk-a")] == ["dad/letter.txt"]
    statement = json.loads((vault.folder / "statements" / "storage-1-cleared.json").read_text("utf-8"))
    assert statement["files"] == len(before) and statement["other_files"] == 1
    assert statement["reason"] == "disk of 2026" and statement["by"] == "Anne Martin"
    assert len(list((vault.folder / "statements").glob("*.p7s"))) == 1
    assert listed(vault)["former"][0]["cleared"]
    vault(*CLEAR).refused("storage-retired", 81)
    assert acts(vault) == ["storage-added", "storage-filled", "storage-retired", *CLEARED]
    assert contents(vault.folder / "disk-b") == contents(vault.folder / "disk-c")
    vault("vault", "audit", "vault", "--all").ok()
    vault("vault", "journal", "verify", "vault").ok()


def test_while_a_storage_is_filled_it_counts_as_no_copy_and_gets_what_is_new(vault: Program) -> None:
    further(vault, 3)
    done = vault(*ADD, "--most", "2", "--json").incomplete()
    assert not done.document["whole"] and done.document["left"] == 3
    assert codes(done) == {"vault-storage-filling"}
    assert codes(vault("vault", "list", "vault", "--json").ok()) == {"vault-storage-filling"}
    audited = vault("vault", "audit", "vault", "--all", "--json").ok()
    assert audited.document["coverage"]["copies"] == 10 and codes(audited) == {"vault-storage-filling"}
    assert "vault-one-storage" not in done.out
    vault("vault", "show", "vault", package_of(vault)).ok()
    further(vault, 1)
    vault("vault", "deposit", "vault", "package.asice", *SIGN, "--roots", "roots.pem")
    # the host is not asked again, nor said
    done = vault(*ADD[:5], "--json").ok()
    assert done.document["whole"]
    assert contents(vault.folder / "disk-c") == contents(vault.folder / "disk-a")
    vault("vault", "audit", "vault", "--all").ok()
    vault("vault", "journal", "verify", "vault").ok()
    vault(*ADD).refused("storage-listed", 81)


def test_a_disk_that_died_is_replaced(vault: Program) -> None:
    shutil.rmtree(vault.folder / "disk-a")
    vault(*ADD).refused("storage-unreachable", 80)
    assert not (vault.folder / "disk-c").exists()
    vault(*RETIRE).refused("storage-unreachable", 80)
    done = vault(*RETIRE, "--lost").ok()
    assert "vault-one-storage" in done.err
    done = vault(*ADD).ok()
    assert "vault-one-storage" not in done.err
    assert contents(vault.folder / "disk-c") == contents(vault.folder / "disk-b")
    vault(*CLEAR).refused("storage-unreachable", 80)
    done = vault(*CLEAR, "--means", "shredded, certificate 4711").ok()
    assert "shredded, certificate 4711" in done.out
    statement = json.loads((vault.folder / "statements" / "storage-1-cleared.json").read_text("utf-8"))
    assert (statement["files"], statement["means"]) == (0, "shredded, certificate 4711")
    vault("vault", "audit", "vault", "--all").ok()
    assert not vault("vault", "list", "vault").ok().err


def test_the_only_whole_copy_of_anything_is_not_retired(vault: Program) -> None:
    rot(copy_of(vault, "disk-b"))
    before = contents(vault.folder / "disk-a")
    sentence = vault(*RETIRE).refused("storage-only-copy", 87)
    assert "storage-1" in sentence and "vault repair" in sentence
    assert len(listed(vault)["storages"]) == 2 and not listed(vault)["former"]
    assert {k: v for k, v in contents(vault.folder / "disk-a").items() if "journal" not in k} == {
        k: v for k, v in before.items() if "journal" not in k
    }
    vault("vault", "repair", "vault").ok()
    vault(*RETIRE).ok()


def test_what_no_storage_has_whole_stands_in_the_way_until_somebody_decides(vault: Program) -> None:
    further(vault, 1)
    for disk in ("disk-a", "disk-b"):
        rot(copy_of(vault, disk))
    vault(*RETIRE).refused("storage-damaged-copy", 87)
    done = vault(*ADD, "--json")
    assert done.status == 87 and not done.document["whole"]
    assert codes(done) == {"vault-damaged-everywhere", "vault-storage-filling"}
    assert not list((vault.folder / "disk-c").rglob("package.asice"))
    done = vault(*ADD, "--despite-damage", "--json")
    assert done.status == 87 and done.document["whole"]
    done = vault(*RETIRE, "--despite-damage", "--json")
    assert done.status == 87
    assert codes(done) == {"vault-damaged-everywhere", "vault-storage-uncleared"}


def test_a_copy_comes_from_a_storage_that_has_it_whole_and_the_other_is_known_as_damaged(
    vault: Program,
) -> None:
    rot(copy_of(vault, "disk-a"))
    vault(*ADD).ok()
    assert copy_of(vault, "disk-c").read_bytes() == (vault.folder / "package.asice").read_bytes()
    assert vault("vault", "audit", "vault").status == 87
    vault("vault", "repair", "vault").ok()
    assert contents(vault.folder / "disk-c") != {} and vault("vault", "audit", "vault").ok()


@pytest.mark.parametrize("rotten", [True, False])
def test_an_inventory_that_is_damaged_is_not_believed_of_another_storage(
    vault: Program, rotten: bool
) -> None:
    place = copy_of(vault, "disk-a").parents[3] / "inventory.json"
    text = place.read_text(encoding="utf-8")
    digest = json.loads(text)["manifest"]
    (one, *_) = [key for key, paths in digest.items() if paths[0].endswith("package.asice")]
    place.write_text("{" if rotten else text.replace(one, one[::-1]), encoding="utf-8")
    vault(*ADD).ok()
    assert copy_of(vault, "disk-c").read_bytes() == (vault.folder / "package.asice").read_bytes()
    vault(*RETIRE).ok()
    vault("vault", "audit", "vault", "--all").ok()
    assert contents(vault.folder / "disk-b") == contents(vault.folder / "disk-c")


def test_a_folder_that_has_anything_is_refused(vault: Program) -> None:
    for name in ("disk-c", "disk-d"):
        (vault.folder / name).mkdir()
    (vault.folder / "disk-c" / "photos").mkdir()
    (vault.folder / "disk-c" / "photos" / "1.jpg").write_bytes(b"1")
    vault(*ADD).refused("storage-occupied", 81)
    assert [*files(vault.folder / "disk-c")] == ["photos/1.jpg"]
    other = ("vault", "init", "other", "--name", "Autre", "--storage", "disk-d", *HOSTED)
    vault(*other).ok()
    before = contents(vault.folder / "disk-d")
    vault(*ADD[:4], "disk-d", *HOSTED).refused("storage-occupied", 81)
    assert contents(vault.folder / "disk-d") == before
    # an old copy of this vault: a disk that was retired, or a clone of one
    shutil.copytree(vault.folder / "disk-a", vault.folder / "disk-e")
    before = contents(vault.folder / "disk-e")
    vault(*ADD[:4], "disk-e", *HOSTED).refused("storage-former-copy", 81)
    assert contents(vault.folder / "disk-e") == before
    vault(*ADD[:4], "disk-a", *HOSTED).refused("storage-listed", 81)
    vault(*ADD[:4], "disk-a/inner", *HOSTED).refused("storage-shared", 81)
    assert not (vault.folder / "disk-a" / "inner").exists()
    vault(*ADD[:4], "disk-f").refused("hosting-unexplained", 70)
    assert not (vault.folder / "disk-f").exists()
    vault(*ADD[:4], "file://x", *HOSTED).refused("storage-address-invalid", 2)
    assert len(listed(vault)["storages"]) == 2 and acts(vault) == []


def sizes(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


def statement_of(desk: Program) -> dict[str, Any]:
    path = desk.folder / "statements" / "storage-1-cleared.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def lay_note(desk: Program, count: int, *, emptied: bool) -> None:
    """Write the note of a run that found so many files, as somebody would who can write to the folder of the vault."""
    found, none = {"files": count, "size": 10 * count}, {"files": 0, "size": 0}
    text = {
        "began": "2026-11-30T12:00:00+00:00",
        "runs": 1,
        "there": found,
        "left": none if emptied else found,
    }
    note = desk.folder / "vault" / "storage-1.clearing"
    note.write_text(json.dumps({**text, "own": emptied, "unfinished": True, "complete": True}), "utf-8")


@pytest.mark.parametrize("note", ["as it is", "removed", "edited"])
@pytest.mark.parametrize("when", [1, 5, -1])
def test_what_runs_that_were_ended_destroyed_is_in_the_statement(
    vault: Program, when: int, note: str
) -> None:
    vault(*ADD).ok()
    vault(*RETIRE).ok()
    there = files(vault.folder / "disk-a")
    size = sizes(vault.folder / "disk-a")
    end_at(vault, "remove", when if when > 0 else len(there), *CLEAR)
    assert not (vault.folder / "statements").exists()
    left = len(files(vault.folder / "disk-a"))
    if note == "removed":
        for path in (vault.folder / "vault").glob("*.clearing"):
            path.unlink()
    elif note == "edited":
        lay_note(vault, 3 * len(there), emptied=False)
    done = vault(*CLEAR, "--json").ok().document
    assert (done["files"], done["all_files"], done["all_size"]) == (left, len(there), size)
    stated = statement_of(vault)
    assert (stated["files"], stated["size"], stated["runs"]) == (len(there), size, 2)
    assert stated["counts_complete"] is True
    shown = vault("vault", "journal", "show", "vault", "--json").document["entries"]
    (facts,) = [one["facts"] for one in shown if one["outcome"] == "storage-cleared"]
    assert (facts["files"], facts["size"]) == (len(there), size)
    begun = [one["facts"] for one in shown if one["outcome"] == "storage-clearing-begun"]
    assert [one["files"] for one in begun] == [len(there), left]
    assert begun[0]["size"] == size


def test_of_several_runs_that_were_ended_the_statement_counts_all(vault: Program) -> None:
    vault(*ADD).ok()
    vault(*RETIRE).ok()
    there = files(vault.folder / "disk-a")
    for when in (1, 3, 6):
        end_at(vault, "remove", when, *CLEAR)
    vault(*CLEAR).ok()
    stated = statement_of(vault)
    assert (stated["files"], stated["runs"], stated["counts_complete"]) == (len(there), 4, True)


def test_an_empty_disk_is_not_the_one_that_a_note_calls_emptied(vault: Program) -> None:
    """Somebody writes that all but the last file is gone, and another disk lies there: nothing is stated."""
    vault(*ADD).ok()
    vault(*RETIRE).ok()
    end_at(vault, "remove", 5, *CLEAR)
    (vault.folder / "disk-a").rename(vault.folder / "aside")
    (vault.folder / "disk-a").mkdir()
    lay_note(vault, 40, emptied=True)
    vault(*CLEAR).refused("storage-foreign", 80)
    assert not (vault.folder / "statements").exists()
    assert not listed(vault)["former"][0].get("cleared")


def test_a_journal_without_the_beginning_of_a_run_clears_nothing(vault: Program) -> None:
    """Somebody takes the entry out of the folder, or puts the folder back as it was: the storages have it."""
    vault(*ADD).ok()
    vault(*RETIRE).ok()
    journal = vault.folder / "vault" / "journal"
    shutil.copytree(journal, vault.folder / "before")
    end_at(vault, "remove", 5, *CLEAR)
    shutil.rmtree(journal)
    shutil.copytree(vault.folder / "before", journal)
    there = files(vault.folder / "disk-a")
    vault(*CLEAR).refused("journal-behind", 89)
    assert files(vault.folder / "disk-a") == there
    vault("vault", "rebuild", "vault").ok()
    vault(*CLEAR).ok()
    assert (statement_of(vault)["runs"], statement_of(vault)["counts_complete"]) == (2, True)


def test_a_statement_says_where_nobody_knows_how_much_a_run_destroyed(vault: Program) -> None:
    vault(*ADD).ok()
    vault(*RETIRE).ok()
    end_at(vault, "remove", 5, *CLEAR)
    shutil.rmtree(vault.folder / "disk-a")
    vault(*CLEAR, "--means", "shredded").ok()
    stated = statement_of(vault)
    assert (stated["counts_complete"], stated["files"], stated["runs"]) == (False, 0, 1)


@pytest.mark.parametrize("before_the_end", [0, 1, 5])
def test_a_run_that_was_ended_never_goes_on_with_the_disk_of_another_vault(
    vault: Program, before_the_end: int
) -> None:
    vault("vault", "init", "other", "--name", "Autre", "--storage", "disk-d", *HOSTED).ok()
    vault(*ADD).ok()
    vault(*RETIRE).ok()
    end_at(vault, "remove", len(files(vault.folder / "disk-a")) - before_the_end, *CLEAR)
    (vault.folder / "disk-a").rename(vault.folder / "aside")
    (vault.folder / "disk-d").rename(vault.folder / "disk-a")
    before = files(vault.folder / "disk-a")
    vault(*CLEAR).refused("storage-foreign", 80)
    assert files(vault.folder / "disk-a") == before
    (vault.folder / "disk-a").rename(vault.folder / "disk-d")
    (vault.folder / "aside").rename(vault.folder / "disk-a")
    vault(*CLEAR).ok()
    assert files(vault.folder / "disk-a") == {}


def test_the_last_whole_copy_is_neither_retired_nor_cleared(vault: Program) -> None:
    vault(*RETIRE).ok()
    last = ("vault", "storage", "retire", "vault", "storage-2", *WHY)
    vault(*last).refused("storage-last", 70)
    further(vault, 2)
    vault(*ADD, "--most", "1").incomplete()
    vault(*last).refused("storage-last", 70)
    clear = [*CLEAR]
    clear[4] = "storage-2"
    vault(*clear).refused("storage-in-service", 70)
    clear[4] = "storage-9"
    assert vault(*clear).status == 2
    # what is being filled can be given up
    vault("vault", "storage", "retire", "vault", "storage-3", *WHY).ok()
    assert [one["name"] for one in listed(vault)["former"]] == ["storage-1", "storage-3"]
    # the name is not given again
    vault(*ADD[:4], "disk-d", *HOSTED).ok()
    assert [one["name"] for one in listed(vault)["storages"]] == ["storage-2", "storage-4"]


def test_two_commands_at_once_and_another_disk_in_the_place(vault: Program) -> None:
    with vault_lock(vault.folder / "vault", "archiver vault deposit", at=datetime.now(UTC)):
        for command in (ADD, RETIRE, CLEAR):
            vault(*command).refused("vault-busy", 57)
    assert not (vault.folder / "disk-c").exists()
    vault(*RETIRE).ok()
    (vault.folder / "disk-a").rename(vault.folder / "aside")
    (vault.folder / "disk-a").mkdir()
    vault(*CLEAR).refused("storage-foreign", 80)
    assert not (vault.folder / "statements").exists()
    assert not listed(vault)["former"][0].get("cleared")


def test_a_deposit_that_was_ended_between_two_storages_is_brought_over_before_one_is_retired(
    vault: Program,
) -> None:
    further(vault, 1)
    newest = next(
        one
        for one in (vault.folder / "disk-b").rglob("0=ocfl_object_1.1")
        if list(one.parent.rglob("*-0.asice"))
    )
    shutil.rmtree(newest.parent)
    vault(*RETIRE).ok()
    assert list((vault.folder / "disk-b").rglob("*-0.asice"))
    vault("vault", "audit", "vault", "--all").ok()


def test_a_certificate_that_ends_is_said_and_the_next_one_written_down(vault: Program) -> None:
    today = datetime.now(UTC).date()
    host = ("vault", "host", "vault", "storage-2", "--certificate", "HDS-2", "--until")
    for days, found in ((-1, {"vault-certificate-ended"}), (30, {"vault-certificate-ending"}), (200, set())):
        vault(*host, (today + timedelta(days=days)).isoformat()).ok()
        assert codes(vault("vault", "list", "vault", "--json").ok()) == found
        assert codes(vault("vault", "storage", "list", "vault", "--json").ok()) == found
    assert len(list((vault.folder / "disk-a").rglob("description/revision-*.json"))) == 4


def test_a_description_that_an_ended_command_left_on_some_storages_is_gone_on_with(vault: Program) -> None:
    before = (vault.folder / "vault" / "vault.json").read_bytes()
    host = ("vault", "host", "vault", "storage-2", "--uncertified")
    vault(*host, "first").ok()
    # killed after the storages had it, and before the folder: the next one says something else
    (vault.folder / "vault" / "vault.json").write_bytes(before)
    vault(*host, "second").ok()
    assert json.loads((vault.folder / "vault" / "vault.json").read_text("utf-8"))["revision"] == 3
    # killed between two storages: the second lacks a version of the vault's own object
    (own,) = [one.parents[3] for one in (vault.folder / "disk-a").rglob("revision-003.json")]
    stale = vault.folder / "disk-b" / own.relative_to(vault.folder / "disk-a")
    shutil.rmtree(stale / "v3")
    for name in ("inventory.json", "inventory.json.sha512"):
        shutil.copy(stale / "v2" / name, stale / name)
    vault(*host, "third").ok()
    vault("vault", "audit", "vault", "--all").ok()
    assert contents(vault.folder / "disk-a") == contents(vault.folder / "disk-b")
    for disk in ("disk-a", "disk-b"):
        assert_valid_ocfl(vault.folder / disk, 2)


@pytest.fixture
def bucketed(vault: Program) -> Program:
    credentials_file(vault.folder, "vault.ini", VAULT)
    return vault


def test_a_bucket_that_locks_is_added_and_what_it_locks_stays_after_its_retirement(
    bucketed: Program, seaweed: SeaweedServer, locking_bucket: str
) -> None:
    prefix = uuid4().hex
    store = seaweed.store(locking_bucket, prefix)
    address = str(seaweed.address(locking_bucket, prefix))
    add = ("vault", "storage", "add", "vault", address, *HOSTED)
    bucketed(*add).refused("storage-credentials-unusable", 23)
    bucketed(*add, *ACCOUNT).ok()
    assert_everything_locked(store)
    assert {one["name"]: one.get("locks", False) for one in listed(bucketed)["storages"]} == {
        "storage-1": False,
        "storage-2": False,
        "storage-3": True,
    }
    there = {one.key for one in store.list() if not one.key.startswith("extensions/archiver-probe")}
    assert there == set(files(bucketed.folder / "disk-a"))
    bucketed("vault", "audit", "vault", "--all", *ACCOUNT).ok()
    bucketed("vault", "storage", "retire", "vault", "storage-3", *WHY, *ACCOUNT).ok()
    clear = [*CLEAR, *ACCOUNT]
    clear[4] = "storage-3"
    done = bucketed(*clear).incomplete()
    assert "files are locked, the last until 20" in done.out
    assert there <= {one.key for one in store.list()}, "what is locked was removed"
    assert not (bucketed.folder / "statements").exists()
    assert acts(bucketed)[-1] == "storage-partly-cleared"
    bucketed(*add, *ACCOUNT).refused("storage-former-copy", 81)


def test_a_bucket_that_does_not_lock_needs_a_reason_and_is_cleared_of_every_version(
    bucketed: Program, seaweed: SeaweedServer
) -> None:
    bucket = seaweed.bucket(locking=False)
    address = str(seaweed.address(bucket, "place"))
    add = ("vault", "storage", "add", "vault", address, *HOSTED, *ACCOUNT)
    bucketed(*add).refused("storage-lock-unheld", 82)
    bucketed(*add, "--unlocked", "Essai").ok()
    bucketed("vault", "storage", "retire", "vault", "storage-3", *WHY, *ACCOUNT).ok()
    clear = [*CLEAR, *ACCOUNT]
    clear[4] = "storage-3"
    bucketed(*clear).ok()
    assert list(seaweed.store(bucket, "place").versions()) == []


def test_a_server_that_stops_while_it_is_filled_is_gone_on_with(bucketed: Program) -> None:
    further(bucketed, 4)
    with running() as server:
        address = str(server.address(server.bucket(), "place"))
        add = ("vault", "storage", "add", "vault", address, *HOSTED, *ACCOUNT)
        bucketed(*add, "--most", "2").incomplete()
        server.kill()
        bucketed(*add).refused("storage-unreachable", 80)
        assert codes(bucketed("vault", "list", "vault", "--json").ok()) == {"vault-storage-filling"}
        audited = bucketed("vault", "audit", "vault", "--json", *ACCOUNT).incomplete()
        assert codes(audited) == {"vault-storage-filling", "storage-unreachable"}
        server.start()
        bucketed(*add).ok()
        bucketed("vault", "audit", "vault", "--all", *ACCOUNT).ok()
