"""Retention period of a dossier: that of the person, who may have several patient records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from archiver.compliance.retention import Retention, Rule, retention, undatable
from archiver.practice import people
from archiver.practice.store import PracticeStore
from formats.model.dossier import Dossier


def retention_of(store: PracticeStore, dossier: Dossier, today: date) -> Retention:
    """Return how long ``dossier`` must be kept, with what is implausible in it alone.

    The records of one person have one period, the latest: the care of the person counts, wherever it is
    recorded. A record of care of which no day is known may be later than all others, so that nobody can tell
    the end; one without any care adds nothing to those that have some.
    """
    own, unknown = retention(dossier, today), undatable(dossier)
    known = [own] if own.until else []
    for linked in map(store.dossier, people.linked_patients(store, dossier.patient.id)):
        unknown |= undatable(linked)
        end = retention(linked, today)
        known += [end] if end.until else []
    if unknown or not known:
        return replace(own, until=None, rule=Rule.UNKNOWN)
    latest = max(known, key=lambda end: end.until or date.max)
    return replace(latest, dates=own.dates, implausible=own.implausible)
