"""Plain JSON that says what it must: objects whose keys are asked for with the type they must have.

What a document says besides is kept. Every refusal names the document and the key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import MAXYEAR, MINYEAR, date, datetime
from io import BytesIO
from types import MappingProxyType
from typing import Any, BinaryIO, NoReturn

from archiver.package.manifests.json_stream import JsonStream, refuse_document
from formats.digests import SHA256, Digest, DigestAlgorithm, DigestMalformed
from formats.words import mark

MAX_TEXT = 1024
"""Characters of one text; a name or a code is shorter."""
MAX_COUNT = (1 << 53) - 1
"""The largest whole number every JSON reader agrees about (RFC 8259, section 6)."""

CODE = re.compile(r"[a-z][a-z0-9_-]{0,63}")
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
"""Certificates are named by their SHA-256, in lower-case hexadecimal."""
_NEW_YEAR = re.compile(r"[0-9]{4}-01-01")
"""The only day a manifest tells of a year, so that it tells no more."""


class Verbatim(Mapping[str, Any]):
    """Keys nobody here knows, as JSON text until somebody asks: parsed they would take twenty times as much."""

    __slots__ = ("_text",)

    def __init__(self, found: Mapping[str, Any]) -> None:
        self._text = json.dumps(found, ensure_ascii=False)

    def _parsed(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self._text)
        return parsed

    def __getitem__(self, key: str) -> Any:
        return self._parsed()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parsed())

    def __len__(self) -> int:
        return len(self._parsed())


NOTHING: Mapping[str, Any] = MappingProxyType({})
"""Shared by everything that says no more than is known here: there may be 200,000 units."""


def read_object(
    source: bytes | BinaryIO, *, file: str, limit: int, rows: str, row: Callable[[JsonObject], None]
) -> JsonObject:
    """Return the object that ``source``, at most ``limit`` bytes of the member ``file``, is.

    Its list ``rows`` is empty then: ``row`` has been told of every object in it.

    Raises:
        ManifestInvalid: when it is longer, no plain JSON (RFC 8259), or no object.
    """
    stream = JsonStream(
        BytesIO(source) if isinstance(source, bytes) else source, file=file, limit=limit, rows=rows
    )
    found = stream.read(lambda number, value: row(JsonObject(value, f"{rows}[{number}]", file)))
    return JsonObject(found, "", file)


class JsonObject:
    """A JSON object whose keys are asked for with the type they must have."""

    def __init__(self, value: Any, where: str, file: str) -> None:
        self._where = where
        self._file = file
        if not isinstance(value, dict):
            refuse_document(f"{file} {where}".strip(), mark("an object is missing"))
        self._value: dict[str, Any] = value

    def refuse(self, key: str, reason: str) -> NoReturn:
        """Refuse the document for what ``key`` says."""
        refuse_document(f"{self._file} {self.at(key)}", reason)

    def at(self, key: str) -> str:
        """Return the path of ``key`` as a person reads it."""
        return f"{self._where}.{key}" if self._where else key

    def has(self, key: str) -> bool:
        """Say whether ``key`` is there."""
        return key in self._value

    def get(self, key: str) -> Any:
        """Return the value of ``key``, which must be there."""
        if key not in self._value:
            self.refuse(key, mark("a key is missing"))
        return self._value[key]

    def text(self, key: str, pattern: re.Pattern[str] | None = None) -> str:
        """Return the non-empty text of ``key``, in the form ``pattern``."""
        value = self.get(key)
        if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
            self.refuse(key, mark("a text is missing, empty or too long"))
        if pattern and not pattern.fullmatch(value):
            self.refuse(key, mark("a text does not have its form"))
        return value

    def digest(self, key: str, algorithm: DigestAlgorithm = SHA256) -> Digest:
        """Return the digest that ``key`` is in lower-case hexadecimal."""
        try:
            return Digest.from_hex(self.text(key), algorithm)
        except DigestMalformed:
            self.refuse(key, mark("a text does not have its form"))

    def count(self, key: str) -> int:
        """Return the whole number of ``key``, zero or more."""
        value = self.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_COUNT:
            self.refuse(key, mark("a whole number is missing or out of range"))
        return value

    def truth(self, key: str) -> bool:
        """Return the yes or no of ``key``."""
        value = self.get(key)
        if not isinstance(value, bool):
            self.refuse(key, mark("a yes or no is missing"))
        return value

    def new_year(self, key: str) -> date | None:
        """Return the 1 January of ``key``, or nothing for ``null``."""
        if self.get(key) is None:
            return None
        try:
            return date.fromisoformat(self.text(key, _NEW_YEAR))
        except ValueError:
            self.refuse(key, mark("a text does not have its form"))

    def year(self, key: str) -> int | None:
        """Return the year of ``key`` that another one follows, or nothing for ``null``."""
        if self.get(key) is None:
            return None
        year = self.count(key)
        if not MINYEAR <= year < MAXYEAR:
            self.refuse(key, mark("a whole number is missing or out of range"))
        return year

    def list(self, key: str) -> list[Any]:
        """Return the list of ``key``."""
        value = self.get(key)
        if not isinstance(value, list):
            self.refuse(key, mark("a list is missing"))
        return value

    def object(self, key: str) -> JsonObject:
        """Return the object of ``key``."""
        return JsonObject(self.get(key), self.at(key), self._file)

    def objects(self, key: str) -> Iterator[JsonObject]:
        """Yield the objects in the list of ``key``."""
        for number, row in enumerate(self.list(key)):
            yield JsonObject(row, f"{self.at(key)}[{number}]", self._file)

    def moment(self, key: str) -> datetime:
        """Return the time of ``key``, which has a zone."""
        try:
            moment = datetime.fromisoformat(self.text(key))
        except ValueError:
            self.refuse(key, mark("a time is not one"))
        if moment.tzinfo is None:
            self.refuse(key, mark("a time has no zone"))
        return moment

    def counts(self) -> dict[str, int]:
        """Return this object as numbers per kind."""
        for key in self._value:
            if not CODE.fullmatch(key):
                self.refuse(key, mark("a kind is not a plain word"))
        return {key: self.count(key) for key in self._value}

    def unknown(self, known: frozenset[str]) -> Mapping[str, Any]:
        """Return what this object says besides the ``known`` keys."""
        found = {key: value for key, value in self._value.items() if key not in known}
        return Verbatim(found) if found else NOTHING
