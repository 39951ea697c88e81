"""Give packages back byte for byte: from the first storage that still has each file as it was deposited.

Each file is read once, compared while it is written aside, and gets its name when it is the one that was deposited. A
storage that gives something else, or does not answer, is passed over and named. No catalogue is needed, and no other
command is waited for. Before anything is given it is recorded in the journal who asks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

from archiver import disk
from archiver.errors import AlreadyExists, DiskFull
from archiver.operations.vault.deposit import object_id
from archiver.package import layout
from archiver.spooled_list import SpooledList
from archiver.vault.deposit_receipt import REVISIONS
from archiver.vault.disposal.destroyed import refuse_destroyed, stored_unit_tombstones
from archiver.vault.disposal.unit_tombstone import given_path
from archiver.vault.errors import VaultFileDamaged, VaultObjectDamaged, VaultObjectUnknown
from archiver.vault.index import newest_first
from archiver.vault.journal.acts import access_entry
from archiver.vault.journal.write import record
from archiver.vault.objects import find_inventory
from archiver.vault.open_vault import Replica, Vault, refuse_foreign_storage
from archiver.vault.preservation.stored_evidence import read_stored_evidence
from archiver.vault.stored_parity import FOLDER as PARITY
from archiver.verdict import fault_line
from formats.digests import Digest, chunks
from formats.errors import Failure, LimitExceeded
from formats.findings import Finding
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place
from formats.paths import safe_path
from formats.regular_files import open_regular
from formats.words import mark

RECEIPTS = "receipts"
"""Folder, in an object, of the receipts."""
SUMS = "SHA512SUMS"
"""List of what was given back, that coreutils check."""
Stored = tuple[Replica, Inventory]


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedFiles:
    """What was given back: the files, their bytes in all, and the storages that did not give something back.

    ``destroyed`` counts the units that were taken out of them by law.
    """

    object_id: str
    paths: tuple[Path, ...]
    size: int
    findings: tuple[Finding, ...] = field(default=())
    destroyed: int = 0


class FurtherFiles(StrEnum):
    """What is given back besides a package: the receipts; and beside each file the vault's records, and the parity.

    They lie where ``verify`` and ``par2`` find them.
    """

    RECEIPTS = "receipts"
    EVIDENCE = "evidence"
    PARITY = "parity"


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """Who asks (a name or a number; without one, the program), why, and when: what the journal says of an access."""

    at: datetime
    agent: str = ""
    reason: str = ""


def fetch(
    vault: Vault,
    package: str,
    folder: Path,
    access: Access,
    *,
    revision: int = 0,
    further: Collection[FurtherFiles] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> FetchedFiles:
    """Write the files of ``package`` into ``folder`` under their names: of ``revision``, or of the last one.

    ``further`` is what comes besides. ``progress`` is told the bytes.

    What is returned counts the units that were lawfully destroyed: a signed statement in the file says so.

    Raises:
        VaultObjectUnknown: when it is not there, or not in this revision.
        VaultObjectDamaged: when no storage gives a file back; AlreadyExists, DiskFull, DiskFault.
    """
    found, findings = find_stored(vault, object_id(package))
    if not found:
        raise VaultObjectUnknown(package=package)
    refuse_destroyed(*found[0], package)
    logical = found[0][1].logical_paths()
    revisions = sorted({one.split("/")[0] for one in logical if one.startswith("revision-")})
    wanted = REVISIONS.format(revision=revision) if revision else revisions[-1] if revisions else ""
    if wanted not in revisions:
        raise VaultObjectUnknown(package=package)
    beside = (f"{wanted}/", f"{PARITY}/{wanted}/") if FurtherFiles.PARITY in further else (f"{wanted}/",)
    prefixes = (*beside, f"{RECEIPTS}/") if FurtherFiles.RECEIPTS in further else beside
    paths = [one for one in sorted(logical) if one.startswith(prefixes)]
    targets = {one: folder / (PurePosixPath(one).name if one.startswith(beside) else one) for one in paths}
    records = list(_records_beside(found, targets)) if FurtherFiles.EVIDENCE in further else []
    record_access(vault, found[0][1].id, len(targets) + len(records), access)
    done = write_files(found, targets, findings, progress=progress)
    for path, target in records:
        more = write_files(found, {path: target}, done.findings, progress=progress)
        done = replace(more, paths=(*done.paths, target), size=done.size + more.size)
    return done


def _records_beside(found: Sequence[Stored], targets: dict[str, Path]) -> Iterator[tuple[str, Path]]:
    """Yield the newest state of each record, with a free name beside each file that it covers and that is given back.

    Raises:
        AlreadyExists: when something lies there; LimitExceeded: when there are more records than names.
    """
    taken = set(targets.values())
    for one in read_stored_evidence(found):
        covered = (targets[path] for path in one.covered if path in targets and path.endswith(layout.ENDING))
        for target in covered:
            names = (layout.record_beside(target.name, number) for number in range(1, layout.MAX_RECORDS + 1))
            free = next((name for name in names if target.with_name(name) not in taken), None)
            if free is None:
                name = mark("the number of evidence records of one file")
                raise LimitExceeded(name=name, found=layout.MAX_RECORDS + 1, limit=layout.MAX_RECORDS)
            taken.add(target.with_name(free))
            if target.with_name(free).exists():
                raise AlreadyExists(path=str(target.with_name(free)))
            yield one.path, target.with_name(free)


def export_depositor(
    vault: Vault,
    objects: Iterable[str],
    folder: Path,
    access: Access,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[FetchedFiles]:
    """Write everything of ``objects``: every revision, evidence, receipts, and a list of digests.

    Raises:
        VaultObjectUnknown, VaultObjectDamaged, AlreadyExists, DiskFull, DiskFault: as ``fetch``.
    """
    if (folder / SUMS).exists():  # what is written last
        raise AlreadyExists(path=str(folder / SUMS))
    sums = SpooledList[str](folder=folder.parent if folder.parent.is_dir() else None)
    for name in objects:
        found, findings = find_stored(vault, name)
        if not found:
            raise VaultObjectUnknown(package=name)
        logical = found[0][1].logical_paths()
        own = name.removeprefix("urn:uuid:").replace(":", "-")
        targets = {one: folder / own / given_path(one) for one in sorted(logical)}
        record_access(vault, name, len(targets), access)
        yield write_files(found, targets, findings, progress=progress, going_on=True)
        for one in targets:
            sums.append(f"{logical[one].hex}  {own}/{given_path(one)}\n")
    with disk.write_aside(folder / SUMS) as stream:
        stream.writelines(one.encode() for one in sums)


def record_access(vault: Vault, name: str, files: int, access: Access) -> None:
    """Record that ``files`` of an object are about to be given.

    Raises:
        Failure: as ``archiver.vault.journal.write.record``: nothing is given then.
    """
    entry = access_entry(name, files=files, agent=access.agent, reason=access.reason)
    record(vault, [entry], at=access.at)


def find_stored(vault: Vault, name: str) -> tuple[list[Stored], tuple[Finding, ...]]:
    """Return the replicas that have the object, each with its inventory, the newest first, and what did not answer.

    A storage without it has to be one of the vault: else another disk is in its place, and that is what it answers.
    """
    found: list[Stored] = []
    findings: list[Finding] = []
    for replica in vault.replicas:
        try:
            inventory = find_inventory(replica.storage, name)
            if inventory is None:
                refuse_foreign_storage(replica, vault.description.id)
        except Failure as failure:
            findings.append(fault_line(failure))
        else:
            found += [(replica, inventory)] if inventory else []
    found.sort(key=newest_first)
    return found, tuple(findings)


def write_files(
    found: Sequence[Stored],
    targets: dict[str, Path],
    findings: tuple[Finding, ...],
    *,
    progress: Callable[[int], None],
    going_on: bool = False,
) -> FetchedFiles:
    """Write each logical path to its target.

    What an ended command has written already, byte for byte, is not written again. That everything is there is refused,
    unless the caller is ``going_on`` with a larger work.

    Raises:
        VaultObjectDamaged, AlreadyExists, UnsafeName, DiskFull, DiskFault: as ``fetch``.
    """
    noticed = list(findings)
    there = {}
    for logical, target in targets.items():
        safe_path(logical)
        if target.exists():
            there[logical] = _size_if_same(target, found[0][1].logical_paths()[logical])
    if there and len(there) == len(targets) and not going_on:
        raise AlreadyExists(path=str(next(iter(targets.values()))))
    size = sum(there.values())
    for logical, target in targets.items():
        if logical in there:
            continue
        with disk.failures_about(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
        size += _write(found, logical, target, noticed, progress)
    return FetchedFiles(
        object_id=found[0][1].id,
        paths=tuple(targets.values()),
        size=size,
        findings=tuple(noticed),
        destroyed=sum(len(one.units) for one in stored_unit_tombstones(found)),
    )


def _size_if_same(target: Path, expected: Digest) -> int:
    """Return the size in bytes of a file that lies at ``target`` already.

    Raises:
        AlreadyExists: when it has other bytes; DiskFault.
    """
    state, size = expected.algorithm.new(), 0
    with disk.failures_about(target):
        if not target.is_file():
            raise AlreadyExists(path=str(target))
        with open_regular(target) as stream:
            for piece in chunks(stream):
                state.update(piece)
                size += len(piece)
    if Digest(expected.algorithm, state.digest()) != expected:
        raise AlreadyExists(path=str(target))
    return size


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
            damaged = VaultFileDamaged(where=replica.name, file=logical, package=inventory.id)
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
