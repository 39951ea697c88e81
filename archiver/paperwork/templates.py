"""Templates of documents: those that come with the program, and those of a practice in place of them.

A folder of a practice holds ``fr/slip.typ``, ``en/slip.typ`` or any other name of the program's; what it holds
under another name, such as a logo, its templates may use.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from archiver import disk
from archiver.paper.errors import TemplateInvalid
from formats.errors import FolderNotFound, LimitExceeded
from formats.regular_files import open_regular
from formats.words import mark

MAX_FILES = 200
"""Files of a folder of templates."""
MAX_BYTES = 20 << 20
"""Bytes of all of them: a letter's logo, not a film."""


def own_templates() -> dict[str, bytes]:
    """Return the templates of the program by their names."""
    return dict(_own(files("archiver.paperwork").joinpath("templates"), ""))


def _own(folder: Traversable, above: str) -> Iterator[tuple[str, bytes]]:
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            yield from _own(one, f"{above}{one.name}/")
        elif one.name.endswith(".typ"):
            yield f"{above}{one.name}", one.read_bytes()


def templates_of(folder: Path | None) -> dict[str, bytes]:
    """Return the templates of the program with those in ``folder`` in place of their namesakes.

    Raises:
        FolderNotFound: when it is no folder; TemplateInvalid: when no file of it bears a name of the program's.
        LimitExceeded: when it holds too much; NotARegularFile, DiskFault: when a file cannot be read.
    """
    own = own_templates()
    if folder is None:
        return own
    if not folder.is_dir():
        raise FolderNotFound(path=str(folder))
    theirs = dict(_theirs(folder))
    if not theirs.keys() & own.keys():
        raise TemplateInvalid(
            where=str(folder), reason=mark("no file of this folder bears a template's name")
        )
    return own | theirs


def _theirs(folder: Path) -> Iterator[tuple[str, bytes]]:
    found, size = 0, 0
    with disk.failures_about(folder):
        for path in sorted(folder.rglob("*")):
            if path.is_dir():
                continue
            found += 1
            if found > MAX_FILES:
                name = mark("the number of files in the folder of templates")
                raise LimitExceeded(where=str(folder), name=name, found=found, limit=MAX_FILES)
            with open_regular(path) as stream:
                content = stream.read(MAX_BYTES - size + 1)
            size += len(content)
            if size > MAX_BYTES:
                name = mark("the bytes of the folder of templates")
                raise LimitExceeded(where=str(folder), name=name, found=size, limit=MAX_BYTES)
            yield path.relative_to(folder).as_posix(), content
