"""Questions about who is who: pairs of patient records that wait for a human, and what humans answered.

1. A question has one identifier, which follows from its two records: in every store, and at any time.
2. It is open until a human answers it, or until other answers make the two one person.
3. An answer that contradicts another one is refused: no person holds two records that a human called different.
4. An answer is taken back by opening its question again; nothing else changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archiver.practice import people
from archiver.practice.errors import AnswerContradictory
from archiver.practice.store import PracticeStore
from formats.words import Sentence, mark

SAME, DIFFERENT = "same", "different"
"""What a human answers."""
HUMAN = "human"
"""Rule of a merge that a human decided."""
TAKEN_BACK = mark("they were one person until somebody took that back")
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's Base32: no letter that is taken for a digit."""
_IDENTIFIER_LETTERS, _GROUP = 10, 5
"""Fifty bits: with 100,000 questions, the chance that two of them share an identifier is 1 in 200,000."""
_READ_AS = str.maketrans("ilo", "110", "- ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """Two patient records that may be one person; ``answer`` is empty until somebody decides."""

    patient: str
    candidate: str
    reason: str
    asked_at: str
    answer: str = ""
    answered_at: str = ""
    answered_by: str = ""
    remark: str = ""

    @property
    def identifier(self) -> str:
        """Its identifier, as people read and type it."""
        return pair_identifier(self.patient, self.candidate)


def pair_identifier(one: str, other: str) -> str:
    """Return the identifier of the question about two patient records, whichever of them came."""
    digest = hashlib.sha256("\n".join(sorted((one, other))).encode("utf-8")).digest()
    number = int.from_bytes(digest[:8], "big")
    letters = "".join(_LETTERS[number >> 59 - 5 * place & 31] for place in range(_IDENTIFIER_LETTERS))
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"


def canonical_identifier(text: str) -> str:
    """Return ``text``, as a person typed it, as an identifier is written; that of no question stays none."""
    letters = text.casefold().translate(_READ_AS)
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"


_COLUMNS = "patient, candidate, reason, asked_at, answer, answered_at, answered_by, remark"
_PERSON = "coalesce((SELECT person FROM identity_links WHERE patient = asked.{0}), asked.{0})"
_OPEN = f"answer = '' AND {_PERSON.format('patient')} <> {_PERSON.format('candidate')}"
"""Two who are one person by other merges are no question."""
_PARTED = f"answer = '{DIFFERENT}' AND (patient = ?1 OR candidate = ?1)"
_PAIR = "(patient = ?1 AND candidate = ?2) OR (patient = ?2 AND candidate = ?1)"


def ask_question(store: PracticeStore, patient: str, candidate: str, *, reason: str, at: datetime) -> bool:
    """Leave a pair for a human; return whether it is new. One that was asked before keeps its answer."""
    if any(_questions(store, _PAIR, (patient, candidate))):
        return False
    store.db.execute(
        f"INSERT INTO identity_questions ({_COLUMNS}) VALUES (?, ?, ?, ?, '', '', '', '')",
        (patient, candidate, reason, at.isoformat()),
    )
    return True


def ask_again(store: PracticeStore, patient: str, candidate: str, *, reason: str, at: datetime) -> None:
    """Leave a pair for a human, whatever was answered about it before; which of the two came does not matter."""
    asked = next(_questions(store, _PAIR, (patient, candidate)), None)
    if asked is None:
        ask_question(store, patient, candidate, reason=reason, at=at)
    elif asked.answer:
        _open_again(store, asked, reason=reason, at=at)
        detail = {"patient": asked.patient, "candidate": asked.candidate, "before": asked.answer}
        store.note(at.isoformat(), "question-reopened", detail | {"reason": reason})


def _open_again(store: PracticeStore, asked: Question, *, reason: str, at: datetime) -> None:
    store.db.execute(
        "UPDATE identity_questions SET reason = ?, asked_at = ?, answer = '', answered_at = '', answered_by = '',"
        " remark = '' WHERE patient = ? AND candidate = ?",
        (reason, at.isoformat(), asked.patient, asked.candidate),
    )


def take_out(store: PracticeStore, patient: str, *, reason: str, at: datetime) -> str:
    """End what makes ``patient`` one person with others, and ask whether it is; return who stands for the others.

    The others stay one person.
    """
    others = people.linked_patients(store, patient)
    rest = people.part(store, patient)
    store.note(at.isoformat(), "merge-reopened", {"patient": patient, "person": rest, "reason": reason})
    for asked in questions_between(store, patient, others):
        if asked.answer == SAME:
            ask_again(store, patient, asked.patient if asked.candidate == patient else asked.candidate,
                      reason=reason, at=at)  # fmt: skip
    if all(one.answer for one in questions_between(store, patient, others)):
        ask_again(store, patient, rest, reason=reason, at=at)
    return rest


def answer_question(
    store: PracticeStore, question: Question, *, same: bool, decided_by: str, at: datetime, remark: str = ""
) -> None:
    """Record what a human decided about a pair, and merge the two if they are one.

    Raises:
        AnswerContradictory: when another answer says otherwise.
    """
    other = contradiction(store, question, same=same)
    if other is not None:
        raise AnswerContradictory(
            question=question.identifier, other=other.identifier, answer=other.answer, by=other.answered_by
        )
    word = SAME if same else DIFFERENT
    store.db.execute(
        "UPDATE identity_questions SET answer = ?, answered_at = ?, answered_by = ?, remark = ?"
        " WHERE patient = ? AND candidate = ?",
        (word, at.isoformat(), decided_by, remark, question.patient, question.candidate),
    )
    if same:
        people.link(store, question.patient, question.candidate, rule=HUMAN, decided_by=decided_by, at=at)
    detail = {"patient": question.patient, "candidate": question.candidate, "answer": word}
    more = {"remark": remark} if remark else {}
    store.note(at.isoformat(), "identity-answer", detail | {"decided_by": decided_by} | more)


def contradiction(store: PracticeStore, question: Question, *, same: bool) -> Question | None:
    """Return what was decided otherwise than an answer to ``question`` would say, if anything was."""
    one, other = (people.person_of(store, each) for each in (question.patient, question.candidate))
    if not same:
        return next(_merges_between(store, question), None) if one == other else None
    if one == other:
        return None
    fewer, more = sorted((people.records_of(store, each) for each in (one, other)), key=len)
    parted = (asked for each in fewer for asked in _questions(store, _PARTED, (each,)))
    return next((asked for asked in parted if {asked.patient, asked.candidate} & {*more}), None)


def _merges_between(store: PracticeStore, question: Question) -> Iterator[Question]:
    """Yield the merges that make the two one person: their own first."""
    records = {*people.linked_patients(store, question.patient), question.patient}
    merges = [one for one in decided_pairs(store) if one.answer == SAME and one.patient in records]
    merges.sort(key=lambda one: one.identifier != question.identifier)
    yield from merges


def take_back(store: PracticeStore, question: Question, *, decided_by: str, at: datetime) -> None:
    """Open ``question``, which was answered or merged by a rule, again: the records part as they were."""
    people.undo_link(store, question.patient, question.candidate)
    asked = next(_questions(store, _PAIR, (question.patient, question.candidate)), None)
    if asked is None:
        ask_question(store, question.patient, question.candidate, reason=TAKEN_BACK, at=at)
    else:
        store.db.execute(
            "UPDATE identity_questions SET answer = '', answered_at = '', answered_by = '', remark = ''"
            " WHERE patient = ? AND candidate = ?",
            (asked.patient, asked.candidate),
        )
    detail = {"patient": question.patient, "candidate": question.candidate, "answer": question.answer}
    store.note(at.isoformat(), "answer-undone", detail | {"decided_by": decided_by})


def decided_pairs(store: PracticeStore) -> Iterator[Question]:
    """Yield every pair that was answered by a human or merged by a rule."""
    answered = list(_questions(store, "answer <> ''", ()))
    yield from answered
    known = {one.identifier for one in answered}
    for link in people.links(store):
        if pair_identifier(link.patient, link.person) not in known:
            yield Question(
                patient=link.patient,
                candidate=link.person,
                reason=link.rule,
                asked_at=link.decided_at,
                answer=SAME,
                answered_at=link.decided_at,
                answered_by=link.decided_by,
            )


def find_pair(store: PracticeStore, text: str) -> Question | None:
    """Return the question that ``text``, as a person typed it, names; a merge by a rule is one that was answered."""
    wanted = canonical_identifier(text)
    every = (one for pairs in (questions(store, open_only=False), decided_pairs(store)) for one in pairs)
    return next((one for one in every if one.identifier == wanted), None)


def questions_of(store: PracticeStore, patient: str) -> tuple[Question, ...]:
    """Return the pairs with ``patient``, as the one who came, that wait for a human."""
    return tuple(_questions(store, f"patient = ? AND {_OPEN}", (patient,)))


def questions_between(store: PracticeStore, patient: str, others: Iterable[str]) -> tuple[Question, ...]:
    """Return what was ever asked about ``patient`` and one of ``others``, whoever of the two came."""
    return tuple(one for other in others for one in _questions(store, _PAIR, (patient, other)))


def count_questions(store: PracticeStore) -> int:
    """Return how many pairs wait for a human."""
    query = f"SELECT count(*) FROM identity_questions AS asked WHERE {_OPEN}"
    return int(store.db.execute(query).fetchone()[0])


def questions(store: PracticeStore, *, open_only: bool = True) -> Iterator[Question]:
    """Yield the pairs that wait for a human, or all that were ever asked."""
    return _questions(store, _OPEN if open_only else "TRUE", ())


def _questions(store: PracticeStore, where: str, values: tuple[str, ...]) -> Iterator[Question]:
    query = f"SELECT {_COLUMNS} FROM identity_questions AS asked WHERE {where} ORDER BY rowid"
    for patient, candidate, reason, asked_at, answer, answered_at, by, remark in store.db.execute(
        query, values
    ).fetchall():
        yield Question(
            patient=patient,
            candidate=candidate,
            reason=Sentence(reason),
            asked_at=asked_at,
            answer=answer,
            answered_at=answered_at,
            answered_by=by,
            remark=remark,
        )
