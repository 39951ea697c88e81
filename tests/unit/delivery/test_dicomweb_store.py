"""What a DICOMweb server answers is read: per instance, within limits, and when it breaks off."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from archiver.delivery.dicom import dicomweb_store
from archiver.delivery.dicom.dicomweb_store import DicomwebStore, require_server
from archiver.delivery.errors import TargetAddress, TargetUnreachable
from archiver.delivery.fhir_server import read_server_address
from archiver.delivery.sent_list import NOT_NAMED, SentItem, SentState
from archiver.dicom_network.dicomweb import WebAccess, require_web_access
from archiver.dicom_network.errors import NodeAddressInvalid
from formats.errors import AttachmentChanged
from formats.findings import Finding
from tests.unit.delivery.test_dicom_node import source_of
from tests.unit.dicom.images import image

Answer = Callable[["Exchange", bytes], None]
UIDS = tuple(f"2.25.7.1.1.{number}" for number in (1, 2, 3))


class Exchange(BaseHTTPRequestHandler):
    answer: Answer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).answer(self, body)

    def say(self, status: int, document: object = None, data: bytes = b"") -> None:
        body = data or json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/dicom+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def server(answer: Answer) -> Iterator[str]:
    """Run a server that gives ``answer`` to each request."""
    kind = type("Answering", (Exchange,), {"answer": staticmethod(answer)})
    running = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}/dicom-web"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def stored(
    *uids: str, failed: dict[str, int] | None = None, warned: dict[str, int] | None = None
) -> dict[str, Any]:
    """Return an answer (PS3.18, annex I)."""
    taken = []
    for uid in uids:
        item: dict[str, Any] = {"00081155": {"vr": "UI", "Value": [uid]}}
        if warned and uid in warned:
            item["00081196"] = {"vr": "US", "Value": [warned[uid]]}
        taken.append(item)
    refused = [
        {"00081155": {"vr": "UI", "Value": [uid]}, "00081197": {"vr": "US", "Value": [reason]}}
        for uid, reason in (failed or {}).items()
    ]
    return {"00081199": {"vr": "SQ", "Value": taken}, "00081198": {"vr": "SQ", "Value": refused}}


@pytest.fixture
def contents(tmp_path: Path) -> dict[str, bytes]:
    return {uid: image(tmp_path / uid[-1], instance=uid[-1]).read_bytes() for uid in UIDS}


def send(base: str, contents: dict[str, bytes]) -> list[tuple[str, SentState, str]]:
    items = DicomwebStore(WebAccess(base=base), seconds=5).send(source_of(contents), lambda _: False)
    found: list[SentItem] = [one for one in items if not isinstance(one, Finding)]
    return [(one.identity, one.state, one.answer) for one in found]


def test_what_is_taken_warned_of_and_failed_is_told_apart(contents: dict[str, bytes]) -> None:
    bodies: list[bytes] = []

    def answer(exchange: Exchange, body: bytes) -> None:
        bodies.append(body)
        exchange.say(202, stored(UIDS[0], UIDS[1], failed={UIDS[2]: 0xA700}, warned={UIDS[1]: 0xB000}))

    with server(answer) as base:
        assert send(base, contents) == [
            (UIDS[0], SentState.SENT, "0000"),
            (UIDS[1], SentState.SENT, "B000"),
            (UIDS[2], SentState.REFUSED, "A700"),
        ]
    assert len(bodies) == 1 and all(data in bodies[0] for data in contents.values())


@pytest.mark.parametrize(
    ("status", "document", "answered"),
    [
        (200, {}, NOT_NAMED),
        (200, [], NOT_NAMED),
        (200, "text", NOT_NAMED),
        (200, {"00081199": {"Value": [7, {"00081155": 3}, {"00081155": {"Value": [None]}}]}}, NOT_NAMED),
        (409, {}, "409"),
        (400, {"message": "no"}, "400"),
        (415, {}, "415"),
    ],
)
def test_what_an_answer_does_not_name_was_not_taken(
    contents: dict[str, bytes], status: int, document: object, answered: str
) -> None:
    with server(lambda exchange, _: exchange.say(status, document)) as base:
        assert {(state, answer) for _, state, answer in send(base, contents)} == {
            (SentState.REFUSED, answered)
        }


def test_what_failed_is_not_taken_even_where_the_answer_says_both(contents: dict[str, bytes]) -> None:
    with server(lambda exchange, _: exchange.say(200, stored(*UIDS, failed={UIDS[0]: 0x0110}))) as base:
        assert [state for _, state, _ in send(base, contents)] == [
            SentState.REFUSED,
            SentState.SENT,
            SentState.SENT,
        ]


def test_a_request_that_is_too_long_is_parted(contents: dict[str, bytes]) -> None:
    counts: list[int] = []

    def answer(exchange: Exchange, body: bytes) -> None:
        uids = [uid for uid in UIDS if contents[uid] in body]
        counts.append(len(uids))
        if len(uids) > 1 or uids == [UIDS[2]]:
            exchange.say(413, {})
        else:
            exchange.say(200, stored(*uids))

    with server(answer) as base:
        assert [(state, answer) for _, state, answer in send(base, contents)] == [
            (SentState.SENT, "0000"),
            (SentState.SENT, "0000"),
            (SentState.REFUSED, "413"),
        ]
    assert counts == [3, 1, 2, 1, 1]


def test_files_are_parted_into_requests(contents: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    requests: list[bytes] = []

    def answer(exchange: Exchange, body: bytes) -> None:
        requests.append(body)
        exchange.say(200, stored(*UIDS))

    monkeypatch.setattr(dicomweb_store, "BATCH_FILES", 2)
    with server(answer) as base:
        send(base, contents)
    assert len(requests) == 2


@pytest.mark.parametrize("status", [401, 403, 404, 405, 429, 500, 503])
def test_a_server_that_does_not_let_in_or_is_busy_ends_the_run(
    contents: dict[str, bytes], status: int
) -> None:
    with server(lambda exchange, _: exchange.say(status, {})) as base, pytest.raises(TargetUnreachable):
        send(base, contents)


def test_a_server_that_breaks_off_or_never_ends_is_unreachable(
    contents: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(exchange: Exchange, _: bytes) -> None:
        exchange.send_response(200)
        exchange.send_header("Content-Length", "1000")
        exchange.end_headers()
        exchange.wfile.write(b"{")
        exchange.close_connection = True

    monkeypatch.setattr(dicomweb_store, "MAX_ANSWER_BYTES", 100)
    for answer in (breaking, lambda exchange, _: exchange.say(200, data=b"x" * 101)):
        with server(answer) as base, pytest.raises(TargetUnreachable):
            send(base, contents)
    with pytest.raises(TargetUnreachable):
        send("http://127.0.0.1:9/dicom-web", contents)


def test_a_file_that_changed_is_not_taken(contents: dict[str, bytes]) -> None:
    source = source_of(contents)
    damaged = {uid: bytes(len(data)) for uid, data in contents.items()}
    files = list(damaged.values())

    def open_attachment(sha256: str) -> Any:
        stream = source.open_attachment(sha256)
        if opened.append(sha256) or len(opened) > len(files):  # the headers were read before
            return type(stream)(files[0])
        return stream

    opened: list[str] = []
    other = type(source)(
        dossier=source.dossier,
        open_attachment=open_attachment,
        header_facts=source.header_facts,
        sender=source.sender,
        written_at=source.written_at,
    )
    with (
        server(lambda exchange, _: exchange.say(200, stored(*UIDS))) as base,
        pytest.raises(AttachmentChanged),
    ):
        list(DicomwebStore(WebAccess(base=base), seconds=5).send(other, lambda _: False))


@pytest.mark.parametrize(
    ("base", "shown"),
    [
        ("https://anne:geheim@serveur.exemple/dicom-web", "https://…@serveur.exemple/dicom-web"),
        ("https://anne:ge@heim@serveur.exemple", "https://…@serveur.exemple"),
        ("https://anne:ge/heim@serveur.exemple", "https://…@serveur.exemple"),
        ("https://serveur.exemple/dicom-web#geheim", "https://serveur.exemple/dicom-web#…"),
        ("https://serveur.exemple/dicom-web?token=geheim", "https://serveur.exemple/dicom-web?…"),
    ],
)
def test_a_refused_address_shows_no_password(base: str, shown: str) -> None:
    for require, failure in ((require_server, TargetAddress), (require_web_access, NodeAddressInvalid)):
        with pytest.raises(failure) as refused:
            require(WebAccess(base=base))
        assert refused.value.facts["address"] == shown and "heim" not in str(refused.value)
    with pytest.raises(TargetAddress) as refused_fhir:
        read_server_address(base, "")
    assert "heim" not in str(refused_fhir.value)
