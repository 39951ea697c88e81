"""The head of a request (RFC 9112): read within a length and a time, whatever the other side does."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from time import monotonic
from urllib.parse import parse_qsl, urlsplit

MAX_HEAD_BYTES = 16 << 10
"""Bytes of a request line and its headers; those of a browser have about 1,000."""
MAX_TARGET_CHARACTERS = 2048
"""Characters of what is asked for: a search and its place."""
HEAD_SECONDS = 5.0
"""Seconds in which the head of a request comes; on one machine it is there at once."""
END = b"\r\n\r\n"
SAME_SITE = frozenset({"same-origin"})
FROM_A_PERSON = frozenset({"same-origin", "none"})
"""``Sec-Fetch-Site`` (Fetch Metadata) of what the page asks for, and of an address that somebody typed or opened."""


class HeadRefused(Exception):
    """A request that is not answered but with ``status``."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestTarget:
    """What is asked for: a path as it was written, and the fields of its query."""

    path: str
    fields: dict[str, str]


def read_request_head(connection: socket.socket) -> bytes:
    """Return what ``connection`` brings up to the empty line behind the headers.

    Raises:
        HeadRefused: when it is too long or does not come in time.
        OSError: when the other side has gone.
    """
    end = monotonic() + HEAD_SECONDS
    head = bytearray()
    while END not in head:
        left = end - monotonic()
        if left <= 0:
            raise HeadRefused(HTTPStatus.REQUEST_TIMEOUT)
        if len(head) >= MAX_HEAD_BYTES:
            raise HeadRefused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        connection.settimeout(left)
        try:
            piece = connection.recv(MAX_HEAD_BYTES - len(head))
        except TimeoutError:
            raise HeadRefused(HTTPStatus.REQUEST_TIMEOUT) from None
        if not piece:
            raise ConnectionError
        head += piece
    if not head.endswith(END):
        raise HeadRefused(HTTPStatus.BAD_REQUEST)  # a body, or a second request behind the first
    return bytes(head)


def require_same_origin(headers: Message, address: str, *, sites: Iterable[str]) -> None:
    """Require that a request is meant for ``address`` (host and port), and comes from its own page.

    A foreign name that leads to this machine stands in ``Host`` (DNS rebinding); a foreign page in ``Origin`` and
    ``Sec-Fetch-Site``. Browsers send these by themselves, and no script can change them.

    Raises:
        HeadRefused: when it is not.
    """
    if headers.get_all("Host", []) != [address]:
        raise HeadRefused(HTTPStatus.MISDIRECTED_REQUEST)
    origins = headers.get_all("Origin", [])
    if origins and origins != [f"http://{address}"]:
        raise HeadRefused(HTTPStatus.FORBIDDEN)
    fetched = headers.get_all("Sec-Fetch-Site", [])
    if fetched and (len(fetched) > 1 or fetched[0] not in sites):
        raise HeadRefused(HTTPStatus.FORBIDDEN)
    if headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in headers:
        raise HeadRefused(HTTPStatus.BAD_REQUEST)


def target_of(text: str) -> RequestTarget:
    """Return what a request line asks for.

    Raises:
        HeadRefused: when it is no path, or too long.
    """
    if len(text) > MAX_TARGET_CHARACTERS:
        raise HeadRefused(HTTPStatus.REQUEST_URI_TOO_LONG)
    if not text.startswith("/") or text.startswith("//") or not text.isascii():
        raise HeadRefused(HTTPStatus.BAD_REQUEST)
    try:
        parts = urlsplit(text)
        fields = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=8, errors="strict")
    except ValueError:
        raise HeadRefused(HTTPStatus.BAD_REQUEST) from None
    return RequestTarget(path=parts.path, fields=dict(fields))
