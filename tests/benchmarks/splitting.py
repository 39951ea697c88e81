"""What a proposed roster costs: ``python -m tests.benchmarks.splitting [PATIENTS …] [--rounds N] [--store FOLDER]``.

A practice with two practitioners is made for each size: 25 acts, 12 appointments, 3 prescriptions, 12 payments and a
quote a patient, one patient of three in a household. Every round is a process of its own; the least processor time
counts. With ``--store`` a practice that is in the folder already is taken again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from archiver.operations.splitting.propose_roster import ProposeRequest, propose_roster
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.ownership.practitioners import claimants_of
from archiver.scope.ownership.proposal import propose_lines
from archiver.scope.ownership.rules import rule_named
from archiver.scope.ownership.rulings import RuleTerms
from formats.model.care import Act, ActStatus, Appointment, AppointmentStatus, PlanItem, Prescription, Quote
from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.money import Payment
from formats.model.people import Engagement, Patient, Practice, Practitioner, RelatedPerson, Relation, Role
from formats.model.record import Record, practice_namespace, record_id

SIZES = (2_000, 20_000)
SPACE = practice_namespace("splitting")
ON = date(2025, 6, 30)
RULES = ("booked-with", "exclusive-18-months")
ACTS, APPOINTMENTS, PRESCRIPTIONS, PAYMENTS = 25, 12, 3, 12
OWNER, COLLABORATOR = (record_id(SPACE, "practitioners", number) for number in (1, 2))


def practice(path: Path, patients: int) -> None:
    """Make the store of a practice with that many patients."""
    draw = random.Random(patients)
    with open_store(path, create=True) as store, store.changing():
        store.put(Practice(id=record_id(SPACE, "practices", 1), name="Cabinet d'essai"))
        for key, name, role in (
            (OWNER, "Titulaire", Role.OWNER),
            (COLLABORATOR, "Collaborateur", Role.COLLABORATOR),
        ):
            store.put(Practitioner(id=key, family_name=name, engagements=(Engagement(role=role),)))
        for number in range(patients):
            store.put(_patient(number))
        for number in range(patients):
            for record in _records(draw, number):
                store.put(record)


def _patient(number: int) -> Patient:
    return Patient(
        id=record_id(SPACE, "patients", number),
        practice=record_id(SPACE, "practices", 1),
        traits=Traits(
            used_family_name=f"Essai{number * 7919 % 100_003}",
            used_given_name="Camille",
            birth_date=date(1950, 1, 1) + timedelta(days=number),
        ),
        identifiers=(Identifier(type=IdentifierType.LOCAL, system="urn:benchmark", value=str(number)),),
        attending=OWNER if number % 5 < 3 else COLLABORATOR,
    )


def _records(draw: random.Random, number: int) -> Iterator[Record]:
    """Yield the records of one patient; every fifth has seen both practitioners."""
    patient = record_id(SPACE, "patients", number)
    mine, other = (OWNER, COLLABORATOR) if number % 5 < 3 else (COLLABORATOR, OWNER)

    def who() -> str:
        return other if number % 5 == 4 and draw.random() < 0.2 else mine

    def key(kind: type[Record], place: int) -> str:
        return record_id(SPACE, kind.kind, f"{number}/{place}")

    days = [date(2015, 1, 1) + timedelta(days=draw.randrange(3_800)) for _ in range(APPOINTMENTS)]
    for place in range(ACTS):
        day = days[place % APPOINTMENTS]
        yield Act(
            id=key(Act, place), patient=patient, status=ActStatus.DONE, performed_on=day, practitioner=who(),
            label="Restauration d'une dent sur 2 faces par matériau inséré en phase plastique", fee_cents=5_000,
        )  # fmt: skip
    for place, day in enumerate(days):
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        status = AppointmentStatus.COMPLETED if day <= ON else AppointmentStatus.SCHEDULED
        yield Appointment(
            id=key(Appointment, place), patient=patient, status=status, starts_at=at, practitioner=who()
        )
    for place in range(PRESCRIPTIONS):
        yield Prescription(
            id=key(Prescription, place), patient=patient, product="Amoxicilline", prescribed_on=days[place],
            practitioner=who(),
        )  # fmt: skip
    for place in range(PAYMENTS):
        yield Payment(id=key(Payment, place), patient=patient, amount_cents=10_000, paid_on=days[place])
    yield Quote(
        id=key(Quote, 0),
        patient=patient,
        title="Devis",
        items=(PlanItem(label="Couronne", fee_cents=50_000),),
    )
    if number % 3 == 2:
        guardian = record_id(SPACE, "patients", number - 1)
        yield RelatedPerson(
            id=key(RelatedPerson, 0), patient=patient, relation=Relation.PAYER, other_patient=guardian
        )


def measured(path: Path, into: Path) -> dict[str, float]:
    """Propose here; return processor seconds of evidence and decision, of the whole, and the peak of memory in MiB."""
    with open_store(path, reading=True) as store:
        request = _request(store, into)
        started = _spent()
        proposal = propose_lines(store, request.rules, request.terms, about=COLLABORATOR)
        decided = _spent()
        del proposal
        again = _spent()
        propose_roster(store, request, practice=next(store.practices()), clock=lambda: datetime.now(UTC))
        ended = _spent()
    return {
        "decided": decided - started,
        "whole": ended - again,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _request(store: PracticeStore, into: Path) -> ProposeRequest:
    return ProposeRequest(
        folder=into,
        rules=[rule_named(code) for code in RULES],
        terms=RuleTerms(claimants=claimants_of(store), on=ON),
        about=COLLABORATOR,
        language="fr",
    )


def _spent() -> float:
    times = os.times()
    return times.user + times.system


def _another_process(path: Path, into: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.splitting", "--one", str(path), str(into)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Make the practices, propose, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patients", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--one", nargs=2, type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(measured(*chosen.one)))
        return
    print(
        "CPU seconds, the least of several rounds: evidence and decision; with the five files; peak of memory"
    )
    for patients in chosen.patients:
        with tempfile.TemporaryDirectory() as made:
            path = (chosen.store or Path(made)) / f"practice-{patients}.db"
            if not path.exists():
                practice(path, patients)
            rounds = []
            for number in range(chosen.rounds):
                rounds.append(_another_process(path, Path(made) / str(number)))
                shutil.rmtree(Path(made) / str(number))
        decided, whole, memory = (min(one[name] for one in rounds) for name in ("decided", "whole", "memory"))
        print(f"  {patients:>7,} patients {decided:8.2f} {whole:8.2f} {memory:8.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
