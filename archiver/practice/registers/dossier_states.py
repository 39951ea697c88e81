"""Register of dossier states: what became of each dossier of each package, by the last import of it.

Source: GP2GP, where a record is integrated, degraded, a placeholder, suppressed or rejected, and each is counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from archiver.practice import questions
from archiver.practice.store import PracticeStore
from formats.words import mark


class DossierState(StrEnum):
    """State of a dossier after a transfer; of several that apply, the first in this order."""

    REFUSED = "refused"
    LEFT_ASIDE = "left-aside"
    WAITING = "waiting"
    PARTIAL = "partial"
    DEGRADED = "degraded"
    PLACEHOLDER = "placeholder"
    INTEGRATED = "integrated"


STATE_WORDS: Mapping[DossierState, str] = {
    DossierState.REFUSED: mark("refused"),
    DossierState.LEFT_ASIDE: mark("left aside on purpose"),
    DossierState.WAITING: mark("waiting for a person"),
    DossierState.PARTIAL: mark("integrated in part"),
    DossierState.DEGRADED: mark("degraded"),
    DossierState.PLACEHOLDER: mark("with placeholders"),
    DossierState.INTEGRATED: mark("integrated"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class StatedDossier:
    """State of one dossier: ``reason`` is a code where it was refused; then how many entries and files it concerns.

    ``left_aside`` counts what of it was left aside on purpose, by kind; ``parts`` says what came (JSON), where that
    is not all of it.
    """

    package: str
    unit: str
    patient: str
    state: DossierState
    reason: str = ""
    degraded: int = 0
    placeholders: int = 0
    left_aside: Mapping[str, int] = field(default_factory=dict)
    parts: str = ""


_SELECT = "SELECT package, unit, patient, state, reason, degraded, placeholders, left_aside, parts FROM dossier_states"
_PUT = (
    "INSERT OR REPLACE INTO dossier_states"
    " (package, unit, patient, state, reason, degraded, placeholders, left_aside, parts, noted_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def note_dossier_state(store: PracticeStore, stated: StatedDossier, *, at: datetime) -> None:
    """Remember what became of a dossier; what is as it was leaves the store as it is.

    That it waits for a person is not stored: the open questions say so, and answers change it.
    """
    stated = replace(stated, state=_current(stated, waiting=False))
    if stated_dossier(store, stated.package, stated.unit) != stated:
        cells = (stated.package, stated.unit, stated.patient, stated.state.value, stated.reason)
        aside = json.dumps(dict(stated.left_aside), sort_keys=True) if stated.left_aside else ""
        counts = (stated.degraded, stated.placeholders, aside, stated.parts)
        store.db.execute(_PUT, (*cells, *counts, at.isoformat()))


def stated_dossier(store: PracticeStore, package: str, unit: str) -> StatedDossier | None:
    """Return what the last import of ``package`` says of one of its dossiers, or ``None``."""
    row = store.db.execute(f"{_SELECT} WHERE package = ? AND unit = ?", (package, unit)).fetchone()
    return _of_row(row) if row else None


def _of_row(row: tuple[Any, ...]) -> StatedDossier:
    package, unit, patient, state, reason, degraded, placeholders, left_aside, parts = row
    return StatedDossier(
        package=package,
        unit=unit,
        patient=patient,
        state=DossierState(state),
        reason=reason,
        degraded=degraded,
        placeholders=placeholders,
        left_aside=json.loads(left_aside) if left_aside else {},
        parts=parts,
    )


def dossier_states(store: PracticeStore) -> Iterator[StatedDossier]:
    """Yield the states of all dossiers of all packages, those of a later import behind those of an earlier one."""
    rows = store.db.execute(f"{_SELECT} ORDER BY noted_at, rowid").fetchall()
    return map(_of_row, rows)


def current_states(store: PracticeStore) -> dict[str, DossierState]:
    """Return the state of each patient record that came by an import, as the questions are answered now.

    That a later package was left aside changes nothing of what came before.
    """
    waiting = {one.patient for one in questions.questions(store)}
    found: dict[str, DossierState] = {}
    for one in dossier_states(store):
        if one.state is not DossierState.LEFT_ASIDE or one.patient not in found:
            found[one.patient] = _current(one, waiting=one.patient in waiting)
    return found


def _current(stated: StatedDossier, *, waiting: bool) -> DossierState:
    if stated.state in {DossierState.REFUSED, DossierState.LEFT_ASIDE}:
        return stated.state
    if waiting:
        return DossierState.WAITING
    if stated.left_aside:
        return DossierState.PARTIAL
    if stated.degraded:
        return DossierState.DEGRADED
    return DossierState.PLACEHOLDER if stated.placeholders else DossierState.INTEGRATED
