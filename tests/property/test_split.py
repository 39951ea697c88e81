"""Law of the split: what leaves with each practitioner, what stays and what is open are together the whole.

Practices are made with persons who have several records, households, acts of nobody known, partial dates, and
now and then somebody with a record of every kind. For every rule, and for everybody who may leave: each person
stands in one line, the lines part the persons, and the dossiers of the parts add up to the store, kind by kind.
Whoever leaves takes nothing away: the store stays as it was, and what arrives is what was there, record for
record.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportRequest
from archiver.handover.opening import OpenRequest
from archiver.operations.export import export
from archiver.operations.receive import receive
from archiver.operations.rosters.check_roster import check_roster
from archiver.operations.splitting.propose_roster import ROSTER_CSV, ProposeRequest, propose_roster
from archiver.practice import people
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.errors import RosterUnreadable
from archiver.scope.ownership.practitioners import claimants_of
from archiver.scope.ownership.proposal import Proposal
from archiver.scope.ownership.rules import RULES, rule_named
from archiver.scope.ownership.rulings import RuleTerms
from archiver.scope.rosters.roster import chosen_patients
from archiver.scope.rosters.roster_decision import RosterDecision
from archiver.sealing.age import HybridIdentity
from formats.model.care import (
    Act,
    ActStatus,
    Appointment,
    AppointmentStatus,
    Note,
    NoteKind,
    Prescription,
    Quote,
)
from formats.model.dates import PartialDate
from formats.model.documents import Document
from formats.model.dossier import PATIENT_KINDS
from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.imaging import ImageFile, ImageStudy
from formats.model.money import Payment
from formats.model.people import Engagement, Patient, Practice, Practitioner, RelatedPerson, Relation, Role
from formats.model.record import Record, practice_namespace, record_id
from formats.model.references import with_references
from tests.full_dossier import full_dossier
from tests.journeys.line import dump
from tests.packages import SIGNED, signer, trust

SPACE = practice_namespace("law of the split")
ON = date(2025, 6, 30)
RECEIVER = HybridIdentity(seed=b"s" * 32)
STAFF = {1: Role.OWNER, 2: Role.COLLABORATOR, 3: Role.REPLACEMENT}
CODES = ("attending", "booked-with", "treated-by", "exclusive-12-months")
SETTINGS = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

NUMBERS = st.integers(1, 6)
WHO = st.sampled_from([None, 1, 2, 3])
DAYS = st.one_of(
    st.dates(date(2019, 1, 1), date(2025, 12, 31)),
    st.builds(PartialDate, st.integers(2019, 2025), st.one_of(st.none(), st.integers(1, 12))),
    st.none(),
)
MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2025, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
EVENTS = st.one_of(
    st.tuples(
        st.just(Act), st.fixed_dictionaries({"status": st.sampled_from(ActStatus), "performed_on": DAYS})
    ),
    st.tuples(
        st.just(Appointment),
        st.fixed_dictionaries(
            {"status": st.sampled_from(AppointmentStatus), "starts_at": st.one_of(st.none(), MOMENTS)}
        ),
    ),
    st.tuples(st.just(Prescription), st.fixed_dictionaries({"product": st.just("x"), "prescribed_on": DAYS})),
    st.tuples(st.just(Payment), st.fixed_dictionaries({"amount_cents": st.integers(-9, 9)})),
    st.tuples(st.just(Quote), st.just({})),
    st.tuples(st.just(Note), st.just({"note": NoteKind.CLINICAL, "text": "x"})),
)
PRACTICES = st.fixed_dictionaries(
    {
        "attending": st.lists(WHO, min_size=1, max_size=6),
        "events": st.lists(st.tuples(NUMBERS, WHO, EVENTS), max_size=24),
        "merges": st.lists(st.tuples(NUMBERS, NUMBERS), max_size=3),
        "payers": st.lists(st.tuples(NUMBERS, NUMBERS), max_size=4),
        "whole": st.sets(st.integers(1, 2), max_size=1),
    }
)


def staff(number: int | None) -> str | None:
    return None if number is None else record_id(SPACE, "practitioners", number)


def patient(number: int) -> str:
    return record_id(SPACE, "patients", number)


def make(store: PracticeStore, made: dict[str, Any]) -> None:
    """Fill a store; what speaks of a patient whom the practice does not have is left out."""
    count = len(made["attending"])
    own = Practice(id=record_id(SPACE, "practices", 1), name="Cabinet")
    with store.changing():
        store.put(own)
        store.set_setting("own_practice", own.id)
        for number, role in STAFF.items():
            name = f"P{number}"
            store.put(Practitioner(id=record_id(SPACE, "practitioners", number), family_name=name,
                                   engagements=(Engagement(role=role),)))  # fmt: skip
        for number, attending in enumerate(made["attending"], 1):
            known = Identifier(type=IdentifierType.LOCAL, system="urn:p", value=f"{number:02}")
            traits = Traits(
                used_family_name=f"F{number}", used_given_name="A", birth_date=date(1980, 1, number)
            )
            store.put(Patient(id=patient(number), practice=own.id, traits=traits, identifiers=(known,),
                              attending=staff(attending)))  # fmt: skip
        for place, record in enumerate(_records(made, count)):
            kind, fields = record
            store.put(kind(id=record_id(SPACE, kind.kind, place), **fields))
        for number in made["whole"]:
            for record in every_kind(number) if number <= count else ():
                store.put(record)
        for one, other in made["merges"]:
            if max(one, other) <= count and one != other:
                people.link(store, patient(one), patient(other), rule="human", decided_by="x", at=SIGNED)


def _records(made: dict[str, Any], count: int) -> Iterable[tuple[type[Record], dict[str, Any]]]:
    for number, who, (kind, fields) in made["events"]:
        if number <= count:
            acting = {} if kind in {Payment, Quote} else {"practitioner": staff(who)}
            yield kind, {"patient": patient(number), **fields, **acting}
    for child, payer in made["payers"]:
        if max(child, payer) <= count and child != payer:
            yield RelatedPerson, {
                "patient": patient(child), "relation": Relation.PAYER, "other_patient": patient(payer)
            }  # fmt: skip


def every_kind(number: int) -> Iterator[Record]:
    """Yield records of every kind there is for a patient, with every word they may have; no files lie behind them."""

    def moved(kind: str, identity: str) -> str:
        if kind == "patients":
            return patient(number)
        return str(staff(1)) if kind == "practitioners" else record_id(SPACE, kind, f"{number}/{identity}")

    dossier = full_dossier()
    for kind in PATIENT_KINDS:
        for record in getattr(dossier, kind.kind):
            without: dict[str, Any] = {"id": moved(kind.kind, record.id)}
            if isinstance(record, Document | ImageFile):
                without["attachment"] = None
            elif isinstance(record, ImageStudy):
                without["series"] = ()
            yield with_references(replace(record, **without), moved)


def test_a_record_of_every_kind_takes_part() -> None:
    assert {one.kind for one in every_kind(1)} == {kind.kind for kind in PATIENT_KINDS}


def sums(store: PracticeStore, patients: Iterable[str]) -> Counter[str]:
    """Return how many records of each kind the dossiers of ``patients`` have."""
    counts: Counter[str] = Counter()
    for one in patients:
        counts.update(store.dossier(one).counts())
        counts["patients"] += 1
    return counts


def propose(store: PracticeStore, folder: Path, code: str, about: int | None) -> Proposal:
    terms = RuleTerms(claimants=claimants_of(store), on=ON)
    request = ProposeRequest(
        folder=folder, rules=[rule_named(code)], terms=terms, about=staff(about) or "", language="fr"
    )
    return propose_roster(store, request, practice=None, clock=lambda: SIGNED).proposal


def parts_of(proposal: Proposal) -> dict[tuple[RosterDecision, str], list[str]]:
    parts: dict[tuple[RosterDecision, str], list[str]] = {}
    for line in proposal.lines:
        parts.setdefault((line.outcome.decision, line.outcome.practitioner), []).extend(line.evidence.records)
    return parts


def leaving(store: PracticeStore, roster: Path, practitioner: str) -> tuple[str, ...]:
    """Return the patient records that an export of the roster takes for ``practitioner``."""
    try:
        checked = check_roster(store, roster, practitioner)
    except RosterUnreadable:  # nobody leaves with them
        return ()
    assert {one.failure.code for one in checked.errors} <= {"roster-undecided"}
    return people.with_linked(store, chosen_patients(checked.lines))


@SETTINGS
@given(made=PRACTICES, about=st.sampled_from([None, 1, 2, 3]))
def test_the_parts_are_the_whole_for_every_rule_and_every_kind(
    made: dict[str, Any], about: int | None
) -> None:
    assert {rule_named(code).rule.code for code in CODES} == {rule.code for rule in RULES} - {"explicit"}
    with TemporaryDirectory() as name, open_store(Path(name) / "p.db", create=True) as store:
        make(store, made)
        everybody = {one.id for one in store.patients()}
        whole = {
            kind: count for kind, count in store.counts().items() if kind in {k.kind for k in PATIENT_KINDS}
        }
        for code in CODES:
            folder = Path(name) / code
            proposal = propose(store, folder, code, about)
            parts = parts_of(proposal)
            records = [one for part in parts.values() for one in part]
            assert len(records) == len(everybody) and set(records) == everybody
            counted: Counter[str] = Counter()
            for part in parts.values():
                counted.update(sums(store, part))
            assert {kind: counted[kind] for kind in whole} == whole
            for number in STAFF:
                taken = leaving(store, folder / ROSTER_CSV, f"P{number}")
                assert set(taken) == set(parts.get((RosterDecision.YES, str(staff(number))), ()))


@settings(SETTINGS, max_examples=6)
@given(made=PRACTICES, code=st.sampled_from(CODES))
def test_nobody_loses_a_row_by_anothers_exit(made: dict[str, Any], code: str) -> None:
    with TemporaryDirectory() as name, open_store(Path(name) / "p.db", create=True) as store:
        make(store, made)
        before = list(dump(store.path))
        proposal = propose(store, Path(name) / "proposal", code, 2)
        patients = leaving(store, Path(name) / "proposal" / ROSTER_CSV, "P2")
        if not patients:
            return
        target = Path(name) / "p.asice"
        access = KeyringRecipients(recipients=[RECEIVER.to_recipient()])
        request = ExportRequest(target=target, patients=patients, access=access, signer=signer())
        outcome = export(store, request, clock=lambda: SIGNED, randomness=secrets.token_bytes)
        assert list(dump(store.path)) == before
        assert outcome.left_out["patients"] == store.counts()["patients"] - len(patients)
        at = SIGNED + timedelta(days=1)
        opening = OpenRequest(package=target, identities=[RECEIVER], trust=trust(signer(), at=at))
        with open_store(Path(name) / "successor.db", create=True) as theirs:
            receive(theirs, opening, clock=lambda: at)
            assert {one.id for one in theirs.patients()} == set(patients)
            for one in patients:
                here, there = store.dossier(one), theirs.dossier(one)
                for kind in PATIENT_KINDS:
                    assert getattr(here, kind.kind) == getattr(there, kind.kind)
        owners = [line for line in proposal.lines if line.outcome.practitioner == staff(1)]
        assert not set(patients) & {record for line in owners for record in line.evidence.records}
