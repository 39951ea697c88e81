"""One unit of a package destroyed in a vault at its term: gone from every copy, and the rest stays proven."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from unittest.mock import patch

import pytest

from archiver.package.layout import set_name, volume_name
from archiver.signing.certificates.reading import write_pem
from archiver.storage.folder import FolderStorage
from tests.destruction import mixed_package, two_volumes
from tests.journeys.line import contents
from tests.journeys.program import Program
from tests.journeys.test_vault import INIT, catalogue
from tests.journeys.test_vault_destruction import ANNE, COMPANY, PAUL, PERSONS, WHY, carry_out, package_of
from tests.ocfl_judge import assert_valid_ocfl
from tests.packages import signer, units
from tests.tools import need

DUE, ALSO_DUE, RUNNING, _ = (unit for unit, _ in units(4))
SEALED = dict(units(4))
ROOTS = ("--roots", "sender.pem")
RECEIPTS = ("--receipts", "receipts", *COMPANY)
DEPOSIT = ("vault", "deposit", "vault", "mixed.asice", *RECEIPTS, *ROOTS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with a package of whose units two are due, and two approvers."""
    folder = tmp_path_factory.mktemp("units")
    mixed_package(folder / "mixed.asice")
    (folder / "sender.pem").write_text(write_pem(signer().roots), encoding="ascii")
    desk = Program(folder=folder)
    for name, person in PERSONS.items():
        desk("keys", "new", name, "--name", person, "--no-passphrase").ok()
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    for name in ("anne", "paul"):
        key = ("--signer", f"{name}/signer.p12")
        desk("vault", "approver", "vault", "--name", PERSONS[name], *key).ok()
    return folder


@pytest.fixture
def vault(made: Path, tmp_path: Path) -> Program:
    subprocess.run(["cp", "-a", f"{made}/.", tmp_path], check=True)
    description = tmp_path / "vault" / "vault.json"
    text = description.read_text(encoding="utf-8")
    description.write_text(text.replace(str(made), str(tmp_path)), encoding="utf-8")
    return Program(folder=tmp_path)


def approved(desk: Program, *named: str) -> str:
    command = ("vault", "destroy", "request", "vault", package_of(desk), *named)
    name = str(desk(*command, *ANNE, "--json").ok().document["destruction"])
    desk("vault", "destroy", "approve", "vault", name, *PAUL).ok()
    return name


def assert_gone(folder: Path, *gone: str) -> None:
    """No file below a folder has any of the bytes of the units."""
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert not any(SEALED[one][64:128] in data for one in gone), path


def assert_alike(folder: Path, objects: int = 3) -> None:
    assert contents(folder / "disk-a") == contents(folder / "disk-b")
    for disk in ("disk-a", "disk-b"):
        assert_valid_ocfl(folder / disk, objects)


def test_one_unit_goes_from_every_copy_and_the_rest_stays_proven(vault: Program) -> None:
    folder, package = vault.folder, package_of(vault)
    ask = ("vault", "destroy", "request", "vault", package)
    vault(*ask, "--unit", RUNNING, *ANNE).refused("destruction-not-due", 70)
    vault(*ask, "--unit", "nothing", *ANNE).refused("destruction-unit-unknown", 39)
    assert vault("vault", "destroy", "request", "vault", "--due", "--unit", DUE, *ANNE).status == 2
    name = approved(vault, "--unit", DUE)
    # a hold in between stops it
    vault("vault", "hold", "vault", package, *WHY, *COMPANY).ok()
    vault(*carry_out(vault, name)).refused("destruction-suspended", 72)
    assert list((folder / "disk-a").rglob("revision-001/mixed.asice"))
    vault("vault", "lift", "vault", package, *WHY, *COMPANY).ok()
    done = vault(*carry_out(vault, name)).ok()
    assert "1 sealed unit of package" in done.out and "the rest stays proven as far as it was" in done.out

    # gone everywhere, and both storages valid and alike
    assert_gone(folder / "disk-a", DUE)
    assert_gone(folder / "vault", DUE)
    assert_alike(folder)
    (tombstone,) = (folder / "disk-a").rglob("units-001.json")
    document = json.loads(tombstone.read_text(encoding="utf-8"))
    assert [one["unit"] for one in document["units"]] == [DUE]
    vault("vault", "audit", "vault", "--processes", "1").ok()
    due = vault("vault", "due", "vault", "--units").ok().out
    assert ALSO_DUE in due and DUE not in due
    (entry,) = vault("vault", "list", "vault", "--json").ok().document["listed"]
    assert (entry["units_destroyed"], entry["destroyed_at"]) == (1, None)

    assert_given_back(vault, package, name)
    assert_in_journal(vault)


def journal_codes(desk: Program) -> set[str]:
    document = desk("vault", "journal", "verify", "vault", "--roots", "company/roots.pem", "--json").document
    return {one["code"] for one in document["findings"]}


def assert_in_journal(desk: Program) -> None:
    """The journal says that units went; the package that is there without them it still misses when it is lost."""
    desk("vault", "journal", "export", "vault", "--to", "premis.xml").ok()
    assert "premis:eventType>modification<" in (desk.folder / "premis.xml").read_text(encoding="utf-8")
    before = journal_codes(desk)
    for disk in ("disk-a", "disk-b"):
        (package,) = (desk.folder / disk).rglob("urn%3atest%3amixed")
        shutil.rmtree(package)
    (desk.folder / "vault" / "catalogue.db").unlink()
    desk("vault", "rebuild", "vault").ok()
    assert journal_codes(desk) - before == {"journal-deposit-lost"}


def assert_given_back(vault: Program, package: str, name: str) -> None:
    """The certificate names the unit; what is given back says what it lacks, and is taken by another company."""
    folder = vault.folder
    own = folder / "certificates" / name.removeprefix("urn:uuid:")
    for file in ("certificat-de-destruction.pdf", "certificate-of-destruction.pdf"):
        text = subprocess.check_output([need("pdftotext"), "-raw", own / file, "-"], encoding="utf-8")
        assert DUE in text.replace("\n", "")

    # everything else is proven to whoever accepts the vault
    done = vault("vault", "fetch", "vault", package, "--to", "back").ok()
    assert "1 unit of it was lawfully destroyed" in done.out
    whom = (*ROOTS, "--roots", "company/roots.pem")
    verdict = vault("verify", "back/mixed.asice", *whom, "--json").ok().document
    assert verdict["complete"]["code"] == "member-lawfully-destroyed"
    (statement,) = verdict["destroyed"]
    assert statement["believed"] and statement["members"] == [f"units/{DUE}.zip"]
    assert (statement["requested_by"], statement["approved_by"]) == ("Anne Martin", "Paul Durand")
    refusal = vault("verify", "back/mixed.asice", *ROOTS)
    assert refusal.status == 12 and "[member-missing]" in refusal.err and "[signer-untrusted]" in refusal.err

    # what it was is not taken again
    vault(*DEPOSIT).refused("units-destroyed", 76)
    vault(*carry_out(vault, name)).refused("destruction-done", 76)
    before = catalogue(vault)
    (folder / "vault" / "catalogue.db").unlink()
    vault("vault", "rebuild", "vault").ok()
    assert catalogue(vault) == before

    # handed over complete, and taken by another company
    over = ("vault", "restitute", "vault", "--all", "--to", "over", "--by", "A", "--receiver", "B", *COMPANY)
    vault(*over).ok()
    inventory = json.loads((folder / "over" / "inventory.json").read_text(encoding="utf-8"))
    assert inventory["counts"]["units_destroyed"] == 1
    subprocess.run(["sha512sum", "--quiet", "-c", "SHA512SUMS"], cwd=folder / "over", check=True)
    theirs = [word.replace("disk-", "their-") for word in INIT]
    theirs[2] = "theirs"
    vault(*theirs).ok()
    vault("vault", "deposit", "theirs", "over", "--receipts", "own", *COMPANY, *whom).ok()
    (entry,) = vault("vault", "list", "theirs", "--json").ok().document["listed"]
    assert entry["units"] == 3


def test_the_statements_of_two_destructions_may_be_signed_by_two_keys_of_the_company(vault: Program) -> None:
    vault(*carry_out(vault, approved(vault, "--unit", DUE))).ok()
    vault("keys", "new", "newer", "--name", "Archives Exemple", "--no-passphrase").ok()
    second = approved(vault, "--unit", ALSO_DUE)
    command = ("vault", "destroy", "carry-out", "vault", second, "--to", "certificates")
    vault(*command, "--signer", "newer/signer.p12").ok()
    assert_gone(vault.folder / "disk-a", DUE, ALSO_DUE)
    vault("vault", "fetch", "vault", package_of(vault), "--to", "back").ok()
    whom = (*ROOTS, "--roots", "company/roots.pem", "--roots", "newer/roots.pem")
    verdict = vault("verify", "back/mixed.asice", *whom, "--json").ok().document
    assert [one["believed"] for one in verdict["destroyed"]] == [True, True]


def test_a_storage_that_was_put_back_is_found_and_gives_no_unit_back(vault: Program) -> None:
    folder = vault.folder
    (before,) = (folder / "disk-b").rglob("revision-001")
    place = before.parents[2].relative_to(folder / "disk-b")
    shutil.copytree(folder / "disk-b" / place, folder / "before")
    name = approved(vault, "--due-units")
    vault(*carry_out(vault, name)).ok()
    shutil.rmtree(folder / "disk-b" / place)
    shutil.copytree(folder / "before", folder / "disk-b" / place)

    assert vault("vault", "audit", "vault", "--processes", "1").status == 87
    vault("vault", "fetch", "vault", package_of(vault), "--to", "back")
    assert_gone(folder / "back", DUE, ALSO_DUE)
    vault("vault", "hold", "vault", package_of(vault), *WHY, *COMPANY).refused("destruction-unfinished", 75)
    vault("vault", "repair", "vault")
    assert_gone(folder / "disk-a", DUE, ALSO_DUE)
    vault(*carry_out(vault, name)).ok()
    assert_gone(folder / "disk-b", DUE, ALSO_DUE)
    assert_alike(folder)


class Killed(BaseException):
    """The process ends here."""


def end_at(desk: Program, method: str, when: int, *command: str) -> None:
    """Run a command, and end it the ``when``-th time that it calls this method of a folder's storage."""
    real, count = getattr(FolderStorage, method), 0

    def counting(*arguments: object, **options: object) -> object:
        nonlocal count
        count += 1
        if count == when:
            raise Killed
        return real(*arguments, **options)

    with patch.object(FolderStorage, method, counting), pytest.raises(Killed):
        desk.here(*command)


@pytest.mark.parametrize(("method", "when"), [("put", 15), ("remove", 1)])
def test_a_destruction_that_is_ended_anywhere_is_gone_on_with(vault: Program, method: str, when: int) -> None:
    folder, name = vault.folder, approved(vault, "--unit", DUE)
    end_at(vault, method, when, *carry_out(vault, name))
    vault(*carry_out(vault, name)).ok()
    assert_gone(folder / "disk-a", DUE)
    assert_alike(folder)
    made = vault("vault", "rebuild", "vault", "--json").ok().document
    assert made["findings"] == []


def test_a_volume_of_a_set_loses_all_its_units_and_the_set_stays_proven(vault: Program) -> None:
    whole = two_volumes(vault.folder)
    vault("vault", "deposit", "vault", whole.name, *RECEIPTS, *ROOTS).ok()
    ask = ("vault", "destroy", "request", "vault", "urn:test:set")
    vault(*ask, "--unit", DUE, *ANNE).refused("destruction-of-whole", 70)
    made = vault(*ask, "--due-units", *ANNE, "--json").ok().document
    (listed,) = made["packages"]
    assert [(one["unit"], one["volume"]) for one in listed["only"]] == [
        (one, volume_name("p.asice", 1)) for one in (DUE, ALSO_DUE)
    ]
    vault("vault", "destroy", "approve", "vault", made["destruction"], *PAUL).ok()
    vault(*carry_out(vault, made["destruction"])).ok()
    assert_alike(vault.folder, 4)
    vault("vault", "fetch", "vault", "urn:test:set", "--to", "back").ok()
    whom = (*ROOTS, "--roots", "company/roots.pem")
    verdict = vault("verify", Path("back", set_name("p.asice")), *whom, "--json").ok().document
    assert verdict["complete"]["code"] == "member-lawfully-destroyed"
    assert len(verdict["destroyed"][0]["members"]) == 2
