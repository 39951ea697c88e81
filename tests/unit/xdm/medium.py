"""Media of documents of fictive people, with metadata as loose as real ones are."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.clinical import INS, INS_OID

RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
PRACTICE = "Maison de santé Exemple^^^^^&amp;1.2.250.1.71.4.2.2&amp;ISO^IDNST^^^1630000019"
AUTHOR = "810000000011^EXEMPLE^Luc^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS"
PATIENT = f"{INS}^^^&amp;{INS_OID}&amp;ISO^NH"
INFO = (
    "PID-5|MARTIN^Jeanne^Jeanne Rose Anne-Lise^^^^L",
    "PID-5|PETIT^Jeannette^^^^^D",
    "PID-7|19610215",
    "PID-8|F",
    "PID-11|^^^^^^BDL^^63220",
)


@dataclass(frozen=True)
class Entry:
    """A document and what the metadata say of it; ``None`` is what is true."""

    name: str
    data: bytes
    hash: str | None = None
    size: str | None = None
    there: bool = True
    action: str = ""
    id: str = ""
    unique: str = ""


def slot(name: str, *values: str) -> str:
    inside = "".join(f"<Value>{value}</Value>" for value in values)
    return f'<Slot name="{name}"><ValueList>{inside}</ValueList></Slot>'


def classification(scheme: str, code: str, label: str, coding: str) -> str:
    name = f'<Name><LocalizedString value="{label}"/></Name>'  # before the slot, as in most of the real ones
    return (
        f'<Classification classificationScheme="{scheme}" classifiedObject="nothing" '
        f'nodeRepresentation="{code}">{name}{slot("codingScheme", coding)}</Classification>'
    )


def author(scheme: str) -> str:
    slots = slot("authorInstitution", PRACTICE) + slot("authorPerson", AUTHOR)
    return f'<Classification classificationScheme="{scheme}" nodeRepresentation="">{slots}</Classification>'


def external(scheme: str, value: str) -> str:
    return f'<ExternalIdentifier registryObject="nothing" identificationScheme="{scheme}" value="{value}"/>'


def entry_xml(one: Entry, number: int) -> str:
    sha1 = hashlib.sha1(one.data, usedforsecurity=False).hexdigest().upper() if one.hash is None else one.hash
    size = str(len(one.data)) if one.size is None else one.size
    action = slot("urn:action:extraMetadataSlot", one.action) if one.action else ""
    return (
        f'<ExtrinsicObject id="{one.id or f"urn:uuid:{number}"}" mimeType="text/xml" '
        f'status="urn:oasis:names:tc:ebxml-regrep:StatusType:Approved">{action}{slot("hash", sha1)}'
        f"{slot('size', size)}{slot('URI', one.name)}{slot('creationTime', '20260310091500')}"
        f"{slot('sourcePatientId', '4711^^^&amp;1.2.3.4.5&amp;ISO^PI')}{slot('sourcePatientInfo', *INFO)}"
        f'<Name><LocalizedString value="Lettre"/></Name>'
        f"{author('urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d')}"
        + classification(
            "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983",
            "11488-4",
            "CR de consultation",
            "2.16.840.1.113883.6.1",
        )
        + external("urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427", PATIENT)
        + external("urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab", one.unique or f"1.2.250.9^{number}")
        + "</ExtrinsicObject>"
    )


def metadata(entries: Sequence[Entry], replaces: tuple[str, str] | None = None) -> bytes:
    """Return METADATA.XML: no XML declaration, blanks before it, references that lead nowhere."""
    documents = "".join(entry_xml(one, number) for number, one in enumerate(entries, 1))
    submission = (
        f'<RegistryPackage id="urn:uuid:set">{slot("submissionTime", "20260310101500")}'
        '<Classification classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>'
        f"{author('urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d')}"
        + external("urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446", PATIENT)
        + external("urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832", "1.2.250.1.71.4.2.2.1630000019")
        + external("urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8", "1.2.250.9.99")
        + "</RegistryPackage>"
    )
    kinds = (
        "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember",
        "urn:ihe:iti:2007:AssociationType:RPLC",
    )
    pairs = [(kinds[0], "urn:uuid:set", one.id or f"urn:uuid:{n}") for n, one in enumerate(entries, 1)][:1]
    pairs += [(kinds[1], *replaces)] if replaces else []
    associations = "".join(
        f'<Association associationType="{kind}" sourceObject="{source}" targetObject="{target}"/>'
        for kind, source, target in pairs
    )
    listed = f'<RegistryObjectList xmlns="{RIM}">{submission}{documents}{associations}</RegistryObjectList>'
    return f'   <l:SubmitObjectsRequest xmlns:l="{LCM}">{listed}</l:SubmitObjectsRequest>'.encode()


def lay(folder: Path, entries: Sequence[Entry], replaces: tuple[str, str] | None = None) -> Path:
    """Lay a medium into ``folder``, and return it."""
    subset = folder / "IHE_XDM" / "SUBSET01"
    subset.mkdir(parents=True)
    (folder / "README.TXT").write_text(
        "Émetteur : logiciel d’exemple\r\n", encoding="latin-1", errors="replace"
    )
    (folder / "INDEX.HTM").write_text("<html/>")
    (subset / "METADATA.XML").write_bytes(metadata(entries, replaces))
    for one in entries:
        if one.there and one.name:
            (subset / one.name).write_bytes(one.data)
    return folder


def lay_zip(folder: Path, entries: Sequence[Entry]) -> Path:
    """Lay a medium into a ZIP archive called as ``folder``, and return it."""
    place = folder.with_suffix(".zip")
    place.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("README.TXT", "Émetteur : logiciel".encode())
        archive.writestr("IHE_XDM/SUBSET01/METADATA.XML", metadata(entries))
        for one in entries:
            archive.writestr(f"IHE_XDM/SUBSET01/{one.name}", one.data)
    return place
