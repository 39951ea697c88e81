"""Give found studies and papers to the patients they belong to, or to nobody and say so.

What nobody can be sure about is kept, verbatim and with its files, as a row
of the practice; the report lists it, and a person who fills in the patient's
number there hands the report back as the assignment.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from archiver import report_columns
from archiver.ingest.attribution import Attribution, AttributionState, Attributor, Claim, recognition_traits
from archiver.ingest.errors import AssignmentAmbiguous, AssignmentUnknownPatient
from archiver.operations.collecting.bridged_claims import BridgedClaim, attribute_bridged, says_something
from archiver.practice import people
from archiver.practice.errors import StoreUnreadable
from archiver.practice.practitioners import practice_of_store
from archiver.practice.store import PracticeStore
from archiver.spooled_list import SpooledList
from formats.findings import Finding, Severity
from formats.model.identity import IdentifierType
from formats.model.people import Practice
from formats.model.provenance import Cell, SourceRow
from formats.model.record import Record, record_id
from formats.reading import FileBody, Item, Tally
from formats.tables.columns import Columns
from formats.tables.read import ignored_columns, read_list
from formats.words import mark

KEY, NUMBER = "key", "patient_number"
COLUMNS = Columns.of(report_columns.DICTIONARY)
ASSIGNED = mark("A person said whose this is.")


class FoundItem(Protocol):
    """Something that claims to be a patient's."""

    @property
    def key(self) -> str:
        """Its stable name in the source."""

    @property
    def table(self) -> str:
        """What it is, as the table of its row."""

    @property
    def claim(self) -> Claim:
        """What it says about the patient."""

    @property
    def bridge(self) -> BridgedClaim | None:
        """What the bridge file of its folder says about the patient, if there is one."""

    def bodies(self) -> Iterator[FileBody]:
        """Its files."""

    def columns(self) -> Mapping[str, Cell]:
        """What the source says, verbatim."""

    def record(self, patient: str) -> Record | None:
        """It, as a record of that patient; nothing where it only says whose others are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AttributedItem:
    """Something that was found, whose it is and why; without ``patient_number`` nobody can be sure."""

    key: str
    number: str
    family: str
    given: str
    birth_date: str
    state: AttributionState
    reason: str
    candidates: tuple[str, ...]
    patient_number: str = ""


@dataclass(slots=True)
class Attributing:
    """One run: the system's name, who is known, what people assigned, and what nobody could.

    ``table`` is that of items in general; each names its own. ``attributed`` is filled where it is wanted: everything
    found, and whose it is.
    """

    store: PracticeStore
    system: str
    table: str
    assigned: Mapping[str, str] = field(default_factory=dict)
    unassigned: list[AttributedItem] = field(default_factory=list)
    attributed: SpooledList[AttributedItem] | None = None

    def items(self, found: Iterable[FoundItem | Finding | Tally]) -> Iterator[Item]:
        """Yield what the store takes: records of patients, files, verbatim rows, findings, one tally."""
        practice = own_practice(self.store)
        candidates = (recognition_traits(patient, practice.id) for patient in self.store.patients())
        attributor = Attributor(candidates, _issuer_names(practice))
        numbers = _patients_by_number(self.store)
        shown = _numbers_to_fill_in(numbers) if self.attributed is not None else {}
        seen: set[str] = set()
        counts = Counter({self.table: 0})
        for one in found:
            if isinstance(one, Finding):
                yield one
            elif not isinstance(one, Tally):
                counts[one.table] += 1
                seen.add(one.key)
                attribution = self._whose(one, practice, attributor, numbers)
                if self.attributed is not None:
                    number = shown.get(attribution.patient or "", attribution.patient or "")
                    self.attributed.append(_attributed(one, attribution, number))
                yield from self._place(one, practice, attribution)
        yield from (Tally(table=table, rows=count) for table, count in counts.items())
        yield from (self._unused(key) for key in sorted(self.assigned.keys() - seen))

    def _whose(
        self, one: FoundItem, practice: Practice, attributor: Attributor, numbers: Mapping[str, Sequence[str]]
    ) -> Attribution:
        """Return whose it is: what a person said, now or before, or what the rules decide."""
        assigned = self._assigned_patient(one, numbers)
        if assigned is not None:
            return assigned
        attribution = attribute_bridged(attributor, one.claim, one.bridge)
        if attribution.patient is None:
            row = self.store.get(SourceRow, _row_id(practice, one))
            if row is not None and row.patient is not None:
                return Attribution(state=AttributionState.ASSIGNED, patient=row.patient, reason=ASSIGNED)
        return attribution

    def _place(self, one: FoundItem, practice: Practice, attribution: Attribution) -> Iterator[Item]:
        yield from one.bodies()
        patient = attribution.patient
        if patient is None:
            yield self._nobody(one, attribution)
        records: tuple[str, ...] = ()
        if patient is not None:
            record = one.record(patient)
            if record is not None:
                records = (record.id,)
                yield record
        yield SourceRow(
            id=_row_id(practice, one),
            patient=patient,
            system=self.system,
            table=one.table,
            key=one.key,
            columns=one.columns(),
            records=records,
        )

    def _assigned_patient(self, one: FoundItem, numbers: Mapping[str, Sequence[str]]) -> Attribution | None:
        """Return whom a person named for it, or else for the bridge file of its folder."""
        keys = (one.key, one.bridge.key if one.bridge else "")
        number = next((self.assigned[key] for key in keys if key in self.assigned), None)
        if number is None:
            return None
        patients = numbers.get(number, ())
        if not patients:
            raise AssignmentUnknownPatient(key=one.key, patient=number)
        if len(patients) > 1:
            raise AssignmentAmbiguous(key=one.key, patient=number, count=len(patients))
        return Attribution(state=AttributionState.ASSIGNED, patient=patients[0], reason=ASSIGNED)

    def _unused(self, key: str) -> Finding:
        return Finding(
            severity=Severity.WARNING,
            code=f"{self.table}-assignment-unused",
            where=key,
            sentence=mark("The report assigns this to a patient, but it was not found."),
        )

    def _nobody(self, one: FoundItem, attribution: Attribution) -> Finding:
        self.unassigned.append(_attributed(one, attribution))
        code = f"{one.table}-{attribution.state.value}"
        return Finding(
            severity=Severity.WARNING, code=code, where=one.key, sentence=attribution.reason, facts={}
        )


def _row_id(practice: Practice, one: FoundItem) -> str:
    return record_id(uuid.UUID(practice.id), one.table, one.key)


def _attributed(one: FoundItem, attribution: Attribution, number: str = "") -> AttributedItem:
    claim = one.claim if says_something(one.claim) or one.bridge is None else one.bridge.claim
    return AttributedItem(
        key=one.key,
        number=claim.number,
        family=claim.family,
        given=claim.given,
        birth_date=claim.birth_date.isoformat() if claim.birth_date else "",
        state=attribution.state,
        reason=attribution.reason,
        candidates=attribution.candidates,
        patient_number=number,
    )


def _issuer_names(practice: Practice) -> Iterator[str]:
    """Yield the names by which an image may say that the practice issued a number."""
    yield practice.id
    yield practice.name
    yield from (one.value for one in practice.identifiers)


def own_practice(store: PracticeStore) -> Practice:
    """Return the practice the store belongs to.

    Raises:
        StoreUnreadable: when nothing was collected into it yet.
    """
    found = practice_of_store(store)
    if found is None:
        raise StoreUnreadable(reason=mark("collect the practice software first"))
    return found


def read_assignments(path: Path) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Return what a person filled in, the key of a study or paper and the patient's number; and what was noticed."""
    read = list(read_list(path, COLUMNS))
    lines = [one for one in read if not isinstance(one, Finding)]
    findings = (*(one for one in read if isinstance(one, Finding)), *ignored_columns(lines, path.name))
    return {line[KEY]: line[NUMBER] for line in lines if line[NUMBER]}, findings


def _patients_by_number(store: PracticeStore) -> dict[str, list[str]]:
    """Return the patient records of each number, and of each identity, one for each person."""
    numbers: dict[str, list[str]] = {}
    for patient in store.patients():
        numbers[patient.id] = [patient.id]
        for identifier in sorted(patient.identifiers, key=lambda one: one.type is not IdentifierType.LOCAL):
            if identifier.type in {IdentifierType.LOCAL, IdentifierType.CHART}:
                numbers.setdefault(identifier.value, []).append(patient.id)
    return {number: _one_of_each_person(store, patients) for number, patients in numbers.items()}


def _numbers_to_fill_in(numbers: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return for each patient the first number by which a report names them alone."""
    found: dict[str, str] = {}
    for number, patients in numbers.items():
        if len(patients) == 1 and number != patients[0]:
            found.setdefault(patients[0], number)
    return found


def _one_of_each_person(store: PracticeStore, patients: Sequence[str]) -> list[str]:
    if len(patients) == 1:
        return list(patients)
    return list({people.person_of(store, patient): patient for patient in reversed(patients)}.values())[::-1]
