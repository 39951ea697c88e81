"""Documents and the files behind them, consents, and who looked at the dossier."""

from __future__ import annotations

import re
from dataclasses import dataclass

from formats.fhir.codes import DICOM, HL7, LOINC, Coding
from formats.fhir.elements import Element, MissingElement, enter, object_at, objects_at
from formats.fhir.exact import put_primitive, take, take_at, take_or
from formats.fhir.parts import Value, text_field
from formats.fhir.primitives import CODE, DAY, DOCUMENT, INSTANT, PATIENT, PRACTITIONER, TEXT, UNSIGNED
from formats.fhir.resources import PATIENT_REFERENCE, SUBJECT, Resource
from formats.fhir.vocabulary import coding_of, concept
from formats.fhir.write_only import FixedValue, Observer, RequiredElement
from formats.mapping.parts import Both, FieldPart, FoundFields
from formats.model.documents import Attachment, Document
from formats.model.imaging import ImageFile, ImageInstance
from formats.model.provenance import AccessEvent, Consent

SHA256 = re.compile("[0-9a-f]{64}")
FILE_URL = "urn:sha256:"
"""Where a file is: no address, but the digest by which the archive holds it."""


@dataclass(frozen=True, slots=True)
class File(FieldPart):
    """The file of a record, as the Attachment at ``path``.

    The digest is an extension, because the hash of a FHIR Attachment is SHA-1.
    An Attachment without a digest names no file that an archive could hold.
    """

    path: str

    @property
    def fields(self) -> tuple[str, ...]:
        return ("attachment",)

    def tell(self, record: Document | ImageFile | ImageInstance, node: Element) -> None:
        attachment = record.attachment
        if attachment is None:
            return
        parent, key = enter(node, self.path)
        file: Element = parent.setdefault(key, {})
        if attachment.media_type:
            put_primitive(file, "contentType", CODE, attachment.media_type)
        if SHA256.fullmatch(attachment.sha256):
            file["url"] = FILE_URL + attachment.sha256
        put_primitive(file, "size", UNSIGNED, attachment.size)
        put_primitive(*enter(file, "~sha256"), TEXT, attachment.sha256)

    def take(self, node: Element) -> FoundFields:
        file = object_at(node, self.path) or {}
        digest = take_or(file, "~sha256", TEXT, None)
        if digest is None:
            return {}
        size = take_or(file, "size", UNSIGNED, None)
        if size is None:
            raise MissingElement(where=self.path, name="size")
        media_type = take_or(file, "contentType", CODE, "")
        return {"attachment": Attachment(sha256=digest, size=size, media_type=media_type)}


def _put_document_type(record: Document, node: Element) -> None:
    """The type of a document, a LOINC code."""
    if record.code:
        coding: Element = {"system": LOINC}
        put_primitive(coding, "code", CODE, record.code)
        node["type"] = {"coding": [coding]}


def _take_document_type(node: Element) -> FoundFields:
    codings = (coding for coding in objects_at(node, "type.coding") if coding.get("system") == LOINC)
    return {"code": take_or(next(codings, {}), "code", CODE, "")}


DOCUMENT_RESOURCE = Resource(
    "DocumentReference",
    Document,
    (
        FixedValue("status", "current"),
        Both(("code",), _put_document_type, _take_document_type),
        text_field("category", "category[0].text"),
        SUBJECT,
        Value("created_at", "date", INSTANT),
        Value("practitioner", "author[0].reference", PRACTITIONER),
        text_field("title", "description"),
        File("content[0].attachment"),
        text_field("original_name", "content[0].attachment.title"),
        text_field("note", "~note"),
        RequiredElement("content[0].attachment"),
    ),
)


def _put_given(record: Consent, node: Element) -> None:
    """What was agreed to is permitted; what was refused is denied, and the consent rejected."""
    node["status"] = "active" if record.given else "rejected"
    node["provision"] = {"type": "permit" if record.given else "deny"}


def _take_given(node: Element) -> FoundFields:
    denied = take_at(node, "provision.type", CODE) == "deny"
    return {"given": not denied and take(node, "status", CODE) != "rejected"}


CONSENT = Resource(
    "Consent",
    Consent,
    (
        Both(("given",), _put_given, _take_given),
        FixedValue("scope", concept(Coding(f"{HL7}/consentscope", "treatment"))),
        text_field("subject", "category[0].text"),
        RequiredElement("category[0].text", primitive=True),
        PATIENT_REFERENCE,
        Value("given_on", "dateTime", DAY),
        text_field("signed_by", "performer[0].display"),
        Value("document", "sourceReference.reference", DOCUMENT),
        text_field("text", "policyRule.text"),
        RequiredElement("policyRule"),
    ),
)


ACCESS = Resource(
    "AuditEvent",
    AccessEvent,
    (
        FixedValue("type", coding_of(Coding(DICOM, "110110", "Patient Record"))),
        text_field("action", "subtype[0].display"),
        Value("happened_at", "recorded", INSTANT),
        RequiredElement("recorded", primitive=True),
        text_field("actor", "agent[0].name"),
        FixedValue("agent[0].requestor", True),
        text_field("device", "agent[0].network.address"),
        Observer("source.observer.reference"),
        Value("patient", "entity[0].what.reference", PATIENT),
        text_field("detail", "entity[0].description"),
    ),
)
