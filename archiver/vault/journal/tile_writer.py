"""Tiles of a growing log, written to one copy of a journal as they are full, and the partial ones at the end."""

from __future__ import annotations

from typing import Protocol

from archiver.vault.journal.errors import JournalDamaged
from formats.tlog.merkle import entry_hash, perfect_root, range_at
from formats.tlog.tiles import (
    HEIGHT,
    MAX_BUNDLE_BYTES,
    WIDTH,
    TileMalformed,
    bundle_path,
    entry_bundle,
    hash_reader,
    read_entry_bundle,
    read_tile,
    tile_path,
)


class TilePlace(Protocol):
    """Where tiles lie: a copy of a journal."""

    def find(self, path: str, limit: int) -> bytes | None:
        """Return a file, or nothing; refuse one of more than ``limit`` bytes."""

    def put(self, path: str, data: bytes, *, newest: bool = False) -> None:
        """Write a file."""


class TileWriter:
    """What adds entries to the tiles of a log of ``size`` entries, whose tiles are in ``place``.

    Raises:
        JournalDamaged: when they are not, or are no tiles.
    """

    def __init__(self, place: TilePlace, size: int) -> None:
        self._place, self._size = place, size
        self._levels: list[list[bytes]] = []
        self._entries: list[bytes] = []
        try:
            self.range = range_at(size, hash_reader(size, self._read))
            level = 0
            while size >> HEIGHT * level:
                count = size >> HEIGHT * level
                width = count % WIDTH
                path = tile_path(level, count // WIDTH, width)
                self._levels.append(read_tile(self._read(path), width) if width else [])
                level += 1
            if size % WIDTH:
                self._entries = list(read_entry_bundle(self._read(bundle_path(size // WIDTH, size % WIDTH))))
        except TileMalformed as fault:
            raise JournalDamaged(reason=str(fault)) from fault

    def add(self, entry: bytes) -> None:
        """Add an entry; what is full then is written."""
        self._entries.append(entry)
        leaf = entry_hash(entry)
        self.range = self.range.extended([leaf])
        if self.range.size % WIDTH == 0:
            path = bundle_path(self.range.size // WIDTH - 1)
            self._place.put(path, entry_bundle(self._entries))
            self._entries = []
        self._push(0, leaf)

    def _push(self, level: int, value: bytes) -> None:
        if level == len(self._levels):
            self._levels.append([])
        hashes = self._levels[level]
        hashes.append(value)
        if len(hashes) == WIDTH:
            number = (self.range.size >> HEIGHT * level) // WIDTH - 1
            self._place.put(tile_path(level, number), b"".join(hashes))
            self._push(level + 1, perfect_root(hashes))
            hashes.clear()

    def finish(self) -> None:
        """Write the partial tiles, and the partial bundle."""
        size = self.range.size
        for level, hashes in enumerate(self._levels):
            count = size >> HEIGHT * level
            if hashes and count != self._size >> HEIGHT * level:
                path = tile_path(level, count // WIDTH, len(hashes))
                self._place.put(path, b"".join(hashes))
        if self._entries and size != self._size:
            path = bundle_path(size // WIDTH, len(self._entries))
            self._place.put(path, entry_bundle(self._entries))

    def _read(self, path: str) -> bytes:
        data = self._place.find(path, MAX_BUNDLE_BYTES)
        if data is None:
            raise TileMalformed(f"{path} is missing")
        return data
