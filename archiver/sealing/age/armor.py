"""The 7-bit form of an age file: strict PEM (age, "ASCII armor"; RFC 7468 §3, figure 3)."""

from __future__ import annotations

import base64
import binascii
import io
from typing import TYPE_CHECKING, BinaryIO

from archiver.sealing.age.parts import AgePart, age_failure
from archiver.sealing.age.payload import Sink
from formats.words import mark

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"
COLUMNS = 64
"""Characters of every line but the last."""
LINE_BYTES = COLUMNS // 4 * 3
"""Bytes a full line spells."""
MAX_WHITESPACE = 1024
"""Bytes of white space tolerated before and after, as the stock program does."""

_LONGEST = COLUMNS + 2
_WHITE = b" \t\r\n"


class ArmorWriter:
    """Writes an armored file; it is whole only after :meth:`finish`."""

    def __init__(self, target: Sink) -> None:
        self._target = target
        self._buffer = bytearray()
        target.write(BEGIN + b"\n")

    def write(self, data: bytes, /) -> int:
        """Take ``data`` and write the lines it completes."""
        self._buffer += data
        whole = len(self._buffer) // LINE_BYTES * LINE_BYTES
        self._put(self._buffer[:whole])
        del self._buffer[:whole]
        return len(data)

    def finish(self) -> None:
        """Write the last line and the end mark."""
        self._put(self._buffer)
        self._target.write(END + b"\n")

    def _put(self, data: bytes | bytearray) -> None:
        text = base64.b64encode(data)
        lines = [text[at : at + COLUMNS] + b"\n" for at in range(0, len(text), COLUMNS)]
        if lines:
            self._target.write(b"".join(lines))


class ArmorReader(io.RawIOBase):
    """The binary age file inside an armored one, read once, forwards.

    LF and CRLF line ends are accepted, white space only before and after;
    every other liberty is refused. ``first`` is the first line when the
    caller has read it already.
    """

    def __init__(self, source: BinaryIO, first: bytes = b"") -> None:
        super().__init__()
        self._source = source
        self._first = first
        self._buffer = memoryview(b"")
        self._begun = self._last = self._ended = False

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer``; nought after the end mark.

        Raises:
            SealBroken: the armor is not strict PEM.
        """
        if not self._buffer and not self._ended:
            self._buffer = memoryview(self._next())
        view = memoryview(buffer).cast("B")
        taken = min(len(view), len(self._buffer))
        view[:taken] = self._buffer[:taken]
        self._buffer = self._buffer[taken:]
        return taken

    def _next(self) -> bytes:
        if not self._begun:
            self._find_begin()
        line = _without_end(self._source.readline(_LONGEST + 1))
        if line == END:
            self._ended = True
            self._check_rest()
            return b""
        if self._last or not 0 < len(line) <= COLUMNS:
            raise age_failure(AgePart.ARMOR, mark("a line has a wrong length or the end mark is missing"))
        data = _decoded(line)
        self._last = len(data) < LINE_BYTES
        return data

    def _find_begin(self) -> None:
        blank = 0
        line = self._first or self._source.readline(_LONGEST + 1)
        while line and not line.strip(_WHITE) and blank <= MAX_WHITESPACE:
            blank += len(line)
            line = self._source.readline(_LONGEST + 1)
        if _without_end(line) != BEGIN:
            raise age_failure(AgePart.ARMOR, mark("it does not begin as an armored age file"))
        self._begun = True

    def _check_rest(self) -> None:
        rest = self._source.read(MAX_WHITESPACE + 1)
        if rest.strip(_WHITE) or len(rest) > MAX_WHITESPACE or self._source.read(1):
            raise age_failure(AgePart.ARMOR, mark("something follows the end mark"))


def _without_end(line: bytes) -> bytes:
    return line.removesuffix(b"\n").removesuffix(b"\r") if line.endswith(b"\n") else line


def _decoded(line: bytes) -> bytes:
    try:
        data = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise age_failure(AgePart.ARMOR, mark("a line is not Base 64")) from fault
    if base64.b64encode(data) != line:
        raise age_failure(AgePart.ARMOR, mark("a line is not in its canonical form"))
    return data
