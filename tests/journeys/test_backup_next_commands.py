"""What a backup refuses names commands that its person can type: each is broken, refused, and mended as it says."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.backups import KEY, change
from tests.journeys.program import Program

RUN = ("backup", "run", "backup")
COMMAND = re.compile(r"archiver ((?:vault|backup) [a-z]+(?: verify)?(?: --all)?(?: backup(?:/vault)?)?)")
"""A command as a message names it: the group and its words, the folder, an option."""


def named(text: str) -> list[str]:
    return COMMAND.findall(text)


def last_record(folder: Path) -> Path:
    return max((folder / "backup" / "vault" / "journal" / "records").iterdir())


def lose_journal(folder: Path) -> None:
    vault = folder / "backup" / "vault"
    shutil.rmtree(vault / "journal")
    for name in ("journal-head.json", "journal.key"):
        (vault / name).unlink()


def put_journal_back(folder: Path) -> None:
    """Put the journal back as it was before the last run, as whoever restores the folder of the backup does."""
    vault = folder / "backup" / "vault"
    shutil.rmtree(vault / "journal")
    shutil.copytree(folder / "before" / "journal", vault / "journal")
    shutil.copy(folder / "before" / "journal-head.json", vault)


def spoil_next_record(folder: Path) -> None:
    head = (folder / "backup" / "vault" / "journal-head.json").read_text(encoding="utf-8")
    number = json.loads(head)["size"]
    for disk in ("disk", "second"):
        (folder / disk / "extensions" / "archiver-journal" / "records" / f"{number:03}").write_bytes(b"0")


def spoil_inventory(folder: Path) -> None:
    place = next((folder / "second").rglob("backup-000001.asice")).parents[3]
    (place / "inventory.json").write_bytes(b"{}")


def spoil_checks(folder: Path) -> None:
    (folder / "backup" / "vault" / "checks.db").unlink()
    (folder / "backup" / "vault" / "checks.db").mkdir()


@dataclass(frozen=True, kw_only=True)
class Damage:
    """What ``harm`` does to the folder of a practice, and the commands that the message of a run then names.

    ``by_hand`` is what the message asks for before them.
    """

    harm: Callable[[Path], object]
    commands: tuple[str, ...]
    by_hand: Callable[[Path], object] = lambda _: None


VERIFY, REBUILD = "vault journal verify backup/vault", "vault rebuild backup/vault"
AUDIT, REPAIR = "vault audit --all backup/vault", "vault repair backup/vault"
DAMAGES = {
    "catalogue-unreadable": Damage(
        harm=lambda folder: (folder / "backup" / "vault" / "catalogue.db").unlink(), commands=(REBUILD,)
    ),
    "journal-missing": Damage(harm=lose_journal, commands=(REBUILD,)),
    "journal-damaged": Damage(
        harm=lambda folder: last_record(folder).write_bytes(b"0"), commands=(VERIFY, REBUILD)
    ),
    "journal-behind": Damage(harm=put_journal_back, commands=(REBUILD,)),
    "journal-differs": Damage(harm=spoil_next_record, commands=(VERIFY, REPAIR)),
    "vault-inventory-damaged": Damage(harm=spoil_inventory, commands=(AUDIT, REPAIR)),
    "vault-table-unreadable": Damage(
        harm=spoil_checks,
        commands=("backup run backup",),
        by_hand=lambda folder: (folder / "backup" / "vault" / "checks.db").rename(folder / "aside"),
    ),
}


@pytest.fixture
def desk(practice: Program) -> Program:
    """A practice that is backed up on two disks, twice, with a change that waits for the next run."""
    practice("backup", "storage", "add", "backup", "second").ok()
    vault, before = practice.folder / "backup" / "vault", practice.folder / "before"
    shutil.copytree(vault, before)
    change(practice.folder / "practice.db", "Léa")
    practice(*RUN).ok()
    change(practice.folder / "practice.db")
    return practice


@pytest.mark.parametrize("code", DAMAGES)
def test_a_run_that_is_refused_names_what_mends_it_as_it_is_typed(desk: Program, code: str) -> None:
    damage = DAMAGES[code]
    damage.harm(desk.folder)
    refused = desk(*RUN)
    assert f"[{code}]" in refused.err, refused.err + refused.out
    assert tuple(named(refused.err)) == damage.commands, refused.err
    watched = desk("backup", "watch", "backup", "--runs", "1")
    assert named(watched.err) == named(refused.err), watched.err
    damage.by_hand(desk.folder)
    for command in damage.commands:
        done = desk(*shlex.split(command))
        assert done.status != 1 and "[usage" not in done.err, done.err
    desk(*RUN).ok()
    assert not desk("backup", "status", "backup", "--json").document["problems"]


@pytest.mark.parametrize("code", ["catalogue-unreadable", "vault-table-unreadable"])
def test_every_command_about_a_backup_names_the_same(desk: Program, code: str) -> None:
    damage = DAMAGES[code]
    damage.harm(desk.folder)
    why = ("--reason", "Essai", "--by", "Anne Martin")
    about = [
        ("drill", "backup", *KEY),
        ("storage", "add", "backup", "third"),
        ("storage", "retire", "backup", "storage-2", *why),
        ("watch", "backup", "--runs", "1"),
    ]
    about += [("status", "backup")] if code == "vault-table-unreadable" else []
    for command in about:
        refused = desk("backup", *command)
        assert f"[{code}]" in refused.err, (command, refused.err)
        assert tuple(named(refused.err)) == damage.commands, command
    french = Program(folder=desk.folder, language="fr")(*RUN)
    assert tuple(named(french.err)) == damage.commands


def test_a_backup_whose_vault_lost_its_description_comes_back_from_a_disk(desk: Program) -> None:
    (desk.folder / "backup" / "vault" / "vault.json").unlink()
    for command in (RUN, ("backup", "status", "backup"), ("backup", "storage", "list", "backup")):
        sentence = desk(*command).refused("backup-vault-missing", 90)
        assert named(sentence) == ["backup restore", "backup init"]
    desk("backup", "restore", "--storage", "second", *KEY, "--into", "again.db").ok()


def test_a_disk_without_a_backup_is_no_vault_to_be_made(desk: Program) -> None:
    (desk.folder / "empty").mkdir()
    restore = ("backup", "restore", "--storage", "empty", *KEY, "--into", "again.db")
    assert "vault" not in desk(*restore).refused("backup-absent", 90)


def test_a_disk_that_does_not_give_its_description_is_not_one_without_a_backup(desk: Program) -> None:
    restore = ("backup", "restore", "--storage", "second", *KEY, "--into", "again.db")
    inventories = list((desk.folder / "second").rglob("inventory.json"))
    for one in inventories:
        one.chmod(0)
    try:
        desk.bound()(*restore).refused("storage-refused", 80)
    finally:
        for one in inventories:
            one.chmod(0o600)
    desk(*restore).ok()


def test_the_command_about_a_host_is_named_with_the_vault_of_the_backup(desk: Program) -> None:
    path = desk.folder / "backup" / "vault" / "vault.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    today = datetime.now(UTC).date().isoformat()
    hosting = {"host": "Hébergeur", "certificate": "HDS-1", "until": today, "reason": ""}
    for until, code in ((today, "vault-certificate-ending"), ("2020-01-01", "vault-certificate-ended")):
        document["storages"][1]["hosting"] |= {**hosting, "until": until}
        path.write_text(json.dumps(document), encoding="utf-8")
        for shown in (("storage", "list"), ("status",)):
            lines = desk("backup", *shown, "backup").err.splitlines()
            line = next(one for one in lines if f"[{code}]" in one)
            (command,) = re.findall(r"archiver (vault host backup/vault storage-2)", line)
    stated = ("--host", "Hébergeur", "--certificate", "HDS-2", "--until", "2099-01-01")
    desk(*shlex.split(command), *stated).ok()
    for shown in (("storage", "list"), ("status",)):
        assert "vault-certificate" not in desk("backup", *shown, "backup").err


def test_a_folder_with_a_space_and_a_file_of_credentials_are_in_the_command(desk: Program) -> None:
    (desk.folder / "backup").rename(desk.folder / "my backup")
    given = desk.folder / "the credentials.ini"
    given.write_text("[default]\n", encoding="utf-8")
    path = desk.folder / "my backup" / "backup.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, "credentials": str(given)}), encoding="utf-8")
    (desk.folder / "my backup" / "vault" / "catalogue.db").unlink()
    sentence = desk("backup", "run", "my backup").refused("catalogue-unreadable", 84)
    (command,) = re.findall(r"archiver (vault rebuild .+) makes it again", sentence)
    assert shlex.split(command)[2:] == ["my backup/vault", "--credentials", str(given)]
    desk(*shlex.split(command)).ok()
    desk("backup", "run", "my backup").ok()


def test_a_vault_is_sent_to_the_commands_of_a_vault(desk: Program) -> None:
    (desk.folder / "backup" / "vault" / "catalogue.db").unlink()
    sentence = desk("vault", "audit", "backup/vault").refused("catalogue-unreadable", 84)
    assert named(sentence) == ["vault rebuild"]
