"""The folder of a vault that was put back as it was, or lost its key: nothing is done that cannot be written down."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.line import Line, contents
from tests.journeys.program import Program
from tests.journeys.test_vault import DEPOSIT, INIT

HOLD = ("--reason", "Litige en cours", "--by", "Me Exemple", "--signer", "kerbrat/signer.p12")
CHANGES: dict[str, Callable[[str], tuple[str, ...]]] = {
    "hold": lambda package: ("hold", "vault", package, *HOLD),
    "approver": lambda _: ("approver", "vault", "--name", "Anne Martin", "--signer", "kerbrat/signer.p12"),
    "parity set": lambda _: ("parity", "set", "vault", "20"),
    "parity make": lambda _: ("parity", "make", "vault"),
    "host": lambda _: ("host", "vault", "storage-1", "--uncertified", "Données fictives"),
    "profile": lambda _: ("profile", "set", "vault", "--tsa", "http://127.0.0.1:9/tsa", "--hash", "sha512"),
    "fetch": lambda package: ("fetch", "vault", package, "--to", "back"),
}
"""Commands that change something in a vault, or give something out, and write it down."""


@pytest.fixture
def vault(small_line: Line, tmp_path: Path) -> Program:
    names = ("package.asice", "roots.pem", "kerbrat", "pressoir", "receiver.identity")
    desk = Program(folder=small_line.copy(tmp_path, *names))
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    return desk


def package_of(desk: Program) -> str:
    return str(desk("vault", "list", "vault", "--json").ok().document["listed"][0]["package"])


def put_back(desk: Program) -> str:
    """Put the folder back as it was before a hold came: what a restored snapshot of the machine does."""
    package, folder = package_of(desk), desk.folder
    shutil.copytree(folder / "vault", folder / "before")
    desk("vault", "hold", "vault", package, *HOLD).ok()
    shutil.rmtree(folder / "vault")
    (folder / "before").rename(folder / "vault")
    return package


def test_a_folder_that_was_put_back_begins_no_second_history(vault: Program) -> None:
    package = put_back(vault)
    before = {one: contents(vault.folder / one) for one in ("disk-a", "disk-b", "vault/journal")}
    for change in CHANGES.values():
        sentence = vault("vault", *change(package)).refused("journal-behind", 89)
        assert "archiver vault rebuild" in sentence
    assert vault(*DEPOSIT).status == 89
    assert {one: contents(vault.folder / one) for one in before} == before
    assert not list(vault.folder.glob("back/*"))

    vault("vault", "rebuild", "vault").ok()
    vault("vault", "journal", "verify", "vault").ok()
    (listed,) = vault("vault", "due", "vault", "--json").ok().document["listed"]
    assert len(listed["holds"]) == 1
    vault("vault", "hold", "vault", package, *HOLD).ok()
    vault("vault", "journal", "verify", "vault").ok()


def test_without_the_key_of_the_journal_nothing_is_changed(vault: Program) -> None:
    package = package_of(vault)
    (vault.folder / "vault" / "journal.key").unlink()
    before = {one: contents(vault.folder / one) for one in ("disk-a", "disk-b")}
    description = (vault.folder / "vault" / "vault.json").read_bytes()
    for change in CHANGES.values():
        vault("vault", *change(package)).refused("journal-missing", 89)
    assert {one: contents(vault.folder / one) for one in before} == before
    assert (vault.folder / "vault" / "vault.json").read_bytes() == description


def test_junk_where_the_next_record_comes_on_one_storage_stops_nobody(vault: Program) -> None:
    records = vault.folder / "disk-b" / "extensions" / "archiver-journal" / "records"
    size = len(json.loads(vault("vault", "journal", "show", "vault", "--json").ok().out)["entries"])
    (records / f"{size:03}").write_bytes(b"junk")
    vault("vault", "fetch", "vault", package_of(vault), "--to", "back").ok()
