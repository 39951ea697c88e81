"""Patient records as people look for them: read from a store in a few statements, or from the lines of a keyring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from archiver.practice.store import PracticeStore
from formats.model.identity import ContactKind, IdentifierType

BATCH = 500
"""Patient records that are read at a time: as many values as every SQLite takes in a statement, and no more."""
_PAGE = "SELECT rowid, id FROM patients WHERE rowid > ? ORDER BY rowid LIMIT ?"
_PATIENTS = (
    "SELECT id, practice, status, traits_birth_family_name, traits_birth_given_names, traits_used_family_name,"
    " traits_used_given_name, traits_birth_date FROM patients WHERE id IN ({}) ORDER BY rowid"
)
_EARLIER = (
    "SELECT owner, traits_birth_family_name, traits_birth_given_names, traits_used_family_name,"
    " traits_used_given_name, traits_birth_date FROM patients_earlier_traits WHERE owner IN ({})"
    " ORDER BY owner, earlier_traits_position"
)
_IDENTIFIERS = (
    "SELECT owner, type, value FROM patients_identifiers WHERE owner IN ({})"
    " ORDER BY owner, type = 'CHART', identifiers_position"
)
_CONTACTS = (
    "SELECT owner, kind, value FROM patients_contacts WHERE owner IN ({}) ORDER BY owner, contacts_position"
)
_PERSONS = "SELECT patient, person FROM identity_links WHERE patient IN ({})"
_LINKED = (
    "SELECT links.patient FROM identity_links AS links JOIN patients ON patients.id = links.patient"
    " WHERE links.person IN ({}) ORDER BY patients.rowid"
)
_LAST_SEEN = (
    "SELECT patient, max(performed_on) FROM acts WHERE status = 'done' AND patient IN ({}) GROUP BY patient"
)
_TELEPHONES = frozenset({ContactKind.PHONE.value, ContactKind.MOBILE.value})


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
    """Yield every patient record of ``store``, without making a record of the model of any; ``BATCH`` are in memory."""
    for identities in _pages(store):
        yield from _records(store, identities)


def persons_of_store(store: PracticeStore) -> Iterator[tuple[SearchRecord, ...]]:
    """Yield every person of ``store``, each by all records, the one that stands for the person first.

    They come in the order of these, and those of a page are in memory.
    """
    for identities in _pages(store):
        merged = dict(_rows(store, _PERSONS, identities))
        persons = {one: [one] for one in identities if one not in merged}
        linked = [patient for (patient,) in _rows(store, _LINKED, tuple(persons))]
        known = {one.id: one for one in _records(store, tuple(persons))}
        for start in range(0, len(linked), BATCH):
            for record in _records(store, linked[start : start + BATCH]):
                persons[record.person].append(record.id)
                known[record.id] = record
        for records in persons.values():
            yield tuple(known[one] for one in records)


def _pages(store: PracticeStore) -> Iterator[tuple[str, ...]]:
    """Yield the identities of the patient records in their order, ``BATCH`` at a time."""
    last = 0
    while rows := store.db.execute(_PAGE, (last, BATCH)).fetchall():
        last = rows[-1][0]
        yield tuple(identity for _, identity in rows)


def _rows(store: PracticeStore, query: str, identities: Sequence[str]) -> list[tuple[Any, ...]]:
    if not identities:
        return []
    return store.db.execute(query.format(", ".join("?" * len(identities))), tuple(identities)).fetchall()


def _records(store: PracticeStore, identities: Sequence[str]) -> Iterator[SearchRecord]:
    person_of = dict(_rows(store, _PERSONS, identities))
    earlier: dict[str, list[SearchNames]] = {}
    numbers: dict[str, list[str]] = {}
    ins: dict[str, list[str]] = {}
    telephones: dict[str, list[str]] = {}
    for owner, *names in _rows(store, _EARLIER, identities):
        earlier.setdefault(owner, []).append(_names(names))
    wanted = {IdentifierType.INS.value: ins}
    wanted |= dict.fromkeys((IdentifierType.LOCAL.value, IdentifierType.CHART.value), numbers)
    for owner, kind, value in _rows(store, _IDENTIFIERS, identities):
        if kind in wanted and value:
            wanted[kind].setdefault(owner, []).append(value)
    for owner, kind, value in _rows(store, _CONTACTS, identities):
        if kind in _TELEPHONES:
            telephones.setdefault(owner, []).append(value)
    for identity, practice, status, *names in _rows(store, _PATIENTS, identities):
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
