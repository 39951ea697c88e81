"""The packages among what a person names: files, unpacked packages, and folders that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archiver import disk
from archiver.examination.errors import NoPackage
from archiver.package import layout
from archiver.package.checks.check_set import is_set
from formats.findings import Finding
from formats.folders import files_below
from formats.regular_files import open_regular

HEADER_BYTES = 30
"""Bytes of a ZIP local header (APPNOTE 4.3.7) before the name of its member."""
ZIP_MAGIC = b"PK\x03\x04"


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPackages:
    """Where packages lie, each place once, sets first; ``findings`` are folders that could not be looked through.

    A set comes before what lies beside it because it says which of those are its volumes. ``empty`` are folders
    that hold no package.
    """

    places: tuple[Path, ...]
    empty: tuple[Path, ...] = ()
    findings: tuple[Finding, ...] = ()


def stands_alone(path: Path) -> bool:
    """Say whether ``path`` is no folder to look through: a file, an unpacked package, or nothing at all."""
    named = path.suffix.casefold() == layout.ENDING
    return not path.is_dir() or named or (path / layout.MIMETYPE).exists() or (path / layout.META).is_dir()


def find_packages(named: Sequence[Path]) -> FoundPackages:
    """Return the packages that are ``named`` and those below the folders that are.

    Raises:
        NoPackage: when one folder alone is named, and holds none.
        LimitExceeded, DiskFault: as ``files_below`` and the disk answer.
    """
    found: list[Path] = []
    empty: dict[Path, Path] = {}
    findings: list[Finding] = []
    for path in named:
        below = [path] if stands_alone(path) else list(_below(path))
        found += (one for one in below if isinstance(one, Path))
        findings += (one for one in below if isinstance(one, Finding))
        if not any(isinstance(one, Path) for one in below):
            empty.setdefault(path.resolve(), path)
    if empty and len(named) == 1:
        raise NoPackage(where=str(named[0]))
    once: dict[Path, Path] = {}
    for one in found:
        once.setdefault(one.resolve(), one)
    places = sorted(once.values(), key=lambda one: not is_set(one))
    return FoundPackages(places=tuple(places), empty=tuple(empty.values()), findings=tuple(findings))


def _below(folder: Path) -> Iterator[Path | Finding]:
    """Yield what ``folder`` holds that is named or begins as a package, or is one unpacked."""
    unpacked: set[Path] = set()
    for path in files_below(folder):
        if isinstance(path, Finding):
            yield path
        elif unpacked.isdisjoint(path.parents):
            tree = _unpacked(path)
            if tree:
                unpacked.add(tree)
            if tree or path.suffix.casefold() == layout.ENDING or _begins_as_package(path):
                yield tree or path


def _unpacked(path: Path) -> Path | None:
    """Return the unpacked package that ``path`` shows to be one, if it does."""
    if path.name == layout.MIMETYPE:
        return path.parent
    return path.parents[1] if path.parent.name == layout.META.rstrip("/") else None


def _begins_as_package(path: Path) -> bool:
    with disk.failures_about(path), open_regular(path) as stream:
        head = stream.read(HEADER_BYTES + len(layout.MIMETYPE))
    return head.startswith(ZIP_MAGIC) and head[HEADER_BYTES:] == layout.MIMETYPE.encode()
