"""Tiles (C2SP tlog-tiles): where the hashes and entries of a log lie, 256 together, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from formats.tlog.merkle import HASH_BYTES, HashReader, perfect_root

HEIGHT = 8
"""Levels of the tree that a tile spans."""
WIDTH = 1 << HEIGHT
"""Hashes of a full tile, and entries of a full bundle."""
MAX_DIGITS = 24
"""Digits of an index."""
MAX_ENTRY_BYTES = (1 << 16) - 1
"""Bytes of an entry: its length is two bytes."""
MAX_BUNDLE_BYTES = WIDTH * (MAX_ENTRY_BYTES + 2)
"""Bytes of a bundle."""
CHECKPOINT = "checkpoint"
"""Path of the newest checkpoint."""


class TileMalformed(ValueError):
    """Bytes that are no tile, or no bundle of entries."""


def index_path(number: int) -> str:
    """Return ``number`` as elements of three digits, all but the last behind an ``x``: 1234067 is x001/x234/067."""
    path = f"{number % 1000:03}"
    while number >= 1000:
        number //= 1000
        path = f"x{number % 1000:03}/{path}"
    return path


def index_number(path: str) -> int:
    """Return the number whose ``index_path`` is ``path``; of anything else, -1."""
    digits = path.replace("x", "").replace("/", "")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS else -1
    return number if number >= 0 and index_path(number) == path else -1


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Return the path of a tile of hashes; one that is not ``width`` of 256 is partial."""
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{index_path(number)}{partial}"


def bundle_path(number: int, width: int = WIDTH) -> str:
    """Return the path of a bundle of entries."""
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/entries/{index_path(number)}{partial}"


def entry_bundle(entries: Iterable[bytes]) -> bytes:
    """Return the bundle of ``entries``: each behind its length in two bytes.

    Raises:
        ValueError: when one is too long.
    """
    pieces = []
    for one in entries:
        if len(one) > MAX_ENTRY_BYTES:
            raise ValueError(f"an entry of {len(one)} bytes")
        pieces += [len(one).to_bytes(2, "big"), one]
    return b"".join(pieces)


def read_entry_bundle(data: bytes) -> Iterator[bytes]:
    """Yield the entries of a bundle.

    Raises:
        TileMalformed: when an entry is not whole.
    """
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise TileMalformed(f"an entry is cut at {at}")
        yield data[at + 2 : end]
        at = end


def read_tile(data: bytes, width: int) -> list[bytes]:
    """Return the hashes of a tile.

    Raises:
        TileMalformed: when there are not ``width`` of them.
    """
    if len(data) != width * HASH_BYTES:
        raise TileMalformed(f"{len(data)} bytes for {width} hashes")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def tiles_between(old: int, new: int) -> Iterator[tuple[int, int, int]]:
    """Yield the tiles of a tree of ``new`` leaves that one of ``old`` leaves has not: level, number, width."""
    level = 0
    while new >> HEIGHT * level:
        before, count = old >> HEIGHT * level, new >> HEIGHT * level
        for number in range(before >> HEIGHT, (count + WIDTH - 1) >> HEIGHT):
            width = min(WIDTH, count - number * WIDTH)
            if number * WIDTH + width > before:
                yield level, number, width
        level += 1


def hash_reader(size: int, read: Callable[[str], bytes]) -> HashReader:
    """Return what gives the hashes of a tree of ``size`` leaves from its tiles; ``read`` gives a file by its path."""

    @lru_cache(maxsize=64)
    def tile(level: int, number: int) -> list[bytes]:
        width = min(WIDTH, (size >> HEIGHT * level) - number * WIDTH)
        return read_tile(read(tile_path(level, number, width)), width)

    def found(level: int, index: int) -> bytes:
        below = level % HEIGHT
        start = index << below
        hashes = tile(level // HEIGHT, start >> HEIGHT)[start % WIDTH :][: 1 << below]
        if len(hashes) != 1 << below:
            raise TileMalformed(f"no hash {index} of level {level}")
        return perfect_root(hashes)

    return found
