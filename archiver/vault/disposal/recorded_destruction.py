"""A destruction as the journal has it: whether it began, and whether its request was withdrawn.

Whoever can write to a storage can lay a statement there, or take one away. A beginning counts when the journal has it.
A withdrawal counts wherever it is, in the journal or in the object: nothing is destroyed by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archiver.vault.disposal.destruction import BEGUN, Destruction
from archiver.vault.disposal.errors import DestructionChanged, DestructionWithdrawn
from archiver.vault.journal.acts import DESTRUCTION_BEGUN, DESTRUCTION_FACT, DESTRUCTION_WITHDRAWN
from archiver.vault.journal.entry import VaultAct
from archiver.vault.journal.places import own_place
from archiver.vault.journal.read import logged_entries
from formats.words import mark

_DAY = len("2026-11-29")


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedDestruction:
    """What the entries about a destruction say; moments are RFC 3339, and empty where there is no such entry.

    ``begun`` are the objects of which the beginning is recorded.
    """

    begun: frozenset[str] = frozenset()
    begun_at: str = ""
    withdrawn_at: str = ""
    withdrawn_by: str = ""


def recorded_destruction(folder: Path, identifier: str) -> RecordedDestruction:
    """Return what the journal in the ``folder`` of a vault says of a destruction.

    Raises:
        JournalDamaged, DiskFault: when the journal cannot be read.
    """
    begun, begun_at, withdrawn_at, withdrawn_by = set[str](), "", "", ""
    for one in logged_entries(own_place(folder)):
        entry = one.entry
        if entry.act is not VaultAct.DESTRUCTION or entry.facts.get(DESTRUCTION_FACT) != identifier:
            continue
        if entry.outcome == DESTRUCTION_BEGUN:
            begun.add(entry.object_id)
            begun_at = begun_at or one.at
        elif entry.outcome == DESTRUCTION_WITHDRAWN and not withdrawn_at:
            withdrawn_at, withdrawn_by = one.at, entry.agent
    return RecordedDestruction(
        begun=frozenset(begun), begun_at=begun_at, withdrawn_at=withdrawn_at, withdrawn_by=withdrawn_by
    )


def require_recorded(destruction: Destruction, recorded: RecordedDestruction) -> None:
    """Refuse a destruction whose beginning the journal does not have: whoever can write to a storage wrote it there.

    Raises:
        DestructionChanged: when the journal lacks it for a package.
    """
    if not {one.object_id for one in destruction.request.packages} <= recorded.begun:
        raise DestructionChanged(where=BEGUN, reason=mark("the journal does not have its beginning"))


def refuse_withdrawn(folder: Path, destruction: Destruction) -> None:
    """Refuse a destruction whose request was withdrawn; the journal is that in the ``folder`` of the vault.

    Raises:
        DestructionWithdrawn: when it was; DestructionChanged: when a beginning lies there that is not recorded;
            JournalDamaged, DiskFault.
    """
    recorded = recorded_destruction(folder, destruction.request.id)
    if destruction.begun_at:
        require_recorded(destruction, recorded)
    elif destruction.withdrawal is not None:
        withdrawal = destruction.withdrawal
        raise DestructionWithdrawn(name=withdrawal.by, day=withdrawal.at[:_DAY])
    elif recorded.withdrawn_at:
        raise DestructionWithdrawn(name=recorded.withdrawn_by, day=recorded.withdrawn_at[:_DAY])
