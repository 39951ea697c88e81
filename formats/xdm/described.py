"""What the metadata of a medium describe: each document is compared with its entry, and taken if it is that one."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from formats.cda.codes import ORGANISATION_OID
from formats.cda.document import (
    HEAD,
    MAX_DOCUMENT_BYTES,
    ClinicalDocument,
    contradicting,
    custodian,
    is_clinical_document,
    patient_key,
    patient_of,
    practice_identity,
    read_document,
)
from formats.cda.elements import stamp_moment
from formats.cda.people import organisation_identifiers
from formats.cda.read import Heading, heading_of
from formats.digests import BUFFER, SHA1, SHA256
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.folders import as_finding, unreadable
from formats.media_types import HEAD as SNIFFED, media_type
from formats.model.documents import Attachment
from formats.model.identity import names_and_birth
from formats.model.people import Patient, Practice
from formats.model.record import record_id
from formats.outside_files.archives import OutsideFile
from formats.reading import Item
from formats.words import mark
from formats.xdm.codes import DEPRECATED, WITHDRAWN
from formats.xdm.hl7 import organisation_of_text, patient_number, traits_of_segment
from formats.xdm.medium import Subset
from formats.xdm.metadata import (
    MAX_METADATA_BYTES,
    RegistryObject,
    Submission,
    patient_ids,
    read_metadata,
    submission_key,
    submission_patient,
    unique_id,
)

_MISSING = mark("The metadata describe the file {name}, which is not on the medium.")
_NAMELESS = mark("The metadata describe a document and name no file.")
_OTHER_SIZE = mark(
    "The length of the document in bytes is {found}, and the metadata say {expected}: it is refused."
)
_OTHER_HASH = mark("The document has not the digest that the metadata say: it is refused.")
_UNCHECKED = mark("The metadata state no digest or no length of this document: it is taken as it is.")
_UNDESCRIBED = mark("No metadata describe this file: it is not taken.")
_OTHER_PATIENT = mark(
    "The metadata are about {first} and the document about {second}: the document is believed."
)
_TWO_PATIENTS = mark("The patient of this document is not the one of the submission.")
_WITHDRAWN = mark(
    "The sender says that this document is not valid any more: of it the document alone is taken."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class DescribedDocument:
    """A document that is the one its entry describes; ``clinical`` says that it is a clinical document."""

    entry: RegistryObject
    file: OutsideFile
    attachment: Attachment
    heading: Heading
    clinical: bool
    withdrawn: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmittedDocuments:
    """A submission, who made it, the digest of its metadata, and its documents."""

    submission: Submission
    practice: Practice
    key: str
    documents: tuple[DescribedDocument, ...]


def submitted_documents(subset: Subset) -> Generator[Item, None, SubmittedDocuments | None]:
    """Yield what is noticed of a submission, and return its documents; nothing where its metadata cannot be read."""
    try:
        with subset.metadata() as stream:
            data = stream.read(MAX_METADATA_BYTES + 1)
        submission = read_metadata(data, subset.place)
    except (Failure, OSError) as fault:
        yield refused_file(fault, subset.place)
        yield from (xdm_finding(one.place, "xdm-undescribed", _UNDESCRIBED) for one in subset.files.values())
        return None
    left = dict(subset.files)
    documents: list[DescribedDocument] = []
    for entry in submission.entries:
        name = entry.slot("URI").replace("\\", "/").rsplit("/", 1)[-1]
        file = subset.files.get(name.casefold())
        if file is None:
            yield _missing(name, subset.place)
            continue
        left.pop(name.casefold(), None)
        try:
            found, findings = _document(entry, file, submission)
        except (Failure, OSError) as fault:
            yield refused_file(fault, file.place)
            continue
        yield from findings
        documents += [found] if found else []
    yield from (xdm_finding(one.place, "xdm-undescribed", _UNDESCRIBED) for one in left.values())
    key = f"{submission_key(submission, subset.place)}/{SHA256.hash_value(data).hex()[:16]}"
    return SubmittedDocuments(
        submission=submission, practice=_practice(submission, None), key=key, documents=tuple(documents)
    )


def _missing(name: str, place: str) -> Finding:
    if not name:
        return xdm_finding(place, "xdm-missing", _NAMELESS, Severity.ERROR)
    return xdm_finding(place, "xdm-missing", _MISSING, Severity.ERROR, name=name)


def _document(
    entry: RegistryObject, file: OutsideFile, submission: Submission
) -> tuple[DescribedDocument | None, list[Finding]]:
    """Return the document that ``entry`` describes, if it is that one, and what is noticed."""
    with file.open() as stream:
        attachment, sha1, head = _examined(stream, file.name)
    fault, findings = _compared(entry, attachment.size, sha1, file.place)
    if fault is not None:
        return None, [fault]
    clinical = None
    if is_clinical_document(head):
        with file.open() as stream:
            data = stream.read(MAX_DOCUMENT_BYTES + 1)
        clinical = read_document(data, file.place)
        attachment = clinical.attachment
    heading, remarks = _heading(entry, file, attachment, submission, clinical)
    withdrawn = WITHDRAWN in entry.slots.get("urn:action:extraMetadataSlot", ())
    withdrawn |= entry.attributes.get("status", "").endswith(DEPRECATED)
    if withdrawn:
        remarks.append(xdm_finding(file.place, "xdm-withdrawn", _WITHDRAWN))
    found = DescribedDocument(
        entry=entry,
        file=file,
        attachment=attachment,
        heading=heading,
        clinical=clinical is not None,
        withdrawn=withdrawn,
    )
    return found, [*findings, *remarks]


def _examined(stream: BinaryIO, name: str) -> tuple[Attachment, str, bytes]:
    """Return the attachment that a file is, its SHA-1 in lower-case hexadecimal, and its first bytes."""
    sums, size, head = (SHA1.new(), SHA256.new()), 0, b""
    while piece := stream.read(BUFFER):
        head = head or piece[:HEAD]
        size += len(piece)
        for one in sums:
            one.update(piece)
    kind = media_type(head[:SNIFFED], name)
    return Attachment(sha256=sums[1].hexdigest(), size=size, media_type=kind), sums[0].hexdigest(), head


def _compared(
    entry: RegistryObject, size: int, sha1: str, place: str
) -> tuple[Finding | None, list[Finding]]:
    """Return why a document is not the one that is described, or what is noticed of one that may be."""
    length, value = entry.slot("size"), entry.slot("hash").lower()
    if length and length != str(size):
        error = Severity.ERROR
        return xdm_finding(place, "xdm-size", _OTHER_SIZE, error, found=size, expected=length), []
    if value and value != sha1:
        return xdm_finding(place, "xdm-hash", _OTHER_HASH, Severity.ERROR), []
    checked = length and value
    return None, [] if checked else [xdm_finding(place, "xdm-unchecked", _UNCHECKED, Severity.NOTE)]


# -- who submits, about whom ---------------------------------------------------------------


def _practice(submission: Submission, clinical: ClinicalDocument | None) -> Practice:
    """Return who submits: by the source, or the author's organisation, or else who keeps the document."""
    organisation = organisation_of_text(submission.author.institution)
    oid, _, number = submission.source.rpartition(".")
    root, extension = (oid, number) if oid == ORGANISATION_OID else (submission.source, "")
    if not root:
        root, extension = organisation.number.oid, organisation.number.value
    keeper = custodian(clinical) if clinical else None
    if not root and not organisation.name and keeper:
        return keeper
    identity = practice_identity(root, extension, organisation.name)
    if keeper and keeper.id == identity:
        return keeper
    name = organisation.name or "^".join(filter(None, (root, extension))) or submission_key(submission, "?")
    return Practice(
        id=identity, name=name, identifiers=organisation_identifiers([(root, extension)] if root else [])
    )


def _heading(
    entry: RegistryObject,
    file: OutsideFile,
    attachment: Attachment,
    submission: Submission,
    clinical: ClinicalDocument | None,
) -> tuple[Heading, list[Finding]]:
    practice = _practice(submission, clinical)
    described = _patient(entry, practice, unique_id(entry) or attachment.sha256)
    findings: list[Finding] = []
    submitted = submission_patient(submission)
    if submitted and submitted not in {*patient_ids(entry), ""}:
        findings.append(xdm_finding(file.place, "xdm-two-patients", _TWO_PATIENTS))
    if clinical is None:
        heading = Heading(
            place=file.place,
            key=f"{unique_id(entry) or 'id'}/{attachment.sha256[:16]}",
            number=unique_id(entry),
            series="",
            version=0,
            replaces=(),
            made=stamp_moment(entry.slot("creationTime"), "UTC"),
            practice=practice,
            patient=described,
        )
        return heading, findings
    patient = patient_of(clinical, practice)
    if contradicting(described.traits, patient.traits):
        first, second = (names_and_birth(one.traits) for one in (described, patient))
        other = xdm_finding(file.place, "xdm-other-patient", _OTHER_PATIENT, first=first, second=second)
        findings.append(other)
    return heading_of(clinical, file.place, practice, patient), findings


def _patient(entry: RegistryObject, practice: Practice, otherwise: str) -> Patient:
    """Return the patient of whom the metadata of a document speak."""
    traits, addresses, numbers = traits_of_segment(entry.slots.get("sourcePatientInfo", ()))
    every = (*(patient_number(one) for one in patient_ids(entry)), *numbers)
    identifiers = tuple(dict.fromkeys(one for one in every if one is not None))
    return Patient(
        id=record_id(practice.id, "patients", patient_key(identifiers, traits, otherwise)),
        practice=practice.id,
        traits=traits,
        identifiers=identifiers,
        addresses=addresses,
    )


def refused_file(fault: Failure | OSError, place: str) -> Finding:
    """Return why a file is not taken as a finding, so that the others are."""
    if isinstance(fault, Failure):
        return as_finding(fault, place)
    return unreadable(Path(place), Path(), fault)


def xdm_finding(
    place: str, code: str, sentence: str, severity: Severity = Severity.WARNING, **facts: str | int
) -> Finding:
    """Return a finding about what lies at ``place`` of a medium."""
    return Finding(severity=severity, code=code, where=place, sentence=sentence, facts=facts)
