"""Statements of destruction that go into packages of which units are destroyed: one for each, signed by the vault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from archiver.operations.vault.disposal.approve_destruction import FoundDestruction
from archiver.package.destruction.statement import (
    DestroyedUnit,
    DestructionStatement,
    destruction_statement_bytes,
)
from archiver.package.layout import unit_member
from archiver.signing.signatures.cades import sign_manifest
from archiver.vault.disposal.destruction import (
    STATEMENT,
    STATEMENT_SIGNATURE,
    Destruction,
    RequestedUnit,
)
from archiver.vault.disposal.errors import DestructionChanged, DestructionUnapproved
from archiver.vault.disposal.signed_statement import StatementSigner, statement_signers
from archiver.vault.open_vault import Vault
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedStatement:
    """A statement of destruction, the signature over it, and SHA-256 of the certificate that made it."""

    data: bytes
    signature: bytes
    fingerprint: str


def sign_statements(
    vault: Vault, destruction: Destruction, signer: StatementSigner, at: datetime
) -> Iterator[tuple[str, bytes]]:
    """Yield the signed statement that goes into each package of which units are destroyed, by logical path."""
    request, approval = destruction.request, destruction.approval
    units: dict[str, list[RequestedUnit]] = {}
    for package in request.packages:
        for unit in package.only:
            units.setdefault(unit.package, []).append(unit)
    for number, (package_id, each) in enumerate(units.items(), 1):
        if approval is None:
            raise DestructionUnapproved
        statement = DestructionStatement(
            package=package_id,
            keeper=vault.description.name,
            record=request.id,
            requested_by=request.by,
            requested_at=datetime.fromisoformat(request.at),
            approved_by=approval.by,
            approved_at=datetime.fromisoformat(approval.at),
            destroyed_at=at,
            units=tuple(
                DestroyedUnit(
                    member=unit_member(one.unit),
                    size=one.size,
                    digest=one.sha256,
                    destroy_from=date.fromisoformat(one.destroy_from),
                )
                for one in each
            ),
        )
        data = destruction_statement_bytes(statement)
        yield STATEMENT.format(number=number), data
        yield (
            STATEMENT_SIGNATURE.format(number=number),
            sign_manifest(data, signer.signer, at=at, stamp=signer.stamp),
        )


def signed_statements(found: FoundDestruction, at: datetime) -> Mapping[str, SignedStatement]:
    """Return the statements that go into packages, by the identifier of the package: they were signed at the beginning.

    Raises:
        DestructionChanged: when the signature of one does not belong to it.
    """
    statements: dict[str, SignedStatement] = {}
    wanted = dict.fromkeys(unit.package for one in found.destruction.request.packages for unit in one.only)
    for number, package in enumerate(wanted, 1):
        path, signature = STATEMENT.format(number=number), STATEMENT_SIGNATURE.format(number=number)
        signers = statement_signers(path, found.statements, at=at) if path in found.statements else []
        if len(signers) != 1:
            raise DestructionChanged(where=path, reason=mark("its signature does not belong to it"))
        statements[package] = SignedStatement(
            data=found.statements[path], signature=found.statements[signature], fingerprint=signers[0]
        )
    return statements
