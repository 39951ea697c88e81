"""Patient records as people look for them: read from a store in a few statements, or from the lines of a keyring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from archiver.practice.store import PracticeStore
from formats.model.identity import ContactKind, IdentifierType

_PATIENTS = (
    "SELECT id, practice, status, traits_birth_family_name, traits_birth_given_names, traits_used_family_name,"
    " traits_used_given_name, traits_birth_date FROM patients ORDER BY rowid"
)
_EARLIER = (
    "SELECT owner, traits_birth_family_name, traits_birth_given_names, traits_used_family_name,"
    " traits_used_given_name, traits_birth_date FROM patients_earlier_traits ORDER BY owner, earlier_traits_position"
)
_IDENTIFIERS = (
    "SELECT owner, type, value FROM patients_identifiers ORDER BY owner, type = 'CHART', identifiers_position"
)
_CONTACTS = (
    "SELECT owner, value FROM patients_contacts WHERE kind IN (?, ?) ORDER BY owner, contacts_position"
)
_LINKS = "SELECT patient, person FROM identity_links"
_LAST_SEEN = (
    "SELECT patient, max(performed_on) FROM acts WHERE status = 'done' AND patient IN ({}) GROUP BY patient"
)


class SearchNames(NamedTuple):
    """Names and birth date (ISO 8601) of a record, now or earlier; what is not known is empty."""

    birth_family: str
    birth_givens: tuple[str, ...]
    used_family: str
    used_given: str
    birth_date: str


class SearchRecord(NamedTuple):
    """One patient record; ``person`` is the record that stands for the person.

    ``numbers`` are those of the practice, the one it is listed under first; ``practice`` and ``status`` are empty
    where a keyring tells of the record.
    """

    id: str
    person: str
    practice: str
    status: str
    names: SearchNames
    earlier: tuple[SearchNames, ...] = ()
    numbers: tuple[str, ...] = ()
    ins: tuple[str, ...] = ()
    telephones: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The number that a list shows."""
        return self.numbers[0] if self.numbers else ""


def records_of_store(store: PracticeStore) -> Iterator[SearchRecord]:
    """Yield every patient record of ``store``, without making a record of the model of any."""
    db = store.db
    person_of = dict(db.execute(_LINKS))
    earlier: dict[str, list[SearchNames]] = {}
    numbers: dict[str, list[str]] = {}
    ins: dict[str, list[str]] = {}
    telephones: dict[str, list[str]] = {}
    for owner, *names in db.execute(_EARLIER):
        earlier.setdefault(owner, []).append(_names(names))
    wanted = {IdentifierType.INS.value: ins}
    wanted |= dict.fromkeys((IdentifierType.LOCAL.value, IdentifierType.CHART.value), numbers)
    for owner, kind, value in db.execute(_IDENTIFIERS):
        if kind in wanted and value:
            wanted[kind].setdefault(owner, []).append(value)
    for owner, value in db.execute(_CONTACTS, (ContactKind.PHONE.value, ContactKind.MOBILE.value)):
        telephones.setdefault(owner, []).append(value)
    for identity, practice, status, *names in db.execute(_PATIENTS):
        yield SearchRecord(
            identity,
            person_of.get(identity, identity),
            practice,
            status,
            _names(names),
            tuple(earlier.get(identity, ())),
            tuple(numbers.get(identity, ())),
            tuple(ins.get(identity, ())),
            tuple(telephones.get(identity, ())),
        )


def _names(cells: list[str | None]) -> SearchNames:
    family, givens, used_family, used_given, born = cells
    return SearchNames(
        family or "",
        tuple(json.loads(givens)) if givens else (),
        used_family or "",
        used_given or "",
        born or "",
    )


def records_of_keyring(lines: Iterable[Mapping[str, str]]) -> Iterator[SearchRecord]:
    """Yield the patient record of every line of a keyring that has traits (``archiver.handover.keyring_entry``)."""
    for traits in lines:
        identity = traits.get("id", "")
        given = traits.get("given", "")
        names = SearchNames(
            traits.get("family", ""),
            (given,) if given else (),
            traits.get("used_family", ""),
            given,
            traits.get("birth_date", ""),
        )
        number, ins = traits.get("number", ""), traits.get("ins", "")
        yield SearchRecord(
            identity,
            min((identity, *traits.get("linked", "").split())),
            "",
            "",
            names,
            numbers=(number,) if number else (),
            ins=tuple(ins.split()),
        )


def last_seen(store: PracticeStore, patients: Iterable[str]) -> dict[str, str]:
    """Return the day of the last act that was done, by patient record; few are asked for."""
    wanted = tuple(patients)
    query = _LAST_SEEN.format(", ".join("?" * len(wanted)))
    return {patient: day for patient, day in store.db.execute(query, wanted).fetchall() if day}
