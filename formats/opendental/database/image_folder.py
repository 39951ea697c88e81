"""The image folder of Open Dental (« AtoZ »): letter / folder of the patient / file.

Names come from the database and are judged before anything is opened. The
server is Windows, so names are compared without regard to case; on another
disk the files may bear another spelling or another Unicode form.
"""

from __future__ import annotations

import os
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from formats.digests import sha256_of_file
from formats.errors import Failure, LimitExceeded
from formats.findings import Finding, Severity
from formats.media_types import HEAD, media_type
from formats.model.documents import Attachment
from formats.paths import safe_path
from formats.reading import FileBody
from formats.regular_files import open_regular
from formats.words import mark, plural

MAX_FILE = 64 << 30
"""Bytes of one file; the largest volume of a cone beam is a few gigabytes."""
MAX_LISTING = 200_000
"""Entries of one folder that are compared; a patient has some hundreds."""
LISTINGS_CACHED = 64
"""Folders whose names are remembered: rows of one patient often stand together."""
SHOWN = 5
"""Names a finding repeats."""
THUMBNAILS = "thumbnails"
"""Folder of small copies the software makes again whenever it needs them."""


class FileMissing(Failure):
    """A file the database speaks of and the folder does not hold."""

    code = "opendental-file-missing"
    sentence = mark("The file “{name}” is not in the image folder.")


class ImageFolder:
    """The folder below ``root``; it remembers which files were asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._asked: array[int] = array("Q")
        self._listing = lru_cache(maxsize=LISTINGS_CACHED)(_names)

    def body(self, folder: str, name: str) -> FileBody:
        """Return a patient's file: its digest, length and media type, and a way to open it.

        Raises:
            UnsafeName: when the name would lead out of the folder.
            FileMissing: when there is no such file.
            LimitExceeded: when it is larger than ``MAX_FILE``.
            OSError: when it cannot be read.
        """
        path = self._find(folder, name)
        size = path.stat().st_size
        if size > MAX_FILE:
            raise LimitExceeded(
                where=name, name=mark("the size of the file in bytes"), found=size, limit=MAX_FILE
            )
        with open_regular(path) as stream:
            kind = media_type(stream.read(HEAD), name)
        digest, length = sha256_of_file(path)
        return FileBody(
            attachment=Attachment(sha256=digest, size=length, media_type=kind),
            open=lambda: open_regular(path),
        )

    def _find(self, folder: str, name: str) -> Path:
        relative = safe_path(unicodedata.normalize("NFC", f"{folder[:1].upper()}/{folder}/{name}"))
        self._asked.append(_mark_of(relative.parts))
        place = self._root
        for part in relative.parts:
            found = self._listing(place).get(_folded(part))
            if found is None:
                raise FileMissing(name=relative.as_posix())
            place = place / found
        if not place.is_file() or not place.resolve().is_relative_to(self._root):
            raise FileMissing(name=relative.as_posix())
        return place

    def strays(self) -> Iterator[Finding]:
        """Say which files of patients' folders no row asked for; call it when all rows are read."""
        asked = array("Q", sorted(self._asked))
        found: list[str] = []
        count = 0
        for path in self._patient_files():
            parts = path.relative_to(self._root).parts
            wanted = _mark_of(parts)
            place = bisect_left(asked, wanted)
            if place == len(asked) or asked[place] != wanted:
                count += 1
                found += ["/".join(parts)] if len(found) < SHOWN else []
        if count:
            yield Finding(
                severity=Severity.WARNING,
                code="opendental-files-unlisted",
                where=self._root.name,
                sentence=plural(
                    "{count} file in patients' image folders is described by no row "
                    "and was left there: {names}.",
                    "{count} files in patients' image folders are described by no row "
                    "and were left there: {names}.",
                ),
                facts={"count": count, "names": ", ".join(found) + (" …" if count > len(found) else "")},
            )

    def _patient_files(self) -> Iterator[Path]:
        for letter in _children(self._root):
            if len(letter.name) != 1 or not letter.is_dir():
                continue
            for patient in _children(letter):
                yield from _files(patient)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below ``folder``, thumbnails and links to folders left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name.casefold() != THUMBNAILS)
        yield from (Path(place) / name for name in sorted(names))


def _children(folder: Path) -> list[Path]:
    return sorted(islice(folder.iterdir(), MAX_LISTING)) if folder.is_dir() else []


def _names(folder: Path) -> dict[str, str]:
    """Return the names in ``folder`` by their folded form; of two that fold alike, the first in order."""
    names: dict[str, str] = {}
    for path in reversed(_children(folder)):
        names[_folded(path.name)] = path.name
    return names


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _mark_of(parts: tuple[str, ...]) -> int:
    """Eight bytes that stand for a path, so that a million of them fit in eight megabytes."""
    digest = blake2b("/".join(map(_folded, parts)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
