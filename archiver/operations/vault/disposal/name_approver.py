"""The list of approvers of a vault: persons who may ask for destructions and approve those of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from archiver.operations.vault.disposal.require_approver import (
    APPROVER_ADDED,
    APPROVER_REMOVED,
    CERTIFICATE_FACT,
    NAME_FACT,
)
from archiver.operations.vault.storages.revise_description import revise_description
from archiver.vault.description import Approver, VaultDescription
from archiver.vault.disposal.errors import ApproverAlike, ApproverUnknown
from archiver.vault.journal.entry import JournalEntry, VaultAct
from archiver.vault.open_vault import Vault
from archiver.vault.settle import settled_vault
from formats.names import comparable


def add_approver(vault: Vault, approver: Approver, *, clock: Callable[[], datetime]) -> VaultDescription:
    """Put a person into the list, in the next revision of the description; the caller holds the lock of the vault.

    Raises:
        ApproverAlike: when somebody in the list has the name or the certificate.
        DiskFull, DiskFault and others: what a storage answered.
    """
    vault = settled_vault(vault, at=clock())
    for one in vault.description.approvers:
        if comparable(one.name) == comparable(approver.name) or one.certificate == approver.certificate:
            raise ApproverAlike(name=one.name, fingerprint=one.certificate[:16])
    facts = {NAME_FACT: approver.name, CERTIFICATE_FACT: approver.certificate}
    return _revised(vault, (*vault.description.approvers, approver), APPROVER_ADDED, facts, clock)


def remove_approver(vault: Vault, name: str, *, clock: Callable[[], datetime]) -> VaultDescription:
    """Take a person out of the list; what they approved and was begun is still carried out.

    Raises:
        ApproverUnknown: when nobody has the name; DiskFull, DiskFault and others: what a storage answered.
    """
    vault = settled_vault(vault, at=clock())
    before = vault.description.approvers
    after = tuple(one for one in before if comparable(one.name) != comparable(name))
    if len(after) == len(before):
        raise ApproverUnknown(name=name)
    return _revised(vault, after, APPROVER_REMOVED, {NAME_FACT: name}, clock)


def _revised(
    vault: Vault,
    approvers: tuple[Approver, ...],
    outcome: str,
    facts: Mapping[str, str],
    clock: Callable[[], datetime],
) -> VaultDescription:
    entry = JournalEntry(act=VaultAct.DESCRIPTION, outcome=outcome, facts=facts)
    return revise_description(vault, replace(vault.description, approvers=approvers), entry, clock=clock)
