"""Commands that a refusal of a vault names: a vault's own, or what the person with a backup can type."""

from __future__ import annotations

import copy
import re
import shlex
from pathlib import Path
from string import Formatter

import pytest

from archiver.backup.errors import BackupListInvalid
from archiver.operations.vault.storages.next_commands import (
    STORAGE_COMMANDS,
    backup_commands,
    backup_storage_commands,
    name_commands,
)
from archiver.vault.errors import VAULT_COMMANDS, VaultFailure
from formats.errors import Failure, failure_in_words
from formats.words import LANGUAGES, translate
from tests.unit.cli.test_exits import FAILURES

VAULT = re.compile(r"archiver vault( [a-z]+)+")
OF_BACKUP = backup_commands(Path("my backup"), Path("my backup/vault"), Path("keys.ini"))
ABOUT = " 'my backup/vault' --credentials keys.ini"
NAMING = [one for one in FAILURES if issubclass(one, VaultFailure) and one is not VaultFailure]
VAULT_ALONE = {
    "not-a-vault": "a backup is opened by ``open_backup``, which says ``backup-vault-missing``",
    "preservation-profile-absent": "no command renews the evidence of a backup",
    "preservation-digests-ended": "no command renews the evidence of a backup",
    "destruction-unit-unknown": "a backup prunes, and destroys nothing by law",
    "destruction-elsewhere": "a backup prunes, and destroys nothing by law",
    "destruction-unknown": "a backup prunes, and destroys nothing by law",
    "destruction-unfinished": "a backup prunes, and destroys nothing by law",
    "destruction-unapproved": "a backup prunes, and destroys nothing by law",
    "destruction-withdrawn": "a backup prunes, and destroys nothing by law",
    "destruction-begun": "a backup prunes, and destroys nothing by law",
    "destruction-nothing-due": "a backup prunes, and destroys nothing by law",
    "approver-unlisted": "a backup has no approvers",
    "approver-unrecorded": "a backup has no approvers",
    "clock-doubtful": "asked about destructions alone",
}
"""Refusals that no command about a backup raises, and why."""


def made(kind: type[VaultFailure]) -> VaultFailure:
    fields = {
        name for _, name, _, _ in Formatter().parse(kind.sentence) if name and name not in VAULT_COMMANDS
    }
    return kind(**dict.fromkeys(fields, "x"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NAMING, ids=lambda one: one.code)
def test_what_a_backup_refuses_names_no_command_without_its_folder(
    kind: type[VaultFailure], language: str
) -> None:
    def text(failure: Failure) -> str:
        return failure_in_words(failure, lambda one: translate(one, language, "archiver", "formats"))

    failure = made(kind)
    assert VAULT.search(text(failure)), "it names no command"
    around = BackupListInvalid(number=1, reason=failure)
    name_commands(around, OF_BACKUP)
    for sentence in (text(failure), text(around), text(copy.copy(failure))):
        for found in VAULT.finditer(sentence):
            assert sentence[found.end() :].removeprefix(" --all").startswith(ABOUT), sentence


def test_every_other_refusal_that_names_a_command_of_a_vault_is_of_a_vault_alone() -> None:
    literal = {one.code for one in FAILURES if "archiver vault" in one.sentence}
    assert literal == VAULT_ALONE.keys()


def test_a_vault_has_a_command_for_each_that_a_backup_has() -> None:
    assert OF_BACKUP.keys() == VAULT_COMMANDS.keys()
    assert len(NAMING) >= 7


def test_the_commands_about_storages_have_the_folder_of_the_backup() -> None:
    commands = backup_storage_commands(Path("my backup"), Path("my backup/vault"), None)
    assert shlex.split(commands.of("add")) == ["archiver", "backup", "storage", "add", "my backup"]
    assert shlex.split(commands.mend) == ["archiver", "backup", "run", "my backup"]
    assert shlex.split(commands.host) == ["archiver", "vault", "host", "my backup/vault"]
    assert STORAGE_COMMANDS.of("add") == "archiver vault storage add"
