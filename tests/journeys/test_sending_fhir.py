"""Dossiers go to a FHIR server: one transaction each, documents as they are, refusals listed, and a run goes on."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.fhir_server import Answer, FhirStore, fhir_server
from tests.journeys.line import Line
from tests.journeys.program import Program

RECEIVER = ("--by", "Dr Malo Kerbrat", "--receiver", "Cabinet Exemple")
FOUR = ("deliver", "practice.db", "--roster", "roster.csv", "--to", "sent.csv", *RECEIVER)


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    names = ("practice.db", "package.asice", "receiver.identity", "roots.pem", "roster.csv")
    return Program(folder=small_line.copy(tmp_path, *names))


def listed(desk: Program) -> list[dict[str, str]]:
    with (desk.folder / "sent.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def test_dossiers_reach_the_server_whole_and_once(desk: Program) -> None:
    store = FhirStore()
    with fhir_server(store) as base:
        done = desk(*FOUR, "--server", base, "--json").ok().document
        before = dict(store.resources), dict(store.files)
        asked = len(store.requests)
        again = desk(*FOUR, "--server", base, "--json").ok().document
    assert done["dossiers"] == 4 and done["states"]["refused"] == 0
    assert again["states"] == {"sent": 0, "earlier": done["states"]["sent"], "refused": 0}
    assert store.requests[asked:] == ["GET metadata"] and (store.resources, store.files) == before
    with closing(sqlite3.connect(desk.folder / "practice.db")) as practice:
        patients = [name.removeprefix("Patient/") for name in store.resources if name.startswith("Patient/")]
        marks = ", ".join("?" * len(patients))
        for table, kinds in (("acts", ("Procedure",)), ("documents", ("DocumentReference",))):
            query = f"SELECT count(*) FROM {table} WHERE patient IN ({marks})"
            (count,) = practice.execute(query, patients).fetchone()
            tag = [
                one for one in store.resources.values()
                if one["resourceType"] in kinds and one["meta"]["tag"][0]["code"] == table
            ]  # fmt: skip
            assert len(tag) == count and count
        noted = practice.execute("SELECT detail FROM journal WHERE operation = 'delivery'").fetchall()
    assert len(patients) == 4
    assert json.loads(noted[0][0])["target"] == base and len(noted) == 1
    addresses = {
        one["content"][0]["attachment"]["url"]: one["content"][0]["attachment"]
        for one in store.resources.values()
        if one["resourceType"] == "DocumentReference" and "url" in one["content"][0]["attachment"]
    }
    assert addresses and addresses.keys() <= store.files.keys()
    for place, attachment in addresses.items():
        kind, context, data = store.files[place]
        assert (kind, len(data)) == (attachment["contentType"], attachment["size"])
        assert context.removeprefix("Patient/") in patients
        (line,) = [one for one in listed(desk) if one["identity"] == place]
        assert line["sha256"] == hashlib.sha256(data).hexdigest()


def test_what_the_server_refuses_is_listed_with_what_it_says(desk: Program) -> None:
    store = FhirStore(token="let-me-in")
    (desk.folder / "token").write_text("let-me-in\n", encoding="utf-8")
    with fhir_server(store) as base:
        desk(*FOUR, "--server", base).refused("target-unreachable", 40)
        line = (*FOUR, "--server", base, "--token-file", "token")
        first: list[str] = []

        def refuse(method: str, place: str) -> int:
            first.extend([place] if method in {"PUT", "POST"} else [])
            return 422 if len(first) == 1 and method == "POST" else 413 if method == "PUT" else 0

        store.refuse = refuse
        some = desk(*line)
        assert some.status == 4 and "Refused: 1 part (422: " in some.out and " (413: " in some.out
        refused = [one for one in listed(desk) if one["state"] == "refused"]
        assert {one["kind"] for one in refused} == {"fhir", "binary"}
        assert refused[0]["detail"].startswith("told to refuse")
        taken = [one["identity"] for one in listed(desk) if one["state"] == "sent"]
        assert 0 < len(taken) < 4
        store.refuse = lambda _method, _place: 0
        whole = desk(*line, "--json").ok().document
    assert (whole["states"]["earlier"], whole["states"]["refused"]) == (len(taken), 0)
    sent = [one["identity"] for one in listed(desk) if one["state"] == "sent"]
    patients = {place for place in store.resources if place.startswith("Patient/")}
    assert len(sent) == len(set(sent)) and set(sent) == patients | store.files.keys()


def test_a_server_that_is_busy_is_asked_again_later(desk: Program) -> None:
    store = FhirStore()
    posts: list[str] = []

    def busy(method: str, place: str) -> int:
        posts.extend([place] if method == "POST" else [])
        return 503 if len(posts) == 3 and method == "POST" else 0

    with fhir_server(store) as base:
        store.refuse = busy
        assert "HTTP 503" in desk(*FOUR, "--server", base).refused("target-unreachable", 40)
        taken = len(listed(desk))
        done = desk(*FOUR, "--server", base, "--json").ok().document
    assert done["states"]["earlier"] == taken and len({one["identity"] for one in listed(desk)}) == len(
        listed(desk)
    )


class ForgetfulStore(FhirStore):
    """A server that says it stored one resource fewer than it was sent."""

    def answer(self, method: str, place: str, headers: Any, body: bytes) -> Answer:
        status, resource = super().answer(method, place, headers, body)
        if resource.get("type") == "transaction-response":
            resource["entry"].pop()
        return status, resource


def test_what_the_server_stored_is_compared_with_what_was_sent(desk: Program) -> None:
    with fhir_server(ForgetfulStore()) as base:
        some = desk(*FOUR, "--server", base)
    assert some.status == 4 and "Refused: 4 parts (answer-differs: " in some.out
    assert {one["answer"] for one in listed(desk)} == {"answer-differs"}
    with closing(sqlite3.connect(desk.folder / "practice.db")) as practice:
        (noted,) = practice.execute("SELECT detail FROM journal WHERE operation = 'delivery'").fetchone()
    assert len(json.loads(noted)["patients"]) == json.loads(noted)["refused"] == 4
    found, sent = (int(part) for part in listed(desk)[0]["detail"].split(" / "))
    assert found == sent - 1


def test_a_server_that_is_none_is_sent_nothing(desk: Program) -> None:
    for address in (
        "ftp://a/fhir",
        "http://example.org/fhir",
        "https://",
        "https://a:b@c/fhir",
        "https://a/fhir?x=1",
    ):
        desk(*FOUR, "--server", address).refused("target-address", 2)
    desk(*FOUR, "--server", "http://127.0.0.1:9/fhir").refused("target-unreachable", 40)
    with fhir_server(FhirStore(version="3.0.2")) as old:
        desk(*FOUR, "--server", old).refused("target-unreachable", 40)
    assert not (desk.folder / "sent.csv").exists()
    for more in (("--as", "zip"), ("--node", "PACS@127.0.0.1:104")):
        asked = desk(*FOUR, "--server", "https://a/fhir", *more)
        assert asked.status == 2 and "--as, --node" in asked.err
    (desk.folder / "token").write_text("x", encoding="utf-8")
    asked = desk(*FOUR, "--token-file", "token")
    assert asked.status == 2 and "--server" in asked.err
