"""Asking time-stamping authorities over HTTP (RFC 3161, 3.4): one after the other, until one answers.

The only module of this room that opens a connection. It follows no redirection, reads no
more than an answer can be long, and waits no longer than it was told to.
"""

from __future__ import annotations

import http.client
import socket
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from archiver.evidence.errors import NoTimestampAuthority, TimestampAuthorityRefused
from archiver.evidence.query import MAX_ANSWER_BYTES, Query, read_answer, write_query
from archiver.signing.errors import TokenInvalid
from formats.errors import Fact
from formats.words import mark

NONCE_BYTES = 8
"""Sixty-four bits: every authority takes them, and no answer fits a second question by chance."""
TIMEOUT = 30.0
"""Seconds for one answer, to connect and to the last byte."""
ATTEMPTS = 3
"""Times a silent authority is asked before the next one is."""
PAUSE = 2.0
"""Seconds before the second attempt, and twice as many before the third."""
PIECE = 1 << 14
"""Bytes read before looking at the clock again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """A time-stamping authority: where it listens, and the policy (an object identifier) to ask it for."""

    url: str
    policy: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Authorities:
    """Whom to ask, in this order; ``roots`` (DER) are theirs, and without any every genuine token is taken.

    ``random`` gives as many bytes as it is asked for; ``pause`` waits that many seconds.
    """

    listed: tuple[Authority, ...]
    random: Callable[[int], bytes]
    pause: Callable[[float], None]
    roots: tuple[bytes, ...] = ()
    timeout: float = TIMEOUT

    def stamp(self, digest: bytes, hash_name: str) -> bytes:
        """Return a token over ``digest`` from the first authority that gives a usable one.

        Raises:
            NoTimestampAuthority: when none does.
        """
        last, reason = "-", mark("there is none to ask")
        for authority in self.listed:
            try:
                return self._ask(authority, digest, hash_name)
            except TimestampAuthorityRefused as failure:
                last, reason = authority.url, str(failure.facts["reason"])
        raise NoTimestampAuthority(count=len(self.listed), authority=last, reason=reason)

    def _ask(self, authority: Authority, digest: bytes, hash_name: str) -> bytes:
        """Return the token of ``authority``; silence is met with patience, a wrong answer is not."""
        fault: _Silence | None = None
        for attempt in range(ATTEMPTS):
            if attempt:
                self.pause(PAUSE * 2 ** (attempt - 1))
            nonce = int.from_bytes(self.random(NONCE_BYTES), "big")
            query = Query(hash_name=hash_name, digest=digest, nonce=nonce, policy=authority.policy)
            try:
                answer = _post(authority.url, write_query(query), self.timeout)
                return read_answer(answer, query, self.roots)
            except TokenInvalid as failure:
                raise _refusal(authority, failure.facts["reason"]) from failure
            except _Silence as silence:
                fault = silence
        raise _refusal(authority, str(fault)) from fault


UNREACHABLE: dict[type[OSError], str] = {
    ConnectionError: mark("it cannot be reached"),
    socket.gaierror: mark("no server of this name can be found"),
    TimeoutError: mark("it does not answer"),
}
"""What people meet when they ask somebody on the network."""


class _Silence(Exception):
    """An authority that may answer when it is asked again; the text says what happened."""


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: a query sent on would become a plain request for a page."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _refusal(authority: Authority, reason: Fact) -> TimestampAuthorityRefused:
    return TimestampAuthorityRefused(authority=authority.url, reason=reason)


def _post(url: str, body: bytes, timeout: float) -> bytes:
    """Return what ``url`` answers to ``body``.

    Raises:
        TokenInvalid: when the answer is too long, or asking again is of no use.
        _Silence: when the network or the server failed.
    """
    if urlsplit(url).scheme not in {"http", "https"}:
        raise TokenInvalid(reason=mark("its address does not begin with http:// or https://"))
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    question = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310
    end = monotonic() + timeout
    try:
        with urllib.request.build_opener(_StayHere).open(question, timeout=timeout) as answer:
            return _read(answer, end)
    except HTTPError as fault:
        fault.close()
        if fault.code >= http.client.INTERNAL_SERVER_ERROR:
            raise _Silence(f"HTTP {fault.code}") from fault
        raise TokenInvalid(reason=f"HTTP {fault.code}") from fault
    except (URLError, http.client.HTTPException, OSError) as fault:
        raise _Silence(_said(getattr(fault, "reason", fault))) from fault


def _said(fault: object) -> str:
    """Return what became of the connection, in words of the catalogue for what people meet."""
    for kind, sentence in UNREACHABLE.items():
        if isinstance(fault, kind):
            return sentence
    return getattr(fault, "strerror", None) or str(fault) or type(fault).__name__


def _read(answer: IO[bytes], end: float) -> bytes:
    """Return the body of ``answer``; a server that trickles is cut off at ``end``."""
    body = bytearray()
    while piece := answer.read1(PIECE):  # type: ignore[attr-defined]
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise TokenInvalid(reason=mark("the answer is longer than any token"))
        if monotonic() > end:
            raise _Silence(mark("it answers too slowly"))
    return bytes(body)
