"""Read what the store holds about whose patient everybody is: four queries, one person after the other."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from archiver.practice.store import PracticeStore
from archiver.scope.ownership.evidence import Event, PersonEvidence, person_evidence
from archiver.scope.ownership.practitioners import NOBODY, Claimants
from formats.model.people import Patient

EVENTS = (
    """
    SELECT patient, 'act', coalesce(practitioner, ''), coalesce(performed_on, ''), count(*),
      coalesce(sum(fee_cents), 0)
    FROM acts WHERE status = 'done' GROUP BY patient, practitioner, performed_on ORDER BY patient
    """,
    """
    SELECT patient, CASE status WHEN 'completed' THEN 'appointment' ELSE 'booking' END,
      coalesce(practitioner, ''), starts_at, 1, 0
    FROM appointments
    WHERE status IN ('completed', 'scheduled', 'broken') AND starts_at IS NOT NULL ORDER BY patient
    """,
    """
    SELECT patient, 'prescription', coalesce(practitioner, ''), coalesce(prescribed_on, ''), count(*), 0
    FROM prescriptions GROUP BY patient, practitioner, prescribed_on ORDER BY patient
    """,
    """
    SELECT patient, 'referral', coalesce(practitioner, ''), coalesce(performed_on, ''), count(*), 0
    FROM acts WHERE status = 'referred' GROUP BY patient, practitioner, performed_on ORDER BY patient
    """,
)
"""Events by patient record, sorted by it; a cancelled appointment, or one without a day, was never a visit."""

Row = tuple[Any, ...]


def read_evidence(
    store: PracticeStore, patients: Mapping[str, Patient], claimants: Claimants, *, on: str
) -> Iterator[PersonEvidence]:
    """Yield every person once, with what is known by the end of the day ``on``.

    ``patients`` are all patient records; those that were linked are one person, whose records may lie far apart.
    """
    persons = dict(store.db.execute("SELECT patient, person FROM identity_links").fetchall())
    records: dict[str, list[str]] = {person: [person] for person in persons.values()}
    for patient, person in persons.items():
        records[person].append(patient)
    waiting: dict[str, list[Event]] = {person: [] for person in records}
    unread = dict.fromkeys(patients)
    same_here = {one: found.id for one, found in claimants.items() if found.id != one}

    def evidence(person: str, found: list[Event]) -> PersonEvidence:
        same = tuple(records.get(person, (person,)))
        stated = (patients[one].attending or NOBODY for one in same)
        attending = tuple(dict.fromkeys(same_here.get(one, one) for one in stated))
        if same_here:
            found = [
                one._replace(practitioner=same_here.get(one.practitioner, one.practitioner)) for one in found
            ]
        return person_evidence(person, same, attending, found, claimants=claimants, on=on)

    for patient, found in _by_patient(store):
        person = persons.get(patient, patient)
        if person in waiting:
            waiting[person] += found
        else:
            del unread[patient]
            yield evidence(patient, found)
    for patient in unread:
        person = persons.get(patient, patient)
        if person not in waiting:
            yield evidence(patient, [])
        elif patient == person:
            yield evidence(person, waiting[person])


def _by_patient(store: PracticeStore) -> Iterator[tuple[str, list[Event]]]:
    rows: Iterable[Row] = heapq.merge(*map(store.db.execute, EVENTS), key=itemgetter(0))
    for patient, found in groupby(rows, key=itemgetter(0)):
        yield patient, [Event(*row[1:]) for row in found]
