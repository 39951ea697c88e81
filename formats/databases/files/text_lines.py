"""Lines of a file of text and the places where they start, in encodings of one byte, UTF-8 and UTF-16.

A line ends with a line feed, or with a carriage return alone where the file has no line feed at its beginning, as the
Macintosh wrote before 2001 and programs made with 4D still do.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import BinaryIO, cast

from formats.databases.files.file_findings import table_fault
from formats.databases.files.table_file import MAX_FILE_BYTES
from formats.errors import LimitExceeded
from formats.tables import limits
from formats.tables.delimited import text_encoding
from formats.words import mark

MAX_LINE_BYTES = limits.MAX_LINE * 4
"""Bytes of one line; UTF-8 takes at most four for a character."""
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
"""Byte order marks, and the encodings that they tell."""
_LINE_FEEDS = {"utf-16-le": (b"\n\0", 1), "utf-16-be": (b"\0\n", 0)}
"""How a line ends in UTF-16, and how many bytes of it come behind the byte of the line feed."""
LOOKED_AT = 64 << 10
"""Bytes from which it is judged how lines end."""


@dataclass(frozen=True, slots=True)
class TextForm:
    """The encoding of a file, where its text starts (behind the byte order mark, if any), and how its lines end."""

    encoding: str
    start: int = 0
    returns: bool = False

    def lines(self, stream: BinaryIO, position: int | None = None) -> TextLines:
        """Return the lines of ``stream`` from ``position`` on, or from where the text starts."""
        place = self.start if position is None else position
        stream.seek(place)
        return TextLines(stream, self, place)


@dataclass(slots=True)
class TextLines:
    """Lines of ``stream`` as text from where it stands, and where the next one starts."""

    stream: BinaryIO
    form: TextForm
    position: int = 0
    number: int = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._line():
            if len(line) >= MAX_LINE_BYTES:
                name = mark("the length of a line")
                raise LimitExceeded(name=name, found=len(line), limit=MAX_LINE_BYTES - 1)
            self.position += len(line)
            self.number += 1
            yield line.decode(self.form.encoding)

    def _line(self) -> bytes:
        if self.form.returns:
            return self._returned_line()
        if self.form.encoding not in _LINE_FEEDS:
            return self.stream.readline(MAX_LINE_BYTES)
        end, behind = _LINE_FEEDS[self.form.encoding]
        line = b""
        while len(line) < MAX_LINE_BYTES:
            piece = self.stream.readline(MAX_LINE_BYTES - len(line))
            line += piece
            if not piece or not line.endswith(b"\n"):
                return line
            if len(line) % 2 == behind:  # the byte is where that of a line feed is
                line += self.stream.read(behind)
                if line.endswith(end):
                    return line
        return line

    def _returned_line(self) -> bytes:
        stream, line = cast("BufferedReader", self.stream), b""
        while len(line) < MAX_LINE_BYTES and (ahead := stream.peek()):
            found = ahead.find(b"\r", 0, MAX_LINE_BYTES - len(line))
            line += stream.read(len(ahead) if found < 0 else found + 1)
            if found >= 0:
                break
        return line


def text_form(stream: BinaryIO, name: str, encoding: str) -> TextForm:
    """Return how the text in ``stream`` is written: as the mapping says, or as is found out.

    Raises:
        TableUnreadable: when ``encoding`` is none that Python knows, or no encoding fits the text.
        LimitExceeded: past the size of a table.
    """
    found = encoding or text_encoding(stream, name, limit=MAX_FILE_BYTES)
    stream.seek(0)
    start = stream.read(LOOKED_AT)
    returns = b"\r" in start and b"\n" not in start
    try:
        known = codecs.lookup(found).name
    except LookupError as fault:
        raise table_fault(name, 0, mark("the mapping names an encoding that nobody knows")) from fault
    if known.startswith("utf-32") or start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise table_fault(name, 0, mark("its characters have four bytes: save it as UTF-8"))
    for bom, of_mark in MARKS:
        if start.startswith(bom):
            return TextForm(of_mark, len(bom), returns and of_mark == "utf-8")
    if known == "utf-16":
        return TextForm("utf-16-le")
    return TextForm(known.removesuffix("-sig"), returns=returns)
