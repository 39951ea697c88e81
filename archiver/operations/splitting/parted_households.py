"""Households that part: of whom somebody leaves and somebody stays."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from archiver.practice import people
from archiver.practice.store import PracticeStore
from archiver.scope.ownership.households import households
from formats.findings import Finding, Severity
from formats.model.identity import names_and_birth
from formats.model.people import Patient
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class PartedHousehold:
    """Who of a household leaves, and who stays; neither is empty."""

    leaving: tuple[Patient, ...]
    staying: tuple[Patient, ...]


def parted_households(store: PracticeStore, patients: Collection[str]) -> Iterator[PartedHousehold]:
    """Yield the households that part when ``patients``, with the other records of the same persons, leave."""
    known = {one.id: one for one in store.patients()}
    merged = people.persons(store)
    persons = {record: merged.get(record, record) for record in known}
    leaving = {persons[one] for one in patients}
    for household in households(store, persons):
        goes = tuple(known[one] for one in household.members if one in leaving)
        stays = tuple(known[one] for one in household.members if one not in leaving)
        if goes and stays:
            yield PartedHousehold(leaving=goes, staying=stays)


def parted_findings(store: PracticeStore, patients: Collection[str]) -> Iterator[Finding]:
    """Yield a note for each household that parts."""
    for household in parted_households(store, patients):
        yield Finding(
            severity=Severity.NOTE,
            code="household-parted",
            where="",
            sentence=mark("A household parts: {leaving} leave, {staying} stay."),
            facts={
                "leaving": ", ".join(names_and_birth(one.traits) for one in household.leaving),
                "staying": ", ".join(names_and_birth(one.traits) for one in household.staying),
            },
        )
