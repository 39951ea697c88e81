"""Destruction in a vault, twenty years later: two approvers, every copy gone and listed, a tombstone, a certificate."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.vault.additions import add_version
from archiver.vault.catalogue import open_catalogue
from archiver.vault.disposal.destruction import BEGUN, begun_bytes
from archiver.vault.open_vault import open_vault
from tests.journeys.line import Line, contents
from tests.journeys.program import Program
from tests.journeys.test_vault import DEPOSIT, INIT, catalogue
from tests.ocfl_judge import assert_valid_ocfl
from tests.tools import need

BEFORE, ENDED = "2045-12-01 10:00:00", "2046-02-01 10:00:00"
"""When the term of the sample package has nearly ended, and when it has."""
ANNE = ("--by", "Anne Martin", "--signer", "anne/signer.p12")
PAUL = ("--by", "Paul Durand", "--signer", "paul/signer.p12")
COMPANY = ("--signer", "company/signer.p12")
WHY = ("--reason", "Litige en cours", "--by", "Me Exemple")
PERSONS = {"anne": "Anne Martin", "paul": "Paul Durand", "company": "Archives Exemple"}


def later(folder: Path, moment: str = ENDED) -> Program:
    """The program in ``folder`` with a clock that begins at a moment."""
    return Program(folder=folder, before=(need("faketime"), "-f", f"@{moment}"))


@pytest.fixture(scope="module")
def ended(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault whose only package was deposited today, at the end of 2045: audited, with two approvers."""
    names = ("package.asice", "roots.pem", "kerbrat", "pressoir", "receiver.identity")
    folder = small_line.copy(tmp_path_factory.mktemp("destruction"), *names)
    desk = Program(folder=folder)
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    desk = later(folder, BEFORE)
    for name, person in PERSONS.items():
        desk("keys", "new", name, "--name", person, "--no-passphrase").ok()
    desk("vault", "audit", "vault", "--processes", "1").ok()
    for name in ("anne", "paul"):
        key = ("--signer", f"{name}/signer.p12")
        desk("vault", "approver", "vault", "--name", PERSONS[name], *key).ok()
    return folder


@pytest.fixture
def vault(ended: Path, tmp_path: Path) -> Program:
    """A copy of it, moved with its storages."""
    subprocess.run(["cp", "-a", f"{ended}/.", tmp_path], check=True)
    description = tmp_path / "vault" / "vault.json"
    text = description.read_text(encoding="utf-8")
    description.write_text(text.replace(str(ended), str(tmp_path)), encoding="utf-8")
    return later(tmp_path)


def package_of(desk: Program) -> str:
    return str(desk("vault", "list", "vault", "--json").ok().document["listed"][0]["package"])


def requested(desk: Program) -> str:
    done = desk("vault", "destroy", "request", "vault", "--due", *ANNE, "--json").ok()
    return str(done.document["destruction"])


def approved(desk: Program) -> str:
    name = requested(desk)
    desk("vault", "destroy", "approve", "vault", name, *PAUL).ok()
    return name


def carry_out(desk: Program, name: str) -> tuple[str, ...]:
    return ("vault", "destroy", "carry-out", "vault", name, "--to", "certificates", *COMPANY)


def assert_gone(folder: Path, original: bytes, *disks: str) -> None:
    """Nothing of the package is on a disk: neither its name nor any of its bytes, in no file."""
    for disk in disks or ("disk-a", "disk-b"):
        assert not list((folder / disk).rglob("package.asice"))
        for path in (folder / disk).rglob("*"):
            assert not path.is_file() or original[4096:8192] not in path.read_bytes(), path


def test_two_approvers_destroy_a_package_and_a_tombstone_stays(vault: Program) -> None:
    folder, package = vault.folder, package_of(vault)
    original = (folder / "package.asice").read_bytes()
    done = vault("vault", "destroy", "request", "vault", package, *ANNE).ok()
    assert "requested: 1 package." in done.out
    (listed,) = vault("vault", "destroy", "list", "vault", "--json").ok().document["listed"]
    name = listed["destruction"]
    assert (listed["state"], listed["requested_by"]) == ("requested", "Anne Martin")
    vault("vault", "destroy", "approve", "vault", name, *PAUL).ok()
    done = vault(*carry_out(vault, name)).ok()
    assert "1 package destroyed on every storage" in done.out
    assert_gone(folder, original)

    # the tombstone: valid OCFL on both storages, with the receipts, known everywhere
    for disk in ("disk-a", "disk-b"):
        assert_valid_ocfl(folder / disk, 3)
        (tombstone,) = (folder / disk).rglob("tombstone.json")
        assert json.loads(tombstone.read_text(encoding="utf-8"))["destruction"] == name
        assert len(list(tombstone.parents[1].rglob("receipts/revision-001.json*"))) == 2
    assert contents(folder / "disk-a") == contents(folder / "disk-b")
    (entry,) = vault("vault", "list", "vault", "--json").ok().document["listed"]
    assert entry["destroyed_at"].startswith("2046-02-01")
    assert vault("vault", "due", "vault", "--json").ok().document["listed"] == []
    vault("vault", "fetch", "vault", package, "--to", "back").refused("package-destroyed", 76)
    vault("vault", "show", "vault", package).ok()
    vault(*carry_out(vault, name)).refused("destruction-done", 76)
    vault("vault", "destroy", "request", "vault", package, *ANNE).refused("package-destroyed", 76)
    Program(folder=folder)(*DEPOSIT).refused("package-destroyed", 76)
    vault("vault", "audit", "vault", "--processes", "1").ok()
    before = catalogue(vault)
    (folder / "vault" / "catalogue.db").unlink()
    vault("vault", "rebuild", "vault").ok()
    assert catalogue(vault) == before

    # what is handed out is what lies in the vault, and its signatures hold without us
    own = folder / "certificates" / name.removeprefix("urn:uuid:")
    names = {"certificat-de-destruction.pdf", "certificate-of-destruction.pdf", "outcome.json"}
    assert {one.name for one in own.iterdir() if one.suffix != ".p7s"} == names
    for one in names:
        (signature,) = own.glob(f"{one}.*.p7s")
        command = ("cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", own / one)
        trusted = ("-CAfile", folder / "company" / "roots.pem", "-purpose", "any", "-out", os.devnull)
        clock = ("-no_check_time",)
        done_by = subprocess.run(
            [need("openssl"), *command, *trusted, *clock], capture_output=True, check=False
        )
        assert done_by.returncode == 0, done_by.stderr
        (stored,) = (folder / "disk-a").rglob(f"destruction/{one}")
        assert stored.read_bytes() == (own / one).read_bytes()


def test_who_may_not_approve_and_what_is_not_due(vault: Program) -> None:
    package = package_of(vault)
    ask = ("vault", "destroy", "request", "vault", package)
    early = later(vault.folder, "2045-12-31 10:00:00")
    before = contents(vault.folder / "disk-a")
    early(*ask, *ANNE).refused("destruction-not-due", 70)
    early("vault", "destroy", "request", "vault", "--due", *ANNE).refused("destruction-nothing-due", 39)
    vault(*ask, "--by", "Anne Martin", "--signer", "paul/signer.p12").refused("approver-unlisted", 71)
    vault(*ask, "--by", "Me Exemple", *COMPANY).refused("approver-unlisted", 71)
    vault("vault", "destroy", "request", "vault", "nothing", *ANNE).refused("vault-object-unknown", 39)
    vault("vault", "destroy", "request", "vault", *ANNE).refused("destruction-nothing-due", 39)
    again = ("vault", "approver", "vault", "--name", "Anne MARTIN", *COMPANY)
    vault(*again).refused("approver-alike", 71)
    assert contents(vault.folder / "disk-a") == before
    name = requested(vault)
    approve = ("vault", "destroy", "approve", "vault", name)
    vault(*approve, *ANNE).refused("approver-same", 71)
    vault(*approve, "--by", "Anne Martin", "--signer", "paul/signer.p12").refused("approver-unlisted", 71)
    vault(*approve, "--by", "Me Exemple", *COMPANY).refused("approver-unlisted", 71)
    vault(*carry_out(vault, name)).refused("destruction-unapproved", 71)
    vault("vault", "destroy", "approve", "vault", "other", *PAUL).refused("destruction-unknown", 39)
    vault(*approve, *PAUL).ok()
    vault(*approve, *PAUL).refused("destruction-approved", 71)
    # whoever left the list in between approved nothing
    vault(
        "vault", "approver", "vault", "--name", "Paul Durand", "--signer", "paul/signer.p12", "--remove"
    ).ok()
    vault(*carry_out(vault, name)).refused("approver-unlisted", 71)
    assert list((vault.folder / "disk-a").rglob("package.asice"))


def test_a_hold_between_approval_and_carrying_out_stops_it(vault: Program) -> None:
    package, name = package_of(vault), approved(vault)
    vault("vault", "hold", "vault", package, *WHY, *COMPANY).ok()
    before = contents(vault.folder / "disk-a")
    vault(*carry_out(vault, name)).refused("destruction-suspended", 72)
    vault("vault", "destroy", "request", "vault", package, *ANNE).refused("destruction-suspended", 72)
    after = contents(vault.folder / "disk-a")
    assert {key: one for key, one in after.items() if "journal" not in key} == {
        key: one for key, one in before.items() if "journal" not in key
    }
    vault("vault", "lift", "vault", package, *WHY, *COMPANY).ok()
    vault(*carry_out(vault, name)).ok()
    for disk in ("disk-a", "disk-b"):
        assert len(list((vault.folder / disk).rglob("content/holds/*.json"))) == 2, "the history stays"
        assert_valid_ocfl(vault.folder / disk, 3)


def test_what_a_retired_disk_may_still_have_is_not_called_destroyed(vault: Program) -> None:
    name = approved(vault)
    vault("vault", "storage", "retire", "vault", "storage-2", "--reason", "Vieux disque", "--by", "Anne").ok()
    before = contents(vault.folder / "disk-a")
    refused = vault(*carry_out(vault, name)).refused("destruction-elsewhere", 70)
    assert "vault storage clear storage-2" in refused
    after = contents(vault.folder / "disk-a")
    assert {key: one for key, one in before.items() if "journal" not in key} == {
        key: one for key, one in after.items() if "journal" not in key
    }
    clear = (
        "vault",
        "storage",
        "clear",
        "vault",
        "storage-2",
        "--by",
        "Anne",
        "--to",
        "statements",
        *COMPANY,
    )
    vault(*clear).ok()
    vault(*carry_out(vault, name)).ok()
    assert not list(vault.folder.glob("disk-*/**/*.asice"))


def test_a_beginning_that_the_journal_does_not_have_is_none(vault: Program) -> None:
    """Who can write to the storages, and not on the journal, gets nothing destroyed that is held meanwhile."""
    name = approved(vault)
    vault("vault", "hold", "vault", package_of(vault), *WHY, *COMPANY).ok()
    folder, at = vault.folder / "vault", datetime(2046, 2, 1, 11, tzinfo=UTC)
    with open_catalogue(folder) as table:
        planted = {BEGUN: begun_bytes(name, at=at.isoformat())}
        add_version(open_vault(folder), table, name, planted, message="destruction begun", at=at, entries=())
    vault(*carry_out(vault, name)).refused("destruction-changed", 74)
    assert len(list(vault.folder.glob("disk-?/**/package.asice"))) == 2


def test_a_request_that_was_changed_after_its_approval_is_not_carried_out(vault: Program) -> None:
    name = approved(vault)
    for disk in ("disk-a", "disk-b"):
        # whoever can write to every storage makes all of OCFL fit again: the signatures do not
        (request,) = (vault.folder / disk).rglob("destruction/request.json")
        inventories = [
            *request.parents[3].glob("inventory.json"),
            *request.parents[3].glob("v*/inventory.json"),
        ]
        before = subprocess.check_output(["sha512sum", request], encoding="utf-8").split()[0]
        request.write_text(
            request.read_text(encoding="utf-8").replace("term-ended", "nobody-asks"), encoding="utf-8"
        )
        after = subprocess.check_output(["sha512sum", request], encoding="utf-8").split()[0]
        for one in inventories:
            one.write_text(one.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
            digest = subprocess.check_output(["sha512sum", one], encoding="utf-8").split()[0]
            one.with_name("inventory.json.sha512").write_text(f"{digest} inventory.json\n", encoding="utf-8")
        assert_valid_ocfl(vault.folder / disk, 3)
    vault(*carry_out(vault, name)).refused("destruction-changed", 74)
    assert list((vault.folder / "disk-a").rglob("package.asice"))


def test_a_clock_that_was_moved_makes_nothing_due(small_line: Line, tmp_path: Path) -> None:
    folder = small_line.copy(tmp_path, "package.asice", "roots.pem", "kerbrat")
    desk = Program(folder=folder)
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    moved = later(folder)
    moved("keys", "new", "anne", "--name", "Anne Martin", "--no-passphrase").ok()
    desk("vault", "approver", "vault", "--name", "Anne Martin", "--signer", "anne/signer.p12")
    sentence = moved("vault", "destroy", "request", "vault", "--due", *ANNE).refused("clock-doubtful", 73)
    assert "2046-02-01" in sentence


def test_a_storage_that_is_away_lets_nothing_begin(vault: Program) -> None:
    name = approved(vault)
    (vault.folder / "disk-b").rename(vault.folder / "away")
    vault(*carry_out(vault, name)).refused("storage-unreachable", 80)
    assert list((vault.folder / "disk-a").rglob("package.asice"))
    shutil.move(vault.folder / "away", vault.folder / "disk-b")
    vault(*carry_out(vault, name)).ok()


@pytest.mark.parametrize("most", ["1", "0"])
def test_a_storage_that_is_filled_meanwhile_gets_the_tombstone_and_nothing_else(
    vault: Program, most: str
) -> None:
    folder, original = vault.folder, (vault.folder / "package.asice").read_bytes()
    add = ("vault", "storage", "add", "vault", "disk-c", "--uncertified", "Essai")
    if most == "1":
        vault(*add, "--most", most).incomplete()
    else:
        vault(*add).ok()
    name = approved(vault)
    vault(*carry_out(vault, name)).ok()
    assert_gone(folder, original, "disk-a", "disk-b", "disk-c")
    if most == "1":
        vault(*add).ok()
    vault(*add[:4], "disk-d", "--uncertified", "Essai").ok()
    for disk in ("disk-b", "disk-c", "disk-d"):
        assert contents(folder / disk) == contents(folder / "disk-a")
    assert_gone(folder, original, "disk-c", "disk-d")
    vault("vault", "audit", "vault", "--all", "--processes", "1").ok()
    why = ("--reason", "Essai", "--by", "Anne Martin")
    vault("vault", "storage", "retire", "vault", "storage-1", *why).ok()


def test_a_storage_that_was_put_back_is_found_and_gives_nothing_back(vault: Program) -> None:
    """A backup of a disk, or a disk that was away: the package is whole there, and no other storage takes it."""
    folder, package = vault.folder, package_of(vault)
    name = approved(vault)
    shutil.copytree(folder / "disk-b", folder / "before")
    vault(*carry_out(vault, name)).ok()
    (tombstone,) = (folder / "disk-b").rglob("tombstone.json")
    place = tombstone.parents[3].relative_to(folder / "disk-b")
    shutil.rmtree(folder / "disk-b" / place)
    shutil.copytree(folder / "before" / place, folder / "disk-b" / place)

    assert vault("vault", "audit", "vault", "--processes", "1").status == 87
    vault("vault", "fetch", "vault", package, "--to", "back").refused("package-destroyed", 76)
    Program(folder=folder)(*DEPOSIT).refused("package-destroyed", 76)
    vault("vault", "repair", "vault")
    assert not list((folder / "disk-a").rglob("package.asice"))
    # an approver who left meanwhile decided then
    vault(
        "vault", "approver", "vault", "--name", "Paul Durand", "--signer", "paul/signer.p12", "--remove"
    ).ok()
    vault(*carry_out(vault, name)).ok()
    assert_gone(folder, (folder / "package.asice").read_bytes())
    assert contents(folder / "disk-a" / place) == contents(folder / "disk-b" / place)
    assert_valid_ocfl(folder / "disk-b", 3)
    vault("vault", "audit", "vault", "--processes", "1").ok()
    vault(*carry_out(vault, name)).refused("destruction-done", 76)
