"""Plain patient archives of two fictive people, each part replaceable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.vectors.generator.chance import salt, unit_id
from tests.vectors.generator.exports import METADATA, clinical_document, metadata
from tests.vectors.generator.zips import Member, built, plain

OWN = "https://archiver.invalid/fhir/"
LETTER = "Bonjour, à bientôt.\r\n".encode()
README, INDEX = b"LISEZ-MOI\r\n", b"<!DOCTYPE html><html lang='fr'><title>Dossier</title></html>\n"
DOSSIER, SOURCE, NAMES, SUMS = "DATA/DOSSIER.JSO", "DATA/SOURCE.NDJ", "DATA/NAMES.CSV", "DATA/SHA256.TXT"
LETTER_PLACE = "IHE_XDM/SUBSET01/DOC00001.TXT"
SUMMARY_PLACE = "IHE_XDM/SUBSET01/VSM00001.XML"
UNIT = "DATA/UNIT.JSO"
COUNTS = {"documents": 1, "source_rows": 1, "files": 1}

Parts = dict[str, bytes]


def resource(kind: str, type_: str, key: str, **more: Any) -> dict[str, Any]:
    """Return one entry of a bundle."""
    tag = {"system": f"{OWN}CodeSystem/record-kind", "code": kind}
    whole = {"resourceType": type_, "id": key, "meta": {"tag": [tag]}, **more}
    return {"fullUrl": f"{OWN}{type_}/{key}", "resource": whole}


def extension(name: str, **value: Any) -> dict[str, Any]:
    return {"url": f"{OWN}StructureDefinition/{name}", **value}


def letter_attachment(data: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(data).hexdigest()
    return {
        "contentType": "text/plain",
        "url": f"urn:sha256:{digest}",
        "size": len(data),
        "title": "lettre.txt",
        "extension": [extension("sha256", valueString=digest)],
    }


def letter(label: str) -> bytes:
    """Return the one document of ``label``."""
    return LETTER + label.encode()


def bundle(label: str) -> dict[str, Any]:
    """Return the FHIR bundle of the dossier ``label``."""
    practice = resource(
        "practices",
        "Organization",
        "cabinet",
        name="Cabinet Exemple",
        extension=[
            extension("time-zone", valueString="Europe/Paris"),
            extension("currency", valueString="EUR"),
        ],
    )
    patient = resource(
        "patients",
        "Patient",
        f"p-{label}",
        gender="female",
        birthDate="1980-01-02",
        active=True,
        name=[{"use": "official", "family": f"EXEMPLE {label.upper()}", "given": ["Anne"]}],
        managingOrganization={"reference": "Organization/cabinet"},
    )
    document = resource(
        "documents",
        "DocumentReference",
        f"d-{label}",
        status="current",
        subject={"reference": f"Patient/p-{label}"},
        content=[{"attachment": letter_attachment(letter(label))}],
    )
    return {"resourceType": "Bundle", "type": "collection", "entry": [practice, patient, document]}


def source_row(label: str) -> dict[str, Any]:
    """Return the one source row."""
    return {
        "id": f"r-{label}",
        "patient": f"p-{label}",
        "system": "exemple",
        "table": "patient",
        "key": "1",
        "columns": {"PatNum": 1, "LName": "EXEMPLE"},
        "records": [f"p-{label}"],
    }


def traits(label: str) -> dict[str, str]:
    """Return the traits of the patient ``label`` as a list names them."""
    return {
        "id": f"p-{label}",
        "family": f"EXEMPLE {label.upper()}",
        "given": "Anne",
        "birth_date": "1980-01-02",
        "sex": "F",
    }


def canonical(value: Any) -> bytes:
    """Return ``value`` in canonical JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def unit_file(label: str, **lie: Any) -> bytes:
    """Return which unit of the package the archive ``label`` is."""
    return canonical({"patient": traits(label), "salt": salt(label), "unit": unit_id(label), **lie})


def names_table(label: str) -> bytes:
    """Return the list of names."""
    data = letter(label)
    cells = (
        ("name", "original_name", "title", "sha256", "size", "media_type", "records"),
        (
            LETTER_PLACE,
            "lettre.txt",
            "",
            hashlib.sha256(data).hexdigest(),
            str(len(data)),
            "text/plain",
            f"documents/d-{label}",
        ),
    )
    lines = (";".join(f'"{cell}"' for cell in row) + "\r\n" for row in cells)
    return b"\xef\xbb\xbf" + "".join(lines).encode()


def parts(label: str) -> Parts:
    """Return the members of the archive ``label``, without their sums."""
    return {
        "README.TXT": README,
        "INDEX.HTM": INDEX,
        DOSSIER: json.dumps(bundle(label), ensure_ascii=False).encode(),
        SOURCE: json.dumps(source_row(label)).encode() + b"\n",
        NAMES: names_table(label),
        UNIT: unit_file(label),
        SUMMARY_PLACE: clinical_document(),
        LETTER_PLACE: letter(label),
        METADATA: metadata(clinical_document(), "VSM00001.XML", {"DOC00001.TXT": letter(label)}),
    }


def sums(parts: Mapping[str, bytes]) -> bytes:
    """Return the list of sums of ``parts``."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in parts.items()).encode()


def members(parts: Mapping[str, bytes]) -> list[Member]:
    """Return ``parts`` as members of a ZIP."""
    return [plain(name, data, deflated=len(data) > 200) for name, data in parts.items()]


def archive(
    label: str = "a",
    *,
    change: Callable[[Parts], None] = lambda _: None,
    change_sums: Callable[[bytes], bytes] = lambda data: data,
    extra: list[Member] | None = None,
    listed: Mapping[str, bytes] | None = None,
    **options: Any,
) -> bytes:
    """Return the archive ``label`` after ``change``, with right sums, ``extra`` members and lies ``options``."""
    contents = parts(label)
    change(contents)
    contents[SUMS] = change_sums(sums({**contents, **(listed or {})}))
    return built([*members(contents), *(extra or [])], **options)


def with_bundle(change: Callable[[dict[str, Any]], None], label: str = "a") -> bytes:
    """Return the archive whose bundle was changed."""
    whole = bundle(label)
    change(whole)
    return archive(label, change=lambda parts: parts.update({DOSSIER: json.dumps(whole).encode()}))
