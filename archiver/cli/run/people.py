"""What the ``people`` commands do."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.errors import QuestionUnknown
from archiver.cli.terminal.console import say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.practice import people
from archiver.practice.store import open_store
from formats.model.identity import names_and_birth
from formats.words import mark, plural

RULE_WORDS = {"ins-and-strict-traits": mark("INS and strict traits"), "human": mark("a person's decision")}
"""Why two records are one person, for a person; the codes are in the JSON."""


def show(path: Path, *, as_json: bool) -> None:
    """List the open questions, numbered."""
    with open_store(path, reading=True) as store:
        known = {patient.id: patient for patient in store.patients()}
        questions = list(people.questions(store))
        links = list(people.links(store))
    if as_json:
        listed = [
            {"number": n, "patient": q.patient, "candidate": q.candidate, "reason": q.reason}
            for n, q in enumerate(questions, 1)
        ]
        merged = [{"patient": one.patient, "person": one.person, "rule": one.rule} for one in links]
        show_json({"people": 1, "questions": listed, "merged": merged})
        return
    rows = [
        (
            n,
            names_and_birth(known[q.patient].traits),
            names_and_birth(known[q.candidate].traits),
            localize(q.reason),
        )
        for n, q in enumerate(questions, 1)
    ]
    show_table(rows, heading=("#", mark("who came"), mark("who was here"), mark("why it is a question")))
    say(plural("{count} question waits.", "{count} questions wait."), count=len(rows))
    for one in links:
        say(
            mark("One person: {patient} ({identity}) and {person}, by {rule}."),
            patient=names_and_birth(known[one.patient].traits),
            identity=one.patient,
            person=names_and_birth(known[one.person].traits),
            rule=RULE_WORDS.get(one.rule, one.rule),
        )


def decide(path: Path, number: int, *, same: bool, by: str, as_json: bool) -> None:
    """Write down what a human says about one question.

    Raises:
        QuestionUnknown: when there is no such number.
    """
    with open_store(path) as store, store.changing():
        waiting = list(people.questions(store))
        if not 1 <= number <= len(waiting):
            raise QuestionUnknown(number=number)
        question, at = waiting[number - 1], now()
        people.answer_question(store, question, same=same, decided_by=by, at=at)
    facts = {"patient": question.patient, "candidate": question.candidate}
    _written("same" if same else "different", facts, by=by, at=at, as_json=as_json)


def separate(path: Path, patient: str, *, by: str, as_json: bool) -> None:
    """Undo a merge.

    Raises:
        QuestionUnknown: when the patient is not merged with anybody.
    """
    at = now()
    with open_store(path) as store, store.changing():
        if not people.undo_merge(store, patient, decided_by=by, at=at):
            raise QuestionUnknown(number=patient)
    _written("separate", {"patient": patient}, by=by, at=at, as_json=as_json)


def _written(word: str, facts: dict[str, str], *, by: str, at: datetime, as_json: bool) -> None:
    if as_json:
        show_json({"decision": 1, "decided": word, **facts, "by": by, "at": at.isoformat()})
        return
    say(mark("Written down."))
