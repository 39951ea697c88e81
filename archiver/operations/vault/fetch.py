"""Give packages back byte for byte: from the first storage that still has each file as it was deposited.

Each file is read once, compared while it is written aside, and gets its name when it is the one that was deposited. A
storage that gives something else, or does not answer, is passed over and named. No catalogue and no lock is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from archiver import disk
from archiver.errors import AlreadyExists, DiskFull
from archiver.operations.vault.deposit import object_id
from archiver.vault.catalogue import Catalogue, CatalogueEntry
from archiver.vault.deposit_receipt import REVISIONS
from archiver.vault.errors import DepositorUnknown, VaultObjectDamaged, VaultObjectUnknown
from archiver.vault.objects import find_inventory
from archiver.vault.open_vault import Replica, Vault
from archiver.verdict import fault_line
from formats.digests import Digest, chunks
from formats.errors import Failure
from formats.findings import Finding
from formats.names import comparable
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place
from formats.paths import safe_path

RECEIPTS = "receipts"
"""Folder, in an object, of the receipts."""
SUMS = "SHA512SUMS"
"""List of what was given back, that coreutils check."""
Stored = tuple[Replica, Inventory]


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedFiles:
    """What was given back: the files, their bytes in all, and the storages that did not give something back."""

    object_id: str
    paths: tuple[Path, ...]
    size: int
    findings: tuple[Finding, ...] = field(default=())


def fetch(
    vault: Vault,
    package: str,
    folder: Path,
    *,
    revision: int = 0,
    receipts: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> FetchedFiles:
    """Write the files of ``package`` into ``folder`` under their names: of ``revision``, or of the last one.

    With ``receipts`` those come besides. ``progress`` is told the bytes.

    Raises:
        VaultObjectUnknown: when it is not there, or not in this revision.
        VaultObjectDamaged: when no storage gives a file back; AlreadyExists, DiskFull, DiskFault.
    """
    found, findings = find_stored(vault, object_id(package))
    if not found:
        raise VaultObjectUnknown(package=package)
    logical = found[0][1].logical_paths()
    revisions = sorted({one.split("/")[0] for one in logical if one.startswith("revision-")})
    wanted = REVISIONS.format(revision=revision) if revision else revisions[-1] if revisions else ""
    if wanted not in revisions:
        raise VaultObjectUnknown(package=package)
    prefixes = (f"{wanted}/", f"{RECEIPTS}/") if receipts else (f"{wanted}/",)
    paths = [one for one in sorted(logical) if one.startswith(prefixes)]
    targets = {
        one: folder / (PurePosixPath(one).name if one.startswith(f"{wanted}/") else one) for one in paths
    }
    return write_files(found, targets, findings, progress=progress)


def export_depositor(
    vault: Vault,
    entries: Sequence[CatalogueEntry],
    folder: Path,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[FetchedFiles]:
    """Write everything of the objects of ``entries``: every revision, evidence, receipts, and a list of digests.

    Raises:
        VaultObjectUnknown, VaultObjectDamaged, AlreadyExists, DiskFull, DiskFault: as ``fetch``.
    """
    sums: list[str] = []
    for name in dict.fromkeys(one.object_id for one in entries):
        found, findings = find_stored(vault, name)
        if not found:
            raise VaultObjectUnknown(package=name)
        logical = found[0][1].logical_paths()
        own = name.removeprefix("urn:uuid:").replace(":", "-")
        targets = {one: folder / own / one for one in sorted(logical)}
        yield write_files(found, targets, findings, progress=progress)
        sums += [f"{logical[one].hex}  {own}/{one}\n" for one in targets]
    disk.write_text(folder / SUMS, "".join(sums))


def entries_of_depositor(catalogue: Catalogue, sender: str) -> list[CatalogueEntry]:
    """Return the deposits of the ``sender``, by name or by a number, its system before it or not.

    Raises:
        DepositorUnknown: when there is none.
    """
    found = [
        one
        for one in catalogue.entries()
        if comparable(one.receipt.sender) == comparable(sender)
        or any(sender in {number, number.rpartition("|")[2]} for number in one.receipt.sender_numbers)
    ]
    if not found:
        raise DepositorUnknown(sender=sender)
    return found


def find_stored(vault: Vault, name: str) -> tuple[list[Stored], tuple[Finding, ...]]:
    """Return the replicas that have the object, each with its inventory, the newest first, and what did not answer."""
    found: list[Stored] = []
    findings: list[Finding] = []
    for replica in vault.replicas:
        try:
            inventory = find_inventory(replica.storage, name)
        except Failure as failure:
            findings.append(fault_line(failure))
        else:
            found += [(replica, inventory)] if inventory else []
    found.sort(key=lambda one: -len(one[1].versions))
    return found, tuple(findings)


def write_files(
    found: Sequence[Stored],
    targets: dict[str, Path],
    findings: tuple[Finding, ...],
    *,
    progress: Callable[[int], None],
) -> FetchedFiles:
    """Write each logical path to its target.

    Raises:
        VaultObjectDamaged, AlreadyExists, UnsafeName, DiskFull, DiskFault: as ``fetch``.
    """
    noticed = list(findings)
    for logical, target in targets.items():
        safe_path(logical)
        if target.exists():
            raise AlreadyExists(path=str(target))
    size = 0
    for logical, target in targets.items():
        with disk.failures_about(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
        size += _write(found, logical, target, noticed, progress)
    return FetchedFiles(
        object_id=found[0][1].id, paths=tuple(targets.values()), size=size, findings=tuple(noticed)
    )


class _NotAsDeposited(Exception):
    """What a storage gave is not what was deposited."""


def _write(
    found: Sequence[Stored],
    logical: str,
    target: Path,
    noticed: list[Finding],
    progress: Callable[[int], None],
) -> int:
    """Write one file from the first replica that has it as it was deposited; return its size in bytes."""
    expected = found[0][1].logical_paths()[logical]
    for replica, inventory in found:
        places = inventory.manifest.get(expected, ())
        try:
            if places:
                return _copy(replica, f"{object_place(inventory.id)}/{places[0]}", expected, target, progress)
        except (AlreadyExists, DiskFull):
            raise
        except (Failure, _NotAsDeposited) as fault:
            damaged = VaultObjectDamaged(where=replica.name, file=logical, package=inventory.id)
            noticed.append(fault_line(fault if isinstance(fault, Failure) else damaged))
    raise VaultObjectDamaged(file=logical, package=found[0][1].id)


def _copy(replica: Replica, key: str, expected: Digest, target: Path, progress: Callable[[int], None]) -> int:
    state, size = expected.algorithm.new(), 0
    with replica.storage.open(key) as stream, disk.write_aside(target) as written:
        for piece in chunks(stream):
            state.update(piece)
            written.write(piece)
            size += len(piece)
            progress(len(piece))
        if state.digest() != expected.value:
            raise _NotAsDeposited
    return size
