"""A patient's part of a portability archive: documents with metadata, PDFs, and what lies beside them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath

from formats.cda.document import apart, contradicting
from formats.digests import digest_of_stream
from formats.errors import Failure
from formats.findings import Finding
from formats.folders import as_finding
from formats.media_types import HEAD, media_type
from formats.model.documents import Attachment, Document
from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.people import Patient, Practice
from formats.model.record import record_id
from formats.outside_files.archives import OpenArchives, OutsideFile
from formats.portability.findings import portability_finding
from formats.portability.manifest import ArchiveEntry
from formats.portability.pdfs import pdf_name, without_copies
from formats.reading import FileBody, Item, StateMoment
from formats.xdm.described import SubmittedDocuments, submitted_documents
from formats.xdm.hl7 import patient_number
from formats.xdm.medium import Subset, is_metadata, submissions_of, unfold_media
from formats.xdm.read import submission_items

SYSTEM = "pdlgc"
_PAGES = frozenset({"readme.txt", "index.htm", "index.html"})
_INS_DIGITS = 13

KeepText = Callable[[OutsideFile, str, str | None], Iterator[Item]]
"""Keep the text of a file word for word, with the practice and, if it is one's, the patient."""


@dataclass(slots=True)
class KnownTraits:
    """Traits of those who came, by the identity of their record: two persons under one number are kept apart."""

    traits: dict[str, Traits] = field(default_factory=dict)

    def separate(self, found: SubmittedDocuments) -> SubmittedDocuments:
        """Return ``found`` with records of their own for those whose number another person has."""
        documents = []
        for one in found.documents:
            patient = one.heading.patient
            known = self.traits.setdefault(patient.id, patient.traits)
            if contradicting(known, patient.traits):
                one = replace(one, heading=replace(one.heading, patient=apart(patient)))  # noqa: PLW2901
            documents.append(one)
        return replace(found, documents=tuple(documents))


def patient_part(
    files: list[OutsideFile],
    place: str,
    entry: ArchiveEntry | None,
    *,
    practice: Practice,
    archives: OpenArchives,
    known: KnownTraits,
    keep_text: KeepText,
) -> Iterator[Item]:
    """Yield what the part of a patient holds; ``practice`` is whose export it is."""
    files = yield from unfold_media(files, archives)
    submitted, beside = yield from _submissions(files, place, known)
    documents = [found for one in submitted for found in one.documents]
    yield from submission_items(submitted, SYSTEM)
    pdfs = [one for one in beside if _is_pdf(one)]
    others = [one for one in beside if one not in pdfs]
    alone, copies = without_copies(pdfs, documents)
    if copies:
        yield portability_finding("pdlgc-pdf-copies", place, count=copies)
    patients = {one.heading.patient.id: one.heading.patient for one in documents}
    patient = next(iter(patients.values())) if len(patients) == 1 else None
    owner = documents[0].heading.practice if patient is not None else practice
    if patient is not None:
        yield from _compared(entry, patient, place)
    elif not patients:
        patient = _stated_patient(entry, alone, practice, part=PurePosixPath(place).name)
        yield from _of_pdfs_alone(patient, practice, place) if patient else _of_nobody(place)
    for file in others:
        if file.base_name.casefold() in _PAGES or patient is None:
            yield from keep_text(file, owner.id, patient.id if patient else None)
        else:
            yield portability_finding("pdlgc-file-other", file.place)
            yield from _document(file, patient, owner)
    for file in alone:
        if patient is None:
            yield portability_finding("pdlgc-no-patient", file.place)
            continue
        yield portability_finding("pdlgc-pdf-alone", file.place)
        yield from _document(file, patient, owner)


def _of_nobody(place: str) -> Iterator[Item]:
    yield portability_finding("pdlgc-no-documents", place)


def _of_pdfs_alone(patient: Patient, practice: Practice, place: str) -> Iterator[Item]:
    """Yield a patient of whom nothing says of which moment what is told of them is."""
    yield portability_finding("pdlgc-pdf-only", place)
    yield practice
    yield StateMoment(practice=practice.id, patient=patient.id, at=None, collected=True)
    yield patient


def _submissions(
    files: list[OutsideFile], place: str, known: KnownTraits
) -> Generator[Item, None, tuple[list[SubmittedDocuments], list[OutsideFile]]]:
    if not any(is_metadata(one.name) for one in files):
        return [], files
    submitted: list[SubmittedDocuments] = []
    beside: list[OutsideFile] = []
    for one in submissions_of(files, place):
        if isinstance(one, Subset):
            found = yield from submitted_documents(one)
            submitted += [known.separate(found)] if found else []
        else:
            beside.append(one)
    return submitted, beside


def _is_pdf(file: OutsideFile) -> bool:
    return PurePosixPath(file.name).suffix.casefold() == ".pdf"


# -- who it is ----------------------------------------------------------------------------


def _compared(entry: ArchiveEntry | None, patient: Patient, place: str) -> Iterator[Finding]:
    """Say so where the manifest names another patient than the documents."""
    number = _number(entry)
    if number is None:
        return
    values = {one.value for one in patient.identifiers}
    known = {one[:_INS_DIGITS] for one in values} if number.value.isdigit() else values
    value = number.value[:_INS_DIGITS] if number.value.isdigit() else number.value
    if values and value not in known and number.value not in values:
        yield portability_finding("pdlgc-other-patient", place, number=number.value)


def _number(entry: ArchiveEntry | None) -> Identifier | None:
    """Return the number of a patient as the manifest states it, as CX or as bare digits."""
    if entry is None or not entry.patient:
        return None
    if "^" in entry.patient:
        return patient_number(entry.patient)
    return Identifier(type=IdentifierType.OTHER, system="", value=entry.patient)


def _stated_patient(
    entry: ArchiveEntry | None, pdfs: list[OutsideFile], practice: Practice, *, part: str
) -> Patient | None:
    """Return the patient of whom nothing but a number in the manifest and the names of PDFs in ``part`` tell."""
    stated = next((found for one in pdfs if (found := pdf_name(one.base_name)).family), None)
    number = _number(entry)
    if stated is None and number is None:
        return None
    traits = Traits(
        birth_family_name=stated.family if stated else "",
        birth_given_names=(stated.given,) if stated else (),
    )
    key = (
        f"{number.system}^{number.value}"
        if number
        else f"{traits.birth_family_name}/{' '.join(traits.birth_given_names)}/{entry.name if entry else part}"
    )
    return Patient(
        id=record_id(practice.id, "patients", key),
        practice=practice.id,
        traits=traits,
        identifiers=(number,) if number else (),
    )


def _document(file: OutsideFile, patient: Patient, practice: Practice) -> Iterator[Item]:
    """Yield a file as a document, with what its name says."""
    try:
        with file.open() as stream:
            head = stream.read(HEAD)
        with file.open() as stream:
            digest, size = digest_of_stream(stream)
    except Failure as fault:
        yield as_finding(fault, file.place)
        return
    attachment = Attachment(sha256=digest.hex, size=size, media_type=media_type(head, file.base_name))
    stated = pdf_name(file.base_name)
    yield FileBody(attachment=attachment, open=file.open)
    yield Document(
        id=record_id(practice.id, "pdlgc-documents", f"{patient.id}/{digest.hex[:16]}"),
        patient=patient.id,
        title=stated.type or file.base_name,
        original_name=file.base_name,
        note=_dated(stated.date),
        attachment=attachment,
    )


def _dated(text: str) -> str:
    """Return the day in the name of a PDF, which has no time, in ISO 8601."""
    try:
        return datetime.strptime(text, "%Y%m%d").date().isoformat() if text else ""  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return ""
