"""Which patient records are one person, and which pairs wait for a human to say.

A merge is one row that says "this record stands under that person"; no
record is rewritten, so deleting the row undoes it. Source: DESIGN, decision 9.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archiver.practice.store import PracticeStore


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonLink:
    """A patient record and the record that stands for the same person, with who decided it by which rule."""

    patient: str
    person: str
    rule: str
    decided_by: str
    decided_at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """Two patient records that may be one person; ``answer`` is empty until somebody decides."""

    patient: str
    candidate: str
    reason: str
    asked_at: str
    answer: str = ""
    answered_at: str = ""


_LINKS = "SELECT patient, person, rule, decided_by, decided_at FROM identity_links"
_QUESTIONS = "SELECT patient, candidate, reason, asked_at, answer, answered_at FROM identity_questions"


def person_of(store: PracticeStore, patient: str) -> str:
    """Return the record that stands for the person behind ``patient``: itself, unless linked."""
    row = store.db.execute("SELECT person FROM identity_links WHERE patient = ?", (patient,)).fetchone()
    return row[0] if row else patient


def records_of(store: PracticeStore, person: str) -> list[str]:
    """Return every patient record of the person that ``person`` stands for, that record first."""
    rows = store.db.execute("SELECT patient FROM identity_links WHERE person = ? ORDER BY rowid", (person,))
    return [person, *(row[0] for row in rows.fetchall())]


def linked_patients(store: PracticeStore, patient: str) -> tuple[str, ...]:
    """Return the other patient records of the person whose record ``patient`` is."""
    return tuple(one for one in records_of(store, person_of(store, patient)) if one != patient)


def with_linked(store: PracticeStore, patients: Iterable[str]) -> tuple[str, ...]:
    """Return ``patients`` and, behind each, every other record of the same person; each record once."""
    every = ((patient, *linked_patients(store, patient)) for patient in patients)
    return tuple(dict.fromkeys(one for records in every for one in records))


def link(
    store: PracticeStore, patient: str, other: str, *, rule: str, decided_by: str, at: datetime
) -> PersonLink:
    """Record that ``patient`` is the same person as ``other``; whoever stands under it moves along."""
    person = person_of(store, other)
    made = PersonLink(
        patient=patient, person=person, rule=rule, decided_by=decided_by, decided_at=at.isoformat()
    )
    if person in {patient, person_of(store, patient)}:
        return made
    store.db.execute("UPDATE identity_links SET person = ? WHERE person = ?", (person, patient))
    store.db.execute(
        "INSERT INTO identity_links (patient, person, rule, decided_by, decided_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (patient) DO UPDATE SET person = excluded.person, rule = excluded.rule,"
        " decided_by = excluded.decided_by, decided_at = excluded.decided_at",
        (made.patient, made.person, made.rule, made.decided_by, made.decided_at),
    )
    detail = {"patient": patient, "person": person, "rule": rule, "decided_by": decided_by}
    store.note(at.isoformat(), "same-person", detail)
    return made


def links(store: PracticeStore) -> Iterator[PersonLink]:
    """Yield every merge in force."""
    for patient, person, rule, decided_by, decided_at in store.db.execute(
        f"{_LINKS} ORDER BY rowid"
    ).fetchall():
        yield PersonLink(
            patient=patient, person=person, rule=rule, decided_by=decided_by, decided_at=decided_at
        )


def undo_merge(store: PracticeStore, patient: str, *, decided_by: str, at: datetime) -> bool:
    """Undo the merge of ``patient``; return whether there was one. A question it answered is open again."""
    done = store.db.execute("DELETE FROM identity_links WHERE patient = ?", (patient,)).rowcount > 0
    if done:
        reopened = "UPDATE identity_questions SET answer = '', answered_at = '' WHERE patient = ?"
        store.db.execute(f"{reopened} AND answer = 'same'", (patient,))
        store.note(at.isoformat(), "separate-person", {"patient": patient, "decided_by": decided_by})
    return done


def ask_question(store: PracticeStore, patient: str, candidate: str, *, reason: str, at: datetime) -> None:
    """Leave a pair for a human; a pair that was asked before keeps its answer."""
    store.db.execute(
        "INSERT OR IGNORE INTO identity_questions (patient, candidate, reason, asked_at, answer, answered_at)"
        " VALUES (?, ?, ?, ?, '', '')",
        (patient, candidate, reason, at.isoformat()),
    )


def ask_again(store: PracticeStore, patient: str, candidate: str, *, reason: str, at: datetime) -> None:
    """Leave a pair for a human, whatever was answered about it before; which of the two came does not matter."""
    pairs = ((patient, candidate), (candidate, patient))
    query = "SELECT answer FROM identity_questions WHERE patient = ? AND candidate = ?"
    for pair in pairs:
        row = store.db.execute(query, pair).fetchone()
        if row is None:
            continue
        if row[0]:
            store.db.execute(
                "UPDATE identity_questions SET reason = ?, asked_at = ?, answer = '', answered_at = ''"
                " WHERE patient = ? AND candidate = ?",
                (reason, at.isoformat(), *pair),
            )
            detail = {"patient": pair[0], "candidate": pair[1], "before": row[0], "reason": reason}
            store.note(at.isoformat(), "question-reopened", detail)
        return
    ask_question(store, patient, candidate, reason=reason, at=at)


def take_out(store: PracticeStore, patient: str, *, reason: str, at: datetime) -> str:
    """End what makes ``patient`` one person with others, and ask whether it is; return who stands for the others.

    The others stay one person.
    """
    others = linked_patients(store, patient)
    person = person_of(store, patient)
    rest = others[0] if person == patient else person
    store.db.execute("DELETE FROM identity_links WHERE patient IN (?, ?)", (patient, rest))
    store.db.execute("UPDATE identity_links SET person = ? WHERE person = ?", (rest, patient))
    store.note(at.isoformat(), "merge-reopened", {"patient": patient, "person": rest, "reason": reason})
    ask_again(store, patient, rest, reason=reason, at=at)
    return rest


def answer_question(
    store: PracticeStore, question: Question, *, same: bool, decided_by: str, at: datetime
) -> None:
    """Record what a human decided about a pair, and merge the two if they are one."""
    word = "same" if same else "different"
    store.db.execute(
        "UPDATE identity_questions SET answer = ?, answered_at = ? WHERE patient = ? AND candidate = ?",
        (word, at.isoformat(), question.patient, question.candidate),
    )
    if same:
        link(store, question.patient, question.candidate, rule="human", decided_by=decided_by, at=at)
    detail = {"patient": question.patient, "candidate": question.candidate, "answer": word}
    store.note(at.isoformat(), "identity-answer", detail | {"decided_by": decided_by})


def questions_of(store: PracticeStore, patient: str) -> tuple[Question, ...]:
    """Return the pairs with ``patient``, as the one who came, that wait for a human."""
    return tuple(_questions(store, "answer = '' AND patient = ?", (patient,)))


def questions_between(store: PracticeStore, patient: str, others: Iterable[str]) -> tuple[Question, ...]:
    """Return what was ever asked about ``patient`` and one of ``others``, whoever of the two came."""
    where = "(patient = ?1 AND candidate = ?2) OR (patient = ?2 AND candidate = ?1)"
    return tuple(one for other in others for one in _questions(store, where, (patient, other)))


def count_questions(store: PracticeStore) -> int:
    """Return how many pairs wait for a human."""
    query = "SELECT count(*) FROM identity_questions WHERE answer = ''"
    return int(store.db.execute(query).fetchone()[0])


def questions(store: PracticeStore, *, open_only: bool = True) -> Iterator[Question]:
    """Yield the pairs that wait for a human, or all that were ever asked."""
    return _questions(store, "answer = ''" if open_only else "TRUE", ())


def _questions(store: PracticeStore, where: str, values: tuple[str, ...]) -> Iterator[Question]:
    rows = store.db.execute(f"{_QUESTIONS} WHERE {where} ORDER BY rowid", values).fetchall()
    for patient, candidate, reason, asked_at, answered, answered_at in rows:
        yield Question(
            patient=patient,
            candidate=candidate,
            reason=reason,
            asked_at=asked_at,
            answer=answered,
            answered_at=answered_at,
        )
