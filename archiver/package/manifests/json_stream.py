"""A JSON object (RFC 8259) of which one long list is read element by element, whatever its length.

Everything else of it is short. Memory is that of the longest element, however long the document is.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, cast

from archiver.package.errors import ManifestInvalid
from formats.words import mark

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_HEAD = 1 << 20
"""Characters of everything but the elements of the list; it is written in some thousand."""
MAX_ELEMENT = 16 << 10
"""Characters of one element; it is written in some hundred."""
_PIECE = 256 << 10
"""Bytes read at a time."""
_WHITESPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape that may leave half a character behind (RFC 8259, section 8.2)."""


def refuse_document(where: str, reason: str) -> NoReturn:
    """Refuse the document for ``reason``."""
    raise ManifestInvalid(where=where, reason=reason)


def stream_of(pieces: Iterator[bytes]) -> BinaryIO:
    """Return ``pieces`` as a stream that is read once."""
    return cast("BinaryIO", BufferedReader(_Pieces(pieces), _PIECE))


class _Pieces(RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        view = memoryview(buffer).cast("B")
        taken = min(len(view), len(self._left))
        view[:taken], self._left = self._left[:taken], self._left[taken:]
        return taken


class JsonStream:
    """The object in ``source``, the member ``file`` of at most ``limit`` bytes, and its list ``rows``."""

    def __init__(self, source: BinaryIO, *, file: str, limit: int, rows: str) -> None:
        self._source, self._file, self._left, self._rows = source, file, limit, rows
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._parser = json.JSONDecoder(object_pairs_hook=self._unique, parse_constant=self._no_number)
        self._window, self._at, self._ended = "", 0, False
        self._head = MAX_HEAD

    def read(self, row: Callable[[int, Any], None]) -> dict[str, Any]:
        """Return the object without the elements of its list, of which ``row`` is told with their place from 0.

        Raises:
            ManifestInvalid: when it is longer, no plain JSON, no object, or says one thing twice.
        """
        try:
            return self._object(row)
        except (ValueError, RecursionError) as fault:
            raise ManifestInvalid(where=self._file, reason=mark("it is not plain JSON")) from fault

    def _object(self, row: Callable[[int, Any], None]) -> dict[str, Any]:
        if self._next() != "{":
            self._value(MAX_HEAD)
            refuse_document(self._file, mark("an object is missing"))
        self._at += 1
        found: dict[str, Any] = {}
        for _ in self._separated("}"):
            key = self._short()
            self._expect(":")
            if not isinstance(key, str):
                raise ValueError
            if key in found:
                refuse_document(self._file, mark("an object has the same key twice"))
            found[key] = self._list(row) if key == self._rows and self._next() == "[" else self._short()
        if self._next():
            raise ValueError
        return found

    def _list(self, row: Callable[[int, Any], None]) -> list[Any]:
        self._at += 1
        for number in self._separated("]"):
            row(number, self._value(MAX_ELEMENT)[0])
        return []

    def _separated(self, end: str) -> Iterator[int]:
        """Yield the place of every element up to ``end``; whoever asks reads the element."""
        number = 0
        while self._next() != end or number:
            yield number
            number += 1
            if self._next() == end:
                break
            self._expect(",")
        self._expect(end)

    def _short(self) -> Any:
        """Return a value of the head, which is short as a whole."""
        value, length = self._value(self._head)
        self._head -= length
        return value

    def _value(self, most: int) -> tuple[Any, int]:
        """Return the next value with its length, of at most ``most`` characters."""
        self._next()
        ahead = MAX_ELEMENT
        while True:
            self._fill(ahead + 1)
            try:
                value, end = self._parser.raw_decode(self._window, self._at)
            except json.JSONDecodeError:
                if self._ended or ahead > most:
                    raise
            else:
                # what ends where the window ends may go on, as a number does
                if end < len(self._window) or self._ended or ahead > most:
                    return value, self._take(end, most)
            ahead *= 2

    def _take(self, end: int, most: int) -> int:
        length = end - self._at
        if length > most:
            refuse_document(self._file, mark("a part of it is longer than in any manifest"))
        if _SURROGATE.search(self._window, self._at, end):
            refuse_document(
                self._file, mark("a character is written as half of one; UTF-8 has room for all of it")
            )
        self._at = end
        return length

    def _expect(self, sign: str) -> None:
        if self._next() != sign:
            raise ValueError
        self._at += 1

    def _next(self) -> str:
        """Return the next character that is no white space, without taking it; nothing at the end."""
        while True:
            if self._at < len(self._window) and self._window[self._at] not in " \t\n\r":
                return self._window[self._at]
            found = _WHITESPACE.match(self._window, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._window):
                return self._window[self._at]
            if self._ended:
                return ""
            self._fill(1)

    def _fill(self, length: int) -> None:
        """Read until ``length`` characters lie ahead, or the document ends."""
        if len(self._window) - self._at >= length or self._ended:
            return
        pieces = [self._window[self._at :]]
        ahead, self._at = len(pieces[0]), 0
        while ahead < length and not self._ended:
            piece = self._source.read(_PIECE)
            self._left -= len(piece)
            if self._left < 0:
                refuse_document(self._file, mark("it is longer than any manifest"))
            self._ended = not piece
            pieces.append(self._decode(piece, final=self._ended))
            ahead += len(pieces[-1])
        self._window = "".join(pieces)

    def _unique(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            refuse_document(self._file, mark("an object has the same key twice"))
        return found

    def _no_number(self, name: str) -> NoReturn:
        refuse_document(f"{self._file} {name}", mark("it holds a number that is none"))
