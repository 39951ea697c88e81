"""METADATA.XML of the archive (ebRIM 3.0), in the order of the schema, with what the guide adds."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from tests.vectors.generator.pdlgc.people import PRACTICE_OID, PROFESSIONAL, VENDOR, VENDOR_NUMBER, Sufferer

LCM, RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0", "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
AUTHOR = {
    "authorInstitution": f"{VENDOR}^^^^^&amp;{PRACTICE_OID}&amp;ISO^IDNST^^^{VENDOR_NUMBER}",
    "authorPerson": f"899900000018^KERBRAT^Malo^^^^^^&amp;{PROFESSIONAL}&amp;ISO^D^^^IDNPS",
    "authorRole": "Chirurgien-dentiste",
    "authorSpecialty": "G15_40^Chirurgien-Dentiste^1.2.250.1.213.1.1.4.5",
}
CONFIDENTIALITY = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A document as its entry describes it: codes are ``code|scheme|label``."""

    name: str
    data: bytes
    mime: str
    unique: str
    kind: str
    type: str
    format: str
    title: str
    service: str = "20261102101500"


def named(text: str) -> str:
    """Return the URN that grows from ``text``."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, text)}"


def slot(name: str, *values: str) -> str:
    """Return a slot."""
    listed = "".join(f"<Value>{one}</Value>" for one in values)
    return f'<Slot name="{name}"><ValueList>{listed}</ValueList></Slot>\n'


def classified(scheme: str, owner: str, coded: str = "||", inside: str = "") -> str:
    """Return a classification of ``owner`` under ``scheme``."""
    code, coding, label = coded.split("|")
    within = inside or f'{slot("codingScheme", coding)}<Name><LocalizedString value="{label}"/></Name>'
    return (
        f'<Classification id="{named(f"{owner}{scheme}{coded}")}" classificationScheme="{scheme}" '
        f'classifiedObject="{owner}" nodeRepresentation="{code}">{within}</Classification>\n'
    )


def identified(scheme: str, owner: str, value: str, label: str) -> str:
    """Return an external identifier of ``owner``."""
    return (
        f'<ExternalIdentifier id="{named(f"{owner}{scheme}")}" registryObject="{owner}" '
        f'identificationScheme="{scheme}" value="{value}"><Name><LocalizedString value="{label}"/></Name>'
        "</ExternalIdentifier>\n"
    )


def _author(scheme: str, owner: str) -> str:
    return classified(scheme, owner, inside="".join(slot(name, value) for name, value in AUTHOR.items()))


def _entry(one: Filed, patient: Sufferer, owner: str) -> str:
    cx = patient.cx.replace("&", "&amp;")
    traits = (
        f"PID-3|{cx}",
        f"PID-5|{patient.family}^{patient.given}^{patient.given}^^^^L",
        f"PID-7|{patient.birth}",
        f"PID-8|{patient.sex}",
        "PID-11|^^^^^^BDL^^29232",
    )
    slots = (
        slot("hash", hashlib.sha1(one.data, usedforsecurity=False).hexdigest().upper())
        + slot("size", str(len(one.data)))
        + slot("URI", one.name)
        + slot("creationTime", "20261102091500")
        + slot("languageCode", "fr-FR")
        + slot("legalAuthenticator", AUTHOR["authorPerson"])
        + slot("serviceStartTime", one.service)
        + slot("sourcePatientId", f"{patient.number}^^^&amp;1.2.250.1.999.1&amp;ISO^PI")
        + slot("sourcePatientInfo", *traits)
        + slot("repositoryUniqueId", "1.2.250.1.999.9")
    )
    classes = (
        _author("urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d", owner)
        + classified("urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a", owner, one.kind)
        + classified(CONFIDENTIALITY, owner, "N|2.16.840.1.113883.5.25|Normal")
        + classified("urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d", owner, one.format)
        + classified(
            "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1",
            owner,
            "SA07|1.2.250.1.71.4.2.4|Cabinet individuel",
        )
        + classified(
            "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead",
            owner,
            "AMBULATOIRE|1.2.250.1.213.1.1.4.9|Ambulatoire",
        )
        + classified("urn:uuid:f0306f51-975f-434e-a61c-c59651d33983", owner, one.type)
    )
    identifiers = identified(
        "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427", owner, cx, "XDSDocumentEntry.patientId"
    ) + identified(
        "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab", owner, one.unique, "XDSDocumentEntry.uniqueId"
    )
    return (
        f'<ExtrinsicObject id="{owner}" lid="{named(f"lid{owner}")}" mimeType="{one.mime}" '
        f'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1" status="{APPROVED}">\n{slots}'
        f'<Name><LocalizedString value="{one.title}"/></Name>\n{classes}{identifiers}</ExtrinsicObject>\n'
    )


def metadata(patient: Sufferer, documents: Iterable[Filed]) -> str:
    """Return the metadata of the documents of a patient."""
    owner = named(f"set {patient.number}")
    cx = patient.cx.replace("&", "&amp;")
    entries = [(named(f"entry {patient.number} {one.name}"), one) for one in documents]
    package = (
        f'<RegistryPackage id="{owner}" status="{APPROVED}">\n{slot("submissionTime", "20261128091500")}'
        f'<Name><LocalizedString value="Dossier"/></Name>\n'
        f'<Classification id="{named(f"{owner}set")}" classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd" '
        f'classifiedObject="{owner}"/>\n'
        + _author("urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d", owner)
        + classified("urn:uuid:aa543740-bdda-424e-8c96-df4873be8500", owner, "SA07|1.2.250.1.71.4.2.4|Cabinet individuel")
        + identified("urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446", owner, cx, "XDSSubmissionSet.patientId")
        + identified("urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832", owner, "1.2.250.1.999.3", "XDSSubmissionSet.sourceId")
        + identified(
            "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8", owner, f"1.2.250.1.999.4.{patient.number}", "XDSSubmissionSet.uniqueId"
        )
        + "</RegistryPackage>\n"
    )  # fmt: skip
    listed = "".join(_entry(one, patient, name) for name, one in entries)
    members = "".join(
        f'<Association id="{named(f"member {name}")}" associationType="urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember" '
        f'sourceObject="{owner}" targetObject="{name}">{slot("SubmissionSetStatus", "Original")}</Association>\n'
        for name, _ in entries
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<lcm:SubmitObjectsRequest xmlns:lcm="{LCM}">\n'
        f'<RegistryObjectList xmlns="{RIM}">\n{package}{listed}{members}</RegistryObjectList>\n</lcm:SubmitObjectsRequest>\n'
    )
