"""The proxy that the environment names is the way to an authority, and shares its deadline."""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC, datetime

import pytest

from archiver.evidence.errors import NoTimestampAuthority
from archiver.evidence.tsa import Authorities, Authority
from archiver.signing.signatures.tokens import read_token
from formats.digests import Digest
from tests.dripping import Dripping, dripped, dripping, silent
from tests.packages import counted
from tests.tsa import authority, listening

DIGEST = Digest.of(b"the root")
NOWHERE = "tsa.exemple.invalid"
"""A name that no resolver knows (RFC 6761, 6.4): only a proxy can be asked for it."""
ALLOWED, LATE = 0.6, 2.0
"""Seconds the client is given, and after which it is late."""


@pytest.fixture(autouse=True)
def no_other_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def stamped(url: str, timeout: float = 20.0) -> bytes:
    desk = Authorities(
        listed=(Authority(url=url),), random=counted(b"nonces"), pause=time.sleep, timeout=timeout
    )
    return desk.stamp(DIGEST)


def refused(url: str) -> str:
    started = time.monotonic()
    with pytest.raises(NoTimestampAuthority) as caught:
        stamped(url, ALLOWED)
    assert time.monotonic() - started < LATE
    for one in threading.enumerate():
        if one.name == "time-stamp":
            one.join(timeout=LATE)
            assert not one.is_alive(), "the exchange goes on behind the reader's back"
    return str(caught.value)


def hearing(heard: list[bytes], speak: Dripping) -> Dripping:
    """Return what writes down the first line of a request and then speaks."""

    def listen(client: socket.socket) -> None:
        heard.append(client.recv(4096).partition(b"\r\n")[0])
        speak(client)

    return listen


def test_the_authority_is_asked_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(lambda query: (200, authority().reply(query, datetime(2030, 1, 1, tzinfo=UTC)))) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        token = read_token(stamped(f"http://{NOWHERE}/tsa"))
    assert token.imprint == DIGEST


def test_it_is_told_where_the_question_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    with dripping(hearing(heard, lambda client: client.sendall(b"HTTP/1.1 404 Gone\r\n\r\n"))) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        assert "HTTP 404" in refused(f"http://{NOWHERE}/tsa")
    assert heard == [f"POST http://{NOWHERE}/tsa HTTP/1.1".encode()]


def test_an_address_that_is_excepted_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    with (
        dripping(hearing(heard, silent)) as proxy,
        listening(lambda query: (200, authority().reply(query, datetime(2030, 1, 1, tzinfo=UTC)))) as tsa,
    ):
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert read_token(stamped(tsa)).imprint == DIGEST
    assert heard == []


@pytest.mark.parametrize(
    "speak",
    [
        pytest.param(silent, id="nothing"),
        pytest.param(dripped(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a" * 60000), id="header"),
    ],
)
def test_it_shares_the_deadline(speak: Dripping, monkeypatch: pytest.MonkeyPatch) -> None:
    with dripping(speak) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        assert "did not answer in time" in refused(f"http://{NOWHERE}/tsa")


@pytest.mark.parametrize(
    "speak",
    [
        pytest.param(silent, id="no tunnel"),
        pytest.param(dripped(b"HTTP/1.1 200 ", b"O" * 60000), id="status line"),
        pytest.param(dripped(b"HTTP/1.1 200 OK\r\n", b"X-Many: a\r\n"), id="headers"),
        pytest.param(
            dripped(b"HTTP/1.1 200 OK\r\n\r\n", b"\x16\x03\x03\x00\x01\x02"), id="handshake behind it"
        ),
    ],
)
def test_a_tunnel_shares_the_deadline(speak: Dripping, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    with dripping(hearing(heard, speak)) as proxy:
        monkeypatch.setenv("https_proxy", proxy)
        assert "did not answer in time" in refused(f"https://{NOWHERE}/tsa")
    assert [one.rpartition(b" ")[0] for one in heard] == [f"CONNECT {NOWHERE}:443".encode()]
