"""What became of each dossier of an import, and of the import as a whole, written down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from archiver.handover.arrivals import Arrival, UnitOutcome
from archiver.handover.receipt import Receipt
from archiver.package.manifests.unit_table import Unit
from archiver.practice.imports.dossier_part import DossierParts, part_json, parts_text
from archiver.practice.registers.dossier_states import (
    STATE_WORDS,
    DossierState,
    StatedDossier,
    note_dossier_state,
)
from archiver.practice.registers.holds import note_stated_hold
from archiver.practice.registers.retention_decisions import note_stated_term
from archiver.practice.store import PracticeStore
from archiver.sealing.keyring import KeyringEntry
from formats.errors import Failure


def refused_arrival(entry: KeyringEntry, failure: Failure) -> Arrival:
    """Return what became of a unit that is refused for ``failure``."""
    # without where it came from: that holds what was read of the dossier, and the receipt is written at the end
    failure.__traceback__ = failure.__cause__ = failure.__context__ = None
    return Arrival(
        unit=entry.unit,
        outcome=UnitOutcome.REFUSED,
        who=dict(entry.patient or {}),
        read=False,
        counts={},
        refusal=failure,
    )


def arrival_left_aside(entry: KeyringEntry) -> Arrival:
    """Return what became of a dossier of which nothing was asked for; the sender's list tells whose it is."""
    return Arrival(
        unit=entry.unit,
        outcome=UnitOutcome.LEFT_ASIDE,
        who=dict(entry.patient or {}),
        read=False,
        counts={},
        left_aside={kind: count for kind, count in entry.counts.items() if count},
        reason=STATE_WORDS[DossierState.LEFT_ASIDE],
    )


def note_terms(store: PracticeStore, package: str, unit: Unit, arrival: Arrival, *, at: datetime) -> None:
    """Keep what the sender states of the retention of a dossier that is here: until when, and a hold."""
    if not arrival.who or arrival.outcome in {UnitOutcome.REFUSED, UnitOutcome.LEFT_ASIDE}:
        return
    patient = arrival.who["id"]
    note_stated_term(store, patient, package=package, destroy_from=unit.destroy_from)
    if unit.hold:
        note_stated_hold(store, patient, package=package, at=at)


def note_state(
    store: PracticeStore, package: str, arrival: Arrival, parts: DossierParts | None, *, at: datetime
) -> None:
    """Keep what became of a dossier, those refused and left aside included, and which ``parts`` of it came."""
    if arrival.state is None:
        return
    stated = StatedDossier(
        package=package,
        unit=arrival.unit,
        patient=arrival.who.get("id", ""),
        state=arrival.state,
        reason=arrival.refusal.code if arrival.refusal else "",
        degraded=arrival.degraded_entries,
        placeholders=arrival.placeholders,
        left_aside=arrival.left_aside,
        parts=parts_text(parts or ()) if arrival.left_aside else "",
    )
    note_dossier_state(store, stated, at=at)


def note_receipt_of_import(store: PracticeStore, receipt: Receipt, *, at: datetime) -> None:
    """Write an import that changed something into the journal."""
    if not receipt.changed:
        return
    detail: dict[str, Any] = {
        "package": receipt.package,
        "dossiers": len(receipt.came_in),
        "signer": receipt.signer,
        "doubt": receipt.doubt.code if receipt.doubt else "",
    }
    if receipt.left_aside:
        aside = {"left_aside": len(receipt.dossiers_left_aside), "in_part": len(receipt.in_part)}
        detail |= {**aside, "only": receipt.only, **part_json(receipt.part)}
    store.note(at.isoformat(), "import", detail)
