"""New packages are written together: all are acknowledged when all are safe, or each is deposited by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.errors import DiskFull
from archiver.operations.vault.deposit import Deposit, DepositRequest, object_id
from archiver.operations.vault.deposit_each import deposit_each
from archiver.operations.vault.init_vault import VaultRequest, init_vault
from archiver.operations.vault.rebuild import rebuild
from archiver.storage.folder import FolderStorage
from archiver.storage.storage import StoredObject
from archiver.vault.additions import ObjectAddition, VersionAddition, add_files_each, added_bytes
from archiver.vault.catalogue import open_catalogue
from archiver.vault.description import Hosting
from archiver.vault.errors import DepositDuplicate, DepositNamesVault
from archiver.vault.objects import find_inventory
from archiver.vault.open_vault import Replica, Vault
from formats.digests import SHA512, Digest
from formats.errors import Failure
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place
from tests.ocfl_judge import assert_valid_ocfl
from tests.packages import package, signer, trust
from tests.unit.vault.journals import records

AT = datetime(2026, 11, 29, 22, tzinfo=UTC)
NAMES = [f"5e527adc-b15b-41ef-994c-ac3112c3773{number}" for number in range(4)]


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    request = VaultRequest(
        folder=tmp_path / "vault",
        name="Archives Exemple",
        storages=[tmp_path / name for name in "ab"],
        hosting=Hosting(reason="Données fictives"),
        identifier="2e527adc-b15b-41ef-994c-ac3112c3733a",
    )
    return init_vault(request, clock=lambda: AT)


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("offered")
    for name in NAMES:
        (folder / f"{name}.asice").write_bytes(package(package_id=name))
    (folder / "broken.asice").write_bytes(package(package_id=NAMES[0])[:-50])
    return sorted(folder.iterdir())


def deposits(vault: Vault, places: list[Path]) -> Iterator[Deposit]:
    request = DepositRequest(
        trust=trust(signer()), first_use=None, signer=signer(), receipts=vault.folder / "receipts"
    )
    with open_catalogue(vault.folder) as catalogue:
        yield from deposit_each(vault, catalogue, places, request, clock=lambda: AT)


def heads(vault: Vault, name: str) -> list[str]:
    found = [find_inventory(one.storage, object_id(name)) for one in vault.replicas]
    return [one.head for one in found if one]


def find_own(replica: Replica) -> Inventory | None:
    return find_inventory(replica.storage, "urn:uuid:2e527adc-b15b-41ef-994c-ac3112c3733a")


def test_new_packages_share_a_record_of_the_journal(vault: Vault, offered: list[Path]) -> None:
    done = list(deposits(vault, [*offered, offered[1]]))
    assert [one.path for one in done] == offered
    assert [one.failure is None for one in done] == [True] * 4 + [False]
    assert [len(one.lines) for one in records(vault.folder / "journal")][-1] == 4
    assert {one.path.name: heads(vault, one.path.stem) for one in done if not one.failure} == {
        f"{name}.asice": ["v1", "v1"] for name in NAMES
    }
    with open_catalogue(vault.folder, reading=True) as catalogue:
        before = list(catalogue.entries()), list(catalogue.objects()), catalogue.unfinished()
    assert rebuild(vault).deposits == 4
    with open_catalogue(vault.folder, reading=True) as catalogue:
        assert before == (list(catalogue.entries()), list(catalogue.objects()), [])
    for one in vault.replicas:
        assert_valid_ocfl(Path(one.entry.address), 5)
    again = [type(one.failure) for one in deposits(vault, offered[:4])]
    assert again == [DepositDuplicate] * 4


def test_what_cannot_be_written_together_is_written_one_after_another(
    vault: Vault, offered: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    put = FolderStorage.put

    def full(storage: FolderStorage, key: str, *args: Any, **named: Any) -> StoredObject:
        if object_place(object_id(NAMES[2])) in key and key.endswith(".json"):
            raise DiskFull
        return put(storage, key, *args, **named)

    monkeypatch.setattr(FolderStorage, "put", full)
    working = deposits(vault, offered[:4])
    assert [next(working).failure, next(working).failure] == [None, None]
    with pytest.raises(DiskFull):
        next(working)
    assert [heads(vault, name) for name in NAMES] == [["v1", "v1"], ["v1", "v1"], [], []]
    monkeypatch.setattr(FolderStorage, "put", put)
    failures = [one.failure for one in deposits(vault, offered[:4])]
    assert [type(one) for one in failures] == [DepositDuplicate, DepositDuplicate, type(None), type(None)]


def test_nothing_of_objects_is_there_of_which_one_was_refused(vault: Vault) -> None:
    good = added_bytes("a.txt", b"first")
    lying = added_bytes("b.txt", b"second")
    object.__setattr__(lying, "digest", Digest.of(b"another", algorithm=SHA512))
    additions = [
        VersionAddition(files=[one], message="first", at=AT, entries=()) for one in (good, lying, good)
    ]
    objects = [
        ObjectAddition(object_id=f"urn:uuid:{name}", before=None, addition=one)
        for name, one in zip(NAMES, additions, strict=False)
    ]
    with open_catalogue(vault.folder) as catalogue:
        with pytest.raises(Failure):
            add_files_each(vault, catalogue, objects)
        assert catalogue.unfinished() == [one.object_id for one in objects]
        places = [object_place(one.object_id) for one in objects]
        left = [key for each in vault.replicas for place in places for key in each.storage.list(f"{place}/")]
        assert left == []


def test_a_package_under_the_identifier_of_the_vault_is_not_taken(vault: Vault, tmp_path: Path) -> None:
    own = tmp_path / "own.asice"
    own.write_bytes(package(package_id=vault.description.id.removeprefix("urn:uuid:")))
    (done,) = deposits(vault, [own])
    assert isinstance(done.failure, DepositNamesVault)
    assert [one.head for one in map(find_own, vault.replicas) if one] == ["v1", "v1"]
