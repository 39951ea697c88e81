"""List of answers: what a person says about questions of identity, to be reviewed, recorded, and recorded again.

The page of questions and the list that ``archiver people show`` writes have these columns. Whom a question is about
stands on its line, and is compared with the store before the answer is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archiver.practice.questions import DIFFERENT, SAME, Question
from formats.findings import Finding
from formats.model.dictionary.entry import Privacy
from formats.names import comparable
from formats.tables.columns import FREE_TEXT, Columns, ListColumn
from formats.tables.read import Line, ignored_columns, read_list
from formats.words import Words, mark

DICTIONARY: Mapping[str, ListColumn] = {
    "question": ListColumn(
        Words("Question", "Question"),
        mark("Identifier of the question, which is the same in every store; never empty."),
        Words("identifiant, tel que `people list` le donne", "identifier, as `people list` gives it"),
        Privacy.ADMINISTRATIVE,
        aliases=("identifiant",),
        required=True,
    ),
    "answer": ListColumn(
        Words("Réponse", "Answer"),
        mark("Whether both records are of one person; empty where nobody has decided yet."),
        Words("`same` ou `même`, `different` ou `différent`, ou rien", "`same`, `different`, or nothing"),
        Privacy.ADMINISTRATIVE,
        aliases=("réponse",),
        required=True,
    ),
    "decided_by": ListColumn(
        Words("Décidé par", "Decided by"),
        mark("Who decides; empty where the command names who does."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("décidé par", "qui décide"),
    ),
    "remark": ListColumn(
        Words("Remarque", "Remark"),
        mark("Why; it is recorded with the answer."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("remarque",),
    ),
    "patient": ListColumn(
        Words("Arrivé(e)", "Who came"),
        mark("Name and birth date of one record; where it is filled, the store must say the same."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("arrivé(e)", "who came"),
    ),
    "candidate": ListColumn(
        Words("Déjà présent(e)", "Who was here"),
        mark("Name and birth date of the other record, likewise."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("déjà présent(e)", "who was here"),
    ),
    "reason": ListColumn(
        Words("Raison", "Reason"),
        mark("Why it is a question, in the language of the command; for people only."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("raison",),
    ),
}
"""Columns of a list of answers, in their order."""
COLUMNS = Columns.of(DICTIONARY)
ANSWER_WORDS: Mapping[str, str] = {
    comparable(word): answer
    for answer, words in {
        SAME: (SAME, "même", "même personne"),
        DIFFERENT: (DIFFERENT, "différent", "différents"),
    }.items()
    for word in words
}


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerLine:
    """One line: ``line`` is where it stands in the file, ``answer`` what was written there."""

    line: int
    question: str
    answer: str
    decided_by: str = ""
    remark: str = ""
    patient: str = ""
    candidate: str = ""
    reason: str = ""


def read_answers(path: Path) -> tuple[tuple[AnswerLine, ...], tuple[Finding, ...]]:
    """Return the lines of a list of answers, and what a person should know of how it was read.

    Raises:
        TableUnreadable, LimitExceeded: when it is no such list.
    """
    read = list(read_list(path, COLUMNS))
    lines = [one for one in read if not isinstance(one, Finding)]
    findings = (*(one for one in read if isinstance(one, Finding)), *ignored_columns(lines, path.name))
    return tuple(map(_answer_line, lines)), findings


def _answer_line(line: Line) -> AnswerLine:
    return AnswerLine(line=line.number, **{name: line[name] for name in DICTIONARY})


def answer_cells(question: Question, *, patient: str, candidate: str, reason: str) -> tuple[str, ...]:
    """Return the line of ``question``, about two records that are shown as ``patient`` and ``candidate``."""
    decided = (question.answer, question.answered_by, question.remark)
    return (question.identifier, *decided, patient, candidate, reason)


def heading_cells() -> Iterable[str]:
    """Return the heading."""
    return tuple(DICTIONARY)
