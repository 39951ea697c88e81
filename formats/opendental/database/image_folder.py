"""The image folder of Open Dental (« AtoZ »): letter / folder of the patient / file.

The server is Windows, so names are compared without regard to case; on another
disk the files may bear another spelling or another Unicode form.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from formats.databases.named_files import NamedFiles, children
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.reading import FileBody
from formats.words import mark, plural

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
        self._files = NamedFiles(root)

    def body(self, folder: str, name: str) -> FileBody:
        """Return a patient's file: its digest, length and media type, and a way to open it.

        Raises:
            UnsafeName: when the name would lead out of the folder.
            FileMissing: when there is no such file.
            LimitExceeded: when it is larger than ``MAX_FILE``.
            OSError: when it cannot be read.
        """
        place = f"{folder[:1].upper()}/{folder}/{name}"
        body = self._files.body(place)
        if body is None:
            raise FileMissing(name=place)
        return body

    def strays(self) -> Iterator[Finding]:
        """Say which files of patients' folders no row asked for; call it when all rows are read."""
        found: list[str] = []
        count = 0
        for name in self._files.unasked(self._patient_files()):
            count += 1
            found += [name] if len(found) < SHOWN else []
        if count:
            yield Finding(
                severity=Severity.WARNING,
                code="opendental-files-unlisted",
                where=self._files.root.name,
                sentence=plural(
                    "{count} file in patients' image folders is described by no row "
                    "and was left there: {names}.",
                    "{count} files in patients' image folders are described by no row "
                    "and were left there: {names}.",
                ),
                facts={"count": count, "names": ", ".join(found) + (" …" if count > len(found) else "")},
            )

    def _patient_files(self) -> Iterator[Path]:
        for letter in children(self._files.root):
            if len(letter.name) != 1 or not letter.is_dir():
                continue
            for patient in children(letter):
                yield from _files(patient)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below ``folder``, thumbnails and links to folders left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name.casefold() != THUMBNAILS)
        yield from (Path(place) / name for name in sorted(names))
