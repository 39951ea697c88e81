"""Which patient records are one person.

A merge is one row that says "these two records are one person", with who decided it by which rule; no record is
rewritten. The records that merges connect are a person, and the one that was here first stands for it: that follows
from the merges, and is found anew whenever one is added or undone, so that undoing one leaves all others as they were.
Source: DESIGN, decision 9.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archiver.practice.store import PracticeStore


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonLink:
    """Merge of two patient records: ``patient``, who came, and ``person``, who was here; who decided by which rule."""

    patient: str
    person: str
    rule: str
    decided_by: str
    decided_at: str


_MERGES = "SELECT patient, other, rule, decided_by, decided_at FROM identity_merges"
_INSERT = "INSERT INTO identity_merges (patient, other, rule, decided_by, decided_at) VALUES (?, ?, ?, ?, ?)"
_PAIR = "(patient = ?1 AND other = ?2) OR (patient = ?2 AND other = ?1)"
_NAMED = "patient = ?1 OR other = ?1"
_NEIGHBOURS = f"SELECT CASE patient WHEN ?1 THEN other ELSE patient END FROM identity_merges WHERE {_NAMED}"
_IN_ORDER = "SELECT links.patient FROM identity_links AS links JOIN patients ON patients.id = links.patient"


def person_of(store: PracticeStore, patient: str) -> str:
    """Return the record that stands for the person behind ``patient``: itself, unless merged."""
    row = store.db.execute("SELECT person FROM identity_links WHERE patient = ?", (patient,)).fetchone()
    return row[0] if row else patient


def persons(store: PracticeStore) -> dict[str, str]:
    """Return the record that stands for the person behind every record that is merged under another one."""
    return dict(store.db.execute("SELECT patient, person FROM identity_links").fetchall())


def records_of(store: PracticeStore, person: str) -> list[str]:
    """Return every patient record of the person that ``person`` stands for, that record first."""
    query = f"{_IN_ORDER} WHERE links.person = ? ORDER BY patients.rowid"
    return [person, *(row[0] for row in store.db.execute(query, (person,)).fetchall())]


def linked_patients(store: PracticeStore, patient: str) -> tuple[str, ...]:
    """Return the other patient records of the person whose record ``patient`` is."""
    return tuple(one for one in records_of(store, person_of(store, patient)) if one != patient)


def with_linked(store: PracticeStore, patients: Iterable[str]) -> tuple[str, ...]:
    """Return ``patients`` and, behind each, every other record of the same person; each record once."""
    every = ((patient, *linked_patients(store, patient)) for patient in patients)
    return tuple(dict.fromkeys(one for records in every for one in records))


def link(store: PracticeStore, patient: str, other: str, *, rule: str, decided_by: str, at: datetime) -> None:
    """Merge: record that ``patient`` is the same person as ``other``, and with them everybody merged with either."""
    if patient == other or any(_links(store, _PAIR, (patient, other))):
        return
    store.db.execute(_INSERT, (patient, other, rule, decided_by, at.isoformat()))
    find_persons(store, (*_all_of(store, patient), *_all_of(store, other)))
    detail = {"patient": patient, "person": other, "rule": rule, "decided_by": decided_by}
    store.note(at.isoformat(), "same-person", detail)


def undo_link(store: PracticeStore, patient: str, other: str) -> bool:
    """Undo the merge of the two; return whether there was one. Other merges may still make them one person."""
    records = _all_of(store, patient)
    deleted = store.db.execute(f"DELETE FROM identity_merges WHERE {_PAIR}", (patient, other))
    if deleted.rowcount:
        find_persons(store, records)
    return deleted.rowcount > 0


def links(store: PracticeStore) -> Iterator[PersonLink]:
    """Yield every merge in force."""
    return _links(store, "TRUE", ())


def links_naming(store: PracticeStore, patient: str) -> tuple[PersonLink, ...]:
    """Return the merges that name ``patient``."""
    return tuple(_links(store, _NAMED, (patient,)))


def _links(store: PracticeStore, where: str, values: tuple[str, ...]) -> Iterator[PersonLink]:
    rows = store.db.execute(f"{_MERGES} WHERE {where} ORDER BY rowid", values).fetchall()
    for patient, other, rule, decided_by, decided_at in rows:
        yield PersonLink(
            patient=patient, person=other, rule=rule, decided_by=decided_by, decided_at=decided_at
        )


def part(store: PracticeStore, patient: str) -> str:
    """Undo every merge that names ``patient``; return who stands for the others, who stay one person, or nothing."""
    mine, others = links_naming(store, patient), linked_patients(store, patient)
    if not mine:
        return ""
    neighbours = [one.person if one.patient == patient else one.patient for one in mine]
    for one in mine:
        undo_link(store, one.patient, one.person)
    for merge, first, second in zip(mine[1:], neighbours, neighbours[1:], strict=False):
        if person_of(store, first) != person_of(store, second):
            store.db.execute(_INSERT, (second, first, merge.rule, merge.decided_by, merge.decided_at))
            find_persons(store, (*_all_of(store, first), *_all_of(store, second)))
    return person_of(store, others[0])


def _all_of(store: PracticeStore, patient: str) -> list[str]:
    return records_of(store, person_of(store, patient))


def find_persons(store: PracticeStore, patients: Iterable[str]) -> None:
    """Find the persons behind ``patients``, which are whole persons, anew from the merges."""
    left = dict.fromkeys(patients)
    for patient in left:
        store.db.execute("DELETE FROM identity_links WHERE patient = ?", (patient,))
    while left:
        person = _connected(store, next(iter(left)))
        for one in person:
            left.pop(one, None)
        first, *others = sorted(person, key=lambda one: _place(store, one))
        store.db.executemany(
            "INSERT INTO identity_links (patient, person) VALUES (?, ?)", [(one, first) for one in others]
        )


def _connected(store: PracticeStore, patient: str) -> set[str]:
    found, waiting = {patient}, [patient]
    while waiting:
        for (one,) in store.db.execute(_NEIGHBOURS, (waiting.pop(),)).fetchall():
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def _place(store: PracticeStore, patient: str) -> int:
    place: int = store.db.execute("SELECT rowid FROM patients WHERE id = ?", (patient,)).fetchone()[0]
    return place
