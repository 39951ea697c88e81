"""One HTTP exchange with a time-stamping authority (RFC 3161, 3.4), ended at a deadline whatever the other side does.

The only module of this package that opens a connection. It reads no more than an answer can be long, and waits no
longer than it was told to; looking the name up counts too.
"""

from __future__ import annotations

import http.client
import threading
import urllib.request
from time import monotonic
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from archiver.evidence.query import MAX_ANSWER_BYTES
from archiver.network import fault_text, open_answer
from archiver.signing.errors import TokenInvalid
from formats.words import mark

PIECE = 1 << 14
"""Bytes read at once."""
ATTENTION = 0.25
"""Seconds between two looks at the clock, so that Ctrl-C is heard on systems where waiting hears nothing."""


class Silence(Exception):
    """An authority that may answer when it is asked again; ``reason`` says what happened."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooSlow(Silence):
    """An authority that did not answer in time: asking it again would take as long."""

    def __init__(self) -> None:
        super().__init__(mark("it did not answer in time"))


def post(url: str, body: bytes, end: float) -> bytes:
    """Return what ``url`` answers to the query ``body`` before ``end`` (of the monotonic clock).

    Raises:
        TokenInvalid: when the answer is too long, or asking again is of no use.
        TooSlow: when there was none before ``end``.
        Silence: when the network or the server failed.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        raise TokenInvalid(reason=mark("its address does not begin with http:// or https://"))
    if parts.username is not None:
        raise TokenInvalid(
            reason=mark("its address names a user or a password, and none is sent: leave them out")
        )
    exchange = _Exchange(url, body, end)
    exchange.start()
    while exchange.is_alive() and (left := end - monotonic()) > 0:
        exchange.join(min(left, ATTENTION))
    if exchange.is_alive():
        raise TooSlow
    if exchange.fault is not None:
        raise exchange.fault
    return exchange.answer


class _Exchange(threading.Thread):
    """The exchange, which afterwards holds an answer or a fault.

    Its sockets end it at the deadline; it has a thread of its own because nothing ends a resolver.
    """

    def __init__(self, url: str, body: bytes, end: float) -> None:
        super().__init__(name="time-stamp", daemon=True)
        self.answer = b""
        self.fault: Exception | None = None
        self._url, self._body, self._end = url, body, end

    def run(self) -> None:
        """Ask, and keep what came of it."""
        try:
            self.answer = self._answer()
        except (URLError, http.client.HTTPException, OSError, UnicodeError) as fault:
            reason = getattr(fault, "reason", fault)
            self.fault = TooSlow() if isinstance(reason, TimeoutError) else Silence(fault_text(reason))
        except Exception as fault:  # noqa: BLE001 - raised again where somebody waits for it
            self.fault = fault

    def _answer(self) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        question = urllib.request.Request(self._url, data=self._body, headers=headers, method="POST")  # noqa: S310
        try:
            with open_answer(question, self._end) as answer:
                return _read(answer)
        except HTTPError as fault:
            fault.close()
            if fault.code >= http.client.INTERNAL_SERVER_ERROR:
                raise Silence(f"HTTP {fault.code}") from fault
            raise TokenInvalid(reason=f"HTTP {fault.code}") from fault


def _read(answer: IO[bytes]) -> bytes:
    """Return the body of ``answer``."""
    body = bytearray()
    while piece := answer.read1(PIECE):  # type: ignore[attr-defined]
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise TokenInvalid(reason=mark("the answer is longer than any token"))
    return bytes(body)
