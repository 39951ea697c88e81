"""Folder as the tree that the checker sees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO


class Folder:
    """A ``FileTree`` of the files below a folder, empty folders as well."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keys(self, prefix: str = "") -> Iterator[str]:
        found = []
        for path in self.root.rglob("*"):
            name = path.relative_to(self.root).as_posix()
            if path.is_file():
                found.append(name)
            elif not any(path.iterdir()):
                found.append(f"{name}/")
        return iter(sorted(one for one in found if one.startswith(prefix)))

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        return (self.root / key).open("rb")
