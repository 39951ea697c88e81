"""Place a hold on a package in a vault, and lift it: a signed statement on every storage, and in the journal.

1. What an earlier command left unfinished is brought to every storage, and read again from the files.
2. The statements that are there are read from a storage, and what is in force comes from them.
3. The new one is signed and becomes the next version of the object; the journal has it before the command ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archiver.operations.vault.deposit import object_id
from archiver.operations.vault.disposal.recorded_holds import (
    LIFTS_FACT,
    NUMBER_FACT,
    recorded_statements,
)
from archiver.operations.vault.fetch import find_stored
from archiver.vault.additions import add_version
from archiver.vault.catalogue import Catalogue
from archiver.vault.disposal.due import PackageTerm, package_term
from archiver.vault.disposal.errors import VaultHoldUnclear, VaultHoldUnknown
from archiver.vault.disposal.holds import (
    HOLD,
    MAX_HOLDS,
    HoldAct,
    HoldStatement,
    hold_bytes,
    next_hold_number,
    read_hold,
)
from archiver.vault.disposal.signed_statement import StatementSigner, signed_statement
from archiver.vault.errors import VaultObjectUnknown
from archiver.vault.index import read_receipts, read_statements
from archiver.vault.journal.entry import JournalEntry, VaultAct
from archiver.vault.open_vault import Replica, Vault
from archiver.vault.settle import settle_additions
from formats.errors import LimitExceeded
from formats.ocfl.inventory import Inventory
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldRequest:
    """Which package, why, who decided, whose signature the statement bears."""

    package: str
    reason: str
    by: str
    signer: StatementSigner


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedHold:
    """The statement that was made, and the term of the package with the holds that are in force now."""

    statement: HoldStatement
    term: PackageTerm


def place_vault_hold(
    vault: Vault, catalogue: Catalogue, request: HoldRequest, *, at: datetime
) -> ChangedHold:
    """Place a hold; the caller holds the lock of the vault.

    Raises:
        VaultObjectUnknown: when the vault has no such package; LimitExceeded: when it has too many statements.
        Failure: what a storage, the signer's device or a time-stamping authority answered.
    """
    found, statements = _statements(vault, catalogue, request.package, at)
    return _added(vault, catalogue, request, found, statements, HoldAct.PLACED, None, at)


def lift_vault_hold(
    vault: Vault, catalogue: Catalogue, request: HoldRequest, number: int | None, *, at: datetime
) -> ChangedHold:
    """Lift the hold ``number``, or the only one in force; ``STATED`` are those that the manifests state.

    Raises:
        VaultHoldUnknown: when it is not in force; VaultHoldUnclear: when several are and none is named.
        Failure: as ``place_hold``.
    """
    found, statements = _statements(vault, catalogue, request.package, at)
    name = found[0][1].id
    recorded = recorded_statements(vault, name, statements)
    numbers = package_term(name, read_receipts(found), recorded).holds.numbers
    if number is None and len(numbers) > 1:
        raise VaultHoldUnclear(
            package=request.package, count=len(numbers), numbers=", ".join(map(str, numbers))
        )
    lifted = number if number is not None else numbers[0] if numbers else 0
    if lifted not in numbers:
        raise VaultHoldUnknown(package=request.package, number=lifted)
    return _added(vault, catalogue, request, found, statements, HoldAct.LIFTED, lifted, at)


def _statements(
    vault: Vault, catalogue: Catalogue, package: str, at: datetime
) -> tuple[Sequence[tuple[Replica, Inventory]], list[HoldStatement]]:
    """Follow steps 1 and 2."""
    settle_additions(vault, catalogue, at=at)
    found, _ = find_stored(vault, object_id(package))
    if not found or not read_receipts(found):
        raise VaultObjectUnknown(package=package)
    return found, stored_holds(found)


def stored_holds(found: Sequence[tuple[Replica, Inventory]]) -> list[HoldStatement]:
    """Return the statements about holds of an object, from the first storage that gives all of them back.

    Raises:
        VaultStatementInvalid: when one is none; Failure: when no storage gives them back.
    """
    each = [read_hold(data, path) for path, data in read_statements(found) if path.startswith("holds/")]
    return sorted(each, key=lambda one: one.number)


def _added(
    vault: Vault,
    catalogue: Catalogue,
    request: HoldRequest,
    found: Sequence[tuple[Replica, Inventory]],
    before: list[HoldStatement],
    act: HoldAct,
    lifts: int | None,
    at: datetime,
) -> ChangedHold:
    """Follow step 3."""
    at = at.replace(microsecond=0)
    number = next_hold_number(before)
    if number > MAX_HOLDS:
        name = mark("the number of statements about holds")
        raise LimitExceeded(where=request.package, name=name, found=number, limit=MAX_HOLDS)
    name = found[0][1].id
    statement = HoldStatement(
        object_id=name,
        number=number,
        act=act,
        reason=request.reason,
        by=request.by,
        at=at.isoformat(),
        lifts=lifts,
    )
    path = HOLD.format(number=number)
    files = signed_statement(path, hold_bytes(statement, vault.description.id), request.signer, at=at)
    placed = act is HoldAct.PLACED
    message = f"hold {number}" if placed else f"hold {lifts} lifted"
    entry = JournalEntry(
        act=VaultAct.HOLD if placed else VaultAct.LIFT,
        object_id=name,
        outcome=act.value,
        agent=request.by,
        facts={NUMBER_FACT: number} if placed else {NUMBER_FACT: number, LIFTS_FACT: lifts or 0},
    )
    add_version(vault, catalogue, name, files, message=message, at=at, entries=[entry])
    return ChangedHold(
        statement=statement, term=package_term(name, read_receipts(found), [*before, statement])
    )
