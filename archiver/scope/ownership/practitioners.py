"""Practitioners as a roster names them, and which of them can have patients of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from archiver.practice.practitioners import is_practised_here
from archiver.practice.store import PracticeStore
from formats.model.identity import IdentifierType
from formats.model.people import Practitioner, Role
from formats.names import comparable

NOBODY = ""
"""Stands for a practitioner where a record names none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimant:
    """A practitioner: ``name`` for people, ``number`` for a roster.

    Only one who ``claims`` can have patients of their own: a column of the diary is no person, and a replacement
    hands the patients back (CSP R4127-275). Nobody is left out: what others did counts as care of which no
    claimant is known. A ``former`` author treated in another practice, whose dossiers were taken over: what they did
    is named, and counts neither for nor against anybody here.
    """

    id: str
    name: str
    number: str
    claims: bool
    replacement: bool
    former: bool = False


Claimants = Mapping[str, Claimant]
"""Practitioners by identity; the record that another practice has of one who practises here leads to the one here."""
_NAMED = """
SELECT DISTINCT acts.practitioner, patients.practice FROM acts JOIN patients ON patients.id = acts.patient
UNION SELECT appointments.practitioner, patients.practice FROM appointments
  JOIN patients ON patients.id = appointments.patient
UNION SELECT prescriptions.practitioner, patients.practice FROM prescriptions
  JOIN patients ON patients.id = prescriptions.patient
UNION SELECT attending, practice FROM patients
"""
"""Who treated, is booked with, or attends patients of which practice."""


def claimants_of(store: PracticeStore) -> dict[str, Claimant]:
    """Return everybody who treats or treated here, in the order of the store."""
    elsewhere = _elsewhere(store)
    everybody = list(store.practitioners())
    named = Counter(comparable(_name(one)) for one in everybody if one.id not in elsewhere)
    here = {
        one.id: _claimant(one, alone=named[comparable(_name(one))] == 1)
        for one in everybody
        if one.id not in elsewhere
    }
    by_number = {_number(one): here[one.id] for one in everybody if one.id in here and _number(one)}
    return {one.id: here.get(one.id) or by_number.get(_number(one)) or _former(one) for one in everybody}


def _elsewhere(store: PracticeStore) -> set[str]:
    """Return who is not active, and named by dossiers of other practices alone.

    Nobody, where it is not known whose store it is.
    """
    practices = {one.id: is_practised_here(store, one.id) for one in store.practices()}
    if all(practices.values()) or not any(practices.values()):
        return set()
    there, here = set[str](), set[str]()
    for practitioner, practice in store.db.execute(_NAMED):
        (here if practices[practice] else there).add(practitioner)
    return {one.id for one in store.practitioners() if one.person and not one.active} & there - here


def name_of(claimants: Claimants, practitioner: str) -> str:
    """Return how people call a practitioner; an empty text for nobody."""
    return claimants[practitioner].name if practitioner in claimants else ""


def _former(one: Practitioner) -> Claimant:
    return Claimant(id=one.id, name=_name(one), number="", claims=False, replacement=False, former=True)


def _claimant(one: Practitioner, *, alone: bool) -> Claimant:
    roles = {engagement.role for engagement in one.engagements}
    replacement = roles == {Role.REPLACEMENT}
    return Claimant(
        id=one.id,
        name=_name(one),
        number=_number(one) or (_name(one) if alone else ""),
        claims=one.person and not replacement,
        replacement=replacement,
    )


def _name(one: Practitioner) -> str:
    return " ".join(filter(None, (one.given_name, one.family_name)))


def _number(one: Practitioner) -> str:
    """Return the RPPS number; a number of the practice program stands only where a name would not do."""
    return next((each.value for each in one.identifiers if each.type is IdentifierType.RPPS), "")
