"""Whose dossiers of a package somebody asks for: by a number, by words that fit one person, or by a list of them.

1. What a record of the package is numbered or called tells its person; anything else that ends like a list, or lies
   there as a file, is one, and is read as a roster is (``archiver.scope.rosters.roster_check``).
2. Of a person come all records that the sender holds for one person: half of somebody is nobody's dossier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from archiver.handover.keyring_entry import patient_of_traits
from archiver.handover.opening import OpenedHandover, UnlockedPackage
from archiver.operations.dossiers.find import not_one, one_person, persons_in
from archiver.operations.imports.errors import ListErrors, ListUnknownPatient
from archiver.practice.imports.dossier_part import WHOLE, DossierPart, DossierParts, ImportChoice
from archiver.practice.registers.dossier_states import stated_dossier
from archiver.practice.store import PracticeStore
from archiver.scope.rosters.roster import chosen_patients, read_roster
from archiver.scope.rosters.roster_check import CheckedRoster, compare_roster
from archiver.sealing.keyring import KeyringEntry
from archiver.search.persons import SearchedPerson
from formats.tables.read import ENDINGS


def choose_dossiers(
    received: OpenedHandover,
    only: Sequence[str],
    *,
    part: DossierPart = WHOLE,
    today: date,
    require: Callable[[CheckedRoster], CheckedRoster],
) -> ImportChoice:
    """Return the choice of what ``only`` names, of everybody where it names nobody, and of ``part`` of each.

    ``require`` refuses a list with errors.

    Raises:
        PatientUnknown, PatientAmbiguous: when a number or words tell nobody, or several.
        Failure: by ``require``; RosterUnreadable, LimitExceeded, FileNotFound: of a list that cannot be read.
    """
    if not only:
        return ImportChoice(part=part)
    persons = persons_in(received)
    numbers = {name for one in persons for record in one.records for name in (record.id, *record.numbers)}
    wanted: set[str] = set()
    for name in only:
        if name not in numbers and _is_list(name):
            wanted.update(chosen_patients(require(_check_list(received, Path(name), persons)).lines))
        else:
            found = one_person(persons, name, today=today)
            if not isinstance(found, tuple):
                raise not_one(name, found)
            wanted.update(record.id for record in found)
    return ImportChoice(patients=frozenset(_whole_persons(persons, wanted)), part=part)


def _is_list(name: str) -> bool:
    path = Path(name)
    return path.suffix.lower() in ENDINGS or path.exists()


def _check_list(received: OpenedHandover, path: Path, persons: Sequence[SearchedPerson]) -> CheckedRoster:
    person_of = {record.id: one.first.id for one in persons for record in one.records}
    return compare_roster(
        read_roster(path),
        (patient_of_traits(entry.patient) for _, entry in received.entries() if entry.patient),
        practitioner=None,
        identity_of=lambda name: name,
        person_of=lambda patient: person_of.get(patient, patient),
        nobody=ListUnknownPatient,
        several=ListErrors,
    )


def _whole_persons(persons: Sequence[SearchedPerson], wanted: set[str]) -> Iterator[str]:
    for one in persons:
        identities = {record.id for record in one.records}
        if not identities.isdisjoint(wanted):
            yield from identities


def chosen_entries(
    store: PracticeStore, received: OpenedHandover, choice: ImportChoice
) -> Iterator[tuple[UnlockedPackage, KeyringEntry, DossierParts | None]]:
    """Yield every unit with the parts of it to take, or nothing where it is left aside."""
    for opened, entry in received.entries():
        parts: DossierParts | None = ()
        if entry.patient is not None and not choice.everything:
            before = stated_dossier(store, opened.package.manifest.package_id, entry.unit)
            parts = choice.parts(entry.patient.get("id", ""), before)
        yield opened, entry, parts
