"""Who the patient of a dossier is that came in: said where INS and strict traits prove it, else asked of a human."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from archiver.identity.known_people import Decision, KnownPeople, PatientIdentity, question
from archiver.practice import people, questions
from archiver.practice.store import PracticeStore
from formats.model.people import Patient
from formats.words import mark

RULE = "ins-and-strict-traits"
PROGRAM = "archiver"
LINKED_BY_SENDER = mark("the sender holds both for one person")


def settle_identity(
    store: PracticeStore, known: KnownPeople, patient: Patient, *, again: bool, at: datetime
) -> Decision:
    """Write down who ``patient``, who is stored, is among those ``known``, or leave the question to a human.

    One who came ``again`` is not decided about anew; what waits for an answer still does.
    """
    decision = _still_open(store, patient) if again else known.decide(patient)
    if again:
        known.add_numbers(patient)
    else:
        known.add_of_source(patient)
    decision = _with_linked(store, patient, decision)
    if decision.identity is PatientIdentity.SAME and len(_persons(store, decision)) > 1:
        decision = replace(decision, identity=PatientIdentity.QUESTION)
    _settle(store, patient, decision, at=at)
    return decision


def _still_open(store: PracticeStore, patient: Patient) -> Decision:
    """Return the question an earlier import left about ``patient``, if no human answered it yet."""
    asked = questions.questions_of(store, patient.id)
    if not asked:
        return Decision(identity=PatientIdentity.NEW)
    return question({one.candidate: one.reason for one in asked})


def _not_asked(store: PracticeStore, patient: Patient, decision: Decision) -> tuple[str, ...]:
    """Return the records the sender holds for the same person about which nobody here was asked yet."""
    asked = questions.questions_between(store, patient.id, patient.linked)
    known = {each for one in asked for each in (one.patient, one.candidate)}
    known.update(people.linked_patients(store, patient.id), decision.candidates)
    return tuple(one for one in patient.linked if one not in known and store.holds(Patient, one))


def _with_linked(store: PracticeStore, patient: Patient, decision: Decision) -> Decision:
    """Add to a question, or to somebody new, the records the sender holds for the same person."""
    more = () if decision.identity is PatientIdentity.SAME else _not_asked(store, patient, decision)
    if not more:
        return decision
    reasons = decision.reasons if decision.identity is PatientIdentity.QUESTION else {}
    return question({**reasons, **dict.fromkeys(more, LINKED_BY_SENDER)})


def _persons(store: PracticeStore, decision: Decision) -> set[str]:
    return {people.person_of(store, candidate) for candidate in decision.candidates}


def _settle(store: PracticeStore, patient: Patient, decision: Decision, *, at: datetime) -> None:
    if decision.identity is PatientIdentity.SAME:
        people.link(store, patient.id, decision.candidates[0], rule=RULE, decided_by=PROGRAM, at=at)
        for other in _not_asked(store, patient, decision):
            questions.ask_question(store, patient.id, other, reason=LINKED_BY_SENDER, at=at)
    elif decision.identity is PatientIdentity.QUESTION:
        for candidate in decision.candidates:
            questions.ask_question(
                store, patient.id, candidate, reason=decision.reason_about(candidate), at=at
            )
