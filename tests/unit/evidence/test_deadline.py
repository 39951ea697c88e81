"""One deadline for the whole exchange with an authority, whatever drips, over real sockets."""

from __future__ import annotations

import threading
import time
from itertools import count

import pytest

from archiver.evidence.errors import NoTimestampAuthority
from archiver.evidence.tsa import Authorities, Authority
from formats.digests import Digest
from tests.dripping import dripped, dripping, flooding, silent
from tests.packages import counted
from tests.tsa import listening

DIGEST = Digest.of(b"the root")
ALLOWED = 0.6
"""Seconds the client is given."""
LATE = 2.0
"""Seconds after which it is late: reading byte by byte would take minutes, and asking thrice three times as long."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
HELLO = bytes.fromhex("160303400002003ffc0303")
"""A handshake record that announces a ServerHello of 16,380 bytes (RFC 8446, 4 and 5.1)."""


def refused(url: str) -> str:
    """Return why the authority at ``url`` gave no token, having made sure that it was left in time."""
    started = time.monotonic()
    desk = Authorities(
        listed=(Authority(url=url),), random=counted(b"nonces"), pause=time.sleep, timeout=ALLOWED
    )
    with pytest.raises(NoTimestampAuthority) as caught:
        desk.stamp(DIGEST)
    assert time.monotonic() - started < LATE
    for one in threading.enumerate():
        if one.name == "time-stamp":
            one.join(timeout=LATE)
            assert not one.is_alive(), "the exchange goes on behind the reader's back"
    return str(caught.value)


@pytest.mark.parametrize(
    "speak",
    [
        pytest.param(silent, id="nothing"),
        pytest.param(dripped(b"HTTP/1.1 ", b"2" * 60000), id="status line"),
        pytest.param(dripped(HEAD + b"X-Long: ", b"a" * 60000), id="header"),
        pytest.param(dripped(HEAD, b"X-Many: a\r\n" * 99), id="headers"),
        pytest.param(dripped(CONTINUE, b"H" * 60000), id="after 100 Continue"),
        pytest.param(dripped(b"", CONTINUE, pace=0.01), id="100 Continue again and again"),
        pytest.param(flooding(CONTINUE * 100), id="100 Continue at full speed"),
        pytest.param(dripped(HEAD + b"\r\n", b"0"), id="body without a length"),
        pytest.param(dripped(HEAD + b"Content-Length: 5000\r\n\r\n", b"0"), id="body of a length"),
        pytest.param(dripped(CHUNKED, b"0" * 60000), id="chunk size"),
        pytest.param(dripped(CHUNKED, b"1\r\n0\r\n"), id="chunks"),
        pytest.param(dripped(CHUNKED + b"0\r\n", b"X-After: a\r\n"), id="trailer"),
        pytest.param(
            dripped(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/", b"a" * 60000), id="redirection"
        ),
        pytest.param(dripped(b"HTTP/1.1 503 Later\r\n", b"X-Many: a\r\n" * 99), id="failure"),
    ],
)
def test_what_drips_is_left_at_the_deadline(speak) -> None:
    with dripping(speak) as url:
        assert "did not answer in time" in refused(url)


@pytest.mark.parametrize(
    "speak",
    [
        pytest.param(silent, id="nothing"),
        pytest.param(dripped(HELLO, b"\x00"), id="one record that grows"),
        pytest.param(dripped(b"", b"\x16\x03\x03\x00\x01\x02"), id="many records of one byte"),
    ],
)
def test_a_handshake_that_drips_is_left_at_the_deadline(speak) -> None:
    with dripping(speak, scheme="https") as url:
        assert "did not answer in time" in refused(url)


def test_a_redirection_is_not_followed_and_its_body_not_awaited() -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 5000\r\n\r\n"
    with dripping(dripped(head, b"a")) as url:
        assert "HTTP 302" in refused(url)


def test_attempts_share_the_deadline() -> None:
    turns = count()

    def late(_query: bytes) -> tuple[int, bytes]:
        next(turns)
        time.sleep(ALLOWED * 0.7)
        return 503, b"later"

    with listening(late) as url:
        assert "HTTP 503" in refused(url)
    assert next(turns) == 1, "there was no time left for a pause and a second attempt"
