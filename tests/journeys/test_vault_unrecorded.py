"""A version that is written when its command is killed gets its entry in the journal from the next command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from archiver.signing.certificates.reading import write_pem
from archiver.storage.folder import FolderStorage
from archiver.vault.journal.places import JournalPlace
from tests.destruction import two_volumes
from tests.faults.injection.authority import AUTHORITY, answering
from tests.journeys.program import Program
from tests.journeys.test_vault import DEPOSIT
from tests.journeys.test_vault_destruction import ANNE, COMPANY, PAUL, WHY, package_of
from tests.journeys.test_vault_unit_destruction import DUE, RECEIPTS, ROOTS, Killed, made, vault

__all__ = ["made", "vault"]
AUDIT = ("vault", "audit", "vault", "--processes", "1")


@contextmanager
def killed_before_the_entry(act: str) -> Iterator[None]:
    """End the process when it is about to write an entry about an act."""
    real = JournalPlace.put

    def put(place: JournalPlace, path: str, data: bytes, **options: Any) -> None:
        if f'"act":"{act}"'.encode() in data:
            raise Killed
        real(place, path, data, **options)

    with patch.object(JournalPlace, "put", put), pytest.raises(Killed):
        yield


def entries(desk: Program, act: str) -> list[Any]:
    shown = desk("vault", "journal", "show", "vault", "--act", act, "--json").ok()
    return list(shown.document["entries"])


def codes(desk: Program) -> set[str]:
    done = desk("vault", "journal", "verify", "vault", "--json")
    return {one["code"] for one in done.document["findings"]} - {"journal-seal-unstamped"}


def request(desk: Program) -> str:
    ask = ("vault", "destroy", "request", "vault", package_of(desk), "--unit", DUE)
    return str(desk(*ask, *ANNE, "--json").ok().document["destruction"])


def assert_recorded_by_the_next(desk: Program, act: str, command: tuple[str, ...], *, outcome: str) -> None:
    before = len(entries(desk, act))
    assert codes(desk) == set()
    with killed_before_the_entry(act):
        desk.here(*command)
    assert len(entries(desk, act)) == before
    assert codes(desk) == {"journal-version-pending"}
    desk(*AUDIT).ok()
    (found,) = entries(desk, act)[before:]
    assert found["outcome"] == outcome and found["facts"]["version"].startswith("v")
    assert codes(desk) == set()
    desk(*AUDIT).ok()
    assert len(entries(desk, act)) == before + 1, "once"


def test_parity(vault: Program) -> None:
    make = ("vault", "parity", "make", "vault")
    assert_recorded_by_the_next(vault, "parity", make, outcome="parity-made")


def test_a_hold_and_its_lifting(vault: Program) -> None:
    package = package_of(vault)
    hold = ("vault", "hold", "vault", package, *WHY, *COMPANY)
    assert_recorded_by_the_next(vault, "hold", hold, outcome="placed")
    lift = ("vault", "lift", "vault", package, *WHY, *COMPANY)
    assert_recorded_by_the_next(vault, "lift", lift, outcome="lifted")


def test_a_deposit(vault: Program) -> None:
    whole = two_volumes(vault.folder)
    deposit = ("vault", "deposit", "vault", whole.name, *RECEIPTS, *ROOTS)
    assert_recorded_by_the_next(vault, "deposit", deposit, outcome="accepted")
    assert len(list((vault.folder / "receipts").iterdir())) == 2, "nothing was acknowledged"
    vault(*deposit).refused("deposit-duplicate", 85)
    assert len(list((vault.folder / "receipts").iterdir())) == 4


def test_many_deposits_at_once(vault: Program) -> None:
    from tests.packages import package

    for number in (1, 2):
        (vault.folder / f"{number}.asice").write_bytes(package(package_id=f"urn:test:{number}"))
    with killed_before_the_entry("deposit"):
        vault.here("vault", "deposit", "vault", "1.asice", "2.asice", *RECEIPTS, *ROOTS)
    assert codes(vault) == {"journal-version-pending"}
    vault("vault", "repair", "vault").ok()
    assert codes(vault) == set()
    assert [one["object"] for one in entries(vault, "deposit")[1:]] == ["urn:test:1", "urn:test:2"]


def test_a_repair_that_cannot_finish_it_does_not_end_well(vault: Program) -> None:
    package = package_of(vault)
    with killed_before_the_entry("hold"):
        vault.here("vault", "hold", "vault", package, *WHY, *COMPANY)
    journal = vault.folder / "vault" / "journal"
    journal.rename(vault.folder / "aside")
    done = vault("vault", "repair", "vault")
    assert done.status == 4 and "[journal-missing]" in done.err
    (vault.folder / "aside").rename(journal)
    vault("vault", "repair", "vault").ok()
    assert codes(vault) == set()


def test_renewal(vault: Program) -> None:
    (vault.folder / "tsa.pem").write_text(write_pem(AUTHORITY.roots), encoding="ascii")
    with answering() as address:
        profile = ("vault", "profile", "set", "vault", "--tsa-roots", "tsa.pem", "--tsa", address)
        command = (*profile, "--within", "30")
        assert_recorded_by_the_next(vault, "description", command, outcome="preservation-profile")
        renew = ("vault", "renew", "vault")
        assert_recorded_by_the_next(vault, "renewal", renew, outcome="evidence-build")


def test_the_request_of_a_destruction_and_its_approval(vault: Program) -> None:
    ask = ("vault", "destroy", "request", "vault", package_of(vault), "--unit", DUE, *ANNE)
    assert_recorded_by_the_next(vault, "destruction", ask, outcome="requested")
    (listed,) = vault("vault", "destroy", "list", "vault", "--json").document["listed"]
    approve = ("vault", "destroy", "approve", "vault", listed["destruction"], *PAUL)
    assert_recorded_by_the_next(vault, "approval", approve, outcome="approved")
    certificates = ("--to", "certificates", *COMPANY)
    vault("vault", "destroy", "carry-out", "vault", listed["destruction"], *certificates).ok()
    assert codes(vault) == set()


def test_what_the_vault_says_of_itself(vault: Program) -> None:
    change = ("vault", "parity", "set", "vault", "20")
    assert_recorded_by_the_next(vault, "description", change, outcome="revised")
    # what was ended is finished, and the next change is another revision
    assert vault("vault", "list", "vault", "--json").document["vault"]["parity_percent"] == 20
    remove = (
        "vault",
        "approver",
        "vault",
        "--name",
        "Paul Durand",
        "--signer",
        "paul/signer.p12",
        "--remove",
    )
    assert_recorded_by_the_next(vault, "description", remove, outcome="approver-removed")
    vault("vault", "parity", "set", "vault", "0").ok()
    document = vault("vault", "list", "vault", "--json").document["vault"]
    assert document["parity_percent"] == 0
    assert codes(vault) == set()


def test_a_change_that_was_ended_is_finished_by_the_next_change(vault: Program) -> None:
    with killed_before_the_entry("description"):
        vault.here("vault", "parity", "set", "vault", "20")
    vault("vault", "parity", "set", "vault", "30").ok()
    assert [one["facts"].get("parity_percent") for one in entries(vault, "description")[-2:]] == [20, 30]
    assert codes(vault) == set()


@pytest.mark.parametrize("command", ["hold", "parity make"])
def test_with_the_catalogue_lost_it_is_rebuild_that_finds_it(vault: Program, command: str) -> None:
    act = command.split(maxsplit=1)[0]
    words = (
        "vault",
        *command.split(),
        "vault",
        *((package_of(vault), *WHY, *COMPANY) if act == "hold" else ()),
    )
    with killed_before_the_entry(act):
        vault.here(*words)
    (vault.folder / "vault" / "catalogue.db").unlink()
    vault("vault", "rebuild", "vault").ok()
    (found,) = entries(vault, act)
    assert (found["outcome"], found["facts"]["version"]) == ("version-found", "v2")
    assert codes(vault) == set()
    vault("vault", "rebuild", "vault").ok()
    assert len(entries(vault, act)) == 1


def test_a_version_that_nobody_began_is_wrong_until_somebody_looks(vault: Program) -> None:
    with killed_before_the_entry("parity"):
        vault.here("vault", "parity", "make", "vault")
    (vault.folder / "vault" / "catalogue.db").unlink()
    with patch("archiver.operations.vault.rebuild.record"):
        vault.here("vault", "rebuild", "vault")
    assert codes(vault) == {"journal-version-unrecorded"}
    assert vault("vault", "journal", "verify", "vault").status not in {0, 4}


def test_a_destruction_that_is_ended_before_its_last_entry(vault: Program) -> None:
    name = request(vault)
    vault("vault", "destroy", "approve", "vault", name, *PAUL).ok()
    carry_out = ("vault", "destroy", "carry-out", "vault", name, "--to", "certificates", *COMPANY)
    real = JournalPlace.put

    def put(place: JournalPlace, path: str, data: bytes, **options: Any) -> None:
        if b'"outcome":"done"' in data:
            raise Killed
        real(place, path, data, **options)

    with patch.object(JournalPlace, "put", put), pytest.raises(Killed):
        vault.here(*carry_out)
    vault(*carry_out).refused("destruction-done", 76)
    assert [one["outcome"] for one in entries(vault, "destruction")] == ["requested", "begun", "done"]
    assert codes(vault) == set()
    assert Path(vault.folder, "certificates").is_dir()
    vault(*DEPOSIT[:3], "mixed.asice", *RECEIPTS, *ROOTS).refused("units-destroyed", 76)


def test_the_inventory_of_an_object_is_read_once_from_each_storage(vault: Program) -> None:
    read = Counter[str]()  # by storage and key
    real = FolderStorage.open

    def counting(storage: FolderStorage, key: str, *arguments: Any, **options: Any) -> Any:
        if key.endswith("/inventory.json"):
            read[f"{id(storage)} {key}"] += 1
        return real(storage, key, *arguments, **options)

    with patch.object(FolderStorage, "open", counting):
        vault.here("vault", "journal", "verify", "vault").ok()
    assert len(read) == 4, "an object and that of the vault, on two storages"
    assert set(read.values()) == {1}
