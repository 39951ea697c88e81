"""Whatever a practice does with its patient numbers, nobody's acts hang under another person without a question.

A practice gives numbers to persons, treats them, gives a number again, writes over a row or begins to count
again; it is collected now and then, its dossiers come to a successor, and a human, who is never wrong, merges
records and answers questions. After each step every act is with the person it was done on, or a question waits.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings, strategies as st

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportRequest
from archiver.handover.opening import OpenRequest
from archiver.operations.collecting.collect import collect
from archiver.operations.export import export
from archiver.operations.receive import receive
from archiver.practice import people, questions
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.age import HybridIdentity
from formats.model.care import Act, ActStatus, PlanItem, TreatmentPlan
from formats.model.identity import Identifier, IdentifierType, Sex, Traits
from formats.model.people import Patient, Practice
from formats.model.provenance import SourceRow
from formats.model.record import practice_namespace, record_id
from formats.reading import Item, Tally
from tests.packages import SIGNED, signer, trust

SPACE = practice_namespace("persons stay apart")
PRACTICE = Practice(id=record_id(SPACE, "practice", 1), name="Cabinet")
OWNER = HybridIdentity(seed=b"p" * 32)
PERSONS = {
    "Paul": Traits(
        used_family_name="Roussel", used_given_name="Paul", birth_date=date(1991, 3, 2), sex=Sex.MALE
    ),
    "Odette": Traits(
        used_family_name="Ravenel", used_given_name="Odette", birth_date=date(1940, 11, 23), sex=Sex.FEMALE
    ),
    "Yves": Traits(
        used_family_name="Morvan", used_given_name="Yves", birth_date=date(1975, 7, 14), sex=Sex.MALE
    ),
}
"""Any two of them differ in name and birth date: what one number has of both is no correction."""
NUMBERS = (1, 2)

Step = tuple[str, int, str]
STEPS = st.tuples(
    st.sampled_from(
        [
            "treat",
            "treat",
            "become",
            "write-over",
            "count-again",
            "marry",
            "collect",
            "collect",
            "merge",
            "answer",
            "take-back",
        ]
    ),
    st.sampled_from(NUMBERS),
    st.sampled_from(sorted(PERSONS)),
)
HANDOVERS = st.tuples(st.just("hand-over"), st.just(1), st.just("Paul"))
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@dataclass(slots=True)
class Software:
    """The practice's own program: who has which number, and the acts under it with whom they were done on."""

    holders: dict[int, str] = field(default_factory=lambda: {1: "Paul", 2: "Yves"})
    married: set[str] = field(default_factory=set)
    acts: dict[int, tuple[int, str]] = field(default_factory=dict)
    installations: int = 1
    next_act: dict[int, int] = field(default_factory=lambda: {1: 1000, 2: 2000})

    def treat(self, number: int, _: str) -> None:
        self.acts[self.next_act[number]] = (number, self.holders[number])
        self.next_act[number] += 1

    def become(self, number: int, person: str) -> None:
        """The number is freed with its acts, and given again."""
        self.acts = {key: act for key, act in self.acts.items() if act[0] != number}
        self.holders[number] = person

    def write_over(self, number: int, person: str) -> None:
        """Somebody types another person into the row; the acts stay under the number."""
        self.holders[number] = person

    def count_again(self, *_: object) -> None:
        """A new installation: no acts yet, and new ones get the keys of earlier ones, of this number or the other."""
        self.installations += 1
        first, second = (1000, 2000) if self.installations % 2 else (2000, 1000)
        self.acts, self.next_act = {}, {1: first, 2: second}

    def marry(self, _: int, person: str) -> None:
        self.married ^= {person}

    def items(self) -> Iterator[Item]:
        """Read everything, as a reader does: each record, its verbatim row, and the counts."""
        yield PRACTICE
        for number, person in self.holders.items():
            traits = PERSONS[person]
            if person in self.married:
                traits = replace(traits, used_family_name=f"{traits.used_family_name}-Martin")
            patient = Patient(
                id=record_id(SPACE, "patient", number),
                practice=PRACTICE.id,
                traits=traits,
                identifiers=(Identifier(type=IdentifierType.LOCAL, system="urn:p", value=str(number)),),
            )
            yield patient
            yield _row("patient", number, patient.id, patient.id, name=traits.used_given_name)
        yield Tally(table="patient", rows=len(self.holders))
        for key, (number, person) in self.acts.items():
            patient_id, act = record_id(SPACE, "patient", number), record_id(SPACE, "act", key)
            yield Act(id=act, patient=patient_id, status=ActStatus.DONE, label=person)
            yield _row("act", key, patient_id, act, label=person)
        yield Tally(table="act", rows=len(self.acts))
        for number in NUMBERS:
            mine = [record_id(SPACE, "act", key) for key, act in self.acts.items() if act[0] == number]
            yield TreatmentPlan(
                id=record_id(SPACE, "plan", number),
                patient=record_id(SPACE, "patient", number),
                items=tuple(PlanItem(act=act) for act in mine),
            )


def _row(table: str, key: int, patient: str, record: str, **columns: str) -> SourceRow:
    return SourceRow(
        id=record_id(SPACE, f"row/{table}", key), patient=patient, system="test", table=table, key=str(key),
        columns=columns, records=(record,),
    )  # fmt: skip


@dataclass(slots=True)
class World:
    """The practice, its store, and the successor's."""

    software: Software
    store: PracticeStore
    successor: PracticeStore
    folder: Path
    moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    packages: int = 0

    def step(self, what: str, number: int, person: str) -> None:
        self.moment += timedelta(days=1)
        doing: dict[str, Callable[[int, str], None]] = {
            "treat": self.software.treat, "become": self.software.become, "marry": self.software.marry,
            "write-over": self.software.write_over, "count-again": self.software.count_again,
            "collect": self.collect, "merge": self.merge, "answer": self.answer, "hand-over": self.hand_over,
            "take-back": self.take_back,
        }  # fmt: skip
        if what == "write-over":  # nobody can tell whose an act is that was never collected before
            self.collect()
        doing[what](number, person)

    def collect(self, *_: object) -> None:
        collect(self.store, self.software.items(), system="test", clock=lambda: self.moment)

    def merge(self, _: int, person: str) -> None:
        for store in (self.store, self.successor):
            mine = [one.id for one in store.patients() if one.traits.used_given_name == person]
            with store.changing():
                for one in mine[1:]:
                    people.link(store, one, mine[0], rule="human", decided_by="Dr Exemple", at=self.moment)

    def answer(self, *_: object) -> None:
        for store in (self.store, self.successor):
            names = {one.id: one.traits.used_given_name for one in store.patients()}
            with store.changing():
                for one in list(questions.questions(store))[:1]:
                    same = names[one.patient] == names[one.candidate]
                    questions.answer_question(store, one, same=same, decided_by="Dr Exemple", at=self.moment)

    def take_back(self, number: int, _: str) -> None:
        """Somebody takes an answer or a merge back, rightly or not."""
        for store in (self.store, self.successor):
            with store.changing():
                for one in list(questions.decided_pairs(store))[number - 1 : number]:
                    questions.take_back(store, one, decided_by="Dr Exemple", at=self.moment)

    def hand_over(self, *_: object) -> None:
        patients = tuple(one.id for one in self.store.patients())
        if not patients:
            return
        self.packages += 1
        target, at = self.folder / f"{self.packages}.asice", SIGNED + timedelta(days=1)
        access = KeyringRecipients(recipients=[OWNER.to_recipient()])
        request = ExportRequest(target=target, patients=patients, access=access, signer=signer())
        export(self.store, request, clock=lambda: SIGNED, randomness=secrets.token_bytes)
        opening = OpenRequest(package=target, identities=[OWNER], trust=trust(signer(), at=at))
        receipt = receive(self.successor, opening, clock=lambda: at)
        assert not receipt.refused

    def check(self) -> None:
        for store in (self.store, self.successor):
            assert_apart(store)


def assert_apart(store: PracticeStore) -> None:
    """Every act, and every record of a person, is with that person, or with somebody a question is about."""
    asked = {each for one in questions.questions(store) for each in (one.patient, one.candidate)}
    persons = {one.id: one.traits.used_given_name for one in store.patients()}
    for patient, person in persons.items():
        dossier = store.dossier(patient)  # whose references all lead somewhere
        linked = people.linked_patients(store, patient)
        found = {act.label for act in dossier.acts} | {persons[one] for one in linked}
        assert found <= {person} or asked & {patient, *linked}, (person, found)


def run(steps: list[Step]) -> None:
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        stores = [stack.enter_context(open_store(folder / f"{one}.db", create=True)) for one in ("p", "s")]
        world = World(Software(), *stores, folder)
        world.collect()
        for step in steps:
            world.step(*step)
            world.check()
        world.collect()
        world.check()


@settings(UNHURRIED, max_examples=40)
@given(st.lists(STEPS, max_size=14))
def test_collecting_merging_and_answering(steps: list[Step]) -> None:
    run(steps)


@settings(UNHURRIED, max_examples=8)
@given(st.lists(st.one_of(STEPS, HANDOVERS), max_size=8))
def test_handing_over_as_well(steps: list[Step]) -> None:
    run([*steps, ("hand-over", 1, "Paul")])


def test_what_is_collected_twice_is_collected_once() -> None:
    with TemporaryDirectory() as name, open_store(Path(name) / "p.db", create=True) as store:
        software = Software()
        software.treat(1, "")
        at = datetime(2026, 1, 1, tzinfo=UTC)
        for person in ("Paul", "Odette", "Yves", "Odette", "Paul"):
            software.write_over(1, person)
            collect(store, software.items(), system="test", clock=lambda: at)
            assert not collect(store, software.items(), system="test", clock=lambda: at).changed
        assert len(list(store.patients())) == 4
        assert [act.label for one in store.patients() for act in store.dossier(one.id).acts] == ["Paul"]
