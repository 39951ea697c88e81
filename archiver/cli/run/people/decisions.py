"""What the ``people`` commands do, except ``show``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from archiver.cli.clock import now
from archiver.cli.errors import QuestionUnanswered, QuestionUnknown
from archiver.cli.terminal.console import alarm, note, progress, say, show_findings, show_json, show_table
from archiver.cli.terminal.language import localize, localize_finding
from archiver.identity.answer_list import read_answers
from archiver.ingest.errors import AnswersRefused
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.people.answer_questions import AnswersOutcome, answer_questions
from archiver.operations.people.compare_questions import NamedPair, named_pairs, pair_names, still_merged
from archiver.operations.people.find_duplicates import find_duplicates
from archiver.practice import people, questions
from archiver.practice.questions import DIFFERENT, SAME, Question, find_pair
from archiver.practice.store import PracticeStore, open_store
from formats.words import mark, plural

RULE_WORDS = {"ins-and-strict-traits": mark("INS and strict traits"), "human": mark("a person's decision")}
"""Why two records are one person, for a person; the codes are in the JSON."""
WAITING = plural("{count} question waits.", "{count} questions wait.")
DECIDED = {
    SAME: mark("{question}: {patient} and {candidate} are one person."),
    DIFFERENT: mark("{question}: {patient} and {candidate} are two people."),
}
"""The echo of an answer: whom it is about."""


def show(path: Path, *, as_json: bool) -> None:
    """List the open questions, and the merges."""
    with open_store(path, reading=True) as store:
        waiting = list(named_pairs(store, questions.questions(store)))
        rules = {frozenset((one.patient, one.person)): one.rule for one in people.links(store)}
        pairs = (one for one in questions.decided_pairs(store) if one.answer == SAME)
        merged = list(named_pairs(store, pairs))
    if as_json:
        show_json(
            {
                "people": 1,
                "questions": [_pair_json(one) for one in waiting],
                "merged": [_merge_json(one.question, rules) for one in merged],
            }
        )
        return
    rows = [
        (one.question.identifier, one.patient, one.candidate, localize(one.question.reason))
        for one in waiting
    ]
    heading = (mark("question"), mark("who came"), mark("who was here"), mark("why it is a question"))
    show_table(rows, heading=heading)
    say(WAITING, count=len(rows))
    for one in merged:
        rule = rules.get(frozenset((one.question.patient, one.question.candidate)), "")
        say(
            mark("One person: {patient} and {person}, by {rule} ({question})."),
            patient=one.patient,
            person=one.candidate,
            rule=RULE_WORDS.get(rule, rule),
            question=one.question.identifier,
        )
    if rows:
        note(mark("archiver people show compares both records of each question."))


def _pair_json(one: NamedPair) -> dict[str, str]:
    asked = one.question
    return {
        "question": asked.identifier,
        "patient": asked.patient,
        "candidate": asked.candidate,
        "patient_name": one.patient,
        "candidate_name": one.candidate,
        "reason": asked.reason,
    }


def _merge_json(pair: Question, rules: dict[frozenset[str], str]) -> dict[str, str]:
    rule = rules.get(frozenset((pair.patient, pair.candidate)), "")
    return {
        "question": pair.identifier, "patient": pair.patient, "person": pair.candidate, "rule": rule,
        "by": pair.answered_by,
    }  # fmt: skip


def question_of(store: PracticeStore, identifier: str) -> Question:
    """Return the question that a person named.

    Raises:
        QuestionUnknown: when there is no such one.
    """
    found = find_pair(store, identifier)
    if found is None:
        raise QuestionUnknown(number=identifier)
    return found


def decide(path: Path, identifier: str, *, same: bool, by: str, remark: str, as_json: bool) -> None:
    """Write down what a human says about one question.

    Raises:
        QuestionUnknown: when there is no such one; AnswerContradictory: when another answer says otherwise.
    """
    at = now()
    with open_store(path) as store, store.changing():
        question = question_of(store, identifier)
        questions.answer_question(store, question, same=same, decided_by=by, at=at, remark=remark)
        names = pair_names(store, question)
    word = SAME if same else DIFFERENT
    if as_json:
        show_json(_decision_json(word, question, by=by, at=at))
    else:
        say(DECIDED[word], question=question.identifier, patient=names[0], candidate=names[1])


def _decision_json(word: str, question: Question, *, by: str, at: datetime) -> dict[str, Any]:
    facts = {"question": question.identifier, "patient": question.patient, "candidate": question.candidate}
    return {"decision": 1, "decided": word, **facts, "by": by, "at": at.isoformat()}


def answer(path: Path, file: Path, *, by: str, as_json: bool) -> None:
    """Record a list of answers.

    Raises:
        AnswersRefused: when one cannot be recorded; each is named before.
    """
    at = now()
    lines, findings = read_answers(file)
    with open_store(path) as store:
        try:
            outcome = answer_questions(store, lines, decided_by=by, at=at)
        except AnswersRefused as refusal:
            for fault in refusal.findings:
                alarm(f"{file.name}:{localize_finding(fault)}", fault.code)
            raise
        waiting = questions.count_questions(store)
    if as_json:
        show_json({**_answers_json(outcome, waiting, at=at), "findings": findings_json(findings)})
        return
    show_findings(findings)
    for one in outcome.answers:
        say(
            DECIDED[one.answer],
            question=one.question.identifier,
            patient=one.patient,
            candidate=one.candidate,
        )
    say(plural("{count} answer recorded.", "{count} answers recorded."), count=len(outcome.answers))
    if outcome.already:
        say(mark("Answers that were recorded before: {count}"), count=outcome.already)
    if outcome.empty:
        say(mark("Lines without an answer: {count}"), count=outcome.empty)
    say(WAITING, count=waiting)


def _answers_json(outcome: AnswersOutcome, waiting: int, *, at: datetime) -> dict[str, Any]:
    return {
        "answers": 1,
        "recorded": [
            _decision_json(one.answer, one.question, by=one.decided_by, at=at) for one in outcome.answers
        ],
        "already": outcome.already,
        "empty": outcome.empty,
        "waiting": waiting,
    }


def undo(path: Path, identifier: str, *, by: str, as_json: bool) -> None:
    """Take an answer back.

    Raises:
        QuestionUnknown: when there is no such question; QuestionUnanswered: when it is open.
    """
    at = now()
    with open_store(path) as store, store.changing():
        question = question_of(store, identifier)
        if not question.answer:
            raise QuestionUnanswered(question=question.identifier)
        questions.take_back(store, question, decided_by=by, at=at)
        names, merged = pair_names(store, question), still_merged(store, question)
    if as_json:
        show_json({**_decision_json("undo", question, by=by, at=at), "still_one_person": merged})
        return
    say(
        mark("{question} is open again: {patient} and {candidate}."),
        question=question.identifier,
        patient=names[0],
        candidate=names[1],
    )
    if merged:
        say(mark("Other merges still make them one person: archiver people list names each."))


def separate(path: Path, patient: str, *, by: str, as_json: bool) -> None:
    """Undo every merge of a patient.

    Raises:
        QuestionUnknown: when the patient is not merged with anybody.
    """
    at = now()
    with open_store(path) as store, store.changing():
        merged = [one for one in questions.decided_pairs(store)
                  if one.answer == SAME and patient in {one.patient, one.candidate}]  # fmt: skip
        if not merged:
            raise QuestionUnknown(number=patient)
        for one in merged:
            questions.take_back(store, one, decided_by=by, at=at)
        opened = list(named_pairs(store, merged))
    if as_json:
        facts = {"patient": patient, "questions": [one.identifier for one in merged]}
        show_json({"decision": 1, "decided": "separate", **facts, "by": by, "at": at.isoformat()})
        return
    for pair in opened:
        say(
            mark("{question} is open again: {patient} and {candidate}."),
            question=pair.question.identifier,
            patient=pair.patient,
            candidate=pair.candidate,
        )


def duplicates(path: Path, *, as_json: bool) -> None:
    """Ask about records of the practice that may be of one person."""
    with open_store(path) as store, progress(mark("Comparing"), unit="") as step:
        outcome = find_duplicates(store, at=now(), progress=step)
    if as_json:
        facts = {"patients": outcome.patients, "new": outcome.new, "before": outcome.before}
        show_json({"duplicates": 1, **facts, "waiting": outcome.waiting})
        return
    say(mark("Patient records compared: {count}"), count=outcome.patients)
    say(mark("Pairs that may be one person, asked about now: {count}"), count=outcome.new)
    say(mark("Pairs asked about or settled before: {count}"), count=outcome.before)
    say(WAITING, count=outcome.waiting)
    if outcome.waiting:
        note(mark("archiver people show compares both records of each question."))
