"""A folder with one file, opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from formats.databases.files.folder import FileFolder
from formats.databases.files.table_file import TableFile
from formats.findings import Finding


@contextmanager
def opened(folder: Path, name: str, content: bytes, **known: Any) -> Iterator[FileFolder]:
    """Lay the file ``name`` with the table T, of which ``known`` is said, and open the folder."""
    (folder / name).write_bytes(content)
    with FileFolder(folder, {"T": TableFile(**known)}) as source:
        yield source


def rows(folder: Path, name: str, content: bytes, **known: Any) -> list[dict[str, Any]]:
    """Return the rows of the table T."""
    with opened(folder, name, content, **known) as source:
        found = list(source.rows("t"))
        assert source.count("t") == len(found)
        return found


def notices(folder: Path, name: str, content: bytes, **known: Any) -> list[Finding]:
    """Return what is said of the file."""
    with opened(folder, name, content, **known) as source:
        return list(source.notices())
