"""``vault repair`` as an archive company types it: damaged copies are whole again, and nothing is thrown away."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.operations.vault.repair_object import DAMAGED
from tests.journeys.line import Line, contents
from tests.journeys.program import Program
from tests.journeys.test_vault import DEPOSIT, INIT


@pytest.fixture
def vault(small_line: Line, tmp_path: Path) -> Program:
    names = ("package.asice", "roots.pem", "kerbrat", "pressoir", "receiver.identity")
    desk = Program(folder=small_line.copy(tmp_path, *names))
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    return desk


def stored(vault: Program, disk: str, name: str = "package.asice") -> Path:
    found = sorted((vault.folder / disk).rglob(name), key=lambda one: len(one.parts))
    return found[0]


def flip(path: Path) -> bytes:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return bytes(data)


def remove_object(vault: Program) -> None:
    (folder,) = (vault.folder / "disk-a").rglob("revision-001")
    shutil.rmtree(folder.parents[2])


DAMAGE: dict[str, Callable[[Program], object]] = {
    "a bit of the package": lambda vault: flip(stored(vault, "disk-a")),
    "a package that is cut short": lambda vault: stored(vault, "disk-a").write_bytes(b"PK"),
    "a package that is lost": lambda vault: stored(vault, "disk-a").unlink(),
    "an inventory": lambda vault: flip(
        stored(vault, "disk-a", "package.asice").parents[3] / "inventory.json"
    ),
    "all of the object": remove_object,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_an_audit_found_damaged_is_made_whole_from_the_other_storage(
    vault: Program, damage: str
) -> None:
    vault("vault", "audit", "vault").ok()
    assert vault("vault", "repair", "vault", "--json").ok().document["copies"] == []
    DAMAGE[damage](vault)
    assert vault("vault", "audit", "vault", "--all").status == 87
    done = vault("vault", "repair", "vault", "--json").ok().document
    (copy,) = done["copies"]
    assert (copy["storage"], copy["outcome"]) == ("storage-1", "ok")
    assert {(one["method"], one["source"]) for one in copy["files"]} == {("replica", 1)}
    vault("vault", "audit", "vault", "--all").ok()
    vault("vault", "rebuild", "vault").ok()
    assert stored(vault, "disk-a").read_bytes() == (vault.folder / "package.asice").read_bytes()


def test_the_damaged_bytes_stay(vault: Program) -> None:
    changed = flip(stored(vault, "disk-a"))
    assert vault("vault", "audit", "vault", "--all").status == 87
    done = vault("vault", "repair", "vault").ok()
    assert "taken from another storage" in done.out and "1 copy is whole again." in done.out
    place = next(
        line.split(": ", 1)[1].rstrip(".") for line in done.out.splitlines() if "damaged bytes stay" in line
    )
    assert place.startswith(DAMAGED)
    assert (vault.folder / "disk-a" / place).read_bytes() == changed


def test_what_is_damaged_on_both_storages_is_not_made_up(vault: Program) -> None:
    before = [flip(stored(vault, disk)) for disk in ("disk-a", "disk-b")]
    assert vault("vault", "audit", "vault", "--all").status == 87
    done = vault("vault", "repair", "vault", "--json")
    assert done.status == 87
    assert [one["outcome"] for one in done.document["copies"]] == ["damaged", "damaged"]
    assert {file["method"] for one in done.document["copies"] for file in one["files"]} == {"lost"}
    assert [stored(vault, disk).read_bytes() for disk in ("disk-a", "disk-b")] == before
    assert "still damaged" in vault("vault", "repair", "vault").out


def test_no_version_is_made_from_an_inventory_that_rotted(vault: Program) -> None:
    """One that still reads as an inventory would have brought its wrong digests to every storage."""
    inventory = stored(vault, "disk-a", "package.asice").parents[3] / "inventory.json"
    text = inventory.read_text(encoding="utf-8")
    (digest,) = (
        one for one, paths in json.loads(text)["manifest"].items() if paths[0].endswith("/package.asice")
    )
    other = ("1" if digest[0] == "0" else "0") + digest[1:]
    inventory.write_text(text.replace(digest, other), encoding="utf-8")
    package = vault("vault", "list", "vault", "--json").ok().document["listed"][0]["package"]
    hold = (
        "vault",
        "hold",
        "vault",
        package,
        "--reason",
        "Litige",
        "--by",
        "Me Exemple",
        "--signer",
        "kerbrat/signer.p12",
    )
    whole = contents(vault.folder / "disk-b")
    refused = vault(*hold).refused("vault-inventory-damaged", 87)
    assert "storage-1" in refused and "vault repair" in refused
    assert contents(vault.folder / "disk-b") == whole
    assert vault("vault", "audit", "vault", "--all").status == 87
    vault("vault", "repair", "vault").ok()
    vault(*hold).ok()
    vault("vault", "audit", "vault", "--all").ok()
