"""Filling what must be known before the tables of patients are read: one pass over every small list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar
from zoneinfo import ZoneInfo

from formats.opendental import codes
from formats.opendental.closure import PATIENT
from formats.opendental.contact import addresses, contacts
from formats.opendental.known import (
    Known,
    Listed,
    MountItem,
    PersonName,
    Plan,
    Reach,
    User,
    all_rows,
    namespace,
    number,
    preferences,
    text,
)
from formats.opendental.tables import Cells, Source

T = TypeVar("T")


def know(source: Source, *, practice_key: str | None, zone: ZoneInfo) -> Known:
    """Return everything the mappings will look up.

    Raises:
        PracticeUnnamed: when no key was given and the database names no practice.
    """
    settings = preferences(source)
    known = Known(namespace=namespace(practice_key, settings, source.name), zone=zone, preferences=settings)
    known.providers = frozenset(number(row, "ProvNum") for row in all_rows(source, "provider"))
    known.users = _by_key(source, "userod", "UserNum", _user)
    known.definitions = _by_key(source, "definition", "DefNum", lambda row: text(row, "ItemName"))
    known.rooms = _by_key(source, "operatory", "OperatoryNum", lambda row: text(row, "OpName"))
    known.recall_types = _by_key(source, "recalltype", "RecallTypeNum", lambda row: text(row, "Description"))
    _know_lists(source, known)
    _know_images(source, known)
    _know_patients(source, known)
    return known


def _by_key(source: Source, table: str, key: str, read: Callable[[Cells], T]) -> Mapping[int, T]:
    return {number(row, key): read(row) for row in all_rows(source, table)}


def _know_lists(source: Source, known: Known) -> None:
    known.acts = _by_key(source, "procedurecode", "CodeNum", _act)
    known.act_labels = {act.code: act.label for act in known.acts.values()}
    known.diseases = _by_key(source, "diseasedef", "DiseaseDefNum", _disease)
    known.allergies = _by_key(source, "allergydef", "AllergyDefNum", _allergy)
    known.medicines = _by_key(source, "medication", "MedicationNum", _medicine)
    carriers = _by_key(source, "carrier", "CarrierNum", lambda row: text(row, "CarrierName"))
    known.plans = _by_key(
        source,
        "insplan",
        "PlanNum",
        lambda row: Plan(
            insurer=carriers.get(number(row, "CarrierNum"), ""),
            group=" ".join(part for part in (text(row, "GroupNum"), text(row, "GroupName")) if part),
        ),
    )


def _know_images(source: Source, known: Known) -> None:
    known.mounts = _by_key(source, "mount", "MountNum", lambda row: text(row, "Description"))
    known.mount_items = _by_key(
        source,
        "mountitem",
        "MountItemNum",
        lambda row: MountItem(mount=number(row, "MountNum"), teeth=text(row, "ToothNumbers")),
    )


def _know_patients(source: Source, known: Known) -> None:
    """Two passes: who there is and who is named by others, then how to reach the latter."""
    named: set[int] = set()
    for row in all_rows(source, PATIENT):
        known.patients[number(row, "PatNum")] = PersonName(
            family=text(row, "LName"), given=text(row, "FName"), folder=text(row, "ImageFolder")
        )
        named |= {number(row, "Guarantor"), number(row, "ResponsParty")} - {number(row, "PatNum"), 0}
    for row in all_rows(source, "guardian"):
        named.add(number(row, "PatNumGuardian"))
    for row in all_rows(source, PATIENT) if named else ():
        if number(row, "PatNum") in named:
            known.reach[number(row, "PatNum")] = Reach(contacts=contacts(row), addresses=addresses(row))


def _user(row: Cells) -> User:
    return User(name=text(row, "UserName"), provider=number(row, "ProvNum"))


def _act(row: Cells) -> Listed:
    code = text(row, "ProcCode")
    return Listed(
        label=text(row, "Descript"), code=code, system=codes.code_system(code), area=number(row, "TreatArea")
    )


def _first_code(row: Cells, columns: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """Return the first filled code and its system; 0 is how a number column says none."""
    found = ((text(row, column), system) for column, system in columns)
    return next(((code, system) for code, system in found if code not in {"", "0"}), ("", ""))


def _disease(row: Cells) -> Listed:
    columns = (
        ("Icd10Code", codes.ICD10_SYSTEM),
        ("SnomedCode", codes.SNOMED_SYSTEM),
        ("ICD9Code", codes.ICD9_SYSTEM),
    )
    code, system = _first_code(row, columns)
    return Listed(label=text(row, "DiseaseName"), code=code, system=system)


def _allergy(row: Cells) -> Listed:
    code, system = _first_code(row, (("UniiCode", codes.UNII_SYSTEM),))
    return Listed(label=text(row, "Description"), code=code, system=system)


def _medicine(row: Cells) -> Listed:
    code, system = _first_code(row, (("RxCui", codes.RXNORM_SYSTEM),))
    return Listed(label=text(row, "MedName"), code=code, system=system)
