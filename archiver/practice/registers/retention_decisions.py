"""What people say of a retention period: when a damage was consolidated, until when to keep; and what senders state.

A decision is withdrawn, never deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from archiver.practice.registers.errors import DecisionUnknown
from archiver.practice.registers.rows import insert_entry, select_entries, select_entry, update_entry
from archiver.practice.store import PracticeStore
from formats.words import mark


class DecisionKind(StrEnum):
    """What was decided; its ``day`` is the last of the period, or the one on which the damage was consolidated."""

    CONSOLIDATION = "consolidation"
    KEEP_UNTIL = "keep-until"


DECISION_WORDS = {
    DecisionKind.CONSOLIDATION: mark("consolidation of the damage"),
    DecisionKind.KEEP_UNTIL: mark("to be kept until"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionDecision:
    """A decision about the person whose record ``patient`` is; ``withdrawn_at`` is empty while it is in force."""

    table: ClassVar[str] = "retention_decisions"
    id: int
    patient: str
    decision: str
    day: str
    reason: str
    decided_by: str
    decided_at: str
    withdrawn_by: str
    withdrawn_at: str
    withdrawal_reason: str


def decide_retention(
    store: PracticeStore,
    patient: str,
    *,
    decision: DecisionKind,
    day: date,
    reason: str,
    decided_by: str,
    at: datetime,
) -> RetentionDecision:
    """Write down what somebody decided."""
    cells = {"patient": patient, "decision": decision.value, "day": day.isoformat(), "reason": reason}
    cells["decided_by"] = decided_by
    made = insert_entry(store, RetentionDecision, decided_at=at.isoformat(), **cells)
    store.note(at.isoformat(), "retention-decided", {**cells, "id": made.id})
    return made


def withdraw_decision(
    store: PracticeStore, number: int, *, reason: str, withdrawn_by: str, at: datetime
) -> RetentionDecision:
    """Withdraw a decision.

    Raises:
        DecisionUnknown: when no decision in force has this number.
    """
    found = select_entry(store, RetentionDecision, number)
    if found is None or found.withdrawn_at:
        raise DecisionUnknown(number=number)
    cells = {"withdrawn_by": withdrawn_by, "withdrawal_reason": reason}
    update_entry(store, RetentionDecision, number, withdrawn_at=at.isoformat(), **cells)
    store.note(at.isoformat(), "retention-withdrawn", {"id": number, "patient": found.patient, **cells})
    return select_entry(store, RetentionDecision, number) or found


def retention_decisions(store: PracticeStore, *, in_force: bool = True) -> Iterator[RetentionDecision]:
    """Yield the decisions in force, or all there ever were."""
    return select_entries(store, RetentionDecision, "withdrawn_at = ''" if in_force else "TRUE")


def note_stated_term(store: PracticeStore, patient: str, *, package: str, destroy_from: date | None) -> None:
    """Remember from when whoever handed a dossier over would let it be destroyed; the first time counts."""
    if destroy_from is not None:
        store.db.execute(
            "INSERT OR IGNORE INTO stated_terms (patient, package, destroy_from) VALUES (?, ?, ?)",
            (patient, package, destroy_from.isoformat()),
        )


STATED_TERMS = """
SELECT destroy_from, coalesce(min(coalesce(nullif(created, ''), imported_at)), '')
FROM stated_terms LEFT JOIN imports USING (patient, package) WHERE patient = ? GROUP BY package, destroy_from
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class LatestDays:
    """What was said of the records of one person: the latest days, as ISO 8601 and empty where nobody did.

    ``stated`` are the terms that came with packages, each with the moment of which its package is.
    """

    consolidated_on: str = ""
    keep_until: str = ""
    stated: tuple[tuple[str, str], ...] = ()


def latest_days(store: PracticeStore, patients: Iterable[str]) -> LatestDays:
    """Return what was said of ``patients``, the records of one person."""
    found = {DecisionKind.CONSOLIDATION.value: "", DecisionKind.KEEP_UNTIL.value: ""}
    stated: list[tuple[str, str]] = []
    for patient in patients:
        query = "SELECT decision, day FROM retention_decisions WHERE patient = ? AND withdrawn_at = ''"
        for decision, day in store.db.execute(query, (patient,)):
            found[decision] = max(found[decision], day)
        stated += store.db.execute(STATED_TERMS, (patient,))
    return LatestDays(
        consolidated_on=found[DecisionKind.CONSOLIDATION.value],
        keep_until=found[DecisionKind.KEEP_UNTIL.value],
        stated=tuple(stated),
    )
