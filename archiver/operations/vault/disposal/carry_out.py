"""Carry out a destruction that two approvers signed: every copy removed, listed afterwards, certified.

1. The request and the approval are signed by two different approvers of the vault, the approval over this request,
   which nobody withdrew.
2. Where nothing was begun: the clock fits, every package is what was asked for, due and not held, no lock is left on
   any storage, no retired storage has it still, and what would stay of each is proven. Nothing is removed before.
3. That it begins is written into the journal, and into the object of the destruction, with the statements of
   destruction that go into packages of which only units are destroyed.
4. Each package is replaced by what stays of it (``remains``), storage by storage
   (``archiver.vault.disposal.purge_object``): its tombstone, or the package without the units that were asked for.
5. The outcome and its certificates (PDF/A, French and English) are signed, and the journal has it.

A command that was ended is gone on with from step 4: what was begun needs no further decision. So is one that is done,
where a storage has a package again, because somebody put it back to what it had before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from archiver import disk
from archiver.operations.vault.disposal.approve_destruction import (
    FoundDestruction,
    compare_packages,
    entries_of_each,
    find_destruction,
)
from archiver.operations.vault.disposal.approved import require_approved
from archiver.operations.vault.disposal.remaining_parity import parity_entries
from archiver.operations.vault.disposal.remains import remains_of
from archiver.operations.vault.disposal.sign_statements import sign_statements
from archiver.operations.vault.fetch import Stored
from archiver.paperwork.documents import VaultDocument, print_document
from archiver.paperwork.registers.destruction import (
    DestroyedPackageData,
    DestructionData,
    PurgedStorageData,
)
from archiver.paperwork.templates import own_templates
from archiver.signing.certificates.subject import subject_name
from archiver.vault.additions import add_version
from archiver.vault.catalogue import Catalogue
from archiver.vault.checks import CheckTable
from archiver.vault.disposal.clock import refuse_doubtful_clock
from archiver.vault.disposal.destruction import (
    BEGUN,
    CERTIFICATE,
    OUTCOME,
    Destruction,
    DestructionApproval,
    DestructionRequest,
    RequestedPackage,
    begun_bytes,
    outcome_bytes,
)
from archiver.vault.disposal.errors import (
    DestructionDone,
    DestructionElsewhere,
    DestructionLocked,
    DestructionUnapproved,
)
from archiver.vault.disposal.purge_object import is_purged, object_locked_until, purge_object
from archiver.vault.disposal.signed_statement import StatementSigner, signed_statement
from archiver.vault.found_object import find_object, newest_inventory
from archiver.vault.index import index_object, newest_first, read_receipts
from archiver.vault.journal.acts import DESTRUCTION_BEGUN, DESTRUCTION_DONE, destruction_entry
from archiver.vault.journal.entry import VaultAct, in_version
from archiver.vault.journal.write import record
from archiver.vault.open_vault import Vault
from archiver.vault.retention import term_of, term_of_object
from archiver.vault.settle import settle_additions
from formats.errors import Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class CarriedOut:
    """A destruction that is done: the files of its certificates, each with its signature."""

    destruction: Destruction
    files: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DestructionWork:
    """What step 4 is done with: the vault and its catalogue, the destruction, and since when it is begun."""

    vault: Vault
    catalogue: Catalogue
    checks: CheckTable
    found: FoundDestruction
    begun_at: str


def carry_out(
    vault: Vault,
    catalogue: Catalogue,
    checks: CheckTable,
    identifier: str,
    *,
    folder: Path,
    signer: StatementSigner,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> CarriedOut:
    """Carry out a destruction, and write its certificates into ``folder``; the caller holds the lock of the vault.

    Raises:
        DestructionUnknown, DestructionUnapproved, DestructionWithdrawn, DestructionChanged, DestructionDone,
            ApproverUnlisted, ApproverSame: why nothing is carried out.
        DestructionSuspended, DestructionNotDue, DestructionLocked, DestructionElsewhere, ClockDoubtful: why nothing was
            begun.
        StorageKeepsRemoved, StorageObjectLocked, Failure: what a storage answered while it was removed from; the same
            command goes on with it.
    """
    at = clock().replace(microsecond=0)
    found = find_destruction(vault, identifier)
    mine = {each.object_id for each in found.destruction.request.packages}
    settle_additions(vault, catalogue, at=at, leave=mine)
    destruction = found.destruction
    # 1. two approvers
    require_approved(vault, found, at)
    # 2, 3. nothing stands against it, and it begins
    begun_at = destruction.begun_at
    if not begun_at:
        begun_at, found = _begun(vault, catalogue, checks, found, signer, at)
    # 4. every package
    work = DestructionWork(vault=vault, catalogue=catalogue, checks=checks, found=found, begun_at=begun_at)
    again = _destroy_each(work, at, progress)
    if destruction.ended_at and not again:
        raise DestructionDone(day=destruction.ended_at[: len("2026-11-29")])
    if destruction.ended_at:  # a storage was put back to what it had before, and is purged again
        agent = subject_name(signer.signer.certificate)
        record(vault, entries_of_each(VaultAct.DESTRUCTION, destruction.request, "again", agent), at=at)
        return CarriedOut(destruction=destruction, files=())
    # 5. the outcome
    return _certified(work, signer, clock().replace(microsecond=0), folder)


def _begun(
    vault: Vault,
    catalogue: Catalogue,
    checks: CheckTable,
    found: FoundDestruction,
    signer: StatementSigner,
    at: datetime,
) -> tuple[str, FoundDestruction]:
    """Follow steps 2 and 3; return the moment, and the destruction with what was signed then."""
    request, begun_at = found.destruction.request, at.isoformat()
    refuse_doubtful_clock(vault, catalogue, checks, at=at)
    compare_packages(vault, request, at.date())
    _refuse_locked(vault, found.destruction, at)
    _refuse_elsewhere(vault, request)
    begun = {BEGUN: begun_bytes(request.id, at=begun_at)} | dict(
        sign_statements(vault, found.destruction, signer, at)
    )
    found = replace(found, statements=found.statements | begun)
    for one in request.packages:
        with remains_of(vault, found, one, _stored(vault, one), begun_at):
            pass  # what stays of it is proven
    agent = subject_name(signer.signer.certificate)
    newest = newest_inventory(find_object(vault, request.id))
    version = f"v{len(newest.versions) + 1 if newest else 1}"
    each = entries_of_each(VaultAct.DESTRUCTION, request, DESTRUCTION_BEGUN, agent)
    # before the version: what the journal does not have is not begun
    record(vault, [in_version(one, version) for one in each], at=at)
    add_version(vault, catalogue, request.id, begun, message="destruction begun", at=at, entries=())
    return begun_at, found


def _stored(vault: Vault, package: RequestedPackage) -> list[Stored]:
    """Return the replicas of a package, the newest first."""
    found = find_object(vault, package.object_id)
    return sorted([(one, known) for one, known in found if known is not None], key=newest_first)


def _refuse_locked(vault: Vault, destruction: Destruction, at: datetime) -> None:
    for package in destruction.request.packages:
        for replica in vault.replicas:
            until = object_locked_until(replica, package.object_id, at=at)
            if until is not None:
                raise DestructionLocked(
                    storage=replica.name, package=package.package, until=until.isoformat(timespec="seconds")
                )


def _refuse_elsewhere(vault: Vault, request: DestructionRequest) -> None:
    """Refuse what was deposited before a storage was retired that was not cleared."""
    for former in [one for one in vault.description.former if not one.cleared]:
        for package in request.packages:
            deposits = [one.accepted_at for one in read_receipts(_stored(vault, package))]
            if min(map(datetime.fromisoformat, deposits)) <= datetime.fromisoformat(former.retired):
                day = former.retired[: len("2026-11-29")]
                raise DestructionElsewhere(package=package.package, storage=former.entry.name, day=day)


def _destroy_each(work: DestructionWork, at: datetime, progress: Callable[[int], None]) -> int:
    """Follow step 4; return from how many storages something had to be removed, of all packages together."""
    request, again = work.found.destruction.request, 0
    for package in request.packages:
        try:
            again += _destroy(work, package, at)
        except Failure as failure:
            entry = destruction_entry(VaultAct.DESTRUCTION, request.id, package, failure.code)
            record(work.vault, [entry], at=at)
            raise
        progress(1)
    return again


def _destroy(work: DestructionWork, package: RequestedPackage, at: datetime) -> int:
    """Follow step 4 for one package; return from how many storages something had to be removed."""
    vault = work.vault
    there = _stored(vault, package)
    with remains_of(vault, work.found, package, there, work.begun_at) as (remains, content):
        until = (
            term_of_object(vault.description, there, at=at)
            if package.only
            else term_of(vault.description, at, None)
        )
        pending = [one for one in vault.replicas if not is_purged(one, remains, content)]
        if pending:
            work.catalogue.begin(package.object_id)
        for replica in pending:
            purge_object(replica, remains, content, until=until)
    if pending or package.object_id in work.catalogue.unfinished():
        index_object(vault, work.catalogue, package.object_id)
        work.checks.forget(package.object_id)
    return len(pending)


def _certified(work: DestructionWork, signer: StatementSigner, at: datetime, folder: Path) -> CarriedOut:
    """Follow step 5."""
    vault, found = work.vault, work.found
    request, approval = found.destruction.request, found.destruction.approval
    if approval is None:
        raise DestructionUnapproved
    done = Destruction(request=request, approval=approval, begun_at=work.begun_at, ended_at=at.isoformat())
    names = [one.name for one in vault.replicas]
    outcome = outcome_bytes(done, found.digest, names, at=at.isoformat())
    files: dict[str, bytes] = dict(signed_statement(OUTCOME, outcome, signer, at=at))
    data = _certificate_data(work, approval, signer, at)
    for one in print_document(VaultDocument.DESTRUCTION, data, own_templates(), made=at):
        files |= signed_statement(CERTIFICATE.format(name=one.name), one.pdf, signer, at=at)
    written = tuple(_hand_out(files, request.id, folder))
    agent = subject_name(signer.signer.certificate)
    entries = [
        *parity_entries(vault, request.packages, request.id),
        *entries_of_each(VaultAct.DESTRUCTION, request, DESTRUCTION_DONE, agent),
    ]
    message = "destruction done"
    add_version(vault, work.catalogue, request.id, files, message=message, at=at, entries=entries)
    return CarriedOut(destruction=done, files=written)


def _certificate_data(
    work: DestructionWork, approval: DestructionApproval, signer: StatementSigner, at: datetime
) -> DestructionData:
    request, description = work.found.destruction.request, work.vault.description
    return DestructionData(
        made=at,
        vault=description.name,
        vault_id=description.id,
        destruction=request.id,
        requested_by=request.by,
        requested=datetime.fromisoformat(request.at),
        approved_by=approval.by,
        approved=datetime.fromisoformat(approval.at),
        begun=datetime.fromisoformat(work.begun_at),
        ended=at,
        signer=subject_name(signer.signer.certificate),
        request_sha256=work.found.digest,
        packages=tuple(
            DestroyedPackageData(
                package=one.package,
                sender=one.sender,
                revisions=len(one.revisions),
                destroy_from=date.fromisoformat(one.destroy_from),
                units=one.units,
                size=one.size,
                only=tuple(unit.unit for unit in one.only),
            )
            for one in request.packages
        ),
        storages=tuple(
            PurgedStorageData(name=one.name, host=one.hosting.host, certificate=one.hosting.certificate)
            for one in description.storages
        ),
    )


def _hand_out(files: Mapping[str, bytes], identifier: str, folder: Path) -> Iterator[Path]:
    """Write the certificates and the outcome for the person, below a folder named after the destruction."""
    own = folder / identifier.removeprefix("urn:uuid:")
    disk.make_private_folder(folder)
    disk.make_private_folder(own)
    for logical, data in files.items():
        path = own / PurePosixPath(logical).name
        with disk.write_aside(path, replace=True) as stream:
            stream.write(data)
        yield path
