"""A FHIR server of others (Medplum, in memory) takes what we deliver, and judges it by HL7's definitions of R4.

Documents are stored as such; resources of NDJSON in batches, each put under its own identity, since Medplum takes
fifty updates at most into one transaction.
"""

from __future__ import annotations

import io
import json
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from formats.fhir_interchange.bulk import MANIFEST, NdjsonExport
from formats.fhir_interchange.document import DOCUMENT, write_fhir_document
from tests.dossiers import full_dossier, patient_variants
from tests.node import PINNED, node_folder
from tests.tools import need

AT = datetime(2026, 11, 29, 10, 15, tzinfo=UTC)
SERVER = "fhir_server.mjs"
SECONDS = 60
PERSONAL = frozenset({"Patient", "Composition"})
UNCONFIRMED = {
    "coding": [
        {"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "entered-in-error"}
    ]
}
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Start the server; give what sends it a request, and returns status and answer."""
    folder = node_folder()
    command = [need("node"), "--input-type=module", "-e", (PINNED / SERVER).read_text()]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stdout is not None
        base = f"http://127.0.0.1:{int(server.stdout.readline())}"

        def ask(method: str, path: str, body: Any = None) -> tuple[int, Any]:
            data = None if body is None else json.dumps(body).encode()
            headers = {"Content-Type": "application/fhir+json"}
            request = urllib.request.Request(base + path, data=data, headers=headers, method=method)  # noqa: S310
            try:
                with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                    return answer.status, json.load(answer)
            except HTTPError as refusal:
                return refusal.code, json.load(refusal)

        yield ask
        server.terminate()


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("document") / DOCUMENT
    with path.open("wb") as stream:
        write_fhir_document(full_dossier(), stream, written_at=AT)
    return json.loads(path.read_bytes())


def batch(nodes: list[Any]) -> dict[str, Any]:
    entries = [
        {"resource": one, "request": {"method": "PUT", "url": f"{one['resourceType']}/{one['id']}"}}
        for one in nodes
    ]
    return {"resourceType": "Bundle", "type": "batch", "entry": entries}


def content(node: Any) -> Any:
    """Return what a resource says besides ``meta``, to which a server adds a version and a time."""
    return {key: node[key] for key in node if key not in {"meta", "id"}}


def test_a_document_is_stored_and_given_back(ask: Ask, document: Any) -> None:
    status, stored = ask("POST", "/Bundle", document)
    assert status == 201
    status, given = ask("GET", f"/Bundle/{stored['id']}")
    assert status == 200
    assert content(given) == content(document)


def test_every_kind_of_patient_is_taken_with_a_composition(ask: Ask) -> None:
    nodes = []
    for dossier in patient_variants():
        target = io.BytesIO()
        write_fhir_document(dossier, target, written_at=AT)
        entries = json.loads(target.getvalue())["entry"]
        nodes += [one["resource"] for one in entries if one["resource"]["resourceType"] in PERSONAL]
    status, answer = ask("POST", "/", batch(nodes))
    assert status == 200
    assert {entry["response"]["status"] for entry in answer["entry"]} <= {"200", "201"}
    assert len(answer["entry"]) == len(nodes) > 20


def test_all_resources_of_ndjson_are_stored(ask: Ask, tmp_path: Path) -> None:
    with NdjsonExport(lambda name: (tmp_path / name).open("xb"), AT) as export:
        export.add(full_dossier())
        export.finish()
    files = [one["url"] for one in json.loads((tmp_path / MANIFEST).read_bytes())["output"]]
    nodes = [json.loads(line) for one in files for line in (tmp_path / one).read_bytes().splitlines()]
    status, answer = ask("POST", "/", batch(nodes))
    assert status == 200
    assert {entry["response"]["status"] for entry in answer["entry"]} <= {"200", "201"}
    assert len(answer["entry"]) == len(nodes) > 150
    for node in nodes:
        status, stored = ask("GET", f"/{node['resourceType']}/{node['id']}")
        assert status == 200
        assert content(stored) == content(node)


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        ("Observation", lambda node: node.pop("status")),
        ("Condition", lambda node: node.update(verificationStatus=UNCONFIRMED)),
        ("Patient", lambda node: node.update(gender=5)),
        ("Composition", lambda node: node["section"][0].update(emptyReason={"text": "x"})),
    ],
)
def test_the_server_refuses_what_is_damaged(
    ask: Ask, document: Any, kind: str, damage: Callable[[Any], Any]
) -> None:
    node = next(
        json.loads(json.dumps(one["resource"]))
        for one in document["entry"]
        if one["resource"]["resourceType"] == kind
    )
    assert ask("PUT", f"/{kind}/{node['id']}", node)[0] in {200, 201}
    damage(node)
    assert ask("PUT", f"/{kind}/{node['id']}", node)[0] == 400
