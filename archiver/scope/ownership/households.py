"""Households: persons who are linked because one pays or decides for the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from archiver.practice.store import PracticeStore

_LINKS = (
    """
    SELECT patient, other_patient FROM related_persons
    WHERE relation IN ('payer', 'guardian', 'family') AND other_patient IS NOT NULL
    """,
    """
    SELECT DISTINCT patient, payer_patient FROM payments
    WHERE payer_patient IS NOT NULL AND payer_patient <> patient
    """,
)
"""Who pays or decides for whom, or is of the family; who is merely called in an emergency is none of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Household:
    """Two persons or more."""

    members: tuple[str, ...]


def households(store: PracticeStore, persons: Mapping[str, str]) -> tuple[Household, ...]:
    """Return the households of ``persons``, which gives the person behind every patient record.

    Somebody named who has no dossier here is no member.
    """
    above: dict[str, str] = {}
    linked: set[str] = set()

    def top(one: str) -> str:
        while (higher := above.get(one, one)) != one:
            above[one] = above.get(higher, higher)
            one = higher
        return one

    for one, other in _pairs(store, persons):
        linked |= {one, other}
        above[top(one)] = top(other)
    found: dict[str, list[str]] = {}
    for person in dict.fromkeys(persons.values()):
        if person in linked:
            found.setdefault(top(person), []).append(person)
    return tuple(Household(members=tuple(members)) for members in found.values() if len(members) > 1)


def _pairs(store: PracticeStore, persons: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for query in _LINKS:
        for patient, other in store.db.execute(query):
            if other in persons and persons[other] != persons[patient]:
                yield persons[patient], persons[other]


def by_member(found: Collection[Household]) -> dict[str, Household]:
    """Return the household of each member."""
    return {member: one for one in found for member in one.members}
