"""Answers in a list: all of them or none, every fault of the list in one run, and again without any change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archiver.identity.answer_list import read_answers
from archiver.ingest.errors import AnswersRefused
from archiver.operations.people.answer_questions import AnswersOutcome, answer_questions
from archiver.operations.people.compare_questions import compare_questions
from archiver.operations.people.find_duplicates import find_duplicates
from archiver.practice import people, questions
from archiver.practice.questions import pair_identifier
from archiver.practice.store import PracticeStore, open_store
from formats.model.care import Act, ActStatus
from formats.model.identity import (
    INS_TEST_OID,
    Address,
    Contact,
    ContactKind,
    Identifier,
    IdentifierType,
    Sex,
    Traits,
)
from formats.model.people import Patient, Practice, Practitioner
from formats.words import Words
from tests.unit.practice.test_people import tables

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = datetime(2026, 5, 5, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(tmp_path / "p.db", create=True) as store:
        with store.changing():
            store.put(Practice(id="p", name="Cabinet"))
            for name in ("a", "b", "c"):
                store.put(person(name))
            for pair in ("ba", "ca", "cb"):
                questions.ask_question(store, *pair, reason="same traits", at=NOON)
        yield store


def person(name: str, *, family: str = "Kervella", born: date = date(1979, 3, 2), ins: str = "") -> Patient:
    traits = Traits(used_family_name=family, used_given_name=f"Anne{name}", birth_date=born, sex=Sex.FEMALE)
    identifiers = [Identifier(type=IdentifierType.LOCAL, system="urn:p", value=name)]
    if ins:
        identifiers.append(Identifier(type=IdentifierType.INS, system=INS_TEST_OID, value=ins))
    return Patient(id=name, practice="p", traits=traits, identifiers=tuple(identifiers))


def recorded(store: PracticeStore, folder: Path, *lines: str, by: str = "Dr Durand") -> AnswersOutcome:
    path = folder / "answers.csv"
    heading = "question;answer;decided_by;remark;patient;candidate"
    path.write_text("\n".join((heading, *lines)), encoding="utf-8")
    return answer_questions(store, read_answers(path)[0], decided_by=by, at=LATER)


def shown(name: str) -> str:
    return f"Kervella Anne{name} 1979-03-02"


AB, AC, BC = (pair_identifier(*pair) for pair in ("ab", "ac", "bc"))


def test_answers_are_recorded_with_who_and_why(store: PracticeStore, tmp_path: Path) -> None:
    outcome = recorded(
        store, tmp_path, f"{AB};même;Mme Bihan;vue hier;{shown('a')};{shown('b')}", f"{AC.upper()};DIFFERENT;;;;",
        f"{BC};;;;;",
    )  # fmt: skip
    assert [(one.answer, one.decided_by, one.patient) for one in outcome.answers] == [
        ("same", "Mme Bihan", shown("b")),
        ("different", "Dr Durand", shown("c")),
    ]
    assert (outcome.already, outcome.empty) == (0, 1)
    first = next(questions.decided_pairs(store))
    assert (first.answered_by, first.remark, first.answered_at) == (
        "Mme Bihan",
        "vue hier",
        LATER.isoformat(),
    )
    assert people.linked_patients(store, "a") == ("b",)
    (note,) = store.db.execute("SELECT detail FROM journal WHERE detail LIKE '%vue hier%'").fetchall()
    assert "Mme Bihan" in note[0]


def test_the_same_list_again_changes_nothing(store: PracticeStore, tmp_path: Path) -> None:
    lines = (f"{AB};same;;;;", f"{AC};different;;;;")
    recorded(store, tmp_path, *lines)
    before = tables(store)
    outcome = recorded(store, tmp_path, *lines, by="Dr Autre")
    assert (outcome.answers, outcome.already) == ((), 2)
    assert tables(store) == before


def test_every_fault_is_named_in_one_run_and_nothing_is_recorded(
    store: PracticeStore, tmp_path: Path
) -> None:
    before = tables(store)
    with pytest.raises(AnswersRefused) as refused:
        recorded(
            store, tmp_path,
            f"{AB};same;;;;",
            f"{AB};same;;;;",
            "xxxxx-xxxxx;same;;;;",
            f"{AC};peut-être;;;;",
            f"{BC};same;;;{shown('b')};Quelqu’un d’autre",
            by="",
        )  # fmt: skip
    assert [(one.where, one.code) for one in refused.value.findings] == [
        ("2", "answer-by-nobody"),
        ("3", "answer-twice"),
        ("4", "question-unknown"),
        ("5", "answer-unreadable"),
        ("6", "answer-by-nobody"),
    ]
    assert refused.value.facts["count"] == 5 and tables(store) == before
    with pytest.raises(AnswersRefused) as refused:
        recorded(store, tmp_path, f"{BC};same;;;{shown('b')};Quelqu’un d’autre", f"{AB};same;;;;",
                 f"{AC};different;;;;")  # fmt: skip
    assert [one.code for one in refused.value.findings] == ["answer-about-others"]
    assert tables(store) == before


def test_answers_that_contradict_each_other_or_the_store_are_refused(
    store: PracticeStore, tmp_path: Path
) -> None:
    with pytest.raises(AnswersRefused) as refused:
        recorded(store, tmp_path, f"{AB};same;;;;", f"{AC};different;;;;", f"{BC};same;;;;")
    assert [(one.where, one.code) for one in refused.value.findings] == [("4", "answer-contradictory")]
    recorded(store, tmp_path, f"{AB};same;;;;")
    before = tables(store)
    with pytest.raises(AnswersRefused, match="1 line"):
        recorded(store, tmp_path, f"{AB};different;;;;")
    assert tables(store) == before


def test_both_records_are_compared_on_what_each_of_them_says(store: PracticeStore) -> None:
    with store.changing():
        store.put(Practitioner(id="d", family_name="Durand", title="Dr"))
        one = person("a", ins="279033512151801")
        contacts = (Contact(kind=ContactKind.MOBILE, value="06 39 98 12 34"),)
        address = (Address(lines=("1 rue Haute",), postal_code="99100", city="Orvanne"),)
        store.put(Patient(id="a", practice="p", traits=one.traits, identifiers=one.identifiers,
                          contacts=contacts, addresses=address, attending="d"))  # fmt: skip
        other = person("b", born=date(1979, 2, 3), ins="2790335121518")
        contacts = (Contact(kind=ContactKind.PHONE, value="+33639981234"),)
        store.put(Patient(id="b", practice="p", traits=other.traits, identifiers=other.identifiers,
                          contacts=contacts))  # fmt: skip
        for number, day in enumerate((date(2020, 1, 2), date(2024, 5, 6))):
            store.put(
                Act(id=f"act{number}", patient="a", status=ActStatus.DONE, performed_on=day, practitioner="d")
            )
    asked = next(one for one in questions.questions(store) if one.identifier == AB)
    (compared,) = compare_questions(store, [asked])
    found = {fact.label.en: (fact.one, fact.other, fact.agreement.value) for fact in compared.facts}
    assert found["INS"] == (("2790335121518",), ("279033512151801",), "same")
    assert found["Date of birth"] == (("1979-02-03",), ("1979-03-02",), "different")
    assert found["Telephone"] == (("+33639981234",), ("06 39 98 12 34",), "same")
    assert found["Address"] == ((), ("1 rue Haute, 99100 Orvanne",), "unknown")
    assert found["Name in use"] == (("Kervella",), ("Kervella",), "same")
    assert found["Given name in use"] == (("Anneb",), ("Annea",), "different")
    assert found["Sex"] == (("female",), ("female",), "same")
    assert found["Numbers"] == (("b",), ("a",), "no-trait")
    assert found["Practitioner"] == ((), ("Dr Durand",), "no-trait")
    assert found["Last visit"] == ((), ("2024-05-06",), "no-trait")
    assert found["Acts done"] == (("0",), ("2",), "no-trait")
    assert all(isinstance(fact.label, Words) for fact in compared.facts)


def test_duplicates_are_asked_about_once_and_never_linked(tmp_path: Path) -> None:
    with open_store(tmp_path / "d.db", create=True) as store:
        with store.changing():
            store.put(Practice(id="p", name="Cabinet"))
            traits = Traits(used_family_name="Kervella", used_given_name="Anne", birth_date=date(1979, 3, 2))
            ins = (Identifier(type=IdentifierType.INS, system=INS_TEST_OID, value="279033512151801"),)
            for name in ("a", "b"):
                store.put(Patient(id=name, practice="p", traits=traits, identifiers=ins))
            store.put(person("z", family="Le Gall", born=date(1950, 1, 2)))
        outcome = find_duplicates(store, at=NOON)
        assert (outcome.patients, outcome.new, outcome.before, outcome.waiting) == (3, 1, 0, 1)
        (asked,) = questions.questions(store)
        assert {asked.patient, asked.candidate} == {"a", "b"}
        assert asked.reason == "same INS and same strict traits" and list(people.links(store)) == []
        again = find_duplicates(store, at=LATER)
        assert (again.new, again.before, again.waiting) == (0, 1, 1)
        with store.changing():
            questions.answer_question(store, asked, same=False, decided_by="Dr Durand", at=LATER)
        assert find_duplicates(store, at=LATER).waiting == 0
