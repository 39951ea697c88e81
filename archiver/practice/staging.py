"""Staging folder of a store: files written by any process, until the one that records gives them their names.

It lies among the attachments, so that naming a file is renaming it, and is gone when the block ends; what a
killed program leaves there goes with the next sweep.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archiver import disk, temporary_files
from archiver.practice.attachments import STAGING, Attachments, attachment_path, size_at
from formats.digests import chunks
from formats.model.documents import Attachment
from formats.reading import FileBody

_NUMBERS = itertools.count()


@dataclass(frozen=True, kw_only=True, slots=True)
class StagedFile:
    """A file of a dossier; ``place`` is where it waits, empty where the store's folder had it already."""

    attachment: Attachment
    place: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Staging:
    """A staging folder, as every process may know it: paths and nothing else.

    Without a ``folder`` files are read and go nowhere: nobody is to have them.
    """

    folder: Path | None
    attachments: Path

    def stage(self, body: FileBody, *, anew: bool = False) -> StagedFile:
        """Read the file behind ``body`` to its end, and write it unless the store's folder has it.

        With ``anew`` it is written all the same.

        Raises:
            FormatFailure: by whoever reads it, when it is not what the archive lists; DiskFull, DiskFault.
        """
        attachment = body.attachment
        with body.open() as source:
            if self.folder is None or (not anew and self._has(attachment)):
                for _ in chunks(source):
                    pass
                return StagedFile(attachment=attachment)
            return StagedFile(attachment=attachment, place=self.write(source))

    def _has(self, attachment: Attachment) -> bool:
        """Tell whether the store's folder has the file."""
        return size_at(attachment_path(self.attachments, attachment.sha256)) == attachment.size

    def write(self, source: BinaryIO) -> str:
        """Write what is left of ``source`` into a file of its own and return its path."""
        place = f"{self.folder}{os.sep}{os.getpid():x}-{next(_NUMBERS):x}"
        disk.write_new(place, source)
        return place


@contextmanager
def staging(attachments: Attachments) -> Iterator[Staging]:
    """Make a staging folder for ``attachments``; where none of them is written there is none.

    Raises:
        DiskFull, DiskFault: what the disk answered.
    """
    if not attachments.written:
        yield Staging(folder=None, attachments=attachments.folder)
        return
    disk.make_private_folder(attachments.folder)
    try:
        with temporary_files.scratch(attachments.folder, prefix=STAGING) as folder:
            yield Staging(folder=folder, attachments=attachments.folder)
    finally:
        disk.remove_empty_folder(attachments.folder)
