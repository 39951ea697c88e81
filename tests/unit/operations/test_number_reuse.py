"""A patient number is not a person: who gets a number again never gets the acts of who had it before."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportRequest
from archiver.handover.arrivals import UnitOutcome
from archiver.handover.opening import OpenRequest
from archiver.handover.receipt import Receipt
from archiver.identity.known_people import PatientIdentity
from archiver.ingest.settle_identity import LINKED_BY_SENDER
from archiver.operations.collecting.collect import collect
from archiver.operations.collecting.outcome import CollectOutcome
from archiver.operations.export import export
from archiver.operations.receive import receive
from archiver.practice import people, questions
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.age import HybridIdentity
from formats.databases.sqlite_source import SqliteSource
from formats.model.dossier import Dossier
from formats.model.people import Patient
from formats.opendental.read import read
from tests.packages import SIGNED, signer, trust
from tests.unit.opendental.tiny import KEY, ZONE, book, write

NOON = datetime(2026, 2, 4, 12, tzinfo=UTC)
OWNER = HybridIdentity(seed=b"n" * 32)
ROUSSEL = {"LName": "Roussel", "FName": "Paul", "Birthdate": "1991-03-02", "Gender": 0}
RAVENEL = {"LName": "Ravenel", "FName": "Odette", "Birthdate": "1940-11-23", "Gender": 1}
PROCEDURES = [{"CodeNum": 1, "ProcCode": "HBLD038", "Descript": "Couronne"}]


def practice(folder: Path, **columns: object) -> Path:
    """Write a practice where number 2 is Roussel, who has two acts, a note of alert and a payer."""
    folder.mkdir(exist_ok=True)
    acts = [
        {"ProcNum": 1, "PatNum": 2, "ProcDate": "2019-05-06", "CodeNum": 1, "ProcStatus": 2, "ProvNum": 1},
        {"ProcNum": 2, "PatNum": 2, "ProcDate": "2020-05-06", "CodeNum": 1, "ProcStatus": 2, "ProvNum": 1},
        {"ProcNum": 3, "PatNum": 1, "ProcDate": "2020-05-06", "CodeNum": 1, "ProcStatus": 2, "ProvNum": 1},
    ]
    person = {"PatNum": 2, "Guarantor": 1, "MedUrgNote": "Diabète", **ROUSSEL, **columns}
    return write(book(patient=[person], procedurecode=PROCEDURES, procedurelog=acts), folder)


def edit(path: Path, *statements: str) -> None:
    """Let somebody at the practice work with the software."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount >= 1, statement


def become(number: int, **columns: object) -> str:
    """Return the statement that writes another person over a row."""
    changes = ", ".join(f"{name} = '{value}'" for name, value in columns.items())
    return f"UPDATE patient SET {changes} WHERE PatNum = {number}"


def collected(store: PracticeStore, path: Path, *, later: int = 0) -> CollectOutcome:
    at = NOON + timedelta(days=later)
    with SqliteSource(path) as source:
        items = read(source, images=None, practice_key=KEY, time_zone=ZONE)
        return collect(store, items, system="opendental", clock=lambda: at)


@contextmanager
def desk(folder: Path, name: str = "p.db") -> Iterator[PracticeStore]:
    with open_store(folder / name, create=True) as store:
        yield store


def named(store: PracticeStore, family: str) -> Dossier:
    (found,) = [one.id for one in store.patients() if one.traits.used_family_name == family]
    return store.dossier(found)


def days(dossier: Dossier) -> list[str]:
    return sorted(act.performed_on.isoformat() for act in dossier.acts if act.performed_on)


def waiting(store: PracticeStore) -> set[frozenset[str]]:
    """Return the family names of the pairs that wait for a human."""
    names = {one.id: one.traits.used_family_name for one in store.patients()}
    return {frozenset((names[one.patient], names[one.candidate])) for one in questions.questions(store)}


# -- collecting -------------------------------------------------------------------------------


def test_another_person_under_a_number_is_a_question_and_the_acts_stay(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        collected(store, path)
        roussel = named(store, "Roussel")
        edit(path, become(2, **RAVENEL), become(2, MedUrgNote="Allergie au latex"))
        outcome = collected(store, path, later=1)
        assert [one.code for one in outcome.findings].count("number-reused") == 1
        (sentence,) = [one.text for one in outcome.findings if one.code == "number-reused"]
        assert "Roussel Paul 1991-03-02" in sentence and "Ravenel Odette 1940-11-23" in sentence

        assert named(store, "Roussel") == roussel
        assert days(roussel) == ["2019-05-06", "2020-05-06"]
        ravenel = named(store, "Ravenel")
        assert ravenel.acts == () and ravenel.patient.id != roussel.patient.id
        assert [one.label for one in ravenel.health_statements] == ["Allergie au latex"]
        assert [one.relation for one in ravenel.related_persons] == ["payer"]
        assert waiting(store) == {frozenset({"Roussel", "Ravenel"})}


def test_what_comes_later_belongs_to_who_has_the_number_then(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        collected(store, path)
        edit(path, become(2, **RAVENEL), "UPDATE procedurelog SET PatNum = 2 WHERE ProcNum = 3")
        collected(store, path, later=1)
        assert days(named(store, "Roussel")) == ["2019-05-06", "2020-05-06"]
        again = collected(store, path, later=2)
        assert not again.changed
        assert [one.code for one in again.findings].count("number-reused") == 1
        for dossier in (named(store, "Roussel"), named(store, "Ravenel")):
            assert all(one.patient == dossier.patient.id for one in dossier.records())

        edit(path, become(2, **ROUSSEL))  # somebody repairs the row
        collected(store, path, later=3)
        assert days(named(store, "Roussel")) == ["2019-05-06", "2020-05-06"]
        assert not collected(store, path, later=4).changed
        assert len(list(store.patients())) == 3


def test_a_record_that_another_has_under_the_number_is_never_written_over(tmp_path: Path) -> None:
    """A software that begins to count again gives act 1 to somebody else too."""
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        collected(store, path)
        (question,) = _reused(store, path)
        questions.answer_question(store, question, same=False, decided_by="Dr Exemple", at=NOON)
        edit(path, "UPDATE procedurelog SET ProcDate = '2026-01-20' WHERE ProcNum = 1")
        collected(store, path, later=2)
        assert days(named(store, "Roussel")) == ["2019-05-06", "2020-05-06"]
        assert days(named(store, "Ravenel")) == ["2026-01-20"]
        assert waiting(store) == {frozenset({"Roussel", "Ravenel"})}


def _reused(store: PracticeStore, path: Path) -> list[people.Question]:
    edit(path, become(2, **RAVENEL))
    collected(store, path, later=1)
    return list(questions.questions(store))


@pytest.mark.parametrize("same", [True, False])
def test_an_answer_stays_answered(tmp_path: Path, *, same: bool) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        collected(store, path)
        (question,) = _reused(store, path)
        questions.answer_question(store, question, same=same, decided_by="Dr Exemple", at=NOON)
        outcome = collected(store, path, later=2)
        assert not outcome.changed and waiting(store) == set()
        assert "number-reused" not in [one.code for one in outcome.findings]
        linked = people.linked_patients(store, named(store, "Ravenel").patient.id)
        assert bool(linked) == same


@pytest.mark.parametrize(
    ("columns", "question"),
    [
        ({"LName": "Ravenel", "Birthdate": "1940-11-23"}, True),
        ({"FName": "Odette", "Birthdate": "1940-11-23"}, True),
        ({"Gender": 1, "Birthdate": "1940-11-23"}, True),
        ({"LName": "Ravenel", "FName": "Odette", "Birthdate": "0001-01-01"}, True),
        ({"LName": "Ravenel"}, False),
        ({"FName": "Paule", "Gender": 1}, False),
        ({"Birthdate": "1991-02-03"}, False),
        ({"Birthdate": "0001-01-01"}, False),
        ({"LName": "ROUSSEL", "FName": "Paul Henri", "Birthdate": "1991-02-03"}, False),
    ],
)
def test_one_change_is_an_update_and_two_are_a_question(
    tmp_path: Path, columns: dict[str, object], *, question: bool
) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        collected(store, path)
        edit(path, become(2, **columns))
        collected(store, path, later=1)
        assert len(list(store.patients())) == (3 if question else 2)
        assert bool(waiting(store)) == question


def test_two_steps_do_not_make_a_small_change_of_a_large_one(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        collected(store, path)
        edit(path, become(2, LName="Ravenel", FName="Odette"))
        collected(store, path, later=1)
        assert waiting(store) == set()
        edit(path, become(2, Birthdate="1940-11-23", Gender=1))
        collected(store, path, later=2)
        assert waiting(store) == {frozenset({"Ravenel"})}


def test_earlier_traits_stay_in_the_record(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        collected(store, path)
        edit(path, become(2, LName="Roussel-Martin"))
        collected(store, path, later=1)
        patient = named(store, "Roussel-Martin").patient
        (earlier,) = patient.earlier_traits
        assert earlier.traits.used_family_name == "Roussel"
        assert earlier.until == NOON + timedelta(days=1)
        assert not collected(store, path, later=2).changed


# -- merges -----------------------------------------------------------------------------------


def _merged(store: PracticeStore, path: Path) -> tuple[str, str]:
    """Collect, and say that patient 1, Perrichon, and patient 2, Roussel, are one person."""
    collected(store, path)
    one, two = named(store, "Perrichon").patient.id, named(store, "Roussel").patient.id
    people.link(store, one, two, rule="human", decided_by="Dr Exemple", at=NOON)
    return one, two


def test_a_merge_stays_with_the_person_and_not_with_the_number(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        one, two = _merged(store, path)
        edit(path, become(2, **RAVENEL))
        collected(store, path, later=1)
        assert people.linked_patients(store, named(store, "Ravenel").patient.id) == ()
        assert people.linked_patients(store, one) == (two,)


@pytest.mark.parametrize(("number", "changed"), [(1, "Perrichon"), (2, "Roussel")])
def test_a_merge_is_examined_again_when_either_side_changes(
    tmp_path: Path, number: int, changed: str
) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        one, two = _merged(store, path)
        edit(path, become(number, HmPhone="02 99 00 00 00"))
        collected(store, path, later=1)
        assert people.linked_patients(store, one) == (two,)
        edit(path, become(number, Gender=1))
        outcome = collected(store, path, later=2)
        assert people.linked_patients(store, one) == ()
        assert waiting(store) == {frozenset({"Perrichon", "Roussel"})}
        (sentence,) = [each.text for each in outcome.findings if each.code == "merge-in-doubt"]
        assert sentence.startswith(changed)


def test_the_others_of_a_merge_stay_one_person(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    edit(path, become(1, LName="Autre"))
    with desk(tmp_path) as store:
        collected(store, path)
        made = store.get(Patient, named(store, "Roussel").patient.id)
        assert made is not None
        more = [replace(made, id=f"00000000-0000-4000-8000-00000000000{n}") for n in (1, 2)]
        with store.changing():
            for one in more:
                store.put(one)
                people.link(store, one.id, made.id, rule="human", decided_by="Dr Exemple", at=NOON)
        edit(path, become(2, Birthdate="1991-02-03"))
        collected(store, path, later=1)
        assert people.linked_patients(store, made.id) == ()
        assert people.linked_patients(store, more[0].id) == (more[1].id,)


# -- at the successor ---------------------------------------------------------------------------


def export_package(store: PracticeStore, target: Path) -> Path:
    request = ExportRequest(
        target=target,
        patients=tuple(one.id for one in store.patients()),
        access=KeyringRecipients(recipients=[OWNER.to_recipient()]),
        signer=signer(),
        whole_practice=True,
    )
    export(store, request, clock=lambda: SIGNED, randomness=secrets.token_bytes)
    return target


def received(store: PracticeStore, package: Path) -> Receipt:
    at = SIGNED + timedelta(days=1)
    request = OpenRequest(package=package, identities=[OWNER], trust=trust(signer(), at=at))
    return receive(store, request, clock=lambda: at)


@pytest.fixture
def two_packages(tmp_path: Path) -> tuple[Path, Path]:
    """Return what two stores hand over: number 2 is Roussel in the first, Ravenel in the second."""
    packages = []
    for name, columns in (("first", ROUSSEL), ("second", RAVENEL)):
        path = practice(tmp_path / f"{name}-source", **columns)
        with desk(tmp_path, f"{name}.db") as store:
            collected(store, path)
            packages.append(export_package(store, tmp_path / f"{name}.asice"))
    return packages[0], packages[1]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_packages_with_two_persons_of_one_number(
    tmp_path: Path, two_packages: tuple[Path, Path], order: tuple[int, int]
) -> None:
    with desk(tmp_path, "successor.db") as store:
        received(store, two_packages[order[0]])
        first = named(store, ("Roussel", "Ravenel")[order[0]])
        receipt = received(store, two_packages[order[1]])
        assert named(store, ("Roussel", "Ravenel")[order[0]]) == first
        second = named(store, ("Roussel", "Ravenel")[order[1]])
        assert days(second) == days(first) == ["2019-05-06", "2020-05-06"]  # each sender says so
        assert all(one.patient == second.patient.id for one in second.records())
        assert waiting(store) == {frozenset({"Roussel", "Ravenel"})}
        assert [one.identity for one in receipt.waiting] == [PatientIdentity.QUESTION]
        again = received(store, two_packages[order[1]])
        assert {one.outcome for one in again.arrivals} == {UnitOutcome.ALREADY_THERE}
        assert len(list(store.patients())) == 3 and questions.count_questions(store) == 1


def test_an_older_state_of_the_same_person_is_an_update(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path, "sender.db") as sender, desk(tmp_path, "successor.db") as store:
        collected(sender, path)
        received(store, export_package(sender, tmp_path / "one.asice"))
        edit(path, become(2, LName="Roussel-Martin"))
        collected(sender, path, later=1)
        receipt = received(store, export_package(sender, tmp_path / "two.asice"))
        assert receipt.questions == 0
        patient = named(store, "Roussel-Martin").patient
        assert [one.traits.used_family_name for one in patient.earlier_traits] == ["Roussel"]


def test_what_the_sender_keeps_apart_is_asked_at_the_successor(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path, "sender.db") as sender, desk(tmp_path, "successor.db") as store:
        collected(sender, path)
        edit(path, become(2, **RAVENEL))
        collected(sender, path, later=1)
        received(store, export_package(sender, tmp_path / "p.asice"))
        assert waiting(store) == {frozenset({"Roussel", "Ravenel"})}
        assert days(named(store, "Roussel")) == ["2019-05-06", "2020-05-06"]
        assert days(named(store, "Ravenel")) == []


def test_a_person_whom_the_sender_linked_is_asked_about(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path, "sender.db") as sender, desk(tmp_path, "successor.db") as store:
        _merged(sender, path)
        package = export_package(sender, tmp_path / "p.asice")
        receipt = received(store, package)
        assert waiting(store) == {frozenset({"Perrichon", "Roussel"})}
        assert [one.reason for one in receipt.waiting] == [LINKED_BY_SENDER]
        (question,) = questions.questions(store)
        questions.answer_question(store, question, same=False, decided_by="Dr Exemple", at=NOON)
        assert received(store, package).questions == 0


def test_a_merge_at_the_successor_is_examined_when_a_package_changes_a_side(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path, "sender.db") as sender, desk(tmp_path, "successor.db") as store:
        collected(sender, path)
        received(store, export_package(sender, tmp_path / "one.asice"))
        one, two = named(store, "Perrichon").patient.id, named(store, "Roussel").patient.id
        people.link(store, one, two, rule="human", decided_by="Dr Exemple", at=NOON)
        edit(path, become(2, Gender=1))
        collected(sender, path, later=1)
        receipt = received(store, export_package(sender, tmp_path / "two.asice"))
        assert people.linked_patients(store, one) == ()
        assert receipt.questions == 1
