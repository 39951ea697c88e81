"""Metadata of a medium written (ebRIM 3.0; IHE ITI TF-3, 4.2; CI-SIS; PDLGC 0.1.0): METADATA.XML of one dossier.

The order of children is the one of the schema. Identities are made of what they name, so that the same dossier and
moment give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from formats.cda.codes import ORGANISATION_OID
from formats.cda.writer.header import NORMAL, facility
from formats.cda.writer.people import AMBULATORY, national_id, profession
from formats.cda.writer.values import CdaCode, entry_uuid, uuid_oid
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
    utc_or_day,
    utc_stamp,
    whole_stamp,
)
from formats.xdm.medium_file import MediumFile
from formats.xdm.metadata import MAX_METADATA_BYTES, MAX_OBJECTS
from formats.xml_markup import (
    DECLARATION,
    NOTHING,
    Markup,
    element,
    end_tag,
    join_markup,
    start_tag,
    text_markup,
)

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


@dataclass(frozen=True)
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
        return utc_stamp(self.facts.submitted_at)

    @cached_property
    def _patient_number(self) -> str:
        return patient_cx(self.dossier)

    @cached_property
    def _facility(self) -> CdaCode:
        return facility(self.dossier)

    @cached_property
    def _repository(self) -> str:
        return self.facts.repository or uuid_oid(entry_uuid(self._practice.id, "xdm", "repository"))

    @cached_property
    def _source_patient(self) -> Markup:
        own = _slot("sourcePatientId", source_patient_cx(self.dossier))
        return join_markup((own, _slot("sourcePatientInfo", *patient_segment(self.dossier))))

    def _urn(self, *parts: str) -> str:
        return f"urn:uuid:{entry_uuid(self._practice.id, 'xdm', *parts).lower()}"

    # -- objects --------------------------------------------------------------------------

    def _submission_set(self, own: str, files: Sequence[MediumFile]) -> Markup:
        number = uuid_oid(own.removeprefix("urn:uuid:"))
        return element(
            "rim:RegistryPackage",
            _slot("submissionTime", self._stamp),
            _name(self.facts.title[:_TITLE_LENGTH] or next((one.title for one in files), "")[:_TITLE_LENGTH]),
            _name(self.facts.comments, "rim:Description"),
            self._node(own),
            self._author(own, SUBMISSION_AUTHOR, self.facts.author),
            self._class(own, SUBMISSION_CONTENT, self._facility),
            self._number(own, SUBMISSION_PATIENT, self._patient_number, "XDSSubmissionSet.patientId"),
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
        return element(
            "rim:ExtrinsicObject",
            _slot("creationTime", utc_or_day(one.created_at)),
            _slot("hash", one.sha1.hex.upper()),
            _slot("languageCode", _LANGUAGE),
            _slot("legalAuthenticator", signer),
            _slot("repositoryUniqueId", self._repository),
            _slot("serviceStartTime", whole_stamp(one.service_start) or utc_or_day(one.created_at)),
            _slot("size", str(one.size)),
            self._source_patient,
            _slot("URI", one.name),
            _name(one.title[:_TITLE_LENGTH]),
            element("rim:VersionInfo", versionName=str(one.version)),
            self._author(own, DOCUMENT_AUTHOR, author),
            self._class(own, DOCUMENT_CLASS, one.kind.document_class),
            self._class(own, DOCUMENT_CONFIDENTIALITY, NORMAL),
            self._class(own, DOCUMENT_FORMAT, one.kind.format),
            self._class(own, DOCUMENT_FACILITY, self._facility),
            self._class(own, DOCUMENT_SETTING, AMBULATORY),
            self._class(own, DOCUMENT_TYPE, one.kind.type),
            self._number(own, DOCUMENT_PATIENT, self._patient_number, "XDSDocumentEntry.patientId"),
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
            id=_within(own, SUBMISSION_SET),
            objectType=f"{_OBJECTS}:Classification",
        )

    def _author(self, own: str, scheme: str, author: Practitioner | None) -> Markup:
        start = start_tag("rim:Classification", self._classifying(own, scheme))
        slots = _author_slots(self._practice, author)
        return Markup(f'{start[:-1]} nodeRepresentation="">{slots}</rim:Classification>')

    def _class(self, own: str, scheme: str, code: CdaCode) -> Markup:
        attributes = {**self._classifying(own, scheme), "nodeRepresentation": code.code}
        start = start_tag("rim:Classification", attributes)
        return Markup(f"{start}{_code_slots(code)}</rim:Classification>")

    def _classifying(self, own: str, scheme: str) -> dict[str, str]:
        return {
            "classificationScheme": scheme,
            "classifiedObject": own,
            "id": _within(own, scheme),
            "objectType": f"{_OBJECTS}:Classification",
        }

    def _number(self, own: str, scheme: str, value: str, name: str) -> Markup:
        return element(
            "rim:ExternalIdentifier",
            _name(name),
            id=_within(own, scheme),
            identificationScheme=scheme,
            objectType=f"{_OBJECTS}:ExternalIdentifier",
            registryObject=own,
            value=value,
        )


@lru_cache(256)
def _author_slots(practice: Practice, author: Practitioner | None) -> Markup:
    code = profession(author)
    slots = (
        _slot("authorInstitution", organisation_xon(practice)),
        _slot("authorPerson", professional_xcn(author, practice) if author else ""),
        _slot("authorSpecialty", f"{code.code}^{code.label}^{code.oid}" if author else ""),
    )
    return join_markup(slots)


@lru_cache(256)
def _code_slots(code: CdaCode) -> Markup:
    return join_markup((_slot("codingScheme", code.oid), _name(code.label)))


def _within(own: str, scheme: str) -> str:
    """Return the name of what an object has under ``scheme``: symbolic, for nobody refers to it (ITI TF-3, 4.2.3.1)."""
    return f"{own[-12:]}_{scheme[9:17]}"


def source_oid(practice: Practice) -> str:
    """Return the OID of who submits: the national number of the practice below its arc, else one of its identity."""
    number = national_id(practice)
    if number is not None and number[1].isdecimal() and number[1].isascii():
        return f"{ORGANISATION_OID}.{number[1]}"
    return uuid_oid(practice.id)
