"""Clinical documents of a folder, or one of them: whose they are, which a later one replaces, what they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from formats.cda.document import (
    HEAD,
    MAX_DOCUMENT_BYTES,
    ClinicalDocument,
    NotClinicalDocument,
    apart,
    contradicting,
    custodian,
    is_clinical_document,
    patient_of,
    read_document,
)
from formats.cda.elements import ZONE
from formats.cda.items import Holder, document_items
from formats.errors import Failure, LimitExceeded, not_found
from formats.findings import Finding, Severity
from formats.folders import as_finding, files_below, relative_text, unreadable
from formats.model.dates import AnyMoment, beginning, moment_order
from formats.model.identity import names_and_birth
from formats.model.people import Patient, Practice
from formats.reading import Item, StateMoment, Tally
from formats.regular_files import open_regular, read_regular
from formats.words import mark

SYSTEM = "cda"
REPLACED = mark("A later version of this document is there too: of this one the document alone is taken.")
_TWICE = mark("This is the same document as {other}: it is read once.")
_OTHER_PATIENT = mark(
    "The number of the patient is that of {first} in another document, and this one is of {second}: they are "
    "kept apart."
)
_ZONE = ZoneInfo(ZONE)
_NEVER = (datetime.min.replace(tzinfo=UTC), 0)
MAX_DOCUMENTS = 100_000
"""Documents of one folder, of which the headings are kept in memory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """What decides about a document before its content is read; ``patient`` is as this document has them."""

    place: str
    key: str
    number: str
    series: str
    version: int
    replaces: tuple[str, ...]
    made: AnyMoment | None
    practice: Practice
    patient: Patient


def heading_of(document: ClinicalDocument, place: str, practice: Practice, patient: Patient) -> Heading:
    """Return the heading of ``document``, which is kept by ``practice`` and about ``patient``."""
    return Heading(
        place=place,
        key=document.key,
        number=document.number,
        series=document.series,
        version=document.version,
        replaces=document.replaces,
        made=document.made_at,
        practice=practice,
        patient=patient,
    )


def read_documents(place: Path) -> Iterator[Item]:
    """Yield the content of the clinical document at ``place``, or of all in that folder, patient by patient.

    Raises:
        FileNotFound, NotClinicalDocument: when there is none at ``place``.
        LimitExceeded: past a limit of the folder.
    """
    headings: list[Heading] = []
    for one in _headings(place):
        if isinstance(one, Finding):
            yield one
        elif len(headings) < MAX_DOCUMENTS:
            headings.append(one)
        else:
            name = mark("the number of clinical documents")
            raise LimitExceeded(where=str(place), name=name, found=MAX_DOCUMENTS + 1, limit=MAX_DOCUMENTS)
    dossiers, findings = dossiers_of(headings)
    yield from findings
    known: set[str] = set()
    tallies: Counter[str] = Counter()
    for patient, practice, documents in dossiers:
        yield from people_of(patient, practice, documents, known)
        holder = Holder(practice=practice, patient=patient, system=SYSTEM, known=known)
        for heading, superseded in documents:
            for item in _content(place, heading, holder, superseded=superseded):
                if isinstance(item, Tally):
                    tallies[item.table] += item.rows
                else:
                    yield item
    yield from (Tally(table=table, rows=rows) for table, rows in tallies.items())


def _headings(place: Path) -> Iterator[Heading | Finding]:
    """Yield what decides about each document, and why a file is none; a file that was named alone must be one."""
    folder = place if place.is_dir() else place.parent
    for path in _files(place):
        if isinstance(path, Finding):
            yield path
            continue
        where = relative_text(path, folder)
        try:
            document = _opened(path, where)
        except (Failure, OSError) as fault:
            if not place.is_dir():
                raise
            yield unreadable(path, folder, fault) if isinstance(fault, OSError) else _refused(fault, where)
            continue
        practice = custodian(document)
        yield heading_of(document, where, practice, patient_of(document, practice))


def _content(place: Path, heading: Heading, holder: Holder, *, superseded: bool) -> Iterator[Item]:
    if superseded:
        yield _finding(heading, "cda-replaced", REPLACED, Severity.NOTE)
    path = place / heading.place if place.is_dir() else place
    yield from document_items(
        _opened(path, heading.place),
        holder,
        place=heading.place,
        name=path.name,
        open_file=partial(open_regular, path),
        superseded=superseded,
    )


def _files(place: Path) -> Iterable[Path | Finding]:
    if place.is_dir():
        return files_below(place)
    if not place.exists():
        raise not_found(place)
    return (place,)


def _opened(path: Path, what: str) -> ClinicalDocument:
    with open_regular(path) as stream:
        head = stream.read(HEAD)
    if not is_clinical_document(head):
        raise NotClinicalDocument(where=what)
    return read_document(read_regular(path, MAX_DOCUMENT_BYTES, mark("the size of the XML in bytes")), what)


def _refused(fault: Failure, where: str) -> Finding:
    severity = Severity.WARNING if isinstance(fault, NotClinicalDocument) else Severity.ERROR
    return as_finding(fault, where, severity)


# -- which documents are whose ------------------------------------------------------------

Settled = tuple[Patient, Practice, tuple[tuple[Heading, bool], ...]]
"""A patient, who keeps the dossier, and their documents from the latest on; whether a later one replaces each."""


def dossiers_of(headings: Iterable[Heading]) -> tuple[list[Settled], list[Finding]]:
    """Return the documents of each patient; one that is there twice is read once, and nobody gets another's.

    Who has the latest document comes first, so that persons whom several name are as it has them.

    The record of a patient is as the latest document has it, with the numbers that the others know besides;
    that of an organisation is as the latest of all its documents has it.
    """
    findings: list[Finding] = []
    practices: dict[str, Practice] = {}
    seen: dict[str, Heading] = {}
    groups: dict[str, list[Heading]] = {}
    for one in sorted(headings, key=lambda each: (_order(each), each.place)):
        practices[one.practice.id] = one.practice
        other = seen.setdefault(f"{one.practice.id}/{one.key}", one)
        if other is not one:
            findings.append(_finding(one, "cda-twice", _TWICE, Severity.NOTE, other=other.place))
            continue
        group = groups.get(one.patient.id)
        if group and contradicting(group[0].patient.traits, one.patient.traits):
            names = (names_and_birth(each.patient.traits) for each in (group[0], one))
            facts = dict(zip(("first", "second"), names, strict=True))
            findings.append(_finding(one, "cda-other-patient", _OTHER_PATIENT, Severity.WARNING, **facts))
            one = replace(one, patient=apart(one.patient))  # noqa: PLW2901 – the same document, of another person
        groups.setdefault(one.patient.id, []).append(one)
    latest = sorted(groups.values(), key=lambda group: _order(group[-1]), reverse=True)
    return [_settled(group, practices) for group in latest], findings


def _order(one: Heading) -> tuple[datetime, int]:
    return moment_order(one.made, _ZONE) if one.made else _NEVER


def _settled(group: list[Heading], practices: Mapping[str, Practice]) -> Settled:
    latest = group[-1]
    numbers = dict.fromkeys(number for one in reversed(group) for number in one.patient.identifiers)
    patient = replace(latest.patient, identifiers=tuple(numbers))
    replaced = {number for one in group for number in one.replaces}
    versions: dict[str, int] = {}
    for one in group:
        versions[one.series] = max(one.version, versions.get(one.series, 0)) if one.series else 0
    documents = tuple(
        (one, one.number in replaced or one.version < versions.get(one.series, 0)) for one in reversed(group)
    )
    return patient, practices[latest.practice.id], documents


def people_of(
    patient: Patient, practice: Practice, documents: tuple[tuple[Heading, bool], ...], known: set[str]
) -> Iterator[Item]:
    """Yield whose ``documents`` they are, with the moment of the latest one; a practice in ``known`` came before."""
    made = documents[0][0].made
    at = beginning(made, _ZONE) if made else None  # of a day it says no more: that it is not of before
    if practice.id not in known:
        known.add(practice.id)
        yield StateMoment(practice=practice.id, patient=None, at=at, collected=True)
        yield practice
    yield StateMoment(practice=practice.id, patient=patient.id, at=at, collected=True)
    yield patient


def _finding(one: Heading, code: str, sentence: str, severity: Severity, **facts: str) -> Finding:
    return Finding(severity=severity, code=code, where=one.place, sentence=sentence, facts=facts)
