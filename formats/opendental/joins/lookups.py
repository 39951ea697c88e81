"""Filling what must be known before the tables of patients are read: one pass over every small list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar
from zoneinfo import ZoneInfo

from formats.databases.tables import Cells, Source
from formats.opendental import codes
from formats.opendental.joins.lookup_context import (
    ListEntry,
    LookupContext,
    MountItem,
    Plan,
    Reach,
    User,
    all_rows,
    cell_number,
    cell_text,
    namespace,
    preferences,
)
from formats.opendental.joins.ownership import PATIENT
from formats.opendental.joins.patient_names import PersonName
from formats.opendental.records.contact import contact_points, postal_addresses
from formats.reading import EarlierRecords

T = TypeVar("T")


def know(
    source: Source, *, practice_key: str | None, zone: ZoneInfo, earlier: EarlierRecords | None = None
) -> LookupContext:
    """Return everything the mappings will look up.

    Raises:
        PracticeUnnamed: when no key was given and the database names no practice.
    """
    settings = preferences(source)
    context = LookupContext(
        namespace=namespace(practice_key, settings, source.name),
        zone=zone,
        preferences=settings,
        earlier=earlier or EarlierRecords(),
    )
    context.providers = frozenset(cell_number(row, "ProvNum") for row in all_rows(source, "provider"))
    context.users = _by_key(source, "userod", "UserNum", _user)
    context.definitions = _by_key(source, "definition", "DefNum", lambda row: cell_text(row, "ItemName"))
    context.rooms = _by_key(source, "operatory", "OperatoryNum", lambda row: cell_text(row, "OpName"))
    context.employers = _by_key(source, "employer", "EmployerNum", lambda row: cell_text(row, "EmpName"))
    context.laboratories = _by_key(
        source, "laboratory", "LaboratoryNum", lambda row: cell_text(row, "Description")
    )
    context.recall_types = _by_key(
        source, "recalltype", "RecallTypeNum", lambda row: cell_text(row, "Description")
    )
    _know_lists(source, context)
    _know_images(source, context)
    _know_patients(source, context)
    return context


def _by_key(source: Source, table: str, key: str, read: Callable[[Cells], T]) -> Mapping[int, T]:
    return {cell_number(row, key): read(row) for row in all_rows(source, table)}


def _know_lists(source: Source, context: LookupContext) -> None:
    context.acts = _by_key(source, "procedurecode", "CodeNum", _act)
    context.act_labels = {act.code: act.label for act in context.acts.values()}
    context.diseases = _by_key(source, "diseasedef", "DiseaseDefNum", _disease)
    context.allergies = _by_key(source, "allergydef", "AllergyDefNum", _allergy)
    context.medicines = _by_key(source, "medication", "MedicationNum", _medicine)
    carriers = _by_key(source, "carrier", "CarrierNum", lambda row: cell_text(row, "CarrierName"))
    context.plans = _by_key(
        source,
        "insplan",
        "PlanNum",
        lambda row: Plan(
            insurer=carriers.get(cell_number(row, "CarrierNum"), ""),
            group=" ".join(
                part for part in (cell_text(row, "GroupNum"), cell_text(row, "GroupName")) if part
            ),
        ),
    )


def _know_images(source: Source, context: LookupContext) -> None:
    context.mounts = _by_key(source, "mount", "MountNum", lambda row: cell_text(row, "Description"))
    context.mount_items = _by_key(
        source,
        "mountitem",
        "MountItemNum",
        lambda row: MountItem(mount=cell_number(row, "MountNum"), teeth=cell_text(row, "ToothNumbers")),
    )


def _know_patients(source: Source, context: LookupContext) -> None:
    """Two passes: who there is, was merged and is named by others, then how to reach the latter."""
    named: set[int] = set()
    for row in all_rows(source, PATIENT):
        name = PersonName(
            family=cell_text(row, "LName"),
            given=cell_text(row, "FName"),
            folder=cell_text(row, "ImageFolder"),
        )
        context.patients.add(cell_number(row, "PatNum"), name)
        named |= {cell_number(row, "Guarantor"), cell_number(row, "ResponsParty")} - {
            cell_number(row, "PatNum"),
            0,
        }
    for row in all_rows(source, "patientlink"):
        merged, into = cell_number(row, "PatNumFrom"), cell_number(row, "PatNumTo")
        if cell_number(row, "LinkType") == codes.MERGE and merged in context.patients:
            context.merges[merged] = (*context.merges.get(merged, ()), into)
    for row in all_rows(source, "guardian"):
        named.add(cell_number(row, "PatNumGuardian"))
    for row in all_rows(source, PATIENT) if named else ():
        if cell_number(row, "PatNum") in named:
            context.reach[cell_number(row, "PatNum")] = Reach(
                contacts=contact_points(row), addresses=postal_addresses(row)
            )


def _user(row: Cells) -> User:
    return User(name=cell_text(row, "UserName"), provider=cell_number(row, "ProvNum"))


def _act(row: Cells) -> ListEntry:
    code = cell_text(row, "ProcCode")
    return ListEntry(
        label=cell_text(row, "Descript"),
        code=code,
        system=codes.code_system(code),
        area=cell_number(row, "TreatArea"),
    )


def _first_code(row: Cells, columns: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """Return the first filled code and its system; 0 is how a number column says none."""
    found = ((cell_text(row, column), system) for column, system in columns)
    return next(((code, system) for code, system in found if code not in {"", "0"}), ("", ""))


def _disease(row: Cells) -> ListEntry:
    columns = (
        ("Icd10Code", codes.ICD10_SYSTEM),
        ("SnomedCode", codes.SNOMED_SYSTEM),
        ("ICD9Code", codes.ICD9_SYSTEM),
    )
    code, system = _first_code(row, columns)
    return ListEntry(label=cell_text(row, "DiseaseName"), code=code, system=system)


def _allergy(row: Cells) -> ListEntry:
    code, system = _first_code(row, (("UniiCode", codes.UNII_SYSTEM),))
    return ListEntry(label=cell_text(row, "Description"), code=code, system=system)


def _medicine(row: Cells) -> ListEntry:
    code, system = _first_code(row, (("RxCui", codes.RXNORM_SYSTEM),))
    return ListEntry(label=cell_text(row, "MedName"), code=code, system=system)
