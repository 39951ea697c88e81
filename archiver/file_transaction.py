"""Files that get their names together: all of them or none, as the volumes of one export do."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from archiver import disk
from archiver.errors import AlreadyExists, DiskFault, DiskFull
from formats.errors import FileNotFound


class FileTransaction:
    """Files written side by side where ``folder`` lies, which get their names at the end: all of them or none."""

    def __init__(self, folder: Path, *, mode: int = disk.PUBLIC) -> None:
        self._folder = folder
        self._mode = mode
        self._asides: dict[BinaryIO, Path | None] = {}
        self._targets: dict[BinaryIO, Path] = {}
        self._placed: list[Path] = []

    def open(self) -> BinaryIO:
        """Open one more file, to be written, read and sought; without a name it vanishes at the end.

        Raises:
            DiskFull, DiskFault: what the disk answered.
        """
        aside = self._folder.with_name(f".archiver-{secrets.token_hex(8)}.part")
        with disk.failures_about(self._folder):
            descriptor, named = disk.open_aside(aside, self._mode)
        stream = os.fdopen(descriptor, "w+b")
        self._asides[stream] = aside if named else None
        return stream

    def name(self, stream: BinaryIO, target: Path) -> None:
        """Say what the file behind ``stream`` will be called; names are given in this order.

        Raises:
            AlreadyExists: when something lies there.
        """
        if target.exists():
            raise AlreadyExists(path=str(target))
        self._targets[stream] = target

    def commit(self) -> None:
        """Make every file durable, and then give each its name."""
        for stream in self._targets:
            disk.make_durable(stream)
        for stream, target in self._targets.items():
            aside = self._asides[stream]
            if aside is None:
                disk.give_name(stream.fileno(), target)
            else:
                stream.close()
                disk.name_if_free(aside, target)
                self._asides[stream] = None
            self._placed.append(target)
        disk.sync_folder(self._folder.parent)

    def rollback(self) -> None:
        """Take away the names that were given already."""
        for target in self._placed:
            with suppress(DiskFault, DiskFull, FileNotFound):
                disk.remove(target)

    def close(self) -> None:
        """Close every file; what has no name is gone."""
        for stream, aside in self._asides.items():
            with suppress(OSError):
                stream.close()
            if aside is not None:
                with suppress(DiskFault, DiskFull, FileNotFound):
                    disk.remove(aside)


@contextmanager
def file_transaction(folder: Path) -> Iterator[FileTransaction]:
    """Open files beside ``folder`` that appear together when the block ends well, and not at all otherwise.

    A process killed while it gives the names leaves those it gave: the file that ties
    the others together is to be named last.

    Raises:
        AlreadyExists: when somebody took a name meanwhile.
        DiskFull, DiskFault: what the disk answered.
    """
    transaction = FileTransaction(folder)
    with disk.failures_about():
        try:
            yield transaction
            transaction.commit()
        except BaseException:
            transaction.rollback()
            raise
        finally:
            transaction.close()
