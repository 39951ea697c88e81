"""A FHIR server on this machine, over real HTTP: transactions of PUT, Binary as raw bytes, each resource judged as R4B.

It stores all of a transaction or nothing, refuses what ``tests.fhir_judge`` refuses and references that lead
nowhere, and can be told to refuse what it would take.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.fhir_judge import judge_resource, references

Answer = tuple[int, dict[str, Any]]


class FhirStore:
    """What the server has; ``refuse`` returns a status for a request that it is to refuse, or 0."""

    def __init__(self, *, token: str = "", version: str = "4.0.1") -> None:
        self.resources: dict[str, dict[str, Any]] = {}
        self.files: dict[str, tuple[str, str, bytes]] = {}
        self.requests: list[str] = []
        self.token = token
        self.version = version
        self.refuse: Callable[[str, str], int] = lambda _method, _place: 0

    def answer(self, method: str, place: str, headers: Any, body: bytes) -> Answer:
        """Return status and resource of the answer to one request."""
        self.requests.append(f"{method} {place}")
        wrong = 401 if self.token and headers["Authorization"] != f"Bearer {self.token}" else 0
        if refused := wrong or self.refuse(method, place):
            return refused, _outcome(f"told to refuse {place}")
        if (method, place) == ("GET", "metadata"):
            return 200, {"resourceType": "CapabilityStatement", "fhirVersion": self.version}
        if method == "PUT" and place.startswith("Binary/"):
            return self._put(place, headers, body)
        if (method, place) == ("POST", "") and headers["Content-Type"].startswith("application/fhir+json"):
            return self._transact(json.loads(body))
        return 405, _outcome("no such request")

    def _put(self, place: str, headers: Any, body: bytes) -> Answer:
        context = headers["X-Security-Context"]
        if context not in self.resources:
            return 422, _outcome(f"nobody is {context}")
        known = place in self.files
        self.files[place] = headers["Content-Type"], context, body
        return (200 if known else 201), {}

    def _transact(self, bundle: dict[str, Any]) -> Answer:
        if (bundle["resourceType"], bundle["type"]) != ("Bundle", "transaction"):
            return 400, _outcome("no transaction")
        new: dict[str, dict[str, Any]] = {}
        for entry in bundle["entry"]:
            resource = entry["resource"]
            place = f"{resource['resourceType']}/{resource['id']}"
            if entry["request"] != {"method": "PUT", "url": place} or place in new:
                return 400, _outcome(f"the request for {place}")
            if fault := next(judge_resource(resource, place), None):
                return 422, _outcome(f"{place}: {fault.text}")
            new[place] = resource
        known = self.resources.keys() | new.keys()
        for place, resource in new.items():
            for reference in references(resource):
                if "/" in reference and reference not in known:
                    return 422, _outcome(f"{place}: {reference} leads nowhere")
        entries = [
            {"response": {"status": "200 OK" if one in self.resources else "201 Created"}} for one in new
        ]
        self.resources |= new
        return 200, {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}


def _outcome(text: str) -> dict[str, Any]:
    issue = {"severity": "error", "code": "processing", "diagnostics": text}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


@contextmanager
def fhir_server(store: FhirStore) -> Iterator[str]:
    """Run a server that has what ``store`` has; yield its base."""

    class Requests(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            place = self.path.removeprefix("/fhir").strip("/")
            status, resource = store.answer(self.command, place, self.headers, body)
            data = json.dumps(resource).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/fhir+json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 - as the library calls them

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/fhir"
    finally:
        server.shutdown()
        server.server_close()
