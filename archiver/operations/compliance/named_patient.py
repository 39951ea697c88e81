"""The patient record about which something is written down."""

from __future__ import annotations

from datetime import date
from functools import partial

from archiver.operations.dossiers.find import not_one, one_person, persons_in
from archiver.practice.store import PracticeStore
from archiver.search.search import SearchResult
from formats.model.people import Patient


def named_patient(store: PracticeStore, wanted: str, *, today: date) -> Patient:
    """Return the record that stands for the one person whom ``wanted`` names: a number, an identity, words.

    Raises:
        PatientUnknown, PatientAmbiguous, NothingToFind: when that is nobody, or several persons.
    """
    found = one_person(persons_in(store), wanted, today=today)
    if isinstance(found, SearchResult):
        raise not_one(wanted, found)
    named = next((one.id for one in found if wanted in {one.id, *one.numbers}), found[0].id)
    return next(one for one in map(partial(store.get, Patient), (named, found[0].id)) if one)
