"""Restitution: everything that a vault has of packages, handed over to whoever deposited them or to another company.

1. What is handed over is written into the journal first.
2. Of each package every file of its last version: all revisions, evidence, receipts, holds, or what stays of one that
   was destroyed; each compared with the digest that the inventory lists, and what the receipts list has to be there.
3. The entries of the journal about these packages, each with its inclusion proof.
4. Last the inventory of the restitution, which counts all of it, its signature, and a list of digests for coreutils: a
   folder without inventory was not handed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.operations.vault.fetch import FetchedFiles, Stored, find_stored, write_files
from archiver.temporary_files import folder_aside
from archiver.vault.disposal.destroyed import stored_unit_tombstones
from archiver.vault.disposal.signed_statement import StatementSigner, signed_statement
from archiver.vault.disposal.tombstone import is_tombstone
from archiver.vault.disposal.unit_tombstone import given_path, stands_for
from archiver.vault.errors import VaultObjectDamaged, VaultObjectUnknown
from archiver.vault.index import stored_bytes
from archiver.vault.journal.entry import JournalEntry, VaultAct
from archiver.vault.journal.extract import journal_extract
from archiver.vault.journal.write import record
from archiver.vault.open_vault import Vault
from formats.digests import SHA512, Digest
from formats.findings import Finding

INVENTORY = "inventory.json"
JOURNAL = "journal.json"
SUMS = "SHA512SUMS"
RESTITUTION_VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class RestitutionRequest:
    """Objects that are handed over, by whom and to whom, whose signature the inventory bears, into which folder."""

    objects: Sequence[str]
    folder: Path
    by: str
    receiver: str
    signer: StatementSigner


@dataclass(frozen=True, kw_only=True, slots=True)
class RestitutedPackage:
    """One package that was handed over: its folder, its files, bytes, and whether only its tombstone is left.

    ``units_destroyed`` counts the units that were taken out of it by law.
    """

    object_id: str
    place: str
    revisions: int
    files: int
    size: int
    destroyed: bool
    units_destroyed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Restitution:
    """What was handed over; ``findings`` are storages that did not give something, and another one did."""

    packages: tuple[RestitutedPackage, ...]
    inventory: Path
    findings: tuple[Finding, ...]


def restitute(
    vault: Vault,
    request: RestitutionRequest,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> Restitution:
    """Hand over ``request``; ``progress`` is told the bytes.

    Raises:
        AlreadyExists: when the folder is there.
        VaultObjectUnknown: when a package is not in the vault.
        VaultObjectDamaged: when no storage gives a file back, or something that a receipt lists is not there.
        DiskFull, DiskFault, Failure: what the disk or the signer's device answered; nothing is left then.
    """
    folder = request.folder
    if folder.exists():
        raise AlreadyExists(path=str(folder))
    at = clock().replace(microsecond=0)
    found = {one: find_stored(vault, one) for one in dict.fromkeys(request.objects)}
    for name, (stored, _) in found.items():
        if not stored:
            raise VaultObjectUnknown(package=name)
    # 1. the journal
    entries = [_entry(name, stored[0], request) for name, (stored, _) in found.items()]
    record(vault, entries, at=at)
    with folder_aside(folder, mode=disk.PRIVATE_FOLDER) as aside:
        done = _write_all(vault, replace(request, folder=aside), found, at, progress)
    return replace(done, inventory=folder / INVENTORY)


def _entry(name: str, stored: Stored, request: RestitutionRequest) -> JournalEntry:
    return JournalEntry(
        act=VaultAct.RESTITUTION,
        object_id=name,
        outcome="handed-over",
        agent=request.by,
        facts={"files": len(stored[1].logical_paths()), "receiver": request.receiver},
    )


def _write_all(
    vault: Vault,
    request: RestitutionRequest,
    found: dict[str, tuple[list[Stored], tuple[Finding, ...]]],
    at: datetime,
    progress: Callable[[int], None],
) -> Restitution:
    """Follow steps 2 to 4."""
    packages, findings = list[RestitutedPackage](), list[Finding]()
    sums: dict[str, tuple[int, Digest]] = {}
    for name, (stored, noticed) in found.items():
        own = name.removeprefix("urn:uuid:").replace(":", "-")
        logical = stored[0][1].logical_paths()
        _require_complete(stored[0], name)
        targets = {one: request.folder / own / given_path(one) for one in sorted(logical)}
        written: FetchedFiles = write_files(stored, targets, noticed, progress=progress)
        findings += written.findings
        sums |= {
            f"{own}/{given_path(one)}": (path.stat().st_size, logical[one]) for one, path in targets.items()
        }
        packages.append(
            RestitutedPackage(
                object_id=name,
                place=own,
                revisions=len({one.split("/")[0] for one in logical if one.startswith("revision-")}),
                files=len(targets),
                size=written.size,
                destroyed=is_tombstone(stored[0][1]),
                units_destroyed=written.destroyed,
            )
        )
    # 3. the journal's entries
    extract = journal_extract(vault.folder, found.keys(), key=vault.description.journal_key)
    _write(request.folder / JOURNAL, extract)
    sums[JOURNAL] = (len(extract), Digest.of(extract, algorithm=SHA512))
    # 4. the inventory
    data = _inventory(vault, request, packages, sums, at)
    sums[INVENTORY] = (len(data), Digest.of(data, algorithm=SHA512))
    lines = "".join(f"{digest.hex}  {path}\n" for path, (_, digest) in sums.items())
    _write(request.folder / SUMS, lines.encode())
    signed = signed_statement(INVENTORY, data, request.signer, at=at)
    for path, content in sorted(signed.items(), key=lambda one: one[0] == INVENTORY):
        _write(request.folder / path, content)
    return Restitution(
        packages=tuple(packages), inventory=request.folder / INVENTORY, findings=tuple(findings)
    )


def _require_complete(stored: Stored, name: str) -> None:
    """Make sure that every file that a receipt lists is in the object, or the one without units that took its place.

    Raises:
        VaultObjectDamaged: when one is not.
    """
    logical = stored[1].logical_paths()
    if is_tombstone(stored[1]):
        return
    tombstones = stored_unit_tombstones([stored])
    for path, digest in _receipted(stored):
        if not stands_for(tombstones, path, digest, logical):
            raise VaultObjectDamaged(file=path, package=name)


def _receipted(stored: Stored) -> Iterator[tuple[str, Digest]]:
    for path in stored[1].logical_paths():
        if path.startswith("receipts/") and path.endswith(".json"):
            for one in json.loads(stored_bytes(*stored, path))["files"]:
                yield str(one["path"]), Digest(SHA512, bytes.fromhex(one["sha512"]))


def _inventory(
    vault: Vault,
    request: RestitutionRequest,
    packages: Sequence[RestitutedPackage],
    sums: dict[str, tuple[int, Digest]],
    at: datetime,
) -> bytes:
    """Return the inventory of the restitution, which lists every file but itself, its signature and the sums."""
    document = {
        "restitution": RESTITUTION_VERSION,
        "vault": {"id": vault.description.id, "name": vault.description.name},
        "at": at.isoformat(),
        "by": request.by,
        "receiver": request.receiver,
        "counts": {
            "packages": len(packages),
            "destroyed": sum(one.destroyed for one in packages),
            "units_destroyed": sum(one.units_destroyed for one in packages),
            "files": len(sums),
            "size": sum(size for size, _ in sums.values()),
        },
        "packages": [
            {
                "object": one.object_id,
                "folder": one.place,
                "revisions": one.revisions,
                "files": one.files,
                "size": one.size,
                "destroyed": one.destroyed,
                "units_destroyed": one.units_destroyed,
            }
            for one in packages
        ],
        "files": [
            {"path": path, "size": size, "sha512": digest.hex} for path, (size, digest) in sums.items()
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _write(path: Path, data: bytes) -> None:
    with disk.write_aside(path) as stream:
        stream.write(data)
