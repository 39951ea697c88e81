"""Compare both records of questions of identity, for a terminal, a page, or a list to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from archiver.identity.questions_page import ComparedQuestion
from archiver.identity.record_facts import side_by_side
from archiver.practice import people, questions
from archiver.practice.questions import Question
from archiver.practice.store import PracticeStore
from formats.model.identity import names_and_birth
from formats.model.people import Patient


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedPair:
    """A question with both records as a list shows them."""

    question: Question
    patient: str
    candidate: str


def named_pairs(store: PracticeStore, asked: Iterable[Question]) -> Iterator[NamedPair]:
    """Yield each question with the names of both records."""
    for question in asked:
        patient, candidate = pair_names(store, question)
        yield NamedPair(question=question, patient=patient, candidate=candidate)


def pair_names(store: PracticeStore, question: Question) -> tuple[str, str]:
    """Return the two records of a question as a list shows them."""
    one, other = _records(store, question)
    return names_and_birth(one.traits), names_and_birth(other.traits)


def compare_questions(store: PracticeStore, asked: Iterable[Question]) -> Iterator[ComparedQuestion]:
    """Yield each question with the facts of both records."""
    for question in asked:
        one, other = _records(store, question)
        yield ComparedQuestion(
            question=question,
            patient=names_and_birth(one.traits),
            candidate=names_and_birth(other.traits),
            facts=side_by_side(store, one, other),
        )


def compared_json(one: ComparedQuestion) -> dict[str, Any]:
    """Return a question with both records as JSON; ``docs/en/reference/output.md`` describes it."""
    asked = one.question
    return {
        "question": asked.identifier,
        "patient": asked.patient,
        "candidate": asked.candidate,
        "reason": asked.reason,
        "answer": asked.answer,
        "answered_by": asked.answered_by,
        "answered_at": asked.answered_at,
        "remark": asked.remark,
        "rows": [
            {
                "label": fact.label.en,
                "patient": list(fact.one),
                "candidate": list(fact.other),
                "agreement": fact.agreement.value,
            }
            for fact in one.facts
        ],
    }


def _records(store: PracticeStore, question: Question) -> tuple[Patient, Patient]:
    found = [store.get(Patient, one) for one in (question.patient, question.candidate)]
    one, other = (patient for patient in found if patient is not None)  # a question refers to both
    return one, other


def every_pair(store: PracticeStore, *, answered: bool) -> Iterator[Question]:
    """Yield the open questions, and with ``answered`` those that were answered or merged by a rule behind them."""
    yield from questions.questions(store)
    if answered:
        yield from questions.decided_pairs(store)


def still_merged(store: PracticeStore, question: Question) -> bool:
    """Tell whether other merges make the two of ``question`` one person."""
    return people.person_of(store, question.patient) == people.person_of(store, question.candidate)
