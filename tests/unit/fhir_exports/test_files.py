"""Files of an export: in a Binary, in a contained one, several of one document; those that are not whole are said."""

from __future__ import annotations

import base64
import hashlib
import json
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from formats.fhir_exports import export, places
from formats.model.documents import Document
from formats.model.provenance import SourceRow
from formats.reading import FileBody, Item
from tests.unit.fhir_exports.exports import LETTER, ORGANIZATION, PATIENT, STRANGE, bundle, lay_lines, lines
from tests.unit.fhir_exports.test_read import codes, lay, of, read

PDF, SCAN = b"%PDF-1.7\nb", b"%PDF-1.7\nc"


def binary(name: str, data: bytes) -> dict[str, Any]:
    text = base64.b64encode(data).decode()
    return {"resourceType": "Binary", "id": name, "contentType": "application/pdf", "data": text}


def letter(*attachments: Any, **more: Any) -> dict[str, Any]:
    return {
        **LETTER,
        "contained": [],
        "author": [],
        "content": [{"attachment": one} for one in attachments],
        **more,
    }


def contents(items: Sequence[Item]) -> dict[str, bytes]:
    """Return the bytes of all files by their digest."""
    found = {}
    for one in items:
        if isinstance(one, FileBody):
            with one.open() as first, one.open() as again:
                found[one.attachment.sha256] = first.read()
                assert again.read() == found[one.attachment.sha256]
    return found


def of_documents(items: Sequence[Item]) -> list[bytes | None]:
    bodies = contents(items)
    documents = [one for one in items if isinstance(one, Document)]
    return [bodies[one.attachment.sha256] if one.attachment else None for one in documents]


@pytest.mark.parametrize(
    ("shape", "address"),
    [
        *((shape, "Binary/b") for shape in ("bundle", "lines", "folder")),
        ("lines", "https://example.invalid/fhir/Binary/b"),
        ("bundle", "urn:uuid:0-b"),
    ],
)
def test_a_binary_is_the_file_of_its_document(tmp_path: Path, shape: str, address: str) -> None:
    nodes = (ORGANIZATION, PATIENT, letter({"url": address}), binary("b", PDF), binary("c", SCAN))
    place = {
        "bundle": lambda: lay(tmp_path, bundle(nodes, {"b": "urn:uuid:0-b"})),
        "lines": lambda: lay(tmp_path, lines(nodes), "all.ndjson"),
        "folder": lambda: lay_lines(tmp_path / "export", nodes),
    }[shape]()
    items = read(place)
    assert of_documents(items) == [PDF]
    assert list(contents(items).values()) == [PDF]
    assert "fhir-file-elsewhere" not in codes(items)
    assert [one.facts["count"] for one in items if getattr(one, "code", "") == "fhir-type-unread"] == [1], (
        "of c"
    )
    assert len(of(items, SourceRow)) == len(nodes)


def test_a_contained_binary_is_the_file(tmp_path: Path) -> None:
    inside = {**binary("b", PDF), "id": "inside"}
    items = read(
        lay(tmp_path, bundle((ORGANIZATION, PATIENT, letter({"url": "#inside"}, contained=[inside]))))
    )
    assert of_documents(items) == [PDF]


def test_every_file_of_a_document_is_a_document(tmp_path: Path) -> None:
    data = base64.b64encode(b"<p>x</p>").decode()
    several = letter({"url": "Binary/b"}, {"data": data, "contentType": "text/html"}, {"url": "Binary/c"})
    items = read(lay(tmp_path, bundle((ORGANIZATION, PATIENT, several, binary("b", PDF), binary("c", SCAN)))))
    assert of_documents(items) == [PDF, b"<p>x</p>", SCAN]
    identities = [one.id for one in of(items, Document)]
    assert len(set(identities)) == 3
    (row,) = (one for one in of(items, SourceRow) if one.table == "DocumentReference")  # type: ignore[attr-defined]
    assert list(row.records) == identities  # type: ignore[attr-defined]
    first = read(
        lay(tmp_path, bundle((ORGANIZATION, PATIENT, letter({"url": "Binary/b"}), binary("b", PDF))))
    )
    assert of(first, Document)[0].id == identities[0]


SHA1 = base64.b64encode(hashlib.sha1(PDF).digest()).decode()  # noqa: S324 - as FHIR says
SHA256 = base64.b64encode(hashlib.sha256(PDF).digest()).decode()


@pytest.mark.parametrize("stated", [SHA1, SHA256, "", "abc"])
def test_a_digest_beside_a_file_is_compared(tmp_path: Path, stated: str) -> None:
    nodes = (ORGANIZATION, PATIENT, letter({"url": "Binary/b", "hash": stated}), binary("b", PDF))
    assert of_documents(read(lay(tmp_path, bundle(nodes)))) == [PDF]


@pytest.mark.parametrize(
    ("attachment", "there"),
    [
        ({"url": "Binary/b", "hash": SHA1}, binary("b", SCAN)),
        ({"url": "Binary/b", "hash": SHA256}, binary("b", SCAN)),
        ({"data": base64.b64encode(SCAN).decode(), "hash": SHA1}, STRANGE),
        ({"data": "JVBERi0xLjcKY"}, STRANGE),
        ({"url": "Binary/b"}, {**binary("b", PDF), "data": "%%%"}),
        ({"url": "Binary/b"}, {"resourceType": "Binary", "id": "b"}),
    ],
)
def test_a_file_that_is_not_whole_is_said_and_not_taken(tmp_path: Path, attachment: Any, there: Any) -> None:
    items = read(lay(tmp_path, bundle((ORGANIZATION, PATIENT, letter(attachment), there))))
    assert of_documents(items) == [None]
    assert "fhir-file-broken" in codes(items)


def test_a_binary_that_is_not_there_is_said(tmp_path: Path) -> None:
    items = read(lay(tmp_path, bundle((ORGANIZATION, PATIENT, letter({"url": "Binary/b"})))))
    assert of_documents(items) == [None]
    assert "fhir-file-elsewhere" in codes(items)


def test_references_point_backwards_over_long_files_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = {
        "resourceType": "Consent", "id": "c1", "status": "active", "patient": {"reference": "Patient/p1"},
        "category": [{"text": "Soins"}], "sourceReference": {"reference": "DocumentReference/d1"},
    }  # fmt: skip
    monkeypatch.setattr(export, "MAX_SORTED_BYTES", 10)
    (tmp_path / "a.ndjson").write_bytes(lines((consent, PATIENT)))
    (tmp_path / "b.ndjson").write_bytes(lines((LETTER, ORGANIZATION)))
    items = read(tmp_path)
    (found,) = (one for one in items if getattr(one, "kind", "") == "consents")
    assert found.document == of(items, Document)[0].id  # type: ignore[union-attr]


def test_a_line_that_is_too_long_is_named_and_the_others_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MAX_ENTRY_BYTES", 1000)
    huge = json.dumps({**LETTER, "id": "huge", "description": "x" * 5000}).encode() + b"\n"
    data = lines((ORGANIZATION, PATIENT)) + huge + lines((LETTER,))
    items = read(lay(tmp_path, data, "x.ndjson"))
    assert codes(items).count("limit-exceeded") == 1
    assert len(of(items, Document)) == 1
    cut = read(lay(tmp_path, lines((ORGANIZATION, PATIENT)) + huge[:-1], "y.ndjson"))
    assert codes(cut).count("limit-exceeded") == 1


def test_the_same_is_known_whatever_came_between(tmp_path: Path) -> None:
    other = {**PATIENT, "birthDate": "1970"}
    items = read(lay(tmp_path, bundle((ORGANIZATION, PATIENT, other, PATIENT, other, other))))
    assert len(of(items, SourceRow)) == 3
    assert codes(items).count("fhir-twice") == 1


@pytest.mark.slow
def test_a_line_of_a_gibibyte_is_passed_over_and_takes_no_memory(tmp_path: Path) -> None:
    path = lay(tmp_path, lines((ORGANIZATION, PATIENT)) + b'{"resourceType":"Basic","a":"', "x.ndjson")
    with path.open("r+b") as stream:
        stream.seek(1 << 30)
        stream.write(b'"}\n' + lines((LETTER,)))
    tracemalloc.start()
    try:
        items = read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    (found,) = (one for one in items if getattr(one, "code", "") == "limit-exceeded")
    assert found.where == "x.ndjson:3" and int(found.facts["found"]) > 1 << 29  # type: ignore[union-attr, arg-type]
    assert len(of(items, Document)) == 1
    assert peak < 4 * places.MAX_ENTRY_BYTES
