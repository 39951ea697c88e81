"""Digest of what a source holds, and of the files beside it: while it stays the same, reading gives the same.

Rows are added up whatever their order, since an engine may give those of a table without a key in any; two rows
that are alike count twice. Of a file its path, size and time of change are digested, as backup programs do.
"""

from __future__ import annotations

import hashlib
import marshal
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

from formats.databases.tables import Cells, OversizedValue, Source
from formats.digests import SHA256, Digest

WORD = 1 << 256
"""Sums of SHA-256 of rows are taken modulo this."""
_PLAIN = 2
"""Version of ``marshal`` whose bytes depend on values alone, not on which objects are shared."""


@runtime_checkable
class ChecksumSource(Protocol):
    """A source whose engine computes the checksum of a table itself."""

    def table_checksum(self, table: str) -> bytes | None:
        """Return bytes that are the same as long as ``table`` is; ``None`` where the engine cannot tell."""
        ...


def content_digest(source: Source, folder: Path | None, options: Iterable[str]) -> Digest:
    """Return the digest of all tables of ``source``, of the files in ``folder`` and of the ``options`` it is read with.

    What the source says of itself counts too: of what is no row, nothing else tells.

    Raises:
        SourceUnreachable, TableUnreadable, LimitExceeded: as reading does.
    """
    state = SHA256.new()
    for option in options:
        state.update(repr(option).encode())
    for name, table in sorted(source.tables().items()):
        state.update(repr((name, table.columns, source.count(name))).encode())
        own = source.table_checksum(name) if isinstance(source, ChecksumSource) else None
        state.update(own if own is not None else _rows_checksum(source.rows(name)))
    for finding in source.notices():
        state.update(repr((finding.code, finding.where, finding.text)).encode("utf-8", "surrogatepass"))
    if folder is not None:
        for path, size, changed in _files(folder):
            state.update(repr((path, size, changed)).encode("utf-8", "surrogatepass"))
    return Digest(SHA256, state.digest())


def _rows_checksum(rows: Iterable[Cells]) -> bytes:
    total = count = 0
    for cells in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(_row_bytes(cells)).digest())
    return repr((count, total % WORD)).encode()


def _row_bytes(cells: Cells) -> bytes:
    try:
        return marshal.dumps(list(cells.items()), _PLAIN)
    except ValueError:
        plain = {
            name: ("oversized", value.size) if isinstance(value, OversizedValue) else value
            for name, value in cells.items()
        }
        return marshal.dumps(list(plain.items()), _PLAIN)


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield path, size and time of change of every file below ``folder``, in the order of their paths."""
    waiting = [str(folder)]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                found = sorted(entries, key=lambda one: one.name)
        except OSError as fault:
            yield place, fault.errno or 0, -1  # a folder nobody may read; reading says so
            continue
        for entry in found:
            if entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
                waiting.append(entry.path)
            else:
                facts = entry.stat(follow_symlinks=False)
                yield entry.path, facts.st_size, facts.st_mtime_ns if os.access(entry.path, os.R_OK) else -1


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Tell whether a folder of Windows is another one by a second name, which could lead round in a circle."""
    return bool(getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0))
