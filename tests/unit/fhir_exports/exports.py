"""FHIR resources of fictive people, as other programs export them; nothing of them is copied from anybody's samples."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Node = dict[str, Any]

ORGANIZATION: Node = {
    "resourceType": "Organization",
    "id": "org",
    "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "1630000019"}],
    "name": "Cabinet Exemple",
}
PRACTITIONER: Node = {
    "resourceType": "Practitioner",
    "id": "dr",
    "name": [{"family": "EXEMPLE", "given": ["Luc"]}],
}
ROLE: Node = {
    "resourceType": "PractitionerRole",
    "id": "role",
    "practitioner": {"reference": "Practitioner/dr"},
    "organization": {"reference": "Organization/org"},
}
PATIENT: Node = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [{"system": "urn:oid:1.2.3.4.5", "value": "4711"}],
    "name": [{"family": "MARTIN", "given": ["Jeanne"]}],
    "gender": "female",
    "birthDate": "1961-02",
    "managingOrganization": {"reference": "Organization/org"},
}
ALLERGY: Node = {
    "resourceType": "AllergyIntolerance",
    "id": "a1",
    "patient": {"reference": "Patient/p1"},
    "code": {"text": "Latex"},
    "recorder": {"reference": "PractitionerRole/role"},
}
LETTER: Node = {
    "resourceType": "DocumentReference",
    "id": "d1",
    "status": "current",
    "subject": {"reference": "https://example.invalid/fhir/Patient/p1/_history/3"},
    "author": [{"reference": "#inner"}],
    "contained": [{"resourceType": "Practitioner", "id": "inner", "name": [{"text": "Dr Dedans"}]}],
    "description": "Lettre",
    "content": [{"attachment": {"contentType": "application/pdf", "data": "JVBERi0xLjcKYQ=="}}],
}
STRANGE: Node = {
    "resourceType": "Basic",
    "id": "b1",
    "subject": {"reference": "Patient/p1"},
    "code": {"text": "Jeton"},
}
EVERYTHING = (ORGANIZATION, PRACTITIONER, ROLE, PATIENT, ALLERGY, LETTER, STRANGE)


def bundle(
    nodes: Iterable[Node] = EVERYTHING, addresses: Mapping[str, str] | None = None, **more: Any
) -> bytes:
    """Return a Bundle; ``addresses`` gives the ``fullUrl`` of a resource by its id."""
    entries = [
        {
            **({"fullUrl": addresses[one["id"]]} if addresses and one.get("id") in addresses else {}),
            "resource": one,
        }
        for one in nodes
    ]
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", "entry": entries, **more}, indent=1
    ).encode()


def lines(nodes: Iterable[Node]) -> bytes:
    """Return NDJSON."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in nodes)


def lay_lines(folder: Path, nodes: Iterable[Node] = EVERYTHING) -> Path:
    """Lay an NDJSON file for each type into ``folder``, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    by_type: dict[str, list[Node]] = {}
    for one in nodes:
        by_type.setdefault(one["resourceType"], []).append(one)
    for name, found in by_type.items():
        (folder / f"{name}.ndjson").write_bytes(lines(found))
    return folder
