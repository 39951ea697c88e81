"""A request of a destruction is withdrawn, by whom and why: nothing is destroyed by it, nor by its approval."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest

from archiver.operations.vault.disposal import carry_out as carrying
from archiver.storage.folder import FolderStorage
from archiver.vault.additions import add_version
from archiver.vault.catalogue import open_catalogue
from archiver.vault.disposal.destruction import (
    BEGUN,
    WITHDRAWAL,
    DestructionWithdrawal,
    begun_bytes,
    withdrawal_bytes,
)
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import open_vault
from formats.digests import Digest
from tests.journeys.line import contents
from tests.journeys.program import Ended, Program
from tests.journeys.test_vault_destruction import (
    ANNE,
    COMPANY,
    PAUL,
    WHY,
    approved,
    carry_out,
    ended,
    package_of,
    requested,
    vault,
)
from tests.journeys.test_vault_unit_destruction import (
    DUE,
    Killed,
    approved as approved_of,
    made,
    vault as units_vault,
)
from tests.journeys.test_vault_unrecorded import (
    assert_recorded_by_the_next,
    codes,
    entries,
)

__all__ = ["ended", "made", "units_vault", "vault"]
REASON = ("--reason", "Demandée pour un autre paquet")


def withdraw(desk: Program, name: str, *who: str) -> tuple[str, ...]:
    return ("vault", "destroy", "withdraw", "vault", name, *REASON, *(who or PAUL))


def approve(name: str, *who: str) -> tuple[str, ...]:
    return ("vault", "destroy", "approve", "vault", name, *(who or PAUL))


def states(desk: Program) -> dict[str, Any]:
    listed = desk("vault", "destroy", "list", "vault", "--json").ok().document["listed"]
    return {one["destruction"]: one["state"] for one in listed}


def packages(desk: Program, name: str = "package.asice") -> int:
    return len(list(desk.folder.glob(f"disk-?/**/{name}")))


def unchanged(desk: Program) -> dict[str, str]:
    return {path: one for path, one in contents(desk.folder / "disk-a").items() if "journal" not in path}


def test_what_was_withdrawn_is_neither_approved_nor_carried_out_and_asked_for_again(vault: Program) -> None:
    package, name = package_of(vault), approved(vault)
    done = vault(*withdraw(vault, name), "--json").ok().document
    assert (done["state"], done["withdrawn_by"], done["withdrawal_reason"]) == (
        "withdrawn",
        "Paul Durand",
        REASON[1],
    )
    assert done["withdrawn_at"].startswith("2046-02-01") and done["approved_by"] == "Paul Durand"
    refused = vault(*carry_out(vault, name)).refused("destruction-withdrawn", 70)
    assert "Paul Durand" in refused and "2046-02-01" in refused
    vault(*approve(name)).refused("destruction-withdrawn", 70)
    assert packages(vault) == 2

    # again: the same answer, and nothing is written
    before = contents(vault.folder / "disk-a")
    again = vault(*withdraw(vault, name, *ANNE)).ok().out
    assert "withdrawn" in again and "Paul Durand" in again
    assert contents(vault.folder / "disk-a") == before

    # the package is what it was, for every command
    assert vault("vault", "due", "vault", "--json").ok().document["listed"][0]["state"] == "ended"
    (listed,) = vault("vault", "list", "vault", "--json").ok().document["listed"]
    assert listed["destroyed_at"] is None
    shown = vault("vault", "show", "vault", name, "--json").ok().document
    assert "destruction/withdrawal.json" in {one["path"] for one in shown["files"]}
    table = vault("vault", "destroy", "list", "vault").ok().out
    assert "withdrawn" in table
    (entry,) = [one for one in entries(vault, "destruction") if one["outcome"] == "withdrawn"]
    assert (entry["agent"], entry["facts"]["reason"]) == ("Paul Durand", REASON[1])
    assert entry["facts"]["destruction"] == name and entry["object"] == listed["object"]
    assert codes(vault) == set()

    # what it comes to elsewhere: the catalogue made anew, PREMIS, a restitution
    (vault.folder / "vault" / "catalogue.db").unlink()
    vault("vault", "rebuild", "vault").ok()
    assert states(vault) == {name: "withdrawn"}
    vault("vault", "journal", "export", "vault", "--to", "premis.xml").ok()
    premis = (vault.folder / "premis.xml").read_text(encoding="utf-8")
    assert "eventOutcome>withdrawn<" in premis and "eventType>deletion<" not in premis
    over = ("vault", "restitute", "vault", "--all", "--to", "over", "--by", "Anne", "--receiver", "Autres")
    vault(*over, *COMPANY).ok()
    extract = json.loads((vault.folder / "over" / "journal.json").read_text(encoding="utf-8"))
    outcomes = [json.loads(one["entry"])["outcome"] for one in extract["entries"]]
    assert outcomes.count("withdrawn") == 1

    # a new request: nothing of the first one counts for it
    second = requested(vault)
    assert second != name
    vault(*carry_out(vault, second)).refused("destruction-unapproved", 71)
    vault(*approve(second)).ok()
    vault(*carry_out(vault, second)).ok()
    assert packages(vault) == 0
    assert states(vault) == {name: "withdrawn", second: "done"}
    vault("vault", "audit", "vault", "--processes", "1").ok()
    vault(*withdraw(vault, second)).refused("destruction-done", 76)
    vault("vault", "fetch", "vault", package, "--to", "back").refused("package-destroyed", 76)


def test_a_package_that_is_lost_is_missed_after_its_destruction_was_withdrawn(vault: Program) -> None:
    name = requested(vault)
    vault(*withdraw(vault, name, *ANNE)).ok()
    for disk in ("disk-a", "disk-b"):
        (package,) = (vault.folder / disk).rglob("package.asice")
        shutil.rmtree(package.parents[3])
    (vault.folder / "vault" / "catalogue.db").unlink()
    vault("vault", "rebuild", "vault").ok()
    assert codes(vault) == {"journal-deposit-lost"}


def test_who_may_withdraw_and_what_there_is_to_withdraw(units_vault: Program) -> None:
    desk = units_vault
    name = approved_of(desk, "--unit", DUE)
    before = unchanged(desk)
    desk(*withdraw(desk, name, "--by", "Archives Exemple", *COMPANY)).refused("approver-unlisted", 71)
    desk(*withdraw(desk, name, "--by", "Anne Martin", "--signer", "paul/signer.p12")).refused(
        "approver-unlisted", 71
    )
    desk(*withdraw(desk, "other")).refused("destruction-unknown", 39)
    assert desk("vault", "destroy", "withdraw", "vault", name, *PAUL).status == 2, "without a reason"
    assert desk(*withdraw(desk, name, "--by", "Paul Durand")).status == 2, "without a key"
    assert unchanged(desk) == before
    # who asked for it may have left the list: another approver takes it back
    desk(
        "vault", "approver", "vault", "--name", "Anne Martin", "--signer", "anne/signer.p12", "--remove"
    ).ok()
    desk(*withdraw(desk, name)).ok()
    (entry,) = [one for one in entries(desk, "destruction") if one["outcome"] == "withdrawn"]
    assert entry["facts"]["units"] == 1
    desk("vault", "journal", "export", "vault", "--to", "premis.xml").ok()
    assert "eventType>modification<" not in (desk.folder / "premis.xml").read_text(encoding="utf-8")


def test_an_approval_is_of_no_other_request(units_vault: Program) -> None:
    """Whoever can write to the storages lays the approval of a withdrawn request beside the next one."""
    desk = units_vault
    name = approved_of(desk, "--unit", DUE)
    desk(*withdraw(desk, name)).ok()
    ask = ("vault", "destroy", "request", "vault", package_of(desk), "--unit", DUE, *ANNE, "--json")
    second = desk(*ask).ok().document["destruction"]
    (old,) = (desk.folder / "disk-a").glob(f"**/urn%3auuid%3a{name[9:]}")
    files = {f"destruction/{one.name}": one.read_bytes() for one in old.glob("v2/content/destruction/*")}
    assert len(files) == 2
    with open_catalogue(desk.folder / "vault") as table:
        at = datetime.now(UTC)
        add_version(
            open_vault(desk.folder / "vault"), table, second, files, message="approved", at=at, entries=()
        )
    desk(*carry_out(desk, second)).refused("destruction-changed", 74)
    assert packages(desk, "mixed.asice") == 2


def test_what_was_begun_is_not_withdrawn(units_vault: Program) -> None:
    """Ended after the journal had the beginning, and ended while it was removed: it is gone on with."""
    desk = units_vault
    name = approved_of(desk, "--unit", DUE)
    with patch.object(carrying, "add_version", side_effect=Killed), pytest.raises(Killed):
        desk.here(*carry_out(desk, name))
    assert packages(desk, "mixed.asice") == 2
    assert "carry-out" in desk(*withdraw(desk, name)).refused("destruction-begun", 75)
    # nothing was removed yet: a hold still stops it
    desk("vault", "hold", "vault", package_of(desk), *WHY, *COMPANY).ok()
    desk(*carry_out(desk, name)).refused("destruction-suspended", 72)
    desk("vault", "lift", "vault", package_of(desk), *WHY, *COMPANY).ok()
    with patch.object(carrying, "purge_object", side_effect=Killed), pytest.raises(Killed):
        desk.here(*carry_out(desk, name))
    desk(*withdraw(desk, name)).refused("destruction-begun", 75)
    assert list(desk.folder.glob("disk-?/**/withdrawal.json*")) == []
    desk(*carry_out(desk, name)).ok()
    desk(*withdraw(desk, name)).refused("destruction-done", 76)
    assert codes(desk) == set()


def test_a_beginning_that_somebody_laid_there_begins_nothing(units_vault: Program) -> None:
    """Neither before a withdrawal nor after it: what the journal does not have is not begun."""
    desk = units_vault
    name = approved_of(desk, "--unit", DUE)
    desk(*withdraw(desk, name)).ok()
    at = datetime.now(UTC).replace(microsecond=0)
    planted = {BEGUN: begun_bytes(name, at=at.isoformat())}
    with open_catalogue(desk.folder / "vault") as table:
        opened = open_vault(desk.folder / "vault")
        add_version(opened, table, name, planted, message="destruction begun", at=at, entries=())
    desk(*carry_out(desk, name)).refused("destruction-changed", 74)
    desk(*withdraw(desk, name)).refused("destruction-changed", 74)
    assert packages(desk, "mixed.asice") == 2


def test_a_withdrawal_that_somebody_laid_there_destroys_nothing_and_is_found(units_vault: Program) -> None:
    desk = units_vault
    name = approved_of(desk, "--unit", DUE)
    (request,) = (desk.folder / "disk-a").glob(f"**/urn%3auuid%3a{name[9:]}/v1/**/request.json")
    at = datetime.now(UTC).replace(microsecond=0)
    statement = DestructionWithdrawal(
        request=name, request_sha256=Digest.of(request.read_bytes()), at=at.isoformat(), by="Eve", reason="-"
    )
    with open_catalogue(desk.folder / "vault") as table:
        opened, planted = open_vault(desk.folder / "vault"), {WITHDRAWAL: withdrawal_bytes(statement)}
        add_version(opened, table, name, planted, message="destruction withdrawn", at=at, entries=())
    assert "Eve" in desk(*carry_out(desk, name)).refused("destruction-withdrawn", 70)
    assert packages(desk, "mixed.asice") == 2
    assert codes(desk) == {"journal-version-unrecorded"}
    # what is to be destroyed all the same is asked for anew
    desk(*carry_out(desk, approved_of(desk, "--unit", DUE))).ok()


def test_storages_that_were_put_back_carry_nothing_out_that_the_journal_has_as_withdrawn(
    units_vault: Program,
) -> None:
    desk = units_vault
    name = approved_of(desk, "--unit", DUE)
    disks = ("disk-a", "disk-b")
    for disk in disks:
        (place,) = (desk.folder / disk).glob(f"**/urn%3auuid%3a{name[9:]}")
        shutil.copytree(place, desk.folder / f"before-{disk}")
    desk(*withdraw(desk, name)).ok()
    for disk in disks:
        (place,) = (desk.folder / disk).glob(f"**/urn%3auuid%3a{name[9:]}")
        shutil.rmtree(place)
        shutil.copytree(desk.folder / f"before-{disk}", place)
    desk(*carry_out(desk, name)).refused("destruction-withdrawn", 70)
    desk(*approve(name)).refused("destruction-withdrawn", 70)
    assert packages(desk, "mixed.asice") == 2
    # the same command writes the statement again
    desk(*withdraw(desk, name)).ok()
    assert states(desk) == {name: "withdrawn"}
    assert len(list(desk.folder.glob("disk-?/**/withdrawal.json"))) == 2


def test_a_withdrawal_that_was_ended_before_its_entry_counts_and_is_recorded_once(
    units_vault: Program,
) -> None:
    desk = units_vault
    name = approved_of(desk, "--unit", DUE)
    assert_recorded_by_the_next(desk, "destruction", withdraw(desk, name), outcome="withdrawn")
    desk(*carry_out(desk, name)).refused("destruction-withdrawn", 70)


@pytest.mark.parametrize("then", ["carry out", "withdraw"])
def test_a_withdrawal_that_was_ended_between_two_storages(units_vault: Program, then: str) -> None:
    """It lies on one storage: nothing is carried out, and the next command brings it to the other."""
    desk = units_vault
    name = approved_of(desk, "--unit", DUE)
    real, heads = FolderStorage.put, []

    def first_inventory(storage: FolderStorage, key: str, *arguments: Any, **options: Any) -> Any:
        if key.endswith(f"{name[9:]}/inventory.json"):
            heads.append(key)
        if len(heads) > 1:
            raise Killed
        return real(storage, key, *arguments, **options)

    with patch.object(FolderStorage, "put", first_inventory), pytest.raises(Killed):
        desk.here(*withdraw(desk, name))
    if then == "withdraw":
        desk(*withdraw(desk, name)).ok()
    desk(*carry_out(desk, name)).refused("destruction-withdrawn", 70)
    assert packages(desk, "mixed.asice") == 2
    assert states(desk) == {name: "withdrawn"}
    assert len([one for one in entries(desk, "destruction") if one["outcome"] == "withdrawn"]) == 1
    assert len(list(desk.folder.glob("disk-?/**/withdrawal.json"))) == 2
    assert codes(desk) == set()


@contextmanager
def ended_after(writes: int) -> Iterator[None]:
    """End the process when it is about to write once more to a storage."""
    real, left = FolderStorage.put, iter(range(writes))

    def put(storage: FolderStorage, *arguments: Any, **options: Any) -> Any:
        if next(left, None) is None:
            raise Killed
        return real(storage, *arguments, **options)

    with patch.object(FolderStorage, "put", put):
        yield


def test_ended_at_every_write_it_is_withdrawn_everywhere_or_not_at_all(units_vault: Program) -> None:
    """Whatever was written when it was ended: the same command finishes it, with one entry."""
    desk = units_vault
    ask = ("vault", "destroy", "request", "vault", package_of(desk), "--unit", DUE, *ANNE, "--json")
    for most in range(40):
        name = str(desk.here(*ask).ok().document["destruction"])

        try:
            with ended_after(most):
                desk.here(*withdraw(desk, name)).ok()
        except Killed:
            desk.here(*withdraw(desk, name)).ok()
            assert len(list(desk.folder.glob(f"disk-?/**/*{name[9:]}/v2/**/withdrawal.json"))) == 2
            desk.here(*approve(name)).refused("destruction-withdrawn", 70)
        else:
            break
    assert 10 < most < 40, "every write was one at which it was ended, and then none was"
    assert set(states(desk).values()) == {"withdrawn"}
    recorded = [one for one in entries(desk, "destruction") if one["outcome"] == "withdrawn"]
    assert len(recorded) == len({one["facts"]["destruction"] for one in recorded}) == most + 1
    assert codes(desk) == set()


def test_nothing_is_withdrawn_while_somebody_works_on_the_vault(units_vault: Program) -> None:
    desk = units_vault
    name = approved_of(desk, "--unit", DUE)
    with vault_lock(desk.folder / "vault", "archiver vault destroy carry-out", at=datetime.now(UTC)):
        desk(*withdraw(desk, name)).refused("vault-busy", 57)
    assert states(desk) == {name: "approved"}


@pytest.mark.parametrize("first", [0, 1, 2])
def test_at_once_with_a_carrying_out_one_of_them_wins(units_vault: Program, first: int) -> None:
    desk = units_vault
    name = approved_of(desk, "--unit", DUE)
    commands = [carry_out(desk, name), withdraw(desk, name)]
    done: dict[int, Ended] = {}
    start = threading.Barrier(2)

    def run(number: int, wait: Callable[[], object]) -> None:
        wait()
        done[number] = desk(*commands[number])

    if first < 2:
        run(first, lambda: None)
        run(1 - first, lambda: None)
    else:
        each = [threading.Thread(target=run, args=(number, start.wait)) for number in (0, 1)]
        for one in each:
            one.start()
        for one in each:
            one.join()
    statuses = (done[0].status, done[1].status)
    # one of them did it; the other found it done, withdrawn, or the vault busy
    assert statuses in {(0, 76), (0, 57), (0, 75), (70, 0), (57, 0)}, (done[0].err, done[1].err)
    destroyed = statuses[0] == 0
    assert states(desk) == {name: "done" if destroyed else "withdrawn"}
    assert len(list(desk.folder.glob("disk-?/**/units-001.json"))) == (2 if destroyed else 0)
    assert codes(desk) == set()
