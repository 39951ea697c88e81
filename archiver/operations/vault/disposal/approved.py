"""Whether a destruction is approved, by two persons of the list, and not withdrawn; what was begun is recorded."""

from __future__ import annotations

from datetime import datetime

from archiver.operations.vault.disposal.approve_destruction import (
    FoundDestruction,
    signed_by,
)
from archiver.operations.vault.disposal.require_approver import require_approver
from archiver.vault.disposal.destruction import APPROVAL, REQUEST
from archiver.vault.disposal.errors import ApproverSame, DestructionChanged, DestructionUnapproved
from archiver.vault.disposal.recorded_destruction import refuse_withdrawn
from archiver.vault.open_vault import Vault
from formats.names import comparable
from formats.words import mark


def require_approved(vault: Vault, found: FoundDestruction, at: datetime) -> None:
    """Refuse a destruction that is not approved; of what was begun the approvers may have left the list meanwhile.

    Raises:
        DestructionUnapproved, DestructionChanged, ApproverUnlisted, ApproverUnrecorded, ApproverSame: why it is not
            approved; DestructionWithdrawn: when its request was withdrawn.
    """
    refuse_withdrawn(vault.folder, found.destruction)
    request, approval = found.destruction.request, found.destruction.approval
    if approval is None:
        raise DestructionUnapproved
    if request.vault != vault.description.id:
        raise DestructionChanged(where=REQUEST, reason=mark("it is of another vault"))
    if approval.request_sha256 != found.digest or approval.request != request.id:
        raise DestructionChanged(where=REQUEST, reason=mark("the request is another one than was approved"))
    first, second = signed_by(found, REQUEST, at), signed_by(found, APPROVAL, at)
    if not found.destruction.begun_at:
        require_approver(vault, request.by, first)
        require_approver(vault, approval.by, second)
    if first == second or comparable(request.by) == comparable(approval.by):
        raise ApproverSame(name=request.by)
