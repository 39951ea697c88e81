"""Withdraw the request of a destruction, approved or not, before anything is begun; one approver of the vault does.

1. Who signs is an approver of the vault, under the name that is stated: they asked for it, refuse to approve it, or
   answer for it now.
2. What was begun is not withdrawn: neither what lies in the object says so, nor the journal, which has it first.
3. The withdrawal is signed over the digest of the request, and becomes the next version of its object; the journal has
   it, with the reason, for every package. One that is there already stays as it is; where the journal
   lacks it, anybody may have laid it there, and take it away again: the journal gets the entry all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from archiver.operations.vault.disposal.approve_destruction import entries_of_each, find_destruction
from archiver.operations.vault.disposal.require_approver import require_approver
from archiver.vault.additions import add_version
from archiver.vault.catalogue import Catalogue
from archiver.vault.disposal.destruction import (
    WITHDRAWAL,
    Destruction,
    DestructionWithdrawal,
    withdrawal_bytes,
)
from archiver.vault.disposal.errors import DestructionBegun, DestructionDone
from archiver.vault.disposal.recorded_destruction import recorded_destruction, require_recorded
from archiver.vault.disposal.signed_statement import StatementSigner, signed_statement
from archiver.vault.journal.acts import DESTRUCTION_WITHDRAWN, REASON_FACT
from archiver.vault.journal.entry import VaultAct
from archiver.vault.journal.write import record
from archiver.vault.open_vault import Vault
from archiver.vault.settle import settle_additions

_DAY = len("2026-11-29")


def withdraw_destruction(
    vault: Vault,
    catalogue: Catalogue,
    identifier: str,
    *,
    by: str,
    reason: str,
    signer: StatementSigner,
    clock: Callable[[], datetime],
) -> Destruction:
    """Withdraw the request of a destruction; the caller holds the lock of the vault.

    Raises:
        DestructionUnknown, DestructionChanged: why there is nothing to withdraw.
        ApproverUnlisted, ApproverUnrecorded: whose word decides nothing.
        DestructionBegun, DestructionDone: when it is too late.
        Failure: what a storage or the signer's device answered.
    """
    at = clock().replace(microsecond=0)
    found = find_destruction(vault, identifier)
    destruction = found.destruction
    request = destruction.request
    settle_additions(vault, catalogue, at=at, leave={one.object_id for one in request.packages})
    # 1. an approver
    require_approver(vault, by, signer.fingerprint)
    # 2. nothing was begun
    recorded = recorded_destruction(vault.folder, request.id)
    if destruction.begun_at:
        require_recorded(destruction, recorded)
    if destruction.ended_at:
        raise DestructionDone(day=destruction.ended_at[:_DAY])
    if recorded.begun:
        raise DestructionBegun(day=recorded.begun_at[:_DAY])
    # 3. the withdrawal
    each = entries_of_each(VaultAct.DESTRUCTION, request, DESTRUCTION_WITHDRAWN, by)
    entries = [replace(one, facts={**one.facts, REASON_FACT: reason}) for one in each]
    if destruction.withdrawal is not None:
        if not recorded.withdrawn_at:
            record(vault, entries, at=at)
        return destruction
    withdrawal = DestructionWithdrawal(
        request=request.id, request_sha256=found.digest, at=at.isoformat(), by=by, reason=reason
    )
    files = signed_statement(WITHDRAWAL, withdrawal_bytes(withdrawal), signer, at=at)
    add_version(vault, catalogue, request.id, files, message="destruction withdrawn", at=at, entries=entries)
    return replace(destruction, withdrawal=withdrawal)
