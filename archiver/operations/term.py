"""Retention period of a dossier: that of the person, who may have several patient records."""

from __future__ import annotations

from datetime import date

from archiver.compliance.retention import destroy_from, retention
from archiver.practice import people
from archiver.practice.store import PracticeStore
from formats.model.dossier import Dossier


def term_of(store: PracticeStore, dossier: Dossier) -> date | None:
    """Return the first day on which ``dossier`` may lawfully be destroyed, or ``None`` when nobody can tell.

    The records of one person have one term, the latest: the care of the person counts, wherever it is recorded.
    """
    linked = map(store.dossier, people.linked_with(store, dossier.patient.id))
    terms = [destroy_from(retention(one)) for one in (dossier, *linked)]
    return max(filter(None, terms), default=None)
