"""Exports of other programs as they honestly are: a portability archive (PDLGC) of two patients, and FHIR resources."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from tests.vectors.generator.zips import Member, built, plain

RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
_INS = "1.2.250.1.213.1.4.10"
_ORGANISATION = '<id root="1.2.250.1.71.4.2.2" extension="1630000019"/><name>Cabinet Exemple</name>'
METADATA, DOCUMENT = "IHE_XDM/SUBSET01/METADATA.XML", "IHE_XDM/SUBSET01/DOC00001.XML"
MANIFEST, SIGNATURE = "MANIFEST.XML", "SIGN.XML"
Node = dict[str, Any]


# -- portability archives -----------------------------------------------------------------


def clinical_document(family: str = "EXEMPLE", number: str = "279035121518989") -> bytes:
    """Return a clinical document without content, of a fictive person."""
    keeper = f"<representedCustodianOrganization>{_ORGANISATION}</representedCustodianOrganization>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<id root="1.2.250.9" extension="{family}"/><code code="SYNTH" codeSystem="1.2.250.1.213.1.1.4.12"/>
<title>Synthèse</title><effectiveTime value="20260310101500+0100"/>
<recordTarget><patientRole><id root="{_INS}" extension="{number}"/>
<patient><name><family qualifier="BR">{family}</family><given>Anne</given></name><administrativeGenderCode code="F"/>
<birthTime value="19610215"/></patient></patientRole></recordTarget><custodian><assignedCustodian>{keeper}
</assignedCustodian></custodian><component><structuredBody/></component></ClinicalDocument>""".encode()


def slot(called: str, value: str) -> str:
    """Return a slot of an object of the metadata."""
    return f'<Slot name="{called}"><ValueList><Value>{value}</Value></ValueList></Slot>'


def entry(document: bytes, name: str, number: int = 1) -> str:
    """Return what the metadata say of the file ``name``."""
    sha1 = hashlib.sha1(document, usedforsecurity=False).hexdigest()
    slots = slot("hash", sha1) + slot("size", str(len(document))) + slot("URI", name)
    identifiers = (
        f'<ExternalIdentifier value="1.2.250.9^{number}" '
        'identificationScheme="urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"/>'
    )
    return (
        f'<ExtrinsicObject id="urn:uuid:{number}" mimeType="text/xml">{slots}{identifiers}</ExtrinsicObject>'
    )


def metadata(document: bytes, name: str = "DOC00001.XML", more: Mapping[str, bytes] | None = None) -> bytes:
    """Return METADATA.XML about one document, and ``more`` by their names."""
    source = (
        '<ExternalIdentifier identificationScheme="urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832" '
        'value="1.2.250.1.71.4.2.2.1630000019"/>'
    )
    package = (
        '<RegistryPackage id="urn:uuid:set"><Classification '
        f'classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>{source}</RegistryPackage>'
    )
    files = {name: document, **(more or {})}
    entries = "".join(entry(data, called, at) for at, (called, data) in enumerate(files.items(), 1))
    listed = f'<RegistryObjectList xmlns="{RIM}">{package}{entries}</RegistryObjectList>'
    return f'<l:SubmitObjectsRequest xmlns:l="{LCM}">{listed}</l:SubmitObjectsRequest>'.encode()


def part(document: bytes | None = None, **others: bytes) -> dict[str, bytes]:
    """Return the files of a patient's part; ``others`` are named by the constants of this module, in small letters."""
    document = clinical_document() if document is None else document
    files = {"README.TXT": b"x\r\n", METADATA: metadata(document), DOCUMENT: document}
    return files | others


def zipped(files: Mapping[str, bytes] | Iterable[Member]) -> bytes:
    """Return a ZIP archive of ``files``."""
    members = (
        [plain(name, data) for name, data in files.items()] if isinstance(files, Mapping) else list(files)
    )
    return built(members)


OTHER = zipped(part(clinical_document("PETIT", "279035121518990")))
"""The part of another patient, about which nothing is wrong."""


def manifest(parts: Mapping[str, bytes], **digests: str) -> bytes:
    """Return MANIFEST.XML about ``parts``; ``digests`` are what it states otherwise, by name."""
    listed = "".join(
        f"<Archive><archiveid>{name}</archiveid><type>PATIENT</type><size>{len(data)}</size>"
        f"<hash>{digests.get(name, hashlib.sha256(data).hexdigest())}</hash></Archive>"
        for name, data in parts.items()
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Manifest><exportId>6f0c1c0e-2b0c-4a5e-9d0c-0c8a6f2f9a11</exportId><exportType>MASSIF</exportType>
<exportStatus>COMPLETE</exportStatus><author><lgcSoftwareVendor><institution>Logiciel Exemple</institution>
</lgcSoftwareVendor></author><statistics><patientArchiveCount>{len(parts)}</patientArchiveCount></statistics>
<Archives>{listed}</Archives></Manifest>""".encode()


def export(
    flawed: bytes | None = None, *, others: Mapping[str, bytes] | None = None, more: Iterable[Member] = ()
) -> bytes:
    """Return a portability archive of the part ``flawed`` and one about which nothing is wrong."""
    parts = {"PAT00001": zipped(part()) if flawed is None else flawed, "PAT00009": OTHER}
    files = {MANIFEST: manifest(parts), **{f"{name}.ZIP": data for name, data in parts.items()}}
    return built([*(plain(name, data) for name, data in {**files, **(others or {})}.items()), *more])


# -- FHIR ---------------------------------------------------------------------------------

ORGANIZATION: Node = {
    "resourceType": "Organization",
    "id": "org",
    "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "1630000019"}],
    "name": "Cabinet Exemple",
}
PATIENT: Node = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"family": "EXEMPLE", "given": ["Anne"]}],
    "managingOrganization": {"reference": "Organization/org"},
}


def document_reference(**attachment: Any) -> Node:
    """Return a document of the patient with one file."""
    content = [{"attachment": {"contentType": "application/pdf", **attachment}}]
    return {
        "resourceType": "DocumentReference",
        "id": "d1",
        "status": "current",
        "subject": {"reference": "Patient/p1"},
        "content": content,
    }


def binary(data: bytes) -> Node:
    """Return a Binary that is a file."""
    text = base64.b64encode(data).decode()
    return {"resourceType": "Binary", "id": "b1", "contentType": "application/pdf", "data": text}


def lines(*nodes: Node) -> bytes:
    """Return NDJSON of an organisation, a patient, and ``nodes``."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in (ORGANIZATION, PATIENT, *nodes))


def bundle(*nodes: Node, **more: Any) -> bytes:
    """Return a Bundle of an organisation, a patient, and ``nodes``."""
    entries = [{"resource": one} for one in (ORGANIZATION, PATIENT, *nodes)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries, **more}).encode()
