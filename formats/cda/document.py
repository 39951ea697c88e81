"""A clinical document: who it is about and from, when and under what number it was made, what it replaces."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from formats import xml
from formats.cda.codes import NAMESPACE
from formats.cda.elements import (
    Coded,
    References,
    attribute,
    child,
    elements_at,
    instance_identifier,
    plain,
    stamp_date,
    stamp_moment,
)
from formats.cda.people import (
    addresses_of,
    death,
    marital_status,
    organisation_identifiers,
    patient_identifiers,
    telecoms,
    traits_of_role,
)
from formats.digests import SHA256
from formats.errors import FormatFailure
from formats.model.dates import AnyMoment, contradict
from formats.model.documents import Attachment
from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.people import Patient, PatientStatus, Practice
from formats.model.record import practice_namespace, record_id
from formats.names import comparable
from formats.words import mark
from formats.xml import Element

MAX_DOCUMENT_BYTES = 64 << 20
"""A clinical document with a PDF of 45 MB in base64; what is longer belongs on a medium of images."""
_VERSION = re.compile(r"\d{1,9}", re.ASCII)
MEDIA_TYPE = "application/hl7-cda+xml"
HEAD = 64 << 10
"""Bytes in which a clinical document names its root, after comments and stylesheets."""


class NotClinicalDocument(FormatFailure):
    """XML that is no clinical document."""

    code = "not-cda"
    sentence = mark("This is not a clinical document (CDA R2).")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicalDocument:
    """One document: ``key`` names these very bytes, ``number`` is its ``id``, ``series`` its ``setId``.

    ``replaces`` are the numbers of the documents that it takes the place of. ``role`` is its ``patientRole``.
    """

    root: Element
    role: Element
    references: References
    key: str
    number: str
    series: str
    version: int
    replaces: tuple[str, ...]
    type: Coded
    title: str
    made_at: AnyMoment | None
    attachment: Attachment


def is_clinical_document(head: bytes) -> bool:
    """Tell by its first ``HEAD`` bytes whether a file says that it is one."""
    return b"ClinicalDocument" in head and NAMESPACE.encode() in head


def read_document(data: bytes, what: str = "CDA") -> ClinicalDocument:
    """Return the clinical document that ``data`` are.

    Raises:
        NotClinicalDocument: when it is another document, or says of nobody that it is about them.
        FormatFailure: when it is not well-formed, has a DTD, or goes past a limit.
    """
    root = xml.parse(data, what=what, limit=MAX_DOCUMENT_BYTES, bare=True, long_texts=True)
    role = child(root, "recordTarget/patientRole")
    if root.tag != f"{{{NAMESPACE}}}ClinicalDocument" or role is None:
        raise NotClinicalDocument(where=what)
    references = References(root)
    digest = SHA256.hash_value(data).hex()
    number = instance_identifier(child(root, "id"))
    version = attribute(child(root, "versionNumber"))
    return ClinicalDocument(
        root=root,
        role=role,
        references=references,
        key=f"{number or 'id'}/{digest[:16]}",
        number=number,
        series=instance_identifier(child(root, "setId")),
        version=int(version) if _VERSION.fullmatch(version) else 0,
        replaces=tuple(_replaced(root)),
        type=references.coded(child(root, "code")),
        title=plain(child(root, "title")),
        made_at=stamp_moment(attribute(child(root, "effectiveTime"))),
        attachment=Attachment(sha256=digest, size=len(data), media_type=MEDIA_TYPE),
    )


def _replaced(root: Element) -> list[str]:
    related = (one for one in elements_at(root, "relatedDocument") if attribute(one, "typeCode") == "RPLC")
    return [found for one in related if (found := instance_identifier(child(one, "parentDocument/id")))]


# -- whose dossier ------------------------------------------------------------------------


def practice_identity(root: str, extension: str, name: str) -> str:
    """Return the identity of the organisation that keeps a dossier, by its number or else its name."""
    number = "^".join(filter(None, (root, extension)))
    return str(practice_namespace(f"urn:oid:{number}" if number else f"organisation:{comparable(name)}"))


def custodian(document: ClinicalDocument) -> Practice:
    """Return the organisation that keeps ``document``: its custodian, or else its author's."""
    places = (
        "custodian/assignedCustodian/representedCustodianOrganization",
        "author/assignedAuthor/representedOrganization",
    )
    found = (child(document.root, place) for place in places)
    node = next((one for one in found if one is not None), None)
    ids = [(attribute(one, "root"), attribute(one, "extension")) for one in elements_at(node, "id")]
    numbers = [one for one in ids if one[0]]
    root, extension = numbers[0] if numbers else ("", "")
    name = plain(child(node, "name"))
    return Practice(
        id=practice_identity(root, extension, name),
        name=name or "^".join(filter(None, (root, extension))) or document.number,
        identifiers=organisation_identifiers(numbers),
        addresses=addresses_of(node),
        contacts=telecoms(node),
    )


def patient_of(document: ClinicalDocument, practice: Practice) -> Patient:
    """Return the patient of ``document`` as ``practice`` knows them."""
    role = document.role
    identifiers = patient_identifiers(role)
    traits = traits_of_role(role)
    died, when = death(role)
    language = child(role, "patient/languageCommunication/languageCode")
    return Patient(
        id=record_id(practice.id, "patients", patient_key(identifiers, traits, document.number)),
        practice=practice.id,
        traits=traits,
        identifiers=identifiers,
        addresses=addresses_of(role),
        contacts=telecoms(role),
        status=PatientStatus.DECEASED if died else PatientStatus.ACTIVE,
        deceased_on=stamp_date(when),
        marital_status=marital_status(role),
        language=attribute(language, "code"),
    )


def patient_key(identifiers: tuple[Identifier, ...], traits: Traits, otherwise: str) -> str:
    """Return what tells a patient of one organisation from its others: a number of its own, an INS, or the traits."""
    for kind in (IdentifierType.LOCAL, IdentifierType.INS):
        for one in identifiers:
            if one.type is kind:
                return f"{one.system}^{one.value}"
    return _traits_key(traits) or otherwise


def _traits_key(traits: Traits) -> str:
    family = comparable(traits.birth_family_name or traits.used_family_name)
    given = comparable(next(iter(traits.birth_given_names), traits.used_given_name))
    born = traits.birth_date.isoformat() if traits.birth_date else ""
    return f"{family}/{given}/{born}" if family and born else ""


def contradicting(one: Traits, other: Traits) -> bool:
    """Tell whether two documents of one number speak of two persons: another birth, or no name in common."""
    names = [
        {comparable(name) for name in (each.birth_family_name, each.used_family_name) if name}
        for each in (one, other)
    ]
    apart = bool(names[0] and names[1]) and names[0].isdisjoint(names[1])
    return apart or contradict(one.birth_date, other.birth_date)


def apart(patient: Patient) -> Patient:
    """Return ``patient`` as a record of their own, where another person has their number."""
    return replace(
        patient, id=record_id(patient.practice, "patients", f"{patient.id}/{_traits_key(patient.traits)}")
    )
