"""The persons of a practice store, in the order in which a list names them: each with all their records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archiver.practice import people
from archiver.practice.registers.dossier_states import DossierState
from archiver.practice.store import PracticeStore
from archiver.scope.rosters.roster import RosterLine
from formats.model.people import Patient, own_number
from formats.names import comparable


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person: the record that stands for them, and their others, each with its line."""

    line: RosterLine
    patient: Patient
    others: tuple[tuple[RosterLine, Patient], ...]


def listed_persons(store: PracticeStore) -> list[ListedPerson]:
    """Return the persons of ``store`` by their names."""
    return sorted(_persons(store), key=lambda one: _order(one.line))


def _persons(store: PracticeStore) -> Iterator[ListedPerson]:
    records: dict[str, list[tuple[RosterLine, Patient]]] = {}
    persons = people.persons(store)
    for patient in store.patients():
        records.setdefault(persons.get(patient.id, patient.id), []).append((_line(patient), patient))
    for person, each in records.items():
        each.sort(key=lambda one: one[1].id != person)
        (line, patient), *others = each
        yield ListedPerson(line, patient, tuple(others))


def _line(patient: Patient) -> RosterLine:
    traits = patient.traits
    return RosterLine(
        line=0,
        patient_number=own_number(patient),
        family_name=traits.used_family_name or traits.birth_family_name,
        given_name=traits.used_given_name or " ".join(traits.birth_given_names),
        birth_date=traits.birth_date,
        practitioner_rpps="",
    )


def _order(line: RosterLine) -> tuple[str, str, str]:
    """Return by what lines are sorted: accents and cases do not send a name to the end."""
    return comparable(line.family_name), comparable(line.given_name), line.patient_number


def person_json(one: ListedPerson, states: Mapping[str, DossierState]) -> dict[str, Any]:
    """Return a person as JSON, with what became of each record; ``docs/en/reference/output.md`` describes it."""
    merged = [_json(*other, states) for other in one.others]
    return {**_json(one.line, one.patient, states), "merged": merged}


def line_cells(line: RosterLine) -> tuple[str, str, str, str]:
    """Return a line as a list shows it: number, family name, given name, birth date."""
    born = line.birth_date.isoformat() if line.birth_date else ""
    return line.patient_number, line.family_name, line.given_name, born


def _json(line: RosterLine, patient: Patient, states: Mapping[str, DossierState]) -> dict[str, str]:
    number, family, given, born = line_cells(line)
    return {
        "id": patient.id,
        "number": number,
        "family_name": family,
        "given_name": given,
        "birth_date": born,
        "status": patient.status.value,
        "transfer": states.get(patient.id, ""),
    }
