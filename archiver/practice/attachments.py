"""The bytes behind documents and images, each kept once under its SHA-256, and what their headers say.

Header facts (``FileBody.header_facts``) lie in the store, so that no export reads a header again: the reader that
made them and the writer that takes them know their form and check them against the digest of the file,
which sealing computes anew.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from archiver import disk
from archiver.practice.errors import AttachmentMissing
from formats.digests import chunks
from formats.errors import AttachmentChanged
from formats.model.documents import Attachment
from formats.reading import FileBody
from formats.words import mark

BUFFER = 8 << 10
"""Bytes read ahead of a file; said outright, or the system is asked whether each file is a terminal."""

_DIGEST = hashlib.sha256().digest_size
_FOLDER = re.compile(r"[0-9a-f]{2}")
STAGING = ".staged-"
"""How the name of a folder begins in which files wait to be named (``archiver.practice.staging``)."""
_FILE = re.compile(r"[0-9a-f]{64}|\.[0-9a-f]{64}\.[0-9a-f]{8}\.part")
_FIND_FACTS = "SELECT facts FROM header_facts WHERE sha256 = ?"
_PUT_FACTS = (
    "INSERT INTO header_facts (sha256, facts) VALUES (?, ?)"
    " ON CONFLICT (sha256) DO UPDATE SET facts = excluded.facts WHERE facts IS NOT excluded.facts"
)
"""Facts that later rules make of the same header take the place of the earlier ones; the same change no page."""


def attachment_path(folder: Path, digest: str) -> str:
    """Return where the file with this SHA-256 lies in ``folder``; a practice has them by the ten thousand."""
    return f"{folder}{os.sep}{digest[:2]}{os.sep}{digest}"


def size_at(place: str) -> int | None:
    """Return how many bytes the file at ``place`` has, or nothing where there is none."""
    try:
        return os.stat(place).st_size  # noqa: PTH116 - a path without its object
    except OSError:
        return None


class _Digests:
    """Digests (hexadecimal) in the order in which they were added, packed: a practice may have millions of files."""

    def __init__(self) -> None:
        self._digests = bytearray()

    def __len__(self) -> int:
        return len(self._digests) // _DIGEST

    def __iter__(self) -> Iterator[str]:
        return (
            self._digests[start : start + _DIGEST].hex() for start in range(0, len(self._digests), _DIGEST)
        )

    def push(self, digest: str) -> None:
        self._digests += bytes.fromhex(digest)

    def last(self) -> str:
        return self._digests[-_DIGEST:].hex()

    def pop(self) -> None:
        del self._digests[-_DIGEST:]

    def clear(self) -> None:
        self._digests.clear()


class Attachments:
    """A folder of files named by their digest; a file that comes is ``written`` there.

    What was added since the last ``accept_added`` can be taken away again, so
    that a failed operation leaves the folder as it was.
    """

    written = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._added = _Digests()
        self._folders: set[str] = set()

    def path(self, digest: str) -> Path:
        """Return where the file with this SHA-256 lies, there or not."""
        return self.folder / digest[:2] / digest

    def keep(self, body: FileBody, *, listed: bool = False) -> bool:
        """Store a file; return whether it was new.

        Only a file that a kept record lists is known to be whole; one that a
        killed program or a power cut left behind is written again.

        Raises:
            AttachmentChanged: when its bytes are not those announced.
            DiskFull, DiskFault: what the disk answered.
        """
        digest = body.attachment.sha256
        target = self.path(digest)
        if listed and target.exists() and target.stat().st_size == body.attachment.size:
            return False
        if not listed:  # a listed file that was damaged stays mended, whatever becomes of the rest
            self._added.push(digest)  # before its first trace on the disk: Ctrl-C may come at any moment
        try:
            disk.make_private_folder(target.parent)
            self._write(target, body, settled=listed)
        except BaseException:
            self._give_up(digest, listed=listed)
            raise
        return True

    def take(self, place: str, attachment: Attachment, *, listed: bool = False) -> bool:
        """Store the file of ``attachment``, whole and checked, that waits at ``place``; return whether it was new.

        Without a ``place`` it has to be here already.

        Raises:
            AttachmentMissing: when it is not.
            DiskFull, DiskFault: what the disk answered.
        """
        digest = attachment.sha256
        target = attachment_path(self.folder, digest)
        if listed and size_at(target) == attachment.size:
            if place:
                disk.remove(Path(place))
            return False
        if not place:
            raise AttachmentMissing(digest=digest)
        if not listed:
            self._added.push(digest)
        try:
            self._make_folder(digest[:2])
            disk.move_in_place(place, target, settled=listed)
        except BaseException:
            self._give_up(digest, listed=listed)
            raise
        return True

    def _make_folder(self, name: str) -> None:
        """Make the folder ``name`` unless we have seen it."""
        if name not in self._folders:
            disk.make_private_folder(self.folder / name)
            self._folders.add(name)

    def _give_up(self, digest: str, *, listed: bool) -> None:
        """Take back the traces of a file that did not come; a listed one was there before."""
        if listed:
            disk.remove_empty_folder(self.path(digest).parent)
            self._folders.discard(digest[:2])
        else:
            self._remove(digest)
            self._added.pop()

    def _write(self, target: Path, body: FileBody, *, settled: bool) -> None:
        aside = disk.write_aside(target, mode=disk.PRIVATE, replace=True, settled=settled)
        with aside as sink, body.open() as source:
            found = hashlib.sha256()
            for piece in chunks(source):
                found.update(piece)
                sink.write(piece)
            if found.hexdigest() != body.attachment.sha256:
                reason = mark("its content changed while it was read")
                raise AttachmentChanged(digest=body.attachment.sha256, reason=reason)

    def open(self, digest: str) -> BinaryIO:
        """Open the file with this SHA-256.

        Raises:
            AttachmentMissing: when the folder lacks it.
        """
        try:
            return open(attachment_path(self.folder, digest), "rb", BUFFER)  # noqa: PTH123 - a path without its object
        except FileNotFoundError as fault:
            raise AttachmentMissing(digest=digest) from fault

    def sweep(self, listed: Callable[[str], bool]) -> int:
        """Remove the files of ours that nobody ``listed``, and return how many; foreign files stay.

        Nobody else may be adding any at this moment.
        """
        if not self.folder.is_dir():
            return 0
        added = {*self._added}
        left = [path for path in self._lying() if path.name not in added and not listed(path.name)]
        for path in left:
            disk.remove(path)
            disk.remove_empty_folder(path.parent)
        for staged in self.folder.glob(f"{STAGING}*/"):  # one in which nothing was yet
            disk.remove_empty_folder(staged)
        return len(left)

    def holds_files(self) -> bool:
        """Tell whether there is any file of ours, listed or not."""
        return self.folder.is_dir() and next(self._lying(), None) is not None

    def remove(self, names: Iterable[str]) -> None:
        """Remove files, and folders that are empty then; nobody else may be adding any."""
        for name in names:
            self._remove(name)
        disk.remove_empty_folder(self.folder)

    def _lying(self) -> Iterator[Path]:
        """Yield every file under a name we give, finished or not."""
        with disk.failures_about():
            for folder in sorted(one for one in self.folder.iterdir() if _FOLDER.fullmatch(one.name)):
                yield from (path for path in sorted(folder.iterdir()) if _FILE.fullmatch(path.name))
            for staged in sorted(self.folder.glob(f"{STAGING}*/")):
                yield from sorted(staged.iterdir())

    @property
    def added(self) -> int:
        """How many files were added and not yet accepted."""
        return len(self._added)

    def settle_added(self) -> None:
        """Make what was added durable; a record may name it only afterwards."""
        if self._added:
            disk.settle(map(self.path, self._added))

    def accept_added(self) -> None:
        """Accept what was added: it can no longer be taken back."""
        self._added.clear()

    def take_back_added(self, listed: Callable[[str], bool], down_to: int = 0) -> None:
        """Remove the files added last that nobody ``listed``, until ``down_to`` of those not yet accepted are left."""
        while len(self._added) > down_to:
            digest = self._added.last()
            if not listed(digest):
                self._remove(digest)
            self._added.pop()
        disk.remove_empty_folder(self.folder)

    def _remove(self, digest: str) -> None:
        self._folders.discard(digest[:2])
        target = self.path(digest)
        disk.remove(target)
        disk.remove_empty_folder(target.parent)


def put_header_facts(db: sqlite3.Connection, body: FileBody) -> None:
    """Store the header facts of a file that is listed; those stored stay where it brings none."""
    if body.header_facts:
        db.execute(_PUT_FACTS, (body.attachment.sha256, body.header_facts))


def header_facts(db: sqlite3.Connection, sha256: str) -> bytes:
    """Return what was stored of the header of the file with this SHA-256; nothing where there is none."""
    row = db.execute(_FIND_FACTS, (sha256,)).fetchone()
    return bytes(row[0]) if row else b""
