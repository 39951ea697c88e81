"""Parts of a multipart/related answer (RFC 2046, 5.1; RFC 2387) as they come, under limits, none held whole.

1. What precedes the first delimiter is no part; what follows the last one is not read.
2. A part is a header, an empty line, and what comes until the next delimiter: a line break, two hyphens, the boundary.
3. Where a part states its length it must have it; an answer that ends without the closing delimiter is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.message import Message
from email.parser import BytesHeaderParser

from formats.words import mark

PIECE = 64 << 10
"""Bytes read at a time."""
MAX_PART_HEADER = 16 << 10
"""Bytes of the header of a part, and of what precedes the first."""
MAX_BOUNDARY = 70
"""Characters of a boundary (RFC 2046, 5.1.1)."""
MAX_PADDING = 256
"""Bytes of space between a delimiter and the end of its line."""
NOT_MULTIPART = mark("its answer is not several files (multipart/related)")
BROKEN = mark("the parts of its answer do not hold together")
CUT = mark("its answer ends too early")
OTHER_LENGTH = mark("a part of its answer has another length than it says")


class MultipartError(Exception):
    """An answer whose parts cannot be told apart, for ``reason``, one of those above."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def boundary_of(content_type: str) -> bytes:
    """Return the boundary that a multipart/related answer announces.

    Raises:
        MultipartError: when it is no such answer, or announces none.
    """
    header = Message()
    header["Content-Type"] = " ".join(content_type.split())
    boundary = header.get_param("boundary", "")
    known = header.get_content_type() == "multipart/related" and isinstance(boundary, str)
    if not known or not boundary or not str(boundary).isascii() or len(str(boundary)) > MAX_BOUNDARY:
        raise MultipartError(NOT_MULTIPART)
    return str(boundary).encode("ascii")


class AnswerParts:
    """The parts of what ``read`` gives piece by piece; each is read to its end before the next.

    Raises:
        MultipartError: when the answer ends too early, or a part has another length than it says.
    """

    def __init__(self, read: Callable[[int], bytes], boundary: bytes) -> None:
        self._read = read
        self._delimiter = b"\r\n--" + boundary
        self._rest = b"\r\n"  # the first delimiter may begin the answer
        self._closed = False

    def __iter__(self) -> Iterator[Iterator[bytes]]:
        """Yield each part, as an iterator of its bytes."""
        before = 0
        for piece in self._until_delimiter():
            before += len(piece)
            if before > MAX_PART_HEADER:
                raise MultipartError(BROKEN)
        while not self._closed:
            part = self._body(self._stated_length())
            yield part
            for _ in part:
                pass

    def _stated_length(self) -> int | None:
        """Read the header of a part; return the length that it states, if it does."""
        while not self._rest.startswith(b"\r\n"):
            header, end, rest = self._rest.partition(b"\r\n\r\n")
            if len(header) > MAX_PART_HEADER:
                raise MultipartError(BROKEN)
            if end:
                self._rest = rest
                stated = str(BytesHeaderParser().parsebytes(header + end).get("Content-Length", "")).strip()
                return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 20 else None
            self._fill()
        self._rest = self._rest[2:]  # it has no header
        return None

    def _body(self, length: int | None) -> Iterator[bytes]:
        found = 0
        for piece in self._until_delimiter():
            found += len(piece)
            yield piece
        if length is not None and found != length:
            raise MultipartError(OTHER_LENGTH)

    def _until_delimiter(self) -> Iterator[bytes]:
        """Yield what precedes the next delimiter, which is read as well."""
        overlap = len(self._delimiter) - 1
        while (at := self._rest.find(self._delimiter)) < 0:
            if len(self._rest) > overlap:
                yield self._rest[:-overlap]
                self._rest = self._rest[-overlap:]
            self._fill()
        if at:
            yield self._rest[:at]
        self._rest = self._rest[at + len(self._delimiter) :]
        self._end_delimiter()

    def _end_delimiter(self) -> None:
        """Read the rest of a delimiter's line, or that it is the closing one."""
        while len(self._rest) < 2:
            self._fill()
        self._closed = self._rest.startswith(b"--")
        while not self._closed:
            padding, end, rest = self._rest.partition(b"\r\n")
            if padding.strip(b" \t\r" if not end else b" \t") or len(padding) > MAX_PADDING:
                raise MultipartError(BROKEN)
            if end:
                self._rest = rest
                return
            self._fill()

    def _fill(self) -> None:
        data = self._read(PIECE)
        if not data:
            raise MultipartError(CUT)
        self._rest += data
