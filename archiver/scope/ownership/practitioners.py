"""Practitioners as a roster names them, and which of them can have patients of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

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
    claimant is known.
    """

    id: str
    name: str
    number: str
    claims: bool
    replacement: bool


Claimants = Mapping[str, Claimant]
"""Practitioners of a practice by identity."""


def claimants_of(store: PracticeStore) -> dict[str, Claimant]:
    """Return everybody who treats or treated here, in the order of the store."""
    everybody = list(store.practitioners())
    named = Counter(comparable(_name(one)) for one in everybody)
    return {one.id: _claimant(one, alone=named[comparable(_name(one))] == 1) for one in everybody}


def name_of(claimants: Claimants, practitioner: str) -> str:
    """Return how people call a practitioner; an empty text for nobody."""
    return claimants[practitioner].name if practitioner in claimants else ""


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
