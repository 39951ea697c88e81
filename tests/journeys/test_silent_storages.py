"""A storage that does not answer, or in whose place another disk is: what goes on without it says so at its end."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from archiver.signing.certificates.reading import write_pem
from formats.ocfl.layout import object_place
from tests.backups import KEY, change
from tests.journeys.line import Line, contents
from tests.journeys.program import Ended, Program
from tests.journeys.test_vault import DEPOSIT, INIT, SIGN
from tests.journeys.test_vault_repair import flip, stored
from tests.journeys.test_vault_unit_destruction import end_at
from tests.packages import package, signer


@pytest.fixture
def vault(small_line: Line, tmp_path: Path) -> Program:
    names = ("package.asice", "roots.pem", "kerbrat", "pressoir", "receiver.identity")
    desk = Program(folder=small_line.copy(tmp_path, *names))
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    desk("vault", "audit", "vault", "--processes", "1").ok()
    return desk


def pulled(folder: Path) -> None:
    folder.rename(folder.with_name("aside"))


def other_disk(folder: Path) -> None:
    pulled(folder)
    folder.mkdir()


ABSENT: dict[str, Callable[[Path], None]] = {"storage-unreachable": pulled, "storage-foreign": other_disk}


def codes(done: Ended) -> set[str]:
    return set(re.findall(r"\[([a-z-]+)\]", done.err))


@pytest.mark.parametrize("code", ABSENT)
def test_a_repair_goes_on_with_the_others_and_does_not_end_well(vault: Program, code: str) -> None:
    vault("vault", "storage", "add", "vault", "disk-c", "--uncertified", "Essai").ok()
    for disk in ("disk-a", "disk-b"):
        flip(stored(vault, disk))
    flip(stored(vault, "disk-a", "0=ocfl_1.1"))
    assert vault("vault", "audit", "vault", "--all", "--processes", "1").status == 87
    ABSENT[code](vault.folder / "disk-b")
    done = vault("vault", "repair", "vault", "--json")
    assert done.status == 87, "a copy on the storage is known to be damaged"
    found = {(one["storage"], one["outcome"]) for one in done.document["copies"]}
    assert found == {("storage-1", "ok"), ("storage-2", "damaged")}
    assert [one["storage"] for one in done.document["roots"]] == ["storage-1"]
    assert [(one["code"], one["where"]) for one in done.document["findings"]] == [(code, "storage-2")]
    assert code != "storage-foreign" or contents(vault.folder / "disk-b") == {}, "another's disk"
    shown = vault("vault", "repair", "vault")
    assert (shown.status, codes(shown)) == (87, {code}) and "1 copy is still damaged" in shown.out
    # back again, everything is repaired
    shutil.rmtree(vault.folder / "disk-b", ignore_errors=True)
    (vault.folder / "aside").rename(vault.folder / "disk-b")
    vault("vault", "repair", "vault").ok()
    vault("vault", "audit", "vault", "--all", "--processes", "1").ok()


@pytest.mark.parametrize("lost", ["0=ocfl_object_1.1", "inventory.json"])
def test_a_storage_that_lost_a_file_of_the_vaults_own_object_is_damaged_and_no_other_disk(
    vault: Program, lost: str
) -> None:
    own = object_place(json.loads((vault.folder / "vault" / "vault.json").read_text(encoding="utf-8"))["id"])
    (vault.folder / "disk-b" / own / lost).unlink()
    audited = vault("vault", "audit", "vault", "--all", "--processes", "1")
    assert (audited.status, codes(audited)) == (87, {"vault-copy-damaged"})
    vault("vault", "repair", "vault").ok()
    assert contents(vault.folder / "disk-a") == contents(vault.folder / "disk-b")
    vault("vault", "audit", "vault", "--all", "--processes", "1").ok()


def test_a_deposit_that_was_ended_and_cannot_be_gone_on_with_is_named_by_repair_and_audit(
    vault: Program,
) -> None:
    by, name = signer(), f"{uuid4()}"
    (vault.folder / "more.pem").write_text(write_pem(by.roots), encoding="ascii")
    (vault.folder / "more.asice").write_bytes(package(package_id=name, by=by))
    deposit = ("vault", "deposit", "vault", "more.asice", *SIGN, "--roots", "more.pem")
    end_at(vault, "put", 14, *deposit)
    (inventory,) = (vault.folder / "disk-a").rglob(f"*{name}/inventory.json")
    flip(inventory)
    for command in (("repair", "vault"), ("audit", "vault", "--processes", "1")):
        done = vault("vault", *command, "--json").incomplete()
        assert [one["code"] for one in done.document["findings"]] == ["vault-inventory-damaged"], command
    assert "vault-inventory-damaged" in codes(vault("vault", "repair", "vault"))
    # a storage gives it back as it was written: the next repair finishes it
    flip(inventory)
    vault("vault", "repair", "vault").ok()
    assert len(vault("vault", "list", "vault", "--json").ok().document["listed"]) == 2


@pytest.mark.parametrize("place", ["ocfl_layout.json", "extensions/archiver-journal/records"])
def test_what_a_repair_may_not_read_is_named(vault: Program, place: str) -> None:
    path = vault.folder / "disk-b" / place
    path.chmod(0)
    try:
        done = vault.bound()("vault", "repair", "vault", "--json").incomplete()
    finally:
        path.chmod(0o700)
    assert [(one["code"], one["where"]) for one in done.document["findings"]] == [
        ("storage-refused", "storage-2")
    ]


def test_a_repair_says_that_it_mends_no_journal_from_one_that_is_damaged(vault: Program) -> None:
    record = next((vault.folder / "vault" / "journal" / "records").rglob("*0*"))
    record = record if record.is_file() else next(one for one in record.rglob("*") if one.is_file())
    flip(record)
    done = vault("vault", "repair", "vault", "--json").incomplete()
    assert [one["code"] for one in done.document["findings"]] == ["journal-entry-changed"]


@pytest.mark.parametrize("code", ABSENT)
@pytest.mark.parametrize("command", ["repair", "audit", "parity show", "show", "fetch"])
def test_a_vault_says_of_which_storage_nothing_is_known(vault: Program, code: str, command: str) -> None:
    (listed,) = vault("vault", "list", "vault", "--json").document["listed"]
    more = {"show": (listed["package"],), "fetch": (listed["package"], "--to", "back")}
    ABSENT[code](vault.folder / "disk-b")
    done = vault("vault", *command.split(), "vault", *more.get(command, ()))
    assert codes(done.incomplete()) == {code}
    assert "storage-2" in done.err or "disk-b" in done.err


def test_a_cosignature_that_a_storage_did_not_get_is_no_full_success(vault: Program) -> None:
    vault("vault", "init", "other", "--storage", "disk-c", "--uncertified", "Essai", "--name", "Témoin").ok()
    own = vault("vault", "journal", "seal", "vault", "--json").ok().document["key"]
    ask = ("vault", "witness", "other", "vault/journal", "--to", "cosigned", "--log-key", own, "--json")
    key = vault(*ask).ok().document["key"]
    pulled(vault.folder / "disk-b")
    done = vault("vault", "journal", "add-cosignature", "vault", "cosigned", "--witness", key)
    assert codes(done.incomplete()) == {"storage-unreachable"}


def two_disks(practice: Program) -> None:
    change(practice.folder / "practice.db")
    practice("backup", "run", "backup").ok()
    practice("backup", "storage", "add", "backup", "second").ok()


def test_a_watch_ends_as_its_last_run(practice: Program) -> None:
    two_disks(practice)
    pulled(practice.folder / "second")
    practice("backup", "run", "backup").incomplete()
    practice("backup", "watch", "backup", "--runs", "1").incomplete()


@pytest.mark.parametrize("code", ABSENT)
def test_a_restore_says_which_storage_may_have_a_newer_run(practice: Program, code: str) -> None:
    two_disks(practice)
    ABSENT[code](practice.folder / "second")
    done = practice("backup", "restore", "backup", *KEY, "--into", "new.db")
    assert codes(done.incomplete()) == {code}
    one = practice("backup", "restore", "--storage", "disk", *KEY, "--into", "other.db").ok()
    assert not codes(one)
