"""Retention period of a dossier: that of the person, who may have several patient records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from archiver.compliance.retention import Retention, retention
from archiver.practice import people
from archiver.practice.store import PracticeStore
from formats.model.dossier import Dossier


def retention_of(store: PracticeStore, dossier: Dossier, today: date) -> Retention:
    """Return how long ``dossier`` must be kept, with what is implausible in it alone.

    The records of one person have one period, the latest: the care of the person counts, wherever it is
    recorded.
    """
    own = retention(dossier, today)
    linked = map(store.dossier, people.linked_with(store, dossier.patient.id))
    known = [end for end in (own, *(retention(one, today) for one in linked)) if end.until]
    latest = max(known, key=lambda end: end.until or date.max, default=own)
    return replace(latest, dates=own.dates, implausible=own.implausible)
