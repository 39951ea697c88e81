"""Record a list of answers about who is who: all of them, or none where one of them cannot be.

1. Every line is compared with the store: the question is there, the answer is one, it says who decides, and it is
   about the two whom it names. What is already answered so is left alone.
2. The answers are recorded one by one; one that contradicts another one, of the list or of the store, is refused.
3. With any refusal, of which every one is reported, the store stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from archiver.identity.answer_list import ANSWER_WORDS, AnswerLine
from archiver.ingest.errors import AnswersRefused
from archiver.operations.people.compare_questions import pair_names
from archiver.practice import questions
from archiver.practice.errors import AnswerContradictory
from archiver.practice.questions import SAME, Question, canonical_identifier
from archiver.practice.store import PracticeStore
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.names import comparable
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedAnswer:
    """An answer that was recorded, with whom it is about as people read it."""

    question: Question
    answer: str
    decided_by: str
    patient: str
    candidate: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswersOutcome:
    """The answers recorded, how many were recorded before, and how many lines have none."""

    answers: tuple[RecordedAnswer, ...]
    already: int
    empty: int


@dataclass(slots=True)
class _Course:
    """One run: what a line may name, what was seen, and what was found wrong."""

    store: PracticeStore
    decided_by: str
    at: datetime
    known: dict[str, Question]
    seen: dict[str, int] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)

    def refuse(self, row: AnswerLine, code: str, sentence: str, **facts: Fact) -> None:
        place = str(row.line)
        self.faults.append(
            Finding(severity=Severity.ERROR, code=code, where=place, sentence=sentence, facts=facts)
        )


def answer_questions(
    store: PracticeStore, lines: Iterable[AnswerLine], *, decided_by: str, at: datetime
) -> AnswersOutcome:
    """Record ``lines``; ``decided_by`` is who decides where a line names nobody.

    Raises:
        AnswersRefused: when a line cannot be recorded; the store stays as it was.
    """
    with store.changing():
        every = (*questions.questions(store, open_only=False), *questions.decided_pairs(store))
        course = _Course(store, decided_by, at, {one.identifier: one for one in every})
        written = tuple(lines)
        answered = [line for line in written if line.answer]
        answers = tuple(one for line in answered if (one := _answer(course, line)) is not None)
        if course.faults:
            refusal = AnswersRefused(count=len(course.faults))
            refusal.findings = tuple(course.faults)
            raise refusal
    already = len(answered) - len(answers)
    return AnswersOutcome(answers=answers, already=already, empty=len(written) - len(answered))


def _answer(course: _Course, line: AnswerLine) -> RecordedAnswer | None:
    """Follow steps 1 and 2 for one line: return its answer, if it was recorded now."""
    asked = _question(course, line)
    if asked is None:
        return None
    word, by = ANSWER_WORDS[comparable(line.answer)], line.decided_by or course.decided_by
    if asked.answer == word:
        return None
    try:
        questions.answer_question(
            course.store, asked, same=word == SAME, decided_by=by, at=course.at, remark=line.remark
        )
    except AnswerContradictory as failure:
        course.refuse(line, failure.code, failure.sentence, **failure.facts)
        return None
    patient, candidate = pair_names(course.store, asked)
    return RecordedAnswer(question=asked, answer=word, decided_by=by, patient=patient, candidate=candidate)


def _question(course: _Course, line: AnswerLine) -> Question | None:
    """Return the question of a line that can be recorded; of another one say why not."""
    identifier = canonical_identifier(line.question)
    asked = course.known.get(identifier)
    if asked is None:
        course.refuse(line, "question-unknown", UNKNOWN, question=line.question)
    elif identifier in course.seen:
        course.refuse(line, "answer-twice", TWICE, question=identifier, line=course.seen[identifier])
    elif comparable(line.answer) not in ANSWER_WORDS:
        course.refuse(line, "answer-unreadable", UNREADABLE, question=identifier, answer=line.answer)
    elif not (line.decided_by or course.decided_by):
        course.refuse(line, "answer-by-nobody", BY_NOBODY, question=identifier)
    elif asked.answer and asked.answer != ANSWER_WORDS[comparable(line.answer)]:
        course.refuse(line, "answer-contradictory", ANSWERED, question=identifier, answer=asked.answer,
                      by=asked.answered_by)  # fmt: skip
    elif not _about(line, pair_names(course.store, asked)):
        now = " / ".join(pair_names(course.store, asked))
        course.refuse(line, "answer-about-others", ABOUT_OTHERS, question=identifier, now=now)
    else:
        course.seen[identifier] = line.line
        return asked
    course.seen.setdefault(identifier, line.line)
    return None


def _about(line: AnswerLine, names: Sequence[str]) -> bool:
    """Tell whether the people a line names, where it names any, are those of the question."""
    written = [comparable(one) for one in (line.patient, line.candidate) if one]
    there = [comparable(one) for one in names]
    return sorted(written) == sorted(there) if len(written) > 1 else set(written) <= set(there)


UNKNOWN = mark("There is no question {question} in this practice.")
TWICE = mark("Question {question} is answered twice, on line {line} before.")
UNREADABLE = mark("Question {question}: “{answer}” is no answer; same and different are.")
BY_NOBODY = mark("Question {question}: nobody is named who decides (--by, or the column decided_by).")
ANSWERED = mark(
    "Question {question} was answered “{answer}” by {by}: take that back first (archiver people undo)."
)
ABOUT_OTHERS = mark(
    "Question {question} is about other people than this line says: {now}. Compare them again before you answer."
)
