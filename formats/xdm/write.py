"""Metadata of a medium written (ebRIM 3.0; IHE ITI TF-3, 4.2; CI-SIS; PDLGC 0.1.0): METADATA.XML of one dossier.

The order of children is the one of the schema. Identities are made of what they name, so that the same dossier and
moment give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from formats.cda.codes import ORGANISATION_OID
from formats.cda.writer.header import NORMAL, facility
from formats.cda.writer.people import AMBULATORY, national_id, profession
from formats.cda.writer.values import CdaCode, entry_uuid, moment_stamp, uuid_oid
from formats.errors import LimitExceeded
from formats.model.dossier import Dossier
from formats.model.people import Practice, Practitioner
from formats.target import Target, write_all
from formats.words import mark
from formats.xdm.codes import (
    DOCUMENT_AUTHOR,
    DOCUMENT_CLASS,
    DOCUMENT_CONFIDENTIALITY,
    DOCUMENT_ENTRY,
    DOCUMENT_FACILITY,
    DOCUMENT_FORMAT,
    DOCUMENT_PATIENT,
    DOCUMENT_SETTING,
    DOCUMENT_TYPE,
    DOCUMENT_UNIQUE,
    RIM,
    SUBMISSION_AUTHOR,
    SUBMISSION_CONTENT,
    SUBMISSION_PATIENT,
    SUBMISSION_SET,
    SUBMISSION_SOURCE,
    SUBMISSION_UNIQUE,
)
from formats.xdm.hl7_text import (
    MAX_VALUE,
    organisation_xon,
    patient_cx,
    patient_segment,
    professional_xcn,
    source_patient_cx,
)
from formats.xdm.medium_file import MediumFile
from formats.xdm.metadata import MAX_METADATA_BYTES, MAX_OBJECTS
from formats.xml_markup import DECLARATION, NOTHING, Markup, element, end_tag, start_tag, text_markup

_LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
_OBJECTS = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject"
_APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
_REPLACES = "urn:ihe:iti:2007:AssociationType:RPLC"
_LANGUAGE = "fr-FR"
_TITLE_LENGTH = 128
"""Characters of a title (IHE ITI TF-3, 4.2.3.2.26)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmissionFacts:
    """Who submits and when (with a zone); ``repository`` is the OID of where the documents are kept, if it has one."""

    submitted_at: datetime
    title: str = ""
    comments: str = ""
    author: Practitioner | None = None
    repository: str = ""


def write_metadata(
    dossier: Dossier, files: Sequence[MediumFile], target: Target, *, facts: SubmissionFacts
) -> None:
    """Write the metadata of ``files``, which are all about the patient of ``dossier``, to ``target``.

    Raises:
        LimitExceeded: for more objects or bytes than a reader takes.
    """
    objects = 1 + sum(2 + bool(one.replaces) for one in files)
    if objects > MAX_OBJECTS:
        name = mark("the number of objects in the metadata")
        raise LimitExceeded(where=dossier.patient.id, name=name, found=objects, limit=MAX_OBJECTS)
    size = 0
    for piece in _Metadata(dossier, facts).pieces(files):
        data = piece.encode()
        size += len(data)
        if size > MAX_METADATA_BYTES:
            name = mark("the size of the XML in bytes")
            raise LimitExceeded(where=dossier.patient.id, name=name, found=size, limit=MAX_METADATA_BYTES)
        write_all(target, data)


# -- elements -----------------------------------------------------------------------------


def _slot(name: str, *values: str) -> Markup:
    """Return a slot with the values that say something, each as long as one may be."""
    texts = [one[:MAX_VALUE] for one in values if one]
    if not texts:
        return NOTHING
    listed = element("rim:ValueList", *(element("rim:Value", text_markup(one)) for one in texts))
    return element("rim:Slot", listed, name=name)


def _name(text: str, kind: str = "rim:Name") -> Markup:
    if not text.strip():
        return NOTHING
    attributes = {"xml:lang": _LANGUAGE, "charset": "UTF-8", "value": text}
    string = start_tag("rim:LocalizedString", attributes)
    return element(kind, Markup(f"{string[:-1]}/>"))


@dataclass(frozen=True, slots=True)
class _Metadata:
    """The submission of one dossier on its way out."""

    dossier: Dossier
    facts: SubmissionFacts

    def pieces(self, files: Iterable[MediumFile]) -> Iterator[Markup]:
        """Yield the submission set, then each document and what ties it to the set."""
        yield DECLARATION
        yield start_tag("lcm:SubmitObjectsRequest", {"xmlns:lcm": _LCM, "xmlns:rim": RIM})
        yield start_tag("rim:RegistryObjectList")
        every = tuple(files)
        submission = self._urn("submission", self._stamp, *(one.number for one in every))
        yield self._submission_set(submission, every)
        for one in every:
            yield self._entry(one)
            yield self._association(submission, one.number, _MEMBER, "Original")
        for one in every:
            if one.replaces:
                source = self._urn("document", one.number)
                yield self._association(source, one.replaces, _REPLACES)
        yield end_tag("rim:RegistryObjectList")
        yield end_tag("lcm:SubmitObjectsRequest")

    @property
    def _practice(self) -> Practice:
        return self.dossier.practice

    @property
    def _stamp(self) -> str:
        return _utc(self.facts.submitted_at)

    def _urn(self, *parts: str) -> str:
        return f"urn:uuid:{entry_uuid(self._practice.id, 'xdm', *parts).lower()}"

    # -- objects --------------------------------------------------------------------------

    def _submission_set(self, own: str, files: Sequence[MediumFile]) -> Markup:
        content = facility(self.dossier)
        number = uuid_oid(own.removeprefix("urn:uuid:"))
        return element(
            "rim:RegistryPackage",
            _slot("submissionTime", self._stamp),
            _name(self.facts.title[:_TITLE_LENGTH] or next((one.title for one in files), "")[:_TITLE_LENGTH]),
            _name(self.facts.comments, "rim:Description"),
            self._node(own),
            self._author(own, SUBMISSION_AUTHOR, self.facts.author),
            self._class(own, SUBMISSION_CONTENT, content),
            self._number(own, SUBMISSION_PATIENT, patient_cx(self.dossier), "XDSSubmissionSet.patientId"),
            self._number(own, SUBMISSION_SOURCE, source_oid(self._practice), "XDSSubmissionSet.sourceId"),
            self._number(own, SUBMISSION_UNIQUE, number, "XDSSubmissionSet.uniqueId"),
            id=own,
            objectType=f"{_OBJECTS}:RegistryPackage",
            status=_APPROVED,
        )

    def _entry(self, one: MediumFile) -> Markup:
        own = self._urn("document", one.number)
        author = one.author or self.facts.author
        signer = professional_xcn(author, self._practice) if author else ""
        repository = self.facts.repository or uuid_oid(entry_uuid(self._practice.id, "xdm", "repository"))
        return element(
            "rim:ExtrinsicObject",
            _slot("creationTime", _utc(one.created_at)),
            _slot("hash", one.sha1.hex.upper()),
            _slot("languageCode", _LANGUAGE),
            _slot("legalAuthenticator", signer),
            _slot("repositoryUniqueId", repository),
            _slot("serviceStartTime", _whole_stamp(one.service_start) or _utc(one.created_at)),
            _slot("size", str(one.size)),
            _slot("sourcePatientId", source_patient_cx(self.dossier)),
            _slot("sourcePatientInfo", *patient_segment(self.dossier)),
            _slot("URI", one.name),
            _name(one.title[:_TITLE_LENGTH]),
            element("rim:VersionInfo", versionName=str(one.version)),
            self._author(own, DOCUMENT_AUTHOR, author),
            self._class(own, DOCUMENT_CLASS, one.kind.document_class),
            self._class(own, DOCUMENT_CONFIDENTIALITY, NORMAL),
            self._class(own, DOCUMENT_FORMAT, one.kind.format),
            self._class(own, DOCUMENT_FACILITY, facility(self.dossier)),
            self._class(own, DOCUMENT_SETTING, AMBULATORY),
            self._class(own, DOCUMENT_TYPE, one.kind.type),
            self._number(own, DOCUMENT_PATIENT, patient_cx(self.dossier), "XDSDocumentEntry.patientId"),
            self._number(own, DOCUMENT_UNIQUE, one.number, "XDSDocumentEntry.uniqueId"),
            id=own,
            lid=self._urn("series", one.series),
            mimeType=one.media_type,
            objectType=DOCUMENT_ENTRY,
            status=_APPROVED,
        )

    def _association(self, source: str, number: str, kind: str, status: str = "") -> Markup:
        goal = self._urn("document", number)
        return element(
            "rim:Association",
            _slot("SubmissionSetStatus", status),
            associationType=kind,
            id=self._urn("association", source, goal, kind),
            objectType=f"{_OBJECTS}:Association",
            sourceObject=source,
            targetObject=goal,
        )

    # -- what classifies an object ---------------------------------------------------------

    def _node(self, own: str) -> Markup:
        return element(
            "rim:Classification",
            classificationNode=SUBMISSION_SET,
            classifiedObject=own,
            id=self._urn("node", own),
            objectType=f"{_OBJECTS}:Classification",
        )

    def _author(self, own: str, scheme: str, author: Practitioner | None) -> Markup:
        code = profession(author)
        person = professional_xcn(author, self._practice) if author else ""
        slots = (
            _slot("authorInstitution", organisation_xon(self._practice)),
            _slot("authorPerson", person),
            _slot("authorSpecialty", f"{code.code}^{code.label}^{code.oid}" if author else ""),
        )
        start = start_tag("rim:Classification", self._classifying(own, scheme))
        return Markup(f'{start[:-1]} nodeRepresentation="">{"".join(slots)}</rim:Classification>')

    def _class(self, own: str, scheme: str, code: CdaCode) -> Markup:
        attributes = {**self._classifying(own, scheme), "nodeRepresentation": code.code}
        content = f"{_slot('codingScheme', code.oid)}{_name(code.label)}"
        return Markup(f"{start_tag('rim:Classification', attributes)}{content}</rim:Classification>")

    def _classifying(self, own: str, scheme: str) -> dict[str, str]:
        return {
            "classificationScheme": scheme,
            "classifiedObject": own,
            "id": self._urn("class", own, scheme),
            "objectType": f"{_OBJECTS}:Classification",
        }

    def _number(self, own: str, scheme: str, value: str, name: str) -> Markup:
        return element(
            "rim:ExternalIdentifier",
            _name(name),
            id=self._urn("number", own, scheme),
            identificationScheme=scheme,
            objectType=f"{_OBJECTS}:ExternalIdentifier",
            registryObject=own,
            value=value,
        )


def source_oid(practice: Practice) -> str:
    """Return the OID of who submits: the national number of the practice below its arc, else one of its identity."""
    number = national_id(practice)
    if number is not None and number[1].isdecimal() and number[1].isascii():
        return f"{ORGANISATION_OID}.{number[1]}"
    return uuid_oid(practice.id)


def _utc(at: datetime) -> str:
    """Return a moment in UTC to the second, as metadata have it (DTM)."""
    try:
        at = at.astimezone(UTC)
    except OverflowError:  # in the first or the last hours that a calendar has
        at = at.replace(tzinfo=UTC)
    return moment_stamp(at)[:-5]


def _whole_stamp(stamp: str) -> str:
    """Return a time stamp (TS) as metadata have it: a date as it is, a moment in UTC."""
    if len(stamp) <= len("20261128"):
        return stamp
    return _utc(datetime.strptime(stamp, "%Y%m%d%H%M%S%z"))
