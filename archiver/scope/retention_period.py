"""Retention periods of a practice: those of persons, who may have several patient records.

The records of one person have one period, the latest: the care of the person counts, wherever it is recorded, and
so does what people said of any of the records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from archiver.compliance.decided_terms import DecidedDates, with_decisions
from archiver.compliance.plausibility import LifeDates, is_placeholder
from archiver.compliance.retention import (
    CARE,
    Retention,
    retention,
    retention_by_dates,
    retention_of_person,
    undatable,
)
from archiver.practice import people
from archiver.practice.registers.holds import patients_on_hold, suspensions
from archiver.practice.registers.retention_decisions import latest_days
from archiver.practice.rows.statements import days_of_care
from archiver.practice.store import PracticeStore
from formats.model.dates import AnyDate, parse_date
from formats.model.dossier import Dossier
from formats.model.people import Patient


def retention_of(store: PracticeStore, dossier: Dossier, today: date) -> Retention:
    """Return how long ``dossier`` must be kept, with what is implausible in it alone."""
    own, unknown = retention(dossier, today), undatable(dossier)
    known = [own]
    others = people.linked_patients(store, dossier.patient.id)
    for linked in map(store.dossier, others):
        unknown |= undatable(linked)
        known.append(retention(linked, today))
    end = retention_of_person(own, known, undatable=unknown)
    return with_decisions(end, _decided(store, (dossier.patient.id, *others), today))


def _decided(store: PracticeStore, patients: Sequence[str], today: date) -> DecidedDates:
    found = latest_days(store, patients)
    consolidated_on, keep_until = map(_day, (found.consolidated_on, found.keep_until))
    stated = ((_day(day), _day(moment) or date.min) for day, moment in found.stated)
    suspended = ((_day(since), _day(lifted_at) or today) for since, lifted_at in suspensions(store, patients))
    return DecidedDates(
        consolidated_on=consolidated_on,
        keep_until=keep_until,
        stated=tuple((day, on) for day, on in stated if day),
        suspensions=tuple((first, last) for first, last in suspended if first),
    )


def _day(text: str) -> date | None:
    """Return the day of a day or a moment, or ``None`` where there is none."""
    return datetime.fromisoformat(text).date() if text else None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRetention:
    """How long the dossiers of one person are kept; ``records`` are their identities, that of ``patient`` first."""

    patient: Patient
    records: tuple[str, ...]
    retention: Retention
    on_hold: bool


def retention_of_everybody(store: PracticeStore, today: date) -> Iterator[PersonRetention]:
    """Yield every person of the practice; dates are read kind by kind, and no dossier is."""
    periods = dict(_periods(store, today))
    persons = {one.patient: one.person for one in people.links(store)}
    others: dict[str, list[str]] = {}
    for record, person in persons.items():
        others.setdefault(person, []).append(record)
    on_hold = patients_on_hold(store)
    nothing = (retention_by_dates(LifeDates(), set(), today), False)
    for patient in store.patients():
        if patient.id in persons:
            continue
        records = (patient.id, *others.get(patient.id, ()))
        known = [periods.get(one, nothing) for one in records]
        end = retention_of_person(
            known[0][0], (end for end, _ in known), undatable=any(unknown for _, unknown in known)
        )
        yield PersonRetention(
            patient=patient,
            records=records,
            retention=with_decisions(end, _decided(store, records, today)),
            on_hold=not on_hold.isdisjoint(records),
        )


def _periods(store: PracticeStore, today: date) -> Iterator[tuple[str, tuple[Retention, bool]]]:
    """Yield, by patient record, its period and whether it records care of which no day is known."""
    query = "SELECT id, traits_birth_date, deceased_on FROM patients ORDER BY id"
    lives = {identity: (born, died) for identity, born, died in store.db.execute(query)}
    sources = {kind: (source.field, source.statuses) for kind, source in CARE.items()}
    for patient, rows in groupby(store.db.execute(days_of_care(sources)), itemgetter(0)):
        dates = _life(*lives.pop(patient))
        care: set[AnyDate] = set()
        for _, text, act in rows:
            if text is None:
                dates.undated |= bool(act)
                continue
            day = parse_date(text)
            dates.add_care(day)
            if not is_placeholder(day):
                care.add(day)
        yield patient, (retention_by_dates(dates, care, today), not care)
    for patient, life in lives.items():
        yield patient, (retention_by_dates(_life(*life), set(), today), False)


def _life(born: str | None, died: str | None) -> LifeDates:
    return LifeDates(born=parse_date(born) if born else None, died=parse_date(died) if died else None)
