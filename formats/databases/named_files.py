"""A folder of files that rows of a database name: found in whatever case and Unicode form the disk has.

Names come from the database and are judged before anything is opened.
"""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from formats.digests import digest_of_file
from formats.errors import LimitExceeded
from formats.media_types import HEAD, media_type
from formats.model.documents import Attachment
from formats.paths import safe_path
from formats.reading import FileBody
from formats.regular_files import open_regular
from formats.words import mark

MAX_FILE = 64 << 30
"""Bytes of one file; the largest volume of a cone beam is a few gigabytes."""
MAX_LISTING = 200_000
"""Entries of one folder that are compared; a patient has some hundreds."""
LISTINGS_CACHED = 64
"""Folders whose names are remembered: rows of one patient often stand together."""


class NamedFiles:
    """The files below ``root`` by the names that rows give them; it remembers which were asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._asked: array[int] = array("Q")
        self._listing = lru_cache(maxsize=LISTINGS_CACHED)(_names)

    def body(self, name: str) -> FileBody | None:
        """Return the file ``name`` (``/`` between folders): its digest, length, media type, and a way to open it.

        Raises:
            UnsafeName: when the name would lead out of the folder.
            LimitExceeded: when it is larger than ``MAX_FILE``.
            OSError: when it cannot be read.
        """
        path = self._find(name)
        if path is None:
            return None
        size = path.stat().st_size
        if size > MAX_FILE:
            raise LimitExceeded(
                where=path.name, name=mark("the size of the file in bytes"), found=size, limit=MAX_FILE
            )
        with open_regular(path) as stream:
            kind = media_type(stream.read(HEAD), path.name)
        digest, length = digest_of_file(path)
        return FileBody(
            attachment=Attachment(sha256=digest.hex, size=length, media_type=kind),
            open=lambda: open_regular(path),
        )

    def _find(self, name: str) -> Path | None:
        relative = safe_path(unicodedata.normalize("NFC", name))
        self._asked.append(_mark_of(relative.parts))
        place = self.root
        for part in relative.parts:
            found = self._listing(place).get(_folded(part))
            if found is None:
                return None
            place = place / found
        return place if place.is_file() and place.resolve().is_relative_to(self.root) else None

    def unasked(self, paths: Iterable[Path]) -> Iterator[str]:
        """Yield the names of those of ``paths`` that no row asked for; call it when all rows are read."""
        asked = array("Q", sorted(self._asked))
        for path in paths:
            parts = path.relative_to(self.root).parts
            wanted = _mark_of(parts)
            place = bisect_left(asked, wanted)
            if place == len(asked) or asked[place] != wanted:
                yield "/".join(parts)


def children(folder: Path) -> list[Path]:
    """Return what lies right in ``folder``, in the order of names."""
    return sorted(islice(folder.iterdir(), MAX_LISTING)) if folder.is_dir() else []


def _names(folder: Path) -> dict[str, str]:
    """Return the names in ``folder`` by their folded form; of two that fold alike, the first in order."""
    names: dict[str, str] = {}
    for path in reversed(children(folder)):
        names[_folded(path.name)] = path.name
    return names


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _mark_of(parts: tuple[str, ...]) -> int:
    """Eight bytes that stand for a path, so that a million of them fit in eight megabytes."""
    digest = blake2b("/".join(map(_folded, parts)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
