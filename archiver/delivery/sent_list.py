"""The list of what a target took and what it refused: a line a thing, written as it happens, so that a run goes on."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from archiver import disk
from formats.errors import LimitExceeded, TableUnreadable
from formats.printable import printable
from formats.tables.limits import MAX_LINE
from formats.tables.write import BYTE_ORDER_MARK, list_lines, unguard_listed
from formats.words import mark

COLUMNS = ("at", "target", "number", "kind", "identity", "bytes", "sha256", "state", "answer", "detail")
"""Columns of the list, in their order."""
MAX_ITEMS = 4_000_000
"""Lines that are read again; as many slices as ten thousand volumes have."""
_KEY_BYTES = 16
"""Bytes that stand for a thing that was taken; its texts are four times as long, and there may be millions."""


NO_HEADER, NOT_ACCEPTED, SAME_UID = "no-file-meta", "not-accepted", "same-uid"
"""Answers of this program, which sent nothing: the file does not say what it is, or which; nobody takes such files;
another file has gone under its instance UID, and it cannot be given one of its own."""

NOT_NAMED = "not-in-answer"
"""Answer of this program: the server does not say of this file that it took it."""


class SentState(StrEnum):
    """What became of a thing: taken by the target in this run, in an earlier one, or refused."""

    SENT = "sent"
    EARLIER = "earlier"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class SentItem:
    """A file or a resource: its kind and its identity at the target, what it is, and what the target answered.

    ``answer`` is a code, ``detail`` what the target said besides, in its own words.
    """

    kind: str
    identity: str
    size: int
    sha256: str
    state: SentState = SentState.SENT
    answer: str = ""
    detail: str = ""

    @property
    def left(self) -> bool:
        """Whether it went to the target in this run, which may have refused it."""
        return self.state is not SentState.EARLIER and self.answer not in {NO_HEADER, NOT_ACCEPTED, SAME_UID}


class SentList:
    """The list of one target; what other targets took may be in the same file."""

    def __init__(self, stream: BinaryIO, target: str, taken: AbstractSet[bytes]) -> None:
        self._stream = stream
        self._target = target
        self._taken = taken

    def has(self, item: SentItem) -> bool:
        """Tell whether the target took this before, as it is now."""
        return _key(item.kind, printable(item.identity), item.sha256) in self._taken

    def add(self, number: str, item: SentItem, at: datetime) -> None:
        """Write down what became of a thing of the patient who has ``number``."""
        row = (at.isoformat(), self._target, printable(number), item.kind, printable(item.identity))
        became = (item.state.value, item.answer, printable(item.detail))
        (line,) = list_lines([(*row, str(item.size), item.sha256, *became)])
        with disk.failures_about():
            self._stream.write(line)
            self._stream.flush()

    def settle(self) -> None:
        """Make what was written durable."""
        with disk.failures_about():
            disk.make_durable(self._stream)


@contextmanager
def open_sent_list(path: Path, target: str) -> Iterator[SentList]:
    """Open the list at ``path``, which is made where there is none, to go on with what ``target`` has not taken yet.

    Raises:
        TableUnreadable: when something else lies there.
        LimitExceeded: when it has more lines than are read.
        DiskFull, DiskFault: what the disk answered.
    """
    if not path.exists():
        with disk.write_aside(path, mode=disk.PRIVATE) as stream:
            stream.write(BYTE_ORDER_MARK)
            stream.writelines(list_lines([COLUMNS]))
    with disk.failures_about(path), path.open("r+b") as stream:
        taken = set(_taken(stream, path, target))
        list_ = SentList(stream, target, taken)
        yield list_
        list_.settle()


def _key(*texts: str) -> bytes:
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=_KEY_BYTES).digest()


def _taken(stream: BinaryIO, path: Path, target: str) -> Iterator[bytes]:
    """Yield what ``target`` took, and leave the stream behind the last whole line."""
    heading = stream.readline(MAX_LINE)
    if heading != BYTE_ORDER_MARK + b"".join(list_lines([COLUMNS])):
        raise TableUnreadable(name=str(path), line=1, reason=mark("it is no list of what was sent"))
    number = 1
    while (line := stream.readline(MAX_LINE)).endswith(b"\n"):
        number += 1
        if number > MAX_ITEMS:
            raise LimitExceeded(name=mark("the number of lines"), found=number, limit=MAX_ITEMS)
        row = next(csv.reader([line.decode("utf-8", "replace")], delimiter=";"), [])
        if len(row) != len(COLUMNS):
            raise TableUnreadable(name=str(path), line=number, reason=mark("it is no list of what was sent"))
        cells = dict(zip(COLUMNS, map(unguard_listed, row), strict=True))
        if cells["target"] == target and cells["state"] == SentState.SENT:
            yield _key(cells["kind"], cells["identity"], cells["sha256"])
    if len(line) == MAX_LINE:
        raise TableUnreadable(name=str(path), line=number + 1, reason=mark("it is no list of what was sent"))
    stream.seek(-len(line), 1)  # a line that was cut off when the program was ended
    stream.truncate()
