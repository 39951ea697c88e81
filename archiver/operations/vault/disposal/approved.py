"""Whether a destruction is approved: by two persons of the list; what was begun, the journal has to have."""

from __future__ import annotations

from datetime import datetime

from archiver.operations.vault.disposal.approve_destruction import (
    FoundDestruction,
    signed_by,
)
from archiver.operations.vault.disposal.require_approver import require_approver
from archiver.vault.disposal.destruction import APPROVAL, BEGUN, REQUEST, Destruction
from archiver.vault.disposal.errors import ApproverSame, DestructionChanged, DestructionUnapproved
from archiver.vault.journal.acts import DESTRUCTION_BEGUN, DESTRUCTION_FACT
from archiver.vault.journal.entry import VaultAct
from archiver.vault.journal.places import own_place
from archiver.vault.journal.read import logged_entries
from archiver.vault.open_vault import Vault
from formats.names import comparable
from formats.words import mark


def require_approved(vault: Vault, found: FoundDestruction, at: datetime) -> None:
    """Refuse a destruction that is not approved; of what was begun the approvers may have left the list meanwhile.

    Raises:
        DestructionUnapproved, DestructionChanged, ApproverUnlisted, ApproverUnrecorded, ApproverSame: why it is not
            approved.
    """
    request, approval = found.destruction.request, found.destruction.approval
    if approval is None:
        raise DestructionUnapproved
    if request.vault != vault.description.id:
        raise DestructionChanged(where=REQUEST, reason=mark("it is of another vault"))
    if approval.request_sha256 != found.digest or approval.request != request.id:
        raise DestructionChanged(where=REQUEST, reason=mark("the request is another one than was approved"))
    first, second = signed_by(found, REQUEST, at), signed_by(found, APPROVAL, at)
    if found.destruction.begun_at:
        _require_recorded(vault, found.destruction)
    else:
        require_approver(vault, request.by, first)
        require_approver(vault, approval.by, second)
    if first == second or comparable(request.by) == comparable(approval.by):
        raise ApproverSame(name=request.by)


def _require_recorded(vault: Vault, destruction: Destruction) -> None:
    """Refuse a destruction whose beginning the journal does not have: whoever can write to a storage wrote it there.

    Raises:
        DestructionChanged: when the journal lacks it for a package; JournalDamaged, DiskFault.
    """
    request = destruction.request
    recorded = {
        one.entry.object_id
        for one in logged_entries(own_place(vault.folder))
        if one.entry.act is VaultAct.DESTRUCTION
        and one.entry.outcome == DESTRUCTION_BEGUN
        and one.entry.facts.get(DESTRUCTION_FACT) == request.id
    }
    if not {one.object_id for one in request.packages} <= recorded:
        raise DestructionChanged(where=BEGUN, reason=mark("the journal does not have its beginning"))
