"""The bytes of a JSON file on their way to its parser: as UTF-8, and no more of them than a row may have."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from formats.databases.files.text_lines import MARKS
from formats.databases.tables import MAX_CELL
from formats.errors import LimitExceeded
from formats.words import mark

MAX_DIGITS = 4_000
"""Digits one behind the other; an amount has twelve, and Python makes no number of more than 4,300."""
_MANY_DIGITS = re.compile(rb"[0-9]{%d}" % (MAX_DIGITS + 1))


class JsonSource:
    """Bytes of a file as UTF-8, of which the parser gets no more than a row may have between two events."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name = stream, name
        self.waiting = 0
        self._before = b""
        start = stream.read(3)
        bom, encoding = next((one for one in MARKS if start.startswith(one[0])), (b"", "utf-8"))
        stream.seek(len(bom))
        self._decoder = codecs.getincrementaldecoder(encoding)() if encoding != "utf-8" else None

    def read(self, size: int) -> bytes:
        """Return the next bytes, nothing at the end.

        Raises:
            LimitExceeded: past the length of a row, or the digits of a number.
        """
        data = self._piece(size)
        self.waiting += len(data)
        if self.waiting > MAX_CELL:
            name = mark("the length of a row")
            raise LimitExceeded(where=self._name, name=name, found=self.waiting, limit=MAX_CELL)
        # the parser breaks, and the program with it, at more digits than Python makes a number of (ijson 3.6)
        if _MANY_DIGITS.search(self._before + data):
            name = mark("the number of digits of a number")
            raise LimitExceeded(where=self._name, name=name, found=MAX_DIGITS + 1, limit=MAX_DIGITS)
        self._before = (self._before + data)[-MAX_DIGITS:]
        return data

    def _piece(self, size: int) -> bytes:
        data = self._stream.read(size)
        if self._decoder is None:
            return data
        text = self._decoder.decode(data, final=not data)
        while data and not text:  # half a character: an empty answer would be the end
            data = self._stream.read(size)
            text = self._decoder.decode(data, final=not data)
        return text.encode("utf-8", "surrogatepass")
