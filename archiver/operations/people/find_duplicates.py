"""Search a practice for records that may be of one person, and ask about each pair.

Each patient is compared with those before, as one who arrives is (``archiver.identity.known_people``); but nothing
links two records of one practice on its own: whoever made them took them for two people. A pair that was asked about
before, or that is one person, is asked about no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from archiver.identity.known_people import KnownPeople
from archiver.practice import people, questions
from archiver.practice.questions import pair_identifier
from archiver.practice.store import PracticeStore


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplicatesOutcome:
    """How many records were compared, how many new questions there are, how many pairs were settled or asked before."""

    patients: int
    new: int
    before: int
    waiting: int


def find_duplicates(
    store: PracticeStore, *, at: datetime, progress: Callable[[int], None] = lambda _: None
) -> DuplicatesOutcome:
    """Ask about every pair of records in ``store`` that may be of one person, the likeliest of each first.

    Raises:
        DiskFull, DiskFault: what the disk answered; the store then stays as it was.
    """
    known = KnownPeople([])
    compared = new = before = 0
    with store.changing():
        asked = {one.identifier for one in questions.questions(store, open_only=False)}
        for patient in store.patients():
            decision = known.decide(patient)
            known.add_of_source(patient)
            for candidate in decision.candidates:
                person = people.person_of(store, candidate)
                if pair_identifier(patient.id, candidate) in asked or person == people.person_of(
                    store, patient.id
                ):
                    before += 1
                    continue
                reason = decision.reason_about(candidate)
                new += questions.ask_question(store, patient.id, candidate, reason=reason, at=at)
            compared += 1
            progress(1)
        if new:
            store.note(at.isoformat(), "duplicates", {"patients": compared, "questions": new})
        waiting = questions.count_questions(store)
    return DuplicatesOutcome(patients=compared, new=new, before=before, waiting=waiting)
