"""Files added to an object come as one version to every storage, the ones that lag first brought up, or to none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.operations.vault.init_vault import VaultRequest, init_vault
from archiver.vault.additions import (
    NamedAddition,
    VersionAddition,
    add_files,
    add_version,
    add_versions,
    added_bytes,
)
from archiver.vault.catalogue import Catalogue, open_catalogue
from archiver.vault.description import Hosting
from archiver.vault.errors import VaultObjectUnknown
from archiver.vault.open_vault import Vault
from formats.errors import Failure
from formats.ocfl.layout import object_place
from tests.journeys.line import contents
from tests.ocfl_judge import assert_valid_ocfl

AT = datetime(2026, 11, 29, 22, tzinfo=UTC)
OBJECT = "urn:uuid:5e527adc-b15b-41ef-994c-ac3112c3733a"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    request = VaultRequest(
        folder=tmp_path / "vault",
        name="Archives Exemple",
        storages=[tmp_path / "vault" / name for name in "ab"],
        hosting=Hosting(reason="Données fictives"),
        identifier="2e527adc-b15b-41ef-994c-ac3112c3733a",
    )
    return init_vault(request, clock=lambda: AT)


@contextmanager
def filled(vault: Vault) -> Iterator[Catalogue]:
    """The catalogue of the vault with one object of one file."""
    with open_catalogue(vault.folder) as catalogue:
        first = VersionAddition(files=[added_bytes("a.txt", b"first")], message="first", at=AT, entries=())
        add_files(vault, catalogue, OBJECT, None, first)
        yield catalogue


def disks(vault: Vault) -> list[Path]:
    return [vault.folder / name for name in "ab"]


def test_an_addition_is_a_version_on_every_storage(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"second")
    with filled(vault) as catalogue:
        files: dict[str, bytes | Path] = {"b/c.txt": tmp_path / "file", "d.txt": b"third"}
        done = add_version(vault, catalogue, OBJECT, files, message="more", at=AT, entries=())
        assert (done.head, sorted(done.logical_paths())) == ("v2", ["a.txt", "b/c.txt", "d.txt"])
        assert done.last.message == "more"
        again = add_version(vault, catalogue, OBJECT, files, message="more", at=AT, entries=())
        assert again == done, "what is there is not added again"
        assert list(catalogue.objects()) == [(OBJECT, "storage-1", "v2"), (OBJECT, "storage-2", "v2")]
        with pytest.raises(ValueError, match=r"d\.txt"):
            add_version(vault, catalogue, OBJECT, {"d.txt": b"other"}, message="other", at=AT, entries=())
        with pytest.raises(VaultObjectUnknown):
            add_version(vault, catalogue, "urn:other", {"x": b""}, message="none", at=AT, entries=())
        assert catalogue.unfinished() == []
    first, second = disks(vault)
    assert contents(first) == contents(second)
    assert_valid_ocfl(first, 2)


def test_a_storage_that_lags_is_brought_up_before(vault: Vault) -> None:
    first, second = disks(vault)
    with filled(vault) as catalogue:
        shutil.copytree(second, vault.folder / "before")
        add_version(vault, catalogue, OBJECT, {"b": b"2"}, message="two", at=AT, entries=())
        shutil.rmtree(second)
        (vault.folder / "before").rename(second)
        add_version(vault, catalogue, OBJECT, {"c": b"3"}, message="three", at=AT, entries=())
        assert [head for _, _, head in catalogue.objects()] == ["v3", "v3"]
    assert contents(first) == contents(second)
    assert_valid_ocfl(second, 2)


def test_a_storage_that_does_not_answer_leaves_the_others_as_they_were(vault: Vault) -> None:
    first, second = disks(vault)
    with filled(vault) as catalogue:
        before = contents(first)
        place = second / object_place(OBJECT)
        shutil.rmtree(place)
        place.write_bytes(b"no folder")
        with pytest.raises(Failure):
            add_version(vault, catalogue, OBJECT, {"b": b"2"}, message="two", at=AT, entries=())
    assert contents(first) == before


def test_objects_are_listed_while_others_are_written(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.vault.catalogue.TOGETHER", 2)
    names = [f"urn:test:{number}" for number in range(5)]
    with open_catalogue(vault.folder) as catalogue:
        for name in names:
            addition = VersionAddition(
                files=[added_bytes("a.txt", b"first")], message="first", at=AT, entries=()
            )
            add_files(vault, catalogue, name, None, addition)
        seen = []
        for name in catalogue.object_ids():
            seen.append(name)
            add_version(vault, catalogue, name, {"b.txt": name.encode()}, message="more", at=AT, entries=())
        assert seen == names


def test_the_object_of_the_vault_is_in_no_catalogue(vault: Vault) -> None:
    with open_catalogue(vault.folder) as catalogue:
        done = add_version(
            vault, catalogue, vault.description.id, {"x.json": b"{}"}, message="x", at=AT, entries=()
        )
        assert done.head == "v2" and list(catalogue.objects()) == [] and catalogue.unfinished() == []
    first, second = disks(vault)
    assert contents(first) == contents(second)


def test_additions_to_several_objects_are_written_together_and_those_to_one_in_turn(vault: Vault) -> None:
    names = [OBJECT, OBJECT.replace("a", "b"), OBJECT.replace("a", "c")]
    with filled(vault) as catalogue:
        first = VersionAddition(files=[added_bytes("a.txt", b"first")], message="first", at=AT, entries=())
        for name in names[1:]:
            add_files(vault, catalogue, name, None, first)
        shutil.rmtree(disks(vault)[1] / object_place(names[2]))
        each = [
            NamedAddition(object_id=name, files={"b.txt": b"second"}, message="second", entries=())
            for name in names
        ]
        each.append(NamedAddition(object_id=OBJECT, files={"c.txt": b"third"}, message="third", entries=()))
        assert list(add_versions(vault, catalogue, each, at=AT)) == each
        heads = {(name, replica): head for name, replica, head in catalogue.objects()}
        assert heads == {
            (name, replica): "v3" if name == OBJECT else "v2"
            for name in names
            for replica in ("storage-1", "storage-2")
        }
        again = list(add_versions(vault, catalogue, each, at=AT))
        assert again == each
        assert {(name, replica): head for name, replica, head in catalogue.objects()} == heads
        assert catalogue.unfinished() == []
