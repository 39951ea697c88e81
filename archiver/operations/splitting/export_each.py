"""Seal each person's dossier into a package of its own, with a list of all packages for claims.

1. Every person of the practice has one package; the records that were merged lie in it together.
2. The packages are numbered by names and birth dates; their names say nothing of whose they are.
3. Persons, patient records and packages are counted and must agree with the practice.
4. The list names each package with its person, and leaves open who claims it; it is for those who answer claims.
5. The folder is there when all of them are, or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from archiver import disk
from archiver.assembly.request import Clock, ExportOutcome, ExportRequest, Randomness
from archiver.compliance.redaction import EVERYTHING
from archiver.handover.errors import CountsDiffer
from archiver.operations.export import export
from archiver.operations.receipts.export_entries import ExportEntry, export_entry
from archiver.practice import people
from archiver.practice.registers.gone_records import gone_identities
from archiver.practice.store import PracticeStore
from archiver.scope.claims_list import CLAIMS, PersonPackage, claims_bytes
from archiver.scope.handover_terms import HandoverTerm
from archiver.scope.rosters.patient_index import patient_cells, roster_line
from archiver.scope.situations import SITUATIONS
from archiver.sealing.passphrase import TYPED_WORK_FACTOR, typed_passphrase
from archiver.spooled_list import SpooledList
from archiver.temporary_files import folder_aside
from formats.findings import Finding
from formats.model.people import Patient
from formats.names import comparable


@dataclass(frozen=True, kw_only=True, slots=True)
class EachOutcome:
    """The packages in their folder, the list of claims, how many patient records they hold, under which terms.

    ``entries`` are what the store is to remember of them, ``redactions`` counts what was taken out of the dossiers.
    """

    folder: Path
    claims: Path
    packages: tuple[PersonPackage, ...]
    records: int
    terms: Mapping[HandoverTerm, str]
    entries: Collection[ExportEntry]
    redactions: Mapping[str, int] = field(default_factory=dict)
    findings: Collection[Finding] = ()


def export_each(
    store: PracticeStore,
    request: ExportRequest,
    *,
    language: str,
    clock: Clock,
    randomness: Randomness,
    progress: Callable[[int], None] = lambda _: None,
) -> EachOutcome:
    """Follow the steps; ``request.target`` is the folder to make, and its patients are all records of the practice.

    Raises:
        AlreadyExists, DiskFull, DiskFault: what the disk answered; CountsDiffer: when somebody would be left out.
        Failure: as ``export``.
    """
    persons = _persons(store, request.patients)
    request = replace(request, whole_practice=False, volume_size=0, by_retention_year=False)
    to_patients = request.situation is not None and SITUATIONS[request.situation].to_patients
    digits = max(len(str(len(persons))), 3)
    sealed = _Sealed()
    with folder_aside(request.target, mode=0o700) as aside:
        for number, patient in enumerate(persons, 1):
            name = f"{number:0{digits}}.asice"
            passphrase = typed_passphrase(randomness) if to_patients else ""
            line = roster_line(patient, number)
            gone = replace(request.gone, records=_gone_of(store, patient.id))
            one = replace(request, target=aside / name, patients=(patient.id,), roster=(line,), gone=gone)
            one = _to_patient(one, passphrase) if passphrase else one
            outcome = export(store, one, clock=clock, randomness=randomness)
            sealed.add(outcome, name=name, patient=patient, passphrase=passphrase)
            progress(1)
        if sealed.records != len(set(request.patients)):
            raise CountsDiffer(kind="patients", expected=len(set(request.patients)), found=sealed.records)
        claims = getattr(CLAIMS, language)
        with disk.write_aside(aside / claims, mode=disk.PRIVATE) as stream:
            stream.write(claims_bytes(sealed.packages, language))
    return EachOutcome(
        folder=request.target,
        claims=request.target / claims,
        packages=tuple(sealed.packages),
        records=sealed.records,
        terms=sealed.terms,
        entries=sealed.entries,
        redactions=sealed.redactions,
        findings=sealed.findings,
    )


@dataclass(slots=True)
class _Sealed:
    """The packages so far, and what is said of all of them; the fields are those of ``EachOutcome``."""

    packages: list[PersonPackage] = field(default_factory=list)
    records: int = 0
    terms: Mapping[HandoverTerm, str] = field(default_factory=dict)
    redactions: Counter[str] = field(default_factory=Counter)
    findings: SpooledList[Finding] = field(default_factory=SpooledList)
    entries: SpooledList[ExportEntry] = field(default_factory=SpooledList)

    def add(self, outcome: ExportOutcome, *, name: str, patient: Patient, passphrase: str) -> None:
        """Add the package of ``patient``, which was sealed."""
        self.records += outcome.counts["patients"]
        self.terms = dict(outcome.terms)
        self.redactions.update(outcome.redactions)
        for found in outcome.findings:
            self.findings.append(found)
        self.entries.append(export_entry(outcome))
        self.packages.append(
            PersonPackage(
                name=name,
                identifier=outcome.volumes[0].manifest.package_id,
                patient=patient,
                destroy_from=_term(outcome),
                passphrase=passphrase,
            )
        )


def _to_patient(request: ExportRequest, passphrase: str) -> ExportRequest:
    """Return ``request`` for a package that ``passphrase`` opens too, without what is kept back from a patient."""
    access = replace(request.access, passphrase=passphrase, work_factor=TYPED_WORK_FACTOR)
    return replace(request, access=access, selection=EVERYTHING)


def _persons(store: PracticeStore, patients: Sequence[str]) -> list[Patient]:
    """Return the record that stands for each person, by names and birth date."""
    merged, wanted = people.persons(store), set(patients)
    records = {merged.get(one, one) for one in wanted}
    found = [one for one in store.patients() if one.id in records]
    return sorted(found, key=_order)


def _order(patient: Patient) -> tuple[str, ...]:
    cells = patient_cells(patient)
    names = (comparable(cells["family_name"]), comparable(cells["given_name"]))
    return (*names, cells["birth_date"], patient.id)


def _gone_of(store: PracticeStore, patient: str) -> int:
    """Return how many records of the person of ``patient`` their source does not have any more."""
    return sum(len(gone_identities(store, one)) for one in people.with_linked(store, (patient,)))


def _term(outcome: ExportOutcome) -> date | None:
    """Return from when the package may be destroyed: nobody can tell, or the latest day of its units."""
    days = [unit.destroy_from for unit in outcome.volumes[0].manifest.units]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
