"""Digests of what a record covers: as an inventory lists them, or of the files as a storage gives them back now."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from archiver.evidence.links import Objects
from archiver.vault.errors import VaultObjectDamaged
from archiver.vault.preservation.stored_evidence import Stored
from formats.digests import Digest, DigestAlgorithm, chunks
from formats.errors import Failure
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place

Progress = Callable[[int], None]


def listed_objects(
    found: Stored, paths: Iterable[str], algorithm: DigestAlgorithm, progress: Progress
) -> Objects:
    """Return the digests of ``paths`` under ``algorithm``: those that the inventory lists; of others, the files' own.

    Raises:
        VaultObjectDamaged: when a file has to be read and no storage gives it back.
    """
    inventory = found[0][1]
    known = {path: _listed(inventory, path, algorithm) for path in paths}
    return {
        path: {algorithm: one} if one else read_digests(found, path, (algorithm,), progress)
        for path, one in known.items()
    }


def read_objects(
    found: Stored, paths: Iterable[str], algorithms: Iterable[DigestAlgorithm], progress: Progress
) -> Objects:
    """Return the digests of those of ``paths`` that are there, each read once and compared with the inventory.

    Raises:
        VaultObjectDamaged: when no storage gives a file back as it is listed.
    """
    wanted, there = tuple(dict.fromkeys(algorithms)), found[0][1].logical_paths()
    return {path: read_digests(found, path, wanted, progress) for path in paths if path in there}


def read_digests(
    found: Stored, path: str, algorithms: Iterable[DigestAlgorithm], progress: Progress
) -> dict[DigestAlgorithm, Digest]:
    """Return the digests of a file under ``algorithms``, from the first storage that gives it back as it is listed.

    Raises:
        VaultObjectDamaged: when none does.
    """
    expected = found[0][1].logical_paths()[path]
    wanted = tuple(dict.fromkeys((*algorithms, expected.algorithm)))
    for replica, inventory in found:
        places = inventory.manifest.get(expected, ())
        states = {one: one.new() for one in wanted}
        try:
            with replica.storage.open(f"{object_place(inventory.id)}/{places[0]}") as stream:
                for piece in chunks(stream):
                    for state in states.values():
                        state.update(piece)
                    progress(len(piece))
        except (Failure, IndexError):
            continue
        digests = {one: Digest(one, state.digest()) for one, state in states.items()}
        if digests[expected.algorithm] == expected:
            return digests
    raise VaultObjectDamaged(file=path, package=found[0][1].id)


def _listed(inventory: Inventory, path: str, algorithm: DigestAlgorithm) -> Digest | None:
    """Return the digest of a logical path that the inventory lists under ``algorithm``, or nothing."""
    digest = inventory.logical_paths()[path]
    if digest.algorithm == algorithm:
        return digest
    places = set(inventory.manifest[digest])
    listed = (one for one, paths in inventory.fixity.items() if places.intersection(paths))
    return next((one for one in listed if one.algorithm == algorithm), None)
