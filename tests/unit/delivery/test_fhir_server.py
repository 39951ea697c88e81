"""A FHIR server that is slow without end, floods, or answers something else: the exchange ends, and it is said why."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from time import monotonic

import pytest

from archiver.delivery.errors import TargetAddress, TargetUnreachable
from archiver.delivery.fhir_server import FhirServer, read_server_address
from tests.dripping import Dripping, dripped, dripping, flooding, silent
from tests.self_signed import self_signed

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n"
STATEMENT = b'{"resourceType":"CapabilityStatement","fhirVersion":"%s"}'


def answering(body: bytes, head: bytes = OK) -> Dripping:
    """Return what gives one answer to whatever it is asked."""
    return lambda client: client.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)


@pytest.mark.parametrize(
    "speak",
    [
        silent,
        dripped(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        dripped(OK, b"X: y\r\n"),
        dripped(OK + b"\r\n", b" "),
    ],
    ids=["silent", "interim responses", "headers", "body"],
)
def test_an_answer_that_never_ends_is_not_waited_for(speak: Dripping) -> None:
    begun = monotonic()
    with dripping(speak) as base, pytest.raises(TargetUnreachable) as refusal:
        FhirServer(read_server_address(base), seconds=1)
    assert refusal.value.facts["reason"] == "no answer came in time" and monotonic() - begun < 10


@pytest.mark.parametrize(
    "speak",
    [
        answering(STATEMENT % b"3.0.2"),
        answering(b"<html>a portal</html>"),
        answering(b"[" * 100_000),
        answering(b"[]"),
        answering(b"", b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n"),
        answering(STATEMENT % b"4.0.1", b"HTTP/1.1 404 Not Found\r\n"),
        answering(b"", b"HTTP/1.1 500 no\r\n"),
        flooding(b"x" * 4096),
    ],
    ids=["STU3", "HTML", "deep", "list", "redirection", "404", "500", "no HTTP"],
)
def test_what_does_not_speak_r4_is_sent_nothing(speak: Dripping) -> None:
    with dripping(speak) as base, pytest.raises(TargetUnreachable):
        FhirServer(read_server_address(base), seconds=5)


@pytest.mark.parametrize("version", [b"4.0.1", b"4.3.0"])
def test_r4_and_its_errata_are_taken(version: bytes) -> None:
    with dripping(answering(STATEMENT % version)) as base:
        assert FhirServer(read_server_address(f"{base}/"), seconds=5).name == base


@pytest.mark.parametrize(
    "address",
    [
        *("", "fhir", "ftp://a/fhir", "https://", "https://a:b@c/fhir", "https://a/fhir?x=1", "https://a/#x"),
        *(
            "https://a:0/fhir",
            "https://a:x/fhir",
            "https://[::1",
            "http://192.168.1.5/fhir",
            "http://localhost.example/",
            "https://a/é",
            "https://a b/fhir",
            "https://a/f\x01hir",
            f"https://{'a' * 64}.fr/fhir",
            "https://a..fr/fhir",
        ),
    ],
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(TargetAddress):
        read_server_address(address)


@pytest.mark.parametrize(
    "address", ["https://fhir.example.org/r4", "http://127.0.0.1:8080/fhir", "http://[::1]/fhir"]
)
def test_an_address(address: str) -> None:
    assert read_server_address(f"{address}/").base == address


@pytest.mark.parametrize("token", ["a\nb", "é", "a\r\nX: y"])
def test_a_token_that_no_header_takes(token: str) -> None:
    with pytest.raises(TargetAddress):
        read_server_address("https://fhir.example.org/r4", token)


def broken_off(client: socket.socket) -> None:
    """Begin a refusal, and hang up inside its body."""
    client.recv(1 << 16)
    client.sendall(b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{")


@pytest.mark.parametrize(
    ("speak", "reason"),
    [
        (dripped(b"HTTP/1.1 404 Not Found\r\n\r\n", b" "), "no answer came in time"),
        (broken_off, "the connection broke off"),
    ],
    ids=["without end", "broken off"],
)
def test_a_refusal_that_is_not_whole_ends_the_exchange(speak: Dripping, reason: str) -> None:
    with dripping(speak) as base, pytest.raises(TargetUnreachable) as refusal:
        FhirServer(read_server_address(base), seconds=1)
    assert refusal.value.facts["reason"] == reason


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_what_is_sent_to_this_machine_goes_through_no_proxy(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    def listen(client: socket.socket) -> None:
        asked.append(client.recv(4096))

    with dripping(listen) as proxy, dripping(answering(STATEMENT % b"4.0.1")) as base:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        FhirServer(read_server_address(base.replace("127.0.0.1", host)), seconds=5)
    assert asked == []


def test_a_certificate_that_nobody_trusts_is_named_as_the_cause(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))

    def greet(client: socket.socket) -> None:
        context.wrap_socket(client, server_side=True)

    with dripping(greet, scheme="https") as base, pytest.raises(TargetUnreachable) as refusal:
        FhirServer(read_server_address(base), seconds=5)
    assert refusal.value.facts["reason"] == "this machine does not trust its certificate"
