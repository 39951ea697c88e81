"""Files beside the resources of an export are taken by the address they are named by, and no other file is."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from formats.fhir_exports.beside import FilesBeside
from formats.fhir_exports.read import read_export
from formats.findings import Finding
from formats.model.documents import Document
from formats.reading import FileBody, StateMoment
from tests.unit.fhir_exports.exports import ORGANIZATION, PATIENT

PDF = b"%PDF-1.7\nfictive\n"


def document(url: str, **attachment: Any) -> dict[str, Any]:
    return {
        "resourceType": "DocumentReference",
        "id": "d1",
        "status": "current",
        "subject": {"reference": "Patient/p1"},
        "content": [{"attachment": {"url": url, "contentType": "application/pdf", **attachment}}],
    }


def lay(root: Path, *nodes: dict[str, Any]) -> Path:
    lines = [json.dumps(one) for one in (ORGANIZATION, PATIENT, *nodes)]
    (root / "all.ndjson").write_text("\n".join(lines) + "\n")
    (root / "files").mkdir()
    (root / "files" / "letter n°1.pdf").write_bytes(PDF)
    return root


def read(place: Path) -> tuple[list[Document], list[bytes], dict[str, Finding], list[StateMoment]]:
    items = list(read_export(place, practice="Cabinet Exemple"))
    bodies = []
    for one in items:
        if isinstance(one, FileBody):
            with one.open() as stream:
                bodies.append(stream.read())
    findings = {one.code: one for one in items if isinstance(one, Finding)}
    moments = [one for one in items if isinstance(one, StateMoment)]
    return [one for one in items if isinstance(one, Document)], bodies, findings, moments


SHA1 = base64.b64encode(hashlib.sha1(PDF).digest()).decode()  # noqa: S324 - what FHIR has (Attachment.hash)
OWN = [
    {
        "url": "https://archiver.invalid/fhir/StructureDefinition/sha256",
        "valueString": hashlib.sha256(PDF).hexdigest(),
    }
]


@pytest.mark.parametrize(
    "stated", [{}, {"hash": SHA1}, {"hash": "AAAA"}, {"extension": OWN, "size": len(PDF)}]
)
def test_a_file_named_by_itself_takes_none_beside_it_but_by_digest(
    tmp_path: Path, stated: dict[str, Any]
) -> None:
    lay(tmp_path, document("files/letter%20n%C2%B01.pdf", **stated))
    (found,), bodies, findings, _ = read(tmp_path / "all.ndjson")
    proven = stated.get("hash") == SHA1 or "extension" in stated
    assert bodies == ([PDF] if proven else [])
    assert (found.attachment is not None) is proven
    assert ("fhir-file-unproven" in findings) is not proven
    assert not findings.keys() & {"fhir-file-elsewhere", "fhir-file-broken"}


def test_a_file_beside_the_resources_is_theirs(tmp_path: Path) -> None:
    lay(tmp_path, document("files/letter%20n%C2%B01.pdf"))
    (found,), bodies, findings, _ = read(tmp_path)
    assert bodies == [PDF]
    assert found.attachment is not None
    assert found.attachment.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (found.attachment.size, found.attachment.media_type) == (len(PDF), "application/pdf")
    assert not findings.keys() & {"fhir-file-other", "fhir-file-elsewhere", "fhir-file-broken"}


@pytest.mark.parametrize(
    "address",
    [
        "../secret.pdf",
        "files/../../secret.pdf",
        "files/%2e%2e/%2e%2e/secret.pdf",
        "/etc/passwd",
        "file:///etc/passwd",
        "https://example.org/files/letter.pdf",
        "files\\letter.pdf",
        "files/letter.pdf?x=1",
        "files/nothing.pdf",
        "files",
        "files/link.pdf",
        "",
        "http://[",
        "a\0b",
        "x" * 5000,
    ],
)
def test_no_other_address_leads_to_a_file(tmp_path: Path, address: str) -> None:
    (tmp_path / "secret.pdf").write_bytes(PDF)
    root = tmp_path / "export"
    root.mkdir()
    lay(root, document(address))
    (root / "files" / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    assert FilesBeside(root).find("all.ndjson", address) is None
    found, bodies, findings, _ = read(root)
    assert bodies == [] and all(one.attachment is None for one in found)
    assert findings["fhir-file-other"].where == "files/letter n°1.pdf"


@pytest.mark.parametrize(
    ("size", "digest"),
    [(len(PDF), "0" * 64), (len(PDF) + 1, hashlib.sha256(PDF).hexdigest()), ("x", "0" * 64)],
)
def test_a_file_that_is_not_what_is_said_of_it_is_not_taken(tmp_path: Path, size: Any, digest: str) -> None:
    stated = {
        "size": size,
        "extension": [
            {"url": "https://archiver.invalid/fhir/StructureDefinition/sha256", "valueString": digest}
        ],
    }
    lay(tmp_path, document("files/letter n°1.pdf", **stated))
    _, bodies, findings, _ = read(tmp_path)
    assert bodies == []
    assert findings.keys() & {"fhir-file-broken", "fhir-element"}


def test_a_manifest_says_of_which_moment_an_export_is_and_whether_it_is_whole(tmp_path: Path) -> None:
    lay(tmp_path, document("files/letter n°1.pdf"))
    outputs = [{"type": "Patient", "url": "https://example.org/out/all.ndjson", "count": 3}]
    manifest = {"transactionTime": "2026-11-01T10:00:00Z", "output": outputs, "error": []}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    _, _, findings, moments = read(tmp_path)
    assert not findings.keys() & {"fhir-manifest-differs", "fhir-file-other"}
    assert {one.at.isoformat() for one in moments if one.at} == {"2026-11-01T10:00:00+00:00"}
    outputs += [{"type": "Observation", "url": "Observation.ndjson", "count": 7}]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    _, _, findings, _ = read(tmp_path)
    assert findings["fhir-manifest-differs"].where == "Observation.ndjson"
    assert findings["fhir-manifest-differs"].facts == {"stated": 7, "found": 0}


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "no JSON",
        '{"transactionTime": 1, "output": {}}',
        '{"transactionTime": "x", "output": [5]}',
    ],
)
def test_what_is_no_manifest_stops_nothing(tmp_path: Path, text: str) -> None:
    lay(tmp_path, document("files/letter n°1.pdf"))
    (tmp_path / "manifest.json").write_text(text)
    found, bodies, _, _ = read(tmp_path)
    assert len(found) == len(bodies) == 1
