"""What describes a storage to other programs: damaged or lost it is noticed, and written anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archiver.operations.vault.rebuild import rebuild
from archiver.operations.vault.storage_root import mend_roots
from archiver.vault.open_vault import Vault
from formats.ocfl.layout import root_files
from tests.unit.vault.journals import AT, new_vault, records


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return new_vault(tmp_path)


def noticed(vault: Vault) -> list[str]:
    return [one.where for one in rebuild(vault).findings if one.code == "storage-root-damaged"]


@pytest.mark.parametrize("lost", [True, False], ids=["lost", "changed"])
@pytest.mark.parametrize("key", root_files())
def test_a_file_of_the_root_is_noticed_and_written_anew(vault: Vault, key: str, lost: bool) -> None:
    path = vault.folder.parent / "b" / key
    right = path.read_bytes()
    if lost:
        path.unlink()
    else:
        path.write_bytes(right[:-2] + b"!\n")
    assert noticed(vault) == [f"{vault.replicas[1].name}: {key}"]
    (done,) = mend_roots(vault, clock=lambda: AT, notice=[].append)
    assert (done.storage, done.files) == (vault.replicas[1].name, (key,))
    assert path.read_bytes() == right
    assert noticed(vault) == [] and mend_roots(vault, clock=lambda: AT, notice=[].append) == []
    assert b'"act":"repair"' in records(vault.folder / "journal")[-1].lines[-1]


def test_a_disk_of_somebody_else_is_not_written_to(vault: Vault) -> None:
    place = vault.folder.parent / "b"
    shutil.rmtree(place)
    place.mkdir()
    assert mend_roots(vault, clock=lambda: AT, notice=[].append) == []
    assert list(place.iterdir()) == []
