"""Memo files of dBase III and IV (.dbt) and FoxPro (.fpt): texts and bytes of any length beside a table.

A record has the number of the block at which its memo begins. No part of a memo is believed that is not there.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import SEEK_END
from pathlib import Path
from typing import BinaryIO, Self

from formats.databases.files.file_findings import table_fault
from formats.databases.tables import MAX_CELL, OversizedValue
from formats.regular_files import open_regular
from formats.words import mark

ENDINGS = (".fpt", ".dbt")
"""How names of memo files end, in small letters."""
BLOCK = 512
"""Bytes of a block of dBase III, and of dBase IV where its header does not say."""
_FOURTH = b"\xff\xff\x08\x00"
"""How a memo of dBase IV begins."""
_END = b"\x1a"


@dataclass(slots=True)
class MemoFile:
    """An open memo file; ``block`` are the bytes of a block, ``fox`` tells FoxPro's from dBase's."""

    name: str
    stream: BinaryIO
    size: int
    block: int
    fox: bool

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the memo file at ``path``.

        Raises:
            TableUnreadable: when it has no header.
        """
        stream = open_regular(path)
        head = stream.read(BLOCK)
        size = stream.seek(0, SEEK_END)
        fox = path.suffix.lower() == ENDINGS[0]
        if len(head) < 24:
            stream.close()
            raise table_fault(path.name, 0, mark("the memo file is cut"))
        block = struct.unpack_from(">H", head, 6)[0] if fox else struct.unpack_from("<H", head, 20)[0]
        return cls(path.name, stream, size, max(block, 1) if fox else block or BLOCK, fox)

    def read(self, number: int) -> bytes | OversizedValue:
        """Return the memo that begins at block ``number``.

        Raises:
            TableUnreadable: when it is not there, or not all of it.
        """
        start = number * self.block
        self.stream.seek(start)
        head = self.stream.read(8)
        if self.fox and len(head) == 8:
            return self._bytes(struct.unpack(">I", head[4:])[0])
        if self.fox:
            raise self._cut()
        if head.startswith(_FOURTH) and len(head) == 8:
            return self._bytes(max(struct.unpack("<I", head[4:])[0] - 8, 0))
        return self._to_end(number * BLOCK)

    def _bytes(self, length: int) -> bytes | OversizedValue:
        if self.stream.tell() + length > self.size:
            raise self._cut()
        return OversizedValue(size=length) if length > MAX_CELL else self.stream.read(length)

    def _to_end(self, start: int) -> bytes | OversizedValue:
        """Return a memo of dBase III, which ends before the first end mark."""
        self.stream.seek(start)
        found = bytearray()
        while len(found) <= MAX_CELL:
            piece = self.stream.read(BLOCK)
            if not piece:
                raise self._cut()
            found += piece
            if (end := found.find(_END, max(len(found) - len(piece), 0))) >= 0:
                return bytes(found[:end])
        return OversizedValue(size=len(found))

    def _cut(self) -> Exception:
        return table_fault(self.name, 0, mark("the memo file is cut, or is of another table"))


def memo_path(table: Path) -> Path | None:
    """Return the memo file of the table at ``table``, in whatever case the disk has it."""
    wanted = [table.stem.casefold() + ending for ending in ENDINGS]
    found = {
        one.name.casefold(): one
        for one in table.parent.iterdir()
        if one.stem.casefold() == table.stem.casefold()
    }
    return next((found[name] for name in wanted if name in found), None)
