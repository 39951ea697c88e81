"""What a journal says of the audits of a vault: checks by day, and each damage with what was done about it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from archiver.vault.checks import CheckOutcome
from archiver.vault.journal.acts import DESTRUCTION_DONE, REPAIRED, destroys_whole
from archiver.vault.journal.entry import LoggedEntry, VaultAct

MAX_ENDED = 500
"""Damages that ended which a report names: the newest."""
_DAY = len("2026-11-30")


class DamageEnd(StrEnum):
    """How a damage ended, or that it has not."""

    OPEN = "open"
    UNREPAIRED = "still-damaged"
    REPAIRED = "repaired"
    FOUND_WHOLE = "found-whole"
    DESTROYED = "destroyed"


@dataclass(frozen=True, kw_only=True, slots=True)
class DamageRecord:
    """A copy that a check found damaged: when first, how it ended, and when; times are RFC 3339.

    ``attempts`` counts the repairs, ``files`` those files that the last of them found not whole.
    """

    object_id: str
    storage: str
    found_at: str
    end: DamageEnd = DamageEnd.OPEN
    ended_at: str = ""
    attempts: int = 0
    files: int = 0


@dataclass(slots=True)
class CheckDay:
    """The checks of a day (ISO 8601, UTC) and what they came to, and the copies that were repaired."""

    ok: int = 0
    damaged: int = 0
    unchecked: int = 0
    repaired: int = 0

    def add(self, other: CheckDay) -> None:
        """Count another day in."""
        self.ok += other.ok
        self.damaged += other.damaged
        self.unchecked += other.unchecked
        self.repaired += other.repaired


@dataclass(slots=True)
class AuditHistory:
    """What the entries of a journal say; ``ended`` has the newest damages that ended, ``ended_count`` counts all."""

    entries: int = 0
    first: str = ""
    last: str = ""
    days: dict[str, CheckDay] = field(default_factory=dict)
    open: dict[tuple[str, str], DamageRecord] = field(default_factory=dict)
    ended: deque[DamageRecord] = field(default_factory=lambda: deque(maxlen=MAX_ENDED))
    ended_count: int = 0

    def damages(self) -> Iterator[DamageRecord]:
        """Yield the damages: those that did not end first, then the newest."""
        yield from sorted(self.open.values(), key=lambda one: (one.found_at, one.object_id, one.storage))
        yield from reversed(self.ended)


def read_history(entries: Iterable[LoggedEntry]) -> AuditHistory:
    """Return what ``entries`` say, in their order.

    Raises:
        JournalDamaged and others: what reading them raises.
    """
    history = AuditHistory()
    for one in entries:
        history.entries += 1
        history.first = history.first or one.at
        history.last = one.at
        if one.entry.act is VaultAct.CHECK:
            _check(history, one)
        elif one.entry.act is VaultAct.REPAIR and one.entry.object_id:  # without: of the journal itself
            _repair(history, one)
        elif destroys_whole(one.entry) and one.entry.outcome == DESTRUCTION_DONE:
            for key in [key for key in history.open if key[0] == one.entry.object_id]:
                _end(history, key, DamageEnd.DESTROYED, one.at)
    return history


def _check(history: AuditHistory, one: LoggedEntry) -> None:
    day = history.days.setdefault(one.at[:_DAY], CheckDay())
    key = _copy(one)
    if one.entry.outcome == CheckOutcome.OK:
        day.ok += 1
        if key in history.open:
            _end(history, key, DamageEnd.FOUND_WHOLE, one.at)
    elif one.entry.outcome == CheckOutcome.DAMAGED:
        day.damaged += 1
        history.open.setdefault(key, DamageRecord(object_id=key[0], storage=key[1], found_at=one.at))
    else:
        day.unchecked += 1


def _repair(history: AuditHistory, one: LoggedEntry) -> None:
    """Take a repair into account: its entry comes before that of the check afterwards."""
    key = _copy(one)
    before = history.open.get(key) or DamageRecord(object_id=key[0], storage=key[1], found_at=one.at)
    history.open[key] = replace(
        before,
        attempts=before.attempts + 1,
        files=int(one.entry.facts.get("files", 0)),
        end=DamageEnd.UNREPAIRED,
        ended_at=one.at,
    )
    if one.entry.outcome == REPAIRED:
        history.days.setdefault(one.at[:_DAY], CheckDay()).repaired += 1
        _end(history, key, DamageEnd.REPAIRED, one.at)


def _end(history: AuditHistory, key: tuple[str, str], end: DamageEnd, at: str) -> None:
    history.ended.append(replace(history.open.pop(key), end=end, ended_at=at))
    history.ended_count += 1


def _copy(one: LoggedEntry) -> tuple[str, str]:
    return one.entry.object_id, str(one.entry.facts.get("storage", ""))
