"""What ``people show`` does."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from archiver import disk
from archiver.cli.run.people.decisions import WAITING, question_of
from archiver.cli.terminal.console import note, print_line, say, show_json
from archiver.cli.terminal.language import language, localize
from archiver.cli.terminal.two_columns import two_columns
from archiver.identity.answer_list import DICTIONARY, answer_cells, heading_cells
from archiver.identity.questions_page import SIGNS, ComparedQuestion, questions_page
from archiver.operations.collecting.attribute import own_practice
from archiver.operations.people.compare_questions import compare_questions, compared_json, every_pair
from archiver.practice.errors import StoreUnreadable
from archiver.practice.store import PracticeStore, open_store
from formats.tables.write import BYTE_ORDER_MARK, list_lines
from formats.words import BilingualText, mark


def show(
    path: Path, identifier: str, *, answered: bool, page: Path | None, answers: Path | None, as_json: bool
) -> None:
    """Show one question, or all: side by side, or as a page, or as a list.

    Raises:
        QuestionUnknown: when there is no such one; AlreadyExists: where a page or list would go.
    """
    with open_store(path, reading=True) as store:
        asked = [question_of(store, identifier)] if identifier else list(every_pair(store, answered=answered))
        if page is not None:
            with disk.write_aside(page, mode=disk.PRIVATE) as sheet:
                compared = compare_questions(store, asked)
                sheet.writelines(questions_page(compared, practice=_practice(store), language=language()))
        if answers is not None:
            with disk.write_aside(answers, mode=disk.PRIVATE) as sheet:
                sheet.write(BYTE_ORDER_MARK)
                rows = map(_cells, compare_questions(store, asked))
                sheet.writelines(list_lines(chain([tuple(heading_cells())], rows)))
        if as_json:
            show_json(
                {"compared": 1, "questions": [compared_json(one) for one in compare_questions(store, asked)]}
            )
        elif page is None and answers is None:
            for one in compare_questions(store, asked):
                _print(one)
    if not as_json and not identifier:
        say(WAITING, count=sum(not one.answer for one in asked))
    if page is not None or answers is not None:
        note(mark("archiver people answer records the answers of a list."))


def _practice(store: PracticeStore) -> str:
    try:
        return own_practice(store).name
    except StoreUnreadable:  # made by an import alone
        return ""


def _cells(one: ComparedQuestion) -> tuple[str, ...]:
    reason = localize(one.question.reason)
    return answer_cells(one.question, patient=one.patient, candidate=one.candidate, reason=reason)


def _print(one: ComparedQuestion) -> None:
    asked = one.question
    print_line("")
    say("{question} · {reason}", question=asked.identifier, reason=asked.reason)
    heading = [BilingualText(DICTIONARY[name].label) for name in ("patient", "candidate")]
    rows = [
        (
            SIGNS.get(fact.agreement, ""),
            localize(BilingualText(fact.label)),
            _values(fact.one),
            _values(fact.other),
        )
        for fact in one.facts
    ]
    for line in two_columns(rows, heading=(localize(heading[0]), localize(heading[1]))):
        print_line(line)
    if asked.answer:
        say(
            mark("Answered “{answer}” by {by} on {moment}. {remark}"),
            answer=asked.answer,
            by=asked.answered_by,
            moment=asked.answered_at,
            remark=asked.remark,
        )


def _values(side: Iterable[str]) -> tuple[str, ...]:
    return tuple(localize(one) if isinstance(one, BilingualText) else one for one in side)
