"""Ask for a destruction, and approve it: two persons in the list of approvers, with two keys.

1. The clock fits what the vault wrote down; who signs is an approver of the vault, under the name that is stated.
2. Of each package the manifests of every revision are read from a storage: all units have to have a term that ended,
   and no hold may be in force. Nobody can ask for anything else.
3. The request is signed and becomes an object of its own on every storage. The second approver signs its digest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from archiver.operations.vault.deposit import object_id
from archiver.operations.vault.disposal.due_units import due_names, due_part
from archiver.operations.vault.disposal.place_hold import stored_holds
from archiver.operations.vault.disposal.recorded_holds import recorded_statements
from archiver.operations.vault.disposal.require_approver import require_approver
from archiver.operations.vault.fetch import Stored, find_stored
from archiver.vault.additions import VersionAddition, add_files, add_version, added_bytes
from archiver.vault.catalogue import Catalogue
from archiver.vault.checks import CheckTable
from archiver.vault.deposit_receipt import MAX_RECEIPT_BYTES
from archiver.vault.disposal.clock import refuse_doubtful_clock
from archiver.vault.disposal.destroyed import refuse_destroyed
from archiver.vault.disposal.destruction import (
    APPROVAL,
    MAX_PACKAGES,
    REQUEST,
    Destruction,
    DestructionApproval,
    DestructionRequest,
    RequestedPackage,
    approval_bytes,
    destruction_request_bytes,
    read_destruction,
)
from archiver.vault.disposal.due import package_term
from archiver.vault.disposal.errors import (
    ApproverSame,
    DestructionApproved,
    DestructionChanged,
    DestructionNotDue,
    DestructionNothingDue,
    DestructionSuspended,
    DestructionUnknown,
)
from archiver.vault.disposal.recorded_destruction import refuse_withdrawn
from archiver.vault.disposal.signed_statement import StatementSigner, signed_statement, statement_signers
from archiver.vault.disposal.unit_terms import unit_terms
from archiver.vault.errors import VaultObjectUnknown, VaultStatementInvalid
from archiver.vault.index import read_receipts, stored_bytes
from archiver.vault.journal.acts import DESTRUCTION_REQUESTED, destruction_entry
from archiver.vault.journal.entry import JournalEntry, VaultAct
from archiver.vault.open_vault import Vault
from archiver.vault.retention import term_of
from archiver.vault.settle import settle_additions
from archiver.verdict import fault_line
from formats.digests import Digest
from formats.errors import LimitExceeded
from formats.findings import Finding
from formats.names import comparable
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundDestruction:
    """A destruction with the statements that lie in its object, by logical path."""

    destruction: Destruction
    statements: dict[str, bytes]

    @property
    def digest(self) -> Digest:
        """SHA-256 of the request."""
        return Digest.of(self.statements[REQUEST])


def request_destruction(
    vault: Vault,
    catalogue: Catalogue,
    checks: CheckTable,
    packages: Mapping[str, Sequence[str] | None],
    *,
    by: str,
    signer: StatementSigner,
    identifier: str,
    clock: Callable[[], datetime],
) -> DestructionRequest:
    """Ask for the destruction of ``packages``; the caller holds the lock of the vault.

    Of a package with units only these go, of one with an empty list those whose term has ended; with nothing, all.

    Raises:
        ApproverUnlisted, ApproverUnrecorded, ClockDoubtful: whose word, or which clock, decides nothing.
        VaultObjectUnknown, PackageDestroyed, DestructionNotDue, DestructionSuspended, DestructionUnitUnknown,
            DestructionOfWhole: why a package is not destroyed.
        LimitExceeded: when there are too many; Failure: what a storage or the signer's device answered.
    """
    at = clock().replace(microsecond=0)
    settle_additions(vault, catalogue, at=at)
    refuse_doubtful_clock(vault, catalogue, checks, at=at)
    require_approver(vault, by, signer.fingerprint)
    if len(packages) > MAX_PACKAGES:
        name = mark("the number of packages of one destruction")
        raise LimitExceeded(name=name, found=len(packages), limit=MAX_PACKAGES)
    request = DestructionRequest(
        id=f"urn:uuid:{identifier}",
        vault=vault.description.id,
        at=at.isoformat(),
        by=by,
        packages=tuple(due_package(vault, one, at.date(), units) for one, units in packages.items()),
    )
    files = signed_statement(REQUEST, destruction_request_bytes(request), signer, at=at)
    addition = VersionAddition(
        files=[added_bytes(path, data) for path, data in files.items()],
        message="destruction requested",
        at=at,
        until=term_of(vault.description, at, None),
        entries=entries_of_each(VaultAct.DESTRUCTION, request, DESTRUCTION_REQUESTED, by),
    )
    add_files(vault, catalogue, request.id, None, addition)
    return request


def approve_destruction(
    vault: Vault,
    catalogue: Catalogue,
    checks: CheckTable,
    identifier: str,
    *,
    by: str,
    signer: StatementSigner,
    clock: Callable[[], datetime],
) -> Destruction:
    """Approve a destruction that another person asked for; the caller holds the lock of the vault.

    Raises:
        DestructionUnknown, DestructionWithdrawn, DestructionApproved, DestructionChanged: why there is nothing to
            approve.
        ApproverUnlisted, ApproverUnrecorded, ApproverSame, ClockDoubtful: whose word, or which clock, decides nothing.
        VaultObjectUnknown, PackageDestroyed, DestructionNotDue, DestructionSuspended: why a package is not destroyed.
        Failure: what a storage or the signer's device answered.
    """
    at = clock().replace(microsecond=0)
    settle_additions(vault, catalogue, at=at)
    refuse_doubtful_clock(vault, catalogue, checks, at=at)
    found = find_destruction(vault, identifier)
    request = found.destruction.request
    refuse_withdrawn(vault.folder, found.destruction)
    if found.destruction.approval is not None:
        approval = found.destruction.approval
        raise DestructionApproved(name=approval.by, day=approval.at[: len("2026-11-29")])
    require_approver(vault, by, signer.fingerprint)
    asked = signed_by(found, REQUEST, at)
    require_approver(vault, request.by, asked)
    if asked == signer.fingerprint or comparable(request.by) == comparable(by):
        raise ApproverSame(name=request.by)
    compare_packages(vault, request, at.date())
    approval = DestructionApproval(request=request.id, request_sha256=found.digest, at=at.isoformat(), by=by)
    files = signed_statement(APPROVAL, approval_bytes(approval), signer, at=at)
    entries = entries_of_each(VaultAct.APPROVAL, request, "approved", by)
    add_version(vault, catalogue, request.id, files, message="destruction approved", at=at, entries=entries)
    return Destruction(request=request, approval=approval, begun_at="", ended_at="")


def due_package(vault: Vault, package: str, on: date, only: Sequence[str] | None = None) -> RequestedPackage:
    """Return a package all of which may be destroyed ``on`` a day, by the manifests of all its revisions.

    With units, ``only`` these; with none named, those whose term has ended.

    Raises:
        VaultObjectUnknown, PackageDestroyed, DestructionNotDue, DestructionSuspended, DestructionUnitUnknown,
            DestructionOfWhole: why it may not; Failure: as a storage answered.
    """
    found, _ = find_stored(vault, object_id(package))
    if not found:
        raise VaultObjectUnknown(package=package)
    refuse_destroyed(*found[0], package)
    receipts = read_receipts(found)
    if not receipts:
        raise VaultObjectUnknown(package=package)
    name = found[0][1].id
    term = package_term(name, receipts, recorded_statements(vault, name, stored_holds(found)))
    units = unit_terms(*found[0])
    if term.holds:
        raise DestructionSuspended(package=package, numbers=", ".join(map(str, term.holds.numbers)))
    if only is not None:
        wanted = only or due_names(units, on)
        if not wanted:
            raise DestructionNothingDue
        return due_part(term, receipts, units, wanted, on)
    days = [one.destroy_from for one in units.values()]
    latest = max((one for one in days if one), default=None)
    if not days or None in days or latest is None or term.destroy_from is None:
        raise DestructionNotDue(package=package, term=mark("no term is stated for all of it"))
    latest = max(latest, term.destroy_from)
    if latest > on:
        raise DestructionNotDue(package=package, term=latest.isoformat())
    return RequestedPackage(
        object_id=term.object_id,
        package=term.package,
        sender=term.sender,
        revisions=tuple(sorted(one.revision for one in receipts)),
        destroy_from=latest.isoformat(),
        units=len(days),
        files=sum(one.files for one in receipts),
        size=sum(one.size for one in receipts),
    )


def compare_packages(vault: Vault, request: DestructionRequest, on: date) -> None:
    """Make sure that every package of a request is still the one that was asked for, and due.

    Raises:
        DestructionChanged: when another revision came; and as ``due_package``.
    """
    for one in request.packages:
        only = [unit.unit for unit in one.only] or None
        if due_package(vault, one.object_id, on, only) != one:
            raise DestructionChanged(where=one.package, reason=mark("the vault has more of this package now"))


def find_destruction(vault: Vault, identifier: str) -> FoundDestruction:
    """Return the destruction with an identifier, from the first storage that gives all its statements back.

    Raises:
        DestructionUnknown: when there is none; VaultStatementInvalid, Failure: when it cannot be read.
    """
    found, _ = find_stored(vault, object_id(identifier))
    if not found or REQUEST not in found[0][1].logical_paths():
        raise DestructionUnknown(destruction=identifier)
    statements = destruction_statements(found[0])
    return FoundDestruction(destruction=read_destruction(statements, identifier), statements=statements)


def destruction_statements(stored: Stored) -> dict[str, bytes]:
    """Return what lies below ``destruction/`` in an object, by logical path."""
    paths = [one for one in stored[1].logical_paths() if one.startswith("destruction/")]
    return {one: stored_bytes(*stored, one, MAX_RECEIPT_BYTES) for one in paths}


def signed_by(found: FoundDestruction, path: str, at: datetime) -> str:
    """Return the fingerprint of who signed a statement.

    Raises:
        DestructionChanged: when nobody did, or another statement.
    """
    signers = statement_signers(path, found.statements, at=at)
    if len(signers) != 1:
        raise DestructionChanged(where=path, reason=mark("its signature does not belong to it"))
    return signers[0]


def entries_of_each(
    act: VaultAct, request: DestructionRequest, outcome: str, agent: str
) -> list[JournalEntry]:
    """Return what the journal says of each package of a request."""
    return [destruction_entry(act, request.id, one, outcome, agent) for one in request.packages]


def destructions(catalogue: Catalogue) -> tuple[list[Destruction], list[Finding]]:
    """Return the destructions in the catalogue, by the moment of the request, and of which a statement is none."""
    by_object: dict[str, dict[str, bytes | str]] = {}
    for name, path, text in catalogue.statements("destruction/%"):
        by_object.setdefault(name, {})[path] = text
    found, unreadable = list[Destruction](), list[Finding]()
    for name, each in by_object.items():
        if REQUEST in each:
            try:
                found.append(read_destruction(each, name))
            except VaultStatementInvalid as failure:
                unreadable.append(fault_line(failure))
    return sorted(found, key=lambda one: (one.request.at, one.request.id)), unreadable
