"""Whether a person is an approver of a vault: listed in its description, and put there by an entry of its journal.

``vault.json`` is a file that somebody can edit, or put back as it was. What decides is what was written down about the
name last, in the journal, where nothing is taken back.
"""

from __future__ import annotations

from archiver.vault.disposal.errors import ApproverUnlisted, ApproverUnrecorded
from archiver.vault.journal.entry import VaultAct
from archiver.vault.journal.read import own_entries
from archiver.vault.open_vault import Vault
from formats.names import comparable

APPROVER_ADDED = "approver-added"
APPROVER_REMOVED = "approver-removed"
"""Outcomes of the entries about the list of approvers."""
NAME_FACT = "name"
CERTIFICATE_FACT = "certificate"
"""SHA-256 of the certificate under which a person was listed."""
UNSTATED = ""
"""What an entry of before says of the certificate: it has the name alone."""


def require_approver(vault: Vault, name: str, certificate: str) -> None:
    """Refuse a person who is not an approver under this name with this certificate.

    Raises:
        ApproverUnlisted: when they are not in the list; ApproverUnrecorded: when the journal does not say that they
            were put there, or says that they were taken out. JournalMissing, JournalDamaged, DiskFault.
    """
    listed = {(comparable(one.name), one.certificate) for one in vault.description.approvers}
    if (comparable(name), certificate) not in listed:
        raise ApproverUnlisted(name=name, fingerprint=certificate[:16])
    if _recorded(vault).get(comparable(name)) not in {certificate, UNSTATED}:
        raise ApproverUnrecorded(name=name, fingerprint=certificate[:16])


def _recorded(vault: Vault) -> dict[str, str]:
    """Return the certificates of the approvers, by their comparable names, as the journal tells them."""
    approvers: dict[str, str] = {}
    for one in own_entries(vault.folder):
        name = comparable(str(one.entry.facts.get(NAME_FACT, "")))
        if one.entry.act is VaultAct.DESCRIPTION and one.entry.outcome == APPROVER_ADDED:
            approvers[name] = str(one.entry.facts.get(CERTIFICATE_FACT, UNSTATED))
        elif one.entry.act is VaultAct.DESCRIPTION and one.entry.outcome == APPROVER_REMOVED:
            approvers.pop(name, None)
    return approvers
