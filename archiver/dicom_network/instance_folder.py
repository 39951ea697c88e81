"""Folder of images that came over the network: each a DICOM file (PS3.10) under its SOP instance UID, or not there.

1. An instance is written aside, under limits of its own and of the disk.
2. When it is whole it is made durable, then gets its name, and the name is made durable.
3. Of an instance that is there already the data sets are compared: the same one is not stored twice, another one
   lies beside it under its digest.
"""

from __future__ import annotations

import hashlib
import re
import threading
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from archiver import disk
from archiver.errors import DiskFull
from archiver.file_transaction import FileTransaction
from formats.dicom.file_meta import FileMeta, file_meta_bytes, read_file_meta
from formats.digests import Digest, digest_of_stream
from formats.errors import FormatFailure, LimitExceeded
from formats.regular_files import open_regular
from formats.words import mark

MAX_INSTANCE_BYTES = 4 << 30
"""Bytes of one instance; a value of defined length cannot be longer (PS3.5, 7.1)."""
RESERVED_BYTES = 256 << 20
"""Bytes of the disk that are left free."""
CHECKED_BYTES = 16 << 20
"""Bytes written between two looks at the room on the disk."""
SUFFIX = ".dcm"

_REGULAR_UID = re.compile(r"[0-9]+(\.[0-9]+)*")
_MAX_UID = 64


class InstanceState(Enum):
    """What an instance that came is beside those that are there."""

    STORED = "stored"
    SAME = "same"
    DIFFERENT = "different"


class InstanceFile:
    """One instance while it comes; ``close`` it whatever happens."""

    def __init__(self, folder: Path, meta: FileMeta | None = None) -> None:
        self._folder = folder
        self.size = 0
        self._checked = 0
        self._require_free_bytes()
        self._files = FileTransaction(folder / "instance", mode=disk.PRIVATE)
        self._stream = self._files.open()
        if meta is not None:
            self.write(file_meta_bytes(meta))

    def write(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            LimitExceeded: when the instance is longer than any is.
            DiskFull, DiskFault: what the disk answered, or that nothing but ``RESERVED_BYTES`` is left on it.
        """
        self.size += len(data)
        if self.size > MAX_INSTANCE_BYTES:
            name = mark("the length of an image")
            raise LimitExceeded(name=name, found=self.size, limit=MAX_INSTANCE_BYTES)
        if self.size - self._checked >= CHECKED_BYTES:
            self._require_free_bytes()
        with disk.failures_about():
            self._stream.write(data)

    def _require_free_bytes(self) -> None:
        self._checked = self.size
        if disk.free_bytes(self._folder) < RESERVED_BYTES:
            raise DiskFull

    def read_meta(self) -> tuple[FileMeta, int]:
        """Return the file meta information of what was written, and where the data set begins.

        Raises:
            HeaderUnreadable, LimitExceeded: when it is no DICOM file.
        """
        with disk.failures_about():
            self._stream.flush()
            return read_file_meta(self._stream)

    def digest(self) -> Digest:
        """Return the SHA-256 of the data set."""
        with disk.failures_about():
            self._stream.flush()
            return _dataset_digest(self._stream)

    def commit(self, target: Path) -> None:
        """Make it durable, and give it the name ``target``, durably."""
        with disk.failures_about(target):
            self._files.name(self._stream, target)
            self._files.commit()
            disk.sync_folder(target.parent)

    def close(self) -> None:
        """Let go of it; without a name it is gone."""
        self._files.close()


class InstanceFolder:
    """Instances below ``folder``; safe for several associations at once.

    Raises:
        DiskFull, DiskFault: what the disk answered.
    """

    def __init__(self, folder: Path) -> None:
        disk.make_private_folder(folder)
        self.folder = folder
        self._lock = threading.Lock()
        for left in folder.glob(
            ".archiver-*.part"
        ):  # of a run that was killed, where files have names at once
            disk.remove(left)

    def has(self, uid: str) -> bool:
        """Tell whether the instance is there, whole."""
        return self._place(uid).exists()

    def begin(self, meta: FileMeta | None = None) -> InstanceFile:
        """Begin a file: with ``meta`` a data set follows, without it a whole file.

        Raises:
            DiskFull, DiskFault: what the disk answered.
        """
        return InstanceFile(self.folder, meta)

    def keep(self, file: InstanceFile, uid: str) -> InstanceState:
        """Keep a whole instance, and return what it is; afterwards it is safe on the disk.

        Raises:
            DiskFull, DiskFault: what the disk answered.
        """
        with self._lock:
            place = self._place(uid)
            if not place.exists():
                disk.make_private_folder(place.parent)
                file.commit(place)
                disk.sync_folder(self.folder)
                return InstanceState.STORED
            digest = file.digest()
            beside = place.with_name(f"{place.stem}~{digest.hex[:16]}{SUFFIX}")
            if beside.exists() or _has_dataset(place, digest):
                return InstanceState.SAME
            file.commit(beside)
            return InstanceState.DIFFERENT

    def _place(self, uid: str) -> Path:
        """Return where an instance lies: in one of 256 folders, for a volume has hundreds of them."""
        digest = hashlib.sha256(uid.encode("utf-8", "surrogateescape")).hexdigest()
        name = uid if len(uid) <= _MAX_UID and _REGULAR_UID.fullmatch(uid) else f"uid-{digest[:32]}"
        return self.folder / digest[:2] / f"{name}{SUFFIX}"


def _has_dataset(place: Path, digest: Digest) -> bool:
    """Tell whether a file has the data set with this digest."""
    with disk.failures_about(place), open_regular(place) as stream:
        return _dataset_digest(stream) == digest


def _dataset_digest(stream: BinaryIO) -> Digest:
    """Return the SHA-256 of a data set, or of a whole file that has no file meta information."""
    try:
        start = read_file_meta(stream)[1]
    except FormatFailure:
        start = 0
    stream.seek(start)
    return digest_of_stream(stream)[0]
