"""Completeness of a practice, asked of the store kind by kind: no dossier is read."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from archiver.compliance.completeness import (
    FEW,
    MIN_ACTS,
    Oddity,
    PersonCompleteness,
    PracticeCompleteness,
    Section,
    acts_of,
    is_implant,
    oddity,
    of_missing_kinds,
    of_practitioners,
)
from archiver.compliance.retention import MAJORITY, later
from archiver.practice import people
from archiver.practice.store import PracticeStore
from formats.findings import Finding
from formats.model.dates import AnyDate, first_day, last_day, parse_date
from formats.model.identity import Sex, names_and_birth
from formats.model.people import Patient, PatientStatus, own_number

HAVING: Mapping[Section, str] = {
    Section.HISTORY: "SELECT patient FROM health_statements UNION SELECT patient FROM questionnaires",
    Section.ACTS: "SELECT DISTINCT patient FROM acts WHERE status = 'done'",
    Section.IMAGING: "SELECT patient FROM image_studies UNION SELECT patient FROM image_files",
    Section.LETTERS: "SELECT DISTINCT patient FROM documents",
    Section.CONSENTS: "SELECT DISTINCT patient FROM consents WHERE given = 1",
}
"""By section, the query for the patient records that have it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CountSource:
    """Where records of a kind have their day and their practitioner, and which of them count."""

    day: str
    practitioner: str = "practitioner"
    where: str = "TRUE"


COUNT_SOURCES: Mapping[str, CountSource] = {
    "acts": CountSource(day="performed_on", where="status = 'done'"),
    "appointments": CountSource(day="starts_at", where="status = 'completed'"),
    "prescriptions": CountSource(day="prescribed_on"),
    "image_studies": CountSource(day="studied_at", practitioner="NULL"),
    "image_files": CountSource(day="taken_at"),
    "documents": CountSource(day="created_at"),
    "quotes": CountSource(day="issued_on"),
    "invoices": CountSource(day="issued_on"),
}
"""By kind of record that is counted by year and by practitioner."""
RADIOGRAPHS = (
    "SELECT substr(studied_at, 1, 4) FROM image_studies UNION"
    " SELECT substr(taken_at, 1, 4) FROM image_files WHERE image <> 'photograph'"
)
"""The years of images that may be radiographs: of a study nothing says otherwise."""
UNDATED = "SELECT patient, count(*) FROM acts WHERE status = 'done' AND performed_on IS NULL GROUP BY 1"
UNTRACED = (
    "SELECT patient, label FROM devices WHERE lot = '' AND serial = '' AND udi = '' AND document IS NULL"
    " AND removed_on IS NULL"
)
WITHOUT_FILE = (
    "SELECT patient FROM documents WHERE attachment_sha256 IS NULL UNION ALL"
    " SELECT patient FROM image_files WHERE attachment_sha256 IS NULL"
)
ACTS = (
    "SELECT patient, coalesce(code, ''), coalesce(label, ''), performed_on FROM acts"
    " WHERE status = 'done' AND (label LIKE '%implant%' OR code IN ('LBLD015', 'D6010'))"
)
IMAGES = (
    "SELECT patient, substr(studied_at, 1, 10) FROM image_studies WHERE studied_at IS NOT NULL UNION ALL"
    " SELECT patient, substr(taken_at, 1, 10) FROM image_files WHERE taken_at IS NOT NULL"
)
AGREEMENTS = (
    "SELECT patient FROM consents WHERE given = 1 UNION"
    " SELECT patient FROM quotes UNION SELECT patient FROM treatment_plans"
)
"""What shows that a patient was told what would be done: a consent, a quote, a plan."""
A_YEAR = timedelta(days=366)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Person:
    """A person: the record that stands for them, and every record."""

    patient: Patient
    records: frozenset[str]


def completeness(store: PracticeStore, today: date) -> PracticeCompleteness:
    """Return what the dossiers of ``store`` have and lack, and what looks wrong on ``today``."""
    persons = list(_persons(store))
    owner = {record: one.patient.id for one in persons for record in one.records}
    having = {
        section: {owner[row[0]] for row in store.db.execute(query) if row[0] in owner}
        for section, query in HAVING.items()
    }
    having[Section.IDENTITY] = {one.patient.id for one in persons if _is_identified(one.patient)}
    listed = tuple(
        PersonCompleteness(
            patient=one.patient.id,
            number=own_number(one.patient),
            name=names_and_birth(one.patient.traits),
            in_care=one.patient.id in having[Section.ACTS],
            sections=frozenset(section for section in Section if one.patient.id in having[section]),
        )
        for one in persons
    )
    names = {
        one.id: " ".join(filter(None, (one.title, one.given_name, one.family_name)))
        for one in store.practitioners()
    }
    cells = _cells(store, names)
    years, practitioners = _summed(cells, 0), _summed(cells, 1)
    wheres = {one.patient: f"patients/{one.number or one.patient}" for one in listed}
    found = _Oddities(store, owner, wheres)
    return PracticeCompleteness(
        persons=listed,
        years=years,
        practitioners=practitioners,
        cells=cells,
        findings=(
            *_of_persons(listed, wheres),
            *found.of_records(),
            *found.of_implants(),
            *_of_minors(store, persons, wheres, today),
            *_of_years(years, {row[0] for row in store.db.execute(RADIOGRAPHS) if row[0]}),
            *of_missing_kinds(years),
            *of_practitioners(practitioners),
        ),
    )


def _persons(store: PracticeStore) -> Iterator[_Person]:
    persons = {one.patient: one.person for one in people.links(store)}
    others: dict[str, set[str]] = defaultdict(set)
    for record, person in persons.items():
        others[person].add(record)
    for patient in store.patients():
        if patient.id not in persons and patient.status is not PatientStatus.DELETED:
            yield _Person(patient=patient, records=frozenset({patient.id, *others.get(patient.id, ())}))


def _is_identified(patient: Patient) -> bool:
    traits = patient.traits
    named = traits.birth_family_name or traits.used_family_name
    return bool(named and traits.birth_date and traits.sex in {Sex.MALE, Sex.FEMALE})


def _cells(store: PracticeStore, names: Mapping[str, str]) -> dict[tuple[str, str], dict[str, int]]:
    """Return by year and practitioner, either empty where nobody knows, how many records of each kind there are."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for kind, source in COUNT_SOURCES.items():
        query = (
            f"SELECT substr({source.day}, 1, 4), {source.practitioner}, count(*) FROM {kind}"  # noqa: S608 - our own
            f" WHERE {source.where} GROUP BY 1, 2"
        )
        for year, practitioner, count in store.db.execute(query):
            counts = found.setdefault((year or "", names.get(practitioner, practitioner) or ""), {})
            counts[kind] = counts.get(kind, 0) + count
    return dict(sorted(found.items()))


def _summed(cells: Mapping[tuple[str, str], Mapping[str, int]], side: int) -> dict[str, Counter[str]]:
    """Return the counts by year (side 0) or by practitioner (side 1)."""
    found: dict[str, Counter[str]] = {}
    for key, counts in cells.items():
        found.setdefault(key[side], Counter()).update(counts)
    return dict(sorted(found.items()))


def _of_persons(persons: tuple[PersonCompleteness, ...], wheres: Mapping[str, str]) -> Iterator[Finding]:
    for one in persons:
        if Section.IDENTITY not in one.sections:
            yield oddity(Oddity.IDENTITY, wheres[one.patient])
        if one.in_care and Section.HISTORY not in one.sections:
            yield oddity(Oddity.HISTORY, wheres[one.patient])


def _of_years(years: Mapping[str, Mapping[str, int]], imaged: AbstractSet[str]) -> Iterator[Finding]:
    """Yield the years between the first and the last in which there is less than one expects."""
    known = sorted(int(year) for year, counts in years.items() if year.isdigit() and counts.get("acts"))
    for year in range(known[0], known[-1] + 1) if known else ():
        acts = acts_of(years, year)
        around = min(acts_of(years, year - 1), acts_of(years, year + 1))
        if not acts:
            yield oddity(Oddity.YEAR_ACTS, f"{year}", year=year)
        elif around >= MIN_ACTS and acts * FEW < around:
            yield oddity(Oddity.YEAR_FEW, f"{year}", year=year, count=acts, around=around)
        if acts >= MIN_ACTS and imaged and f"{year:04}" not in imaged:
            yield oddity(Oddity.YEAR_IMAGES, f"{year}", year=year, count=acts)


def _of_minors(
    store: PracticeStore, persons: list[_Person], wheres: Mapping[str, str], today: date
) -> Iterator[Finding]:
    named = {row[0] for row in store.db.execute("SELECT DISTINCT patient FROM related_persons")}
    for one in persons:
        born = one.patient.traits.birth_date
        minor = born is not None and first_day(born) <= today < later(first_day(born), MAJORITY)
        if minor and one.patient.status is PatientStatus.ACTIVE and named.isdisjoint(one.records):
            yield oddity(Oddity.MINOR, wheres[one.patient.id])


class _Oddities:
    """What looks wrong in records; ``owner`` gives the person of a patient record, ``wheres`` how one is named."""

    def __init__(self, store: PracticeStore, owner: Mapping[str, str], wheres: Mapping[str, str]) -> None:
        self._store = store
        self._owner = owner
        self._wheres = wheres

    def of_records(self) -> Iterator[Finding]:
        """Yield acts without a day, devices that nothing traces, documents without their file."""
        for where, *_ in self._rows(UNDATED):
            yield oddity(Oddity.UNDATED, where)
        for where, label in self._rows(UNTRACED):
            yield oddity(Oddity.DEVICE, where, label=label)
        for where in dict.fromkeys(one[0] for one in self._rows(WITHOUT_FILE)):
            yield oddity(Oddity.NO_FILE, where)

    def _rows(self, query: str) -> Iterator[tuple[str, ...]]:
        for patient, *cells in self._store.db.execute(query):
            if patient in self._owner:
                yield (self._wheres[self._owner[patient]], *cells)

    def of_implants(self) -> Iterator[Finding]:
        """Yield implants that were placed, of which the dossier has no device, image or consent."""
        devices = {row[0] for row in self._rows("SELECT DISTINCT patient FROM devices")}
        agreed = {row[0] for row in self._rows(AGREEMENTS)}
        days: dict[str, list[date]] = defaultdict(list)
        for where, text in self._rows(IMAGES):
            days[where].append(first_day(parse_date(text)))
        for images in days.values():
            images.sort()
        for where, code, label, text in self._rows(ACTS):
            if not is_implant(code, label):
                continue
            day = parse_date(text) if text else None
            shown = day.isoformat() if day else "?"
            if where not in devices:
                yield oddity(Oddity.IMPLANT_DEVICE, where, day=shown)
            if not _has_near(days.get(where, []), day):
                yield oddity(Oddity.IMPLANT_IMAGE, where, day=shown)
            if where not in agreed:
                yield oddity(Oddity.IMPLANT_CONSENT, where, day=shown)


def _has_near(images: list[date], day: AnyDate | None) -> bool:
    """Tell whether one of ``images`` is within a year of ``day``; any is, where the day is unknown."""
    if day is None:
        return bool(images)
    place = bisect_left(images, first_day(day) - A_YEAR)
    return place < len(images) and images[place] <= last_day(day) + A_YEAR
