"""Merges and answers: what humans said is one graph, and taking one thing back leaves all the rest as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from archiver.practice import people, questions
from archiver.practice.errors import AnswerContradictory
from archiver.practice.questions import DIFFERENT, SAME, find_pair, pair_identifier
from archiver.practice.store import PracticeStore, open_store
from formats.model.identity import Traits
from formats.model.people import Patient, Practice

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
NAMES = "abcdef"
PAIRS = [(one, other) for at, one in enumerate(NAMES) for other in NAMES[at + 1 :]]
TABLES = ("identity_links", "identity_merges", "identity_questions", "patients")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(tmp_path / "p.db", create=True) as store, store.changing():
        fill(store)
        yield store


def fill(store: PracticeStore) -> None:
    store.put(Practice(id="p", name="Cabinet"))
    for name in NAMES:
        store.put(Patient(id=name, practice="p", traits=Traits(used_family_name=name)))


def link(store: PracticeStore, one: str, other: str) -> None:
    people.link(store, one, other, rule="test", decided_by="test", at=NOON)


def answer(store: PracticeStore, one: str, other: str, *, same: bool) -> None:
    questions.ask_question(store, one, other, reason="same traits", at=NOON)
    asked = find_pair(store, pair_identifier(one, other))
    assert asked is not None
    questions.answer_question(store, asked, same=same, decided_by="Dr Durand", at=NOON)


def undo(store: PracticeStore, one: str, other: str) -> None:
    asked = find_pair(store, pair_identifier(one, other))
    assert asked is not None
    questions.take_back(store, asked, decided_by="Dr Durand", at=NOON)


def tables(store: PracticeStore) -> dict[str, list[tuple[object, ...]]]:
    return {name: sorted(store.db.execute(f"SELECT * FROM [{name}]").fetchall()) for name in TABLES}


def test_who_was_here_first_stands_for_all(store: PracticeStore) -> None:
    link(store, "c", "b")
    link(store, "d", "c")
    assert people.records_of(store, "b") == ["b", "c", "d"]
    link(store, "b", "a")
    assert people.records_of(store, "a") == ["a", "b", "c", "d"]
    assert people.with_linked(store, ["d", "e"]) == ("d", "a", "b", "c", "e")


def test_who_moved_along_with_a_merge_comes_back_when_it_is_undone(store: PracticeStore) -> None:
    link(store, "c", "b")
    before = tables(store)
    link(store, "b", "a")
    assert people.person_of(store, "c") == "a"
    assert people.undo_link(store, "a", "b")
    assert not people.undo_link(store, "a", "b")
    assert tables(store) == before


def test_a_second_merge_of_one_record_keeps_the_first(store: PracticeStore) -> None:
    link(store, "c", "a")
    link(store, "c", "b")
    assert people.linked_patients(store, "a") == ("b", "c")


def test_the_others_stay_one_person_without_the_one_who_joined_them(store: PracticeStore) -> None:
    for one in "acd":
        link(store, one, "b")
    assert people.part(store, "b") == "a"
    assert people.records_of(store, "a") == ["a", "c", "d"] and people.person_of(store, "b") == "b"
    assert people.part(store, "b") == ""


def test_an_identifier_is_that_of_the_pair_however_it_is_typed(store: PracticeStore) -> None:
    questions.ask_question(store, "b", "a", reason="same traits", at=NOON)
    (asked,) = questions.questions(store)
    assert asked.identifier == pair_identifier("a", "b") == pair_identifier("b", "a")
    typed = asked.identifier.upper().replace("-", " ").replace("1", "l").replace("0", "O")
    assert find_pair(store, typed) == asked
    assert find_pair(store, "1") is None and find_pair(store, "") is None
    assert len({pair_identifier(*pair) for pair in PAIRS}) == len(PAIRS)


def test_a_pair_is_one_question_whoever_came(store: PracticeStore) -> None:
    assert questions.ask_question(store, "b", "a", reason="same traits", at=NOON)
    assert not questions.ask_question(store, "a", "b", reason="same INS", at=NOON)
    assert [one.reason for one in questions.questions(store)] == ["same traits"]


def test_a_question_other_answers_settle_is_none_until_they_are_taken_back(store: PracticeStore) -> None:
    for pair in ("ab", "bc", "ac"):
        questions.ask_question(store, *pair, reason="same traits", at=NOON)
    answer(store, "a", "b", same=True)
    answer(store, "b", "c", same=True)
    assert list(questions.questions(store)) == [] and questions.count_questions(store) == 0
    undo(store, "b", "c")
    assert {one.identifier for one in questions.questions(store)} == {
        pair_identifier(*p) for p in ("bc", "ac")
    }


def test_answers_that_contradict_each_other_are_refused(store: PracticeStore) -> None:
    answer(store, "a", "b", same=True)
    answer(store, "c", "a", same=False)
    before = tables(store)
    with pytest.raises(AnswerContradictory) as refused:
        answer(store, "b", "c", same=True)
    assert refused.value.facts["other"] == pair_identifier("a", "c")
    assert refused.value.facts["answer"] == DIFFERENT
    with pytest.raises(AnswerContradictory) as refused:
        answer(store, "a", "b", same=False)
    assert (refused.value.facts["other"], refused.value.facts["answer"]) == (pair_identifier("a", "b"), SAME)
    assert {name: rows for name, rows in tables(store).items() if name != "identity_questions"} == {
        name: rows for name, rows in before.items() if name != "identity_questions"
    }
    undo(store, "a", "c")
    answer(store, "b", "c", same=True)


def test_a_merge_by_a_rule_is_taken_back_and_then_asked_about(store: PracticeStore) -> None:
    link(store, "b", "a")
    undo(store, "b", "a")
    (asked,) = questions.questions(store)
    assert people.person_of(store, "b") == "b" and asked.reason == questions.TAKEN_BACK
    journal = [row[0] for row in store.db.execute("SELECT operation FROM journal").fetchall()]
    assert journal == ["same-person", "answer-undone"]


STEPS = st.lists(
    st.tuples(st.sampled_from(["same", "different", "undo", "part"]), st.sampled_from(PAIRS)), max_size=20
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(steps=STEPS, last=st.sampled_from(PAIRS), same=st.booleans())
def test_whatever_was_said_before_an_answer_taken_back_leaves_it_as_it_was(
    steps: list[tuple[str, tuple[str, str]]], last: tuple[str, str], *, same: bool
) -> None:
    with TemporaryDirectory() as folder, open_store(Path(folder, "p.db"), create=True) as store:
        with store.changing():
            fill(store)
            for what, pair in steps:
                step(store, what, pair)
                assert_sound(store)
        with store.changing():
            questions.ask_question(store, *last, reason="same traits", at=NOON)
            asked = find_pair(store, pair_identifier(*last))
            assert asked is not None
            if asked.answer:
                return
            before = tables(store)
            try:
                questions.answer_question(store, asked, same=same, decided_by="Dr Durand", at=NOON)
            except AnswerContradictory:
                assert tables(store) == before
                return
            undo(store, *last)
            assert tables(store) == before


def step(store: PracticeStore, what: str, pair: tuple[str, str]) -> None:
    asked = find_pair(store, pair_identifier(*pair))
    if what == "undo":
        if asked is not None and asked.answer:
            undo(store, *pair)
    elif what == "part":
        if people.linked_patients(store, pair[0]):
            questions.take_out(store, pair[0], reason="the traits have changed", at=NOON)
    else:
        try:
            answer(store, *pair, same=what == "same")
        except AnswerContradictory:
            return


def assert_sound(store: PracticeStore) -> None:
    """Nobody whom a human called different is one person, and what is open is about two."""
    for one in questions.questions(store, open_only=False):
        merged = people.person_of(store, one.patient) == people.person_of(store, one.candidate)
        assert not (one.answer == DIFFERENT and merged)
        assert not (one.answer == SAME and not merged), one
