"""Digest of what a source holds, and of the files beside it: while it stays the same, reading gives the same.

Rows are added up whatever their order, since an engine may give those of a table without a key in any; two rows
that are alike count twice. Of a file its path, size and times of change are digested, as backup programs do.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

from formats.databases.tables import Cells, OversizedValue, Source
from formats.digests import SHA256, Digest
from formats.findings import Finding
from formats.folders import files_below

WORD = 1 << 256
"""Sums of SHA-256 of rows are taken modulo this."""
_PLAIN = 2
"""Version of ``marshal`` whose bytes depend on values alone, not on which objects are shared."""


@runtime_checkable
class ChecksumSource(Protocol):
    """A source that computes the checksum of a table itself, with less work than reading its rows."""

    def table_checksum(self, table: str) -> bytes | None:
        """Return bytes that are the same as long as ``table`` is; ``None`` where the engine cannot tell."""
        ...


def content_digest(source: Source, folder: Path | None, options: Iterable[str]) -> Digest | None:
    """Return the digest of all tables of ``source``, of the files in ``folder`` and of the ``options`` it is read with.

    What the source says of itself counts too: of what is no row, nothing else tells. There is none where something
    in the folder cannot be vouched for: a link, what nobody may read, what goes away meanwhile.

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
        state.update(repr((finding.code, finding.where, finding.text)).encode())
    if folder is not None:
        try:
            for facts in _file_facts(folder):
                if facts is None:
                    return None
                state.update(repr(facts).encode())
        except OSError:
            return None
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


def _file_facts(folder: Path) -> Iterator[tuple[str, int, int, int] | None]:
    """Yield path, size, and both times of change of every file below ``folder``; ``None`` for all else.

    The second time of POSIX changes with permissions too.
    """
    for found in files_below(folder):
        if isinstance(found, Finding):
            yield None
            continue
        facts = found.stat()
        yield str(found), facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns
