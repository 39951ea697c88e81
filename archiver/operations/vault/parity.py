"""Parity (PAR2) of the deposited files of a vault: made of bytes whose digest fits, and stored on every storage.

1. Of an object every deposited file without parity is taken; what has parity keeps it, whatever its redundancy.
2. Each is copied into a private folder from the first place that gives it with the digest that the inventory lists.
3. The program writes an index and recovery blocks; the copy is removed.
4. All of them become one further version of the object, on every storage or on none (``archiver.vault.additions``).
5. The journal says so. A command that is ended leaves objects with parity and objects without; the next one goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from archiver.disk import failures_about, remove
from archiver.errors import DiskFull
from archiver.parity.create import create_parity
from archiver.temporary_files import scratch
from archiver.vault.additions import add_version
from archiver.vault.catalogue import Catalogue
from archiver.vault.disposal.tombstone import is_tombstone
from archiver.vault.errors import VaultObjectDamaged, VaultObjectUnknown
from archiver.vault.found_object import FoundObject, find_object, newest_inventory
from archiver.vault.journal.acts import parity_entry
from archiver.vault.objects import Opener
from archiver.vault.open_vault import Vault
from archiver.vault.stored_parity import deposited_files, parity_path, protected_files
from formats.digests import Digest, DigestAlgorithm, chunks
from formats.errors import Failure
from formats.ocfl.layout import object_place
from formats.regular_files import open_regular


@dataclass(frozen=True, kw_only=True, slots=True)
class ParityOutcome:
    """What became of one object: how many files got parity, of ``size`` bytes in all, and how many had it before.

    ``failure`` says why nothing was made.
    """

    object_id: str
    made: int = 0
    present: int = 0
    size: int = 0
    failure: Failure | None = None


def add_parity(
    vault: Vault,
    catalogue: Catalogue,
    object_id: str,
    *,
    percent: int,
    clock: Callable[[], datetime],
    offered: Mapping[Digest, Path] | None = None,
) -> ParityOutcome:
    """Give every deposited file of an object parity; ``offered`` are copies at hand, read before any storage.

    Of what was destroyed nothing is left that could be protected. The caller holds the lock of the vault.

    Raises:
        VaultObjectUnknown: when no storage has the object.
        VaultObjectDamaged: when nothing gives a file back as it was deposited: no parity is made of anything else.
        ParityFailed, ExtraMissing: when the program cannot be run.
        DiskFull, DiskFault, StorageUnreachable and others: what a disk or a storage answered.
    """
    found = find_object(vault, object_id)
    newest = newest_inventory(found)
    if newest is None:
        raise VaultObjectUnknown(package=object_id)
    if is_tombstone(newest):
        return ParityOutcome(object_id=object_id)
    # 1. what has none
    there = protected_files(newest)
    lacking = {path: one for path, one in deposited_files(newest).items() if path not in there}
    if not lacking:
        return ParityOutcome(object_id=object_id, present=len(there))
    with scratch() as folder:
        files: dict[str, Path] = {}
        for number, (logical, digest) in enumerate(lacking.items()):
            own = folder / str(number)
            # 2, 3. a copy, and its parity
            places = _places(found, object_id, digest, offered or {})
            files |= made_parity(own, object_id, logical, digest, places, percent=percent)
        size = sum(one.stat().st_size for one in files.values())
        # 4, 5. the version, and its entry
        entry = parity_entry(object_id, files=len(lacking), size=size, percent=percent)
        message = f"parity, {percent} %"
        add_version(vault, catalogue, object_id, files, message=message, at=clock(), entries=[entry])
    return ParityOutcome(object_id=object_id, made=len(lacking), present=len(there), size=size)


def made_parity(
    folder: Path, package: str, logical: str, digest: Digest, places: Iterable[Opener], *, percent: int
) -> dict[str, Path]:
    """Follow steps 2 and 3 in the new ``folder`` for the file at ``logical``; return its parity by logical path.

    Raises:
        VaultObjectDamaged: when none of ``places`` gives it with its digest; as ``add_parity``.
    """
    copy = _copied(folder, package, logical, digest, places)
    made = {parity_path(logical, one.name): one for one in create_parity(copy, percent=percent)}
    remove(copy)
    return made


def add_parity_each(
    vault: Vault,
    catalogue: Catalogue,
    objects: Iterable[str],
    *,
    percent: int,
    clock: Callable[[], datetime],
) -> Iterator[ParityOutcome]:
    """Yield what became of each of ``objects``; one that is damaged does not stop the others; see ``add_parity``."""
    for one in objects:
        try:
            yield add_parity(vault, catalogue, one, percent=percent, clock=clock)
        except (VaultObjectDamaged, VaultObjectUnknown) as failure:
            yield ParityOutcome(object_id=one, failure=failure)


def _places(
    found: FoundObject, object_id: str, digest: Digest, offered: Mapping[Digest, Path]
) -> Iterator[Opener]:
    """Yield what opens a file: the copy at hand, then each storage that lists it."""
    at_hand = offered.get(digest)
    if at_hand is not None:
        yield lambda: open_regular(at_hand)
    for replica, inventory in found:
        for path in inventory.manifest.get(digest, ()) if inventory else ():
            key = f"{object_place(object_id)}/{path}"
            yield lambda storage=replica.storage, key=key: storage.open(key)  # type: ignore[misc]


def _copied(folder: Path, package: str, logical: str, digest: Digest, places: Iterable[Opener]) -> Path:
    """Copy a file into the new ``folder``, under its name, from the first of ``places`` that has its ``digest``.

    Raises:
        VaultObjectDamaged: when none has; DiskFull, DiskFault.
    """
    with failures_about():
        folder.mkdir()
    target = folder / PurePosixPath(logical).name
    for open_place in places:
        try:
            if _copy(open_place, target, digest.algorithm) == digest:
                return target
        except DiskFull:
            raise
        except Failure:
            continue
    raise VaultObjectDamaged(file=logical, package=package)


def _copy(open_place: Opener, target: Path, algorithm: DigestAlgorithm) -> Digest:
    state = algorithm.new()
    with open_place() as source, failures_about(), target.open("wb") as written:
        for piece in chunks(source):
            state.update(piece)
            written.write(piece)
    return Digest(algorithm, state.digest())
