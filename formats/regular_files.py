"""The one place where a file that somebody named is opened for reading: a regular file, or a refusal.

Opening a pipe waits for whoever writes into it, and reading a device may never end.
"""

from __future__ import annotations

import os
import stat
from io import BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO

from formats.errors import LimitExceeded, NotARegularFile
from formats.words import mark

_KINDS = (
    (stat.S_ISDIR, mark("a folder")),
    (stat.S_ISFIFO, mark("a pipe")),
    (stat.S_ISSOCK, mark("a socket")),
)
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""A pipe that took the file's place meanwhile is opened without waiting; Windows has none in its folders."""


def open_regular(path: Path) -> BinaryIO:
    """Open the regular file at ``path`` for reading, with a buffer; links to one are followed.

    Raises:
        NotARegularFile, OSError: as ``open_raw``.
    """
    return BufferedReader(open_raw(path))


def open_raw(path: Path) -> FileIO:
    """Open the regular file at ``path`` for reading without a buffer; links to one are followed.

    Raises:
        NotARegularFile: when it is anything else.
        OSError: what the system answers.
    """
    _judge(path.stat().st_mode, path)
    stream = FileIO(path, "rb", opener=_opener)
    try:
        _judge(os.fstat(stream.fileno()).st_mode, path)
    except BaseException:
        stream.close()
        raise
    return stream


def read_regular(path: Path, limit: int, name: str) -> bytes:
    """Return the bytes of the regular file at ``path``; ``name`` is what a refusal calls their number.

    Raises:
        NotARegularFile, OSError: as ``open_regular``.
        LimitExceeded: when there are more than ``limit``.
    """
    with open_regular(path) as stream:
        data = stream.read(limit + 1)
        if len(data) > limit:
            found = max(os.fstat(stream.fileno()).st_size, len(data))
            raise LimitExceeded(where=str(path), name=name, found=found, limit=limit)
    return data


def _opener(name: str, flags: int) -> int:
    return os.open(name, flags | _AT_ONCE)


def _judge(mode: int, path: Path) -> None:
    if not stat.S_ISREG(mode):
        kind = next((name for is_it, name in _KINDS if is_it(mode)), mark("a device"))
        raise NotARegularFile(where=str(path), kind=kind)
