"""Portability archives at a place: packed or unpacked, one or several, and what each of them consists of.

Names are taken in any case of letters, below any folder; archives of patients may be packed or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath

from formats.errors import Failure, FormatFailure, not_found
from formats.findings import Finding
from formats.folders import as_finding, files_below, relative_text
from formats.outside_files.archives import OpenArchives, OutsideFile, is_archive
from formats.portability.manifest import is_transverse
from formats.regular_files import open_regular
from formats.words import mark

BULK_MANIFEST = "manifest.json"
MANIFESTS = frozenset({"manifest.xml", BULK_MANIFEST})
SIGNATURE = "sign.xml"
_PATIENT = re.compile(r"PAT\d{1,9}(\.ZIP)?", re.ASCII | re.IGNORECASE)
_LOOKED_AT = 500
_HEAD = 1 << 16


class NotPortability(FormatFailure):
    """A place where no portability archive lies."""

    code = "not-pdlgc"
    sentence = mark("There is no portability archive (PDLGC) here: no MANIFEST.XML, and no PAT00001.ZIP.")


@dataclass(kw_only=True, slots=True)
class PortabilityArchive:
    """One portability archive: its manifest and signature, what its parts consist of, and the files beside.

    A part that is packed is one file called ``PAT00001.ZIP``, one that is not the files of its folder, by the name in
    capitals without an ending.
    """

    place: str
    manifest: OutsideFile | None = None
    signature: OutsideFile | None = None
    parts: dict[str, list[OutsideFile]] = field(default_factory=dict)
    packed: set[str] = field(default_factory=set)
    beside: list[OutsideFile] = field(default_factory=list)


def exports_at(place: Path, archives: OpenArchives) -> Iterator[PortabilityArchive | OutsideFile | Finding]:
    """Yield every portability archive at ``place``, and the files that are part of none.

    Raises:
        FileNotFound, NotPortability: when none is there.
        ZipRefused: when ``place`` is an archive that is not plain.
    """
    if not place.exists():
        raise not_found(place)
    if not place.is_dir():
        inside = archives.files(place, place.name)
        if not _is_export(inside):
            raise NotPortability(where=place.name)
        yield _export(inside, place.name)
        return
    files: list[OutsideFile] = []
    found = False
    for path in files_below(place):
        if isinstance(path, Finding):
            yield path
            continue
        one = _at(path, relative_text(path, place), archives)
        if isinstance(one, OutsideFile):
            files.append(one)
            continue
        found = found or isinstance(one, PortabilityArchive)
        yield one
    if _is_export(files):
        yield from _unpacked(files, place.name)
    elif found:
        yield from files
    else:
        raise NotPortability(where=str(place))


def _unpacked(files: list[OutsideFile], place: str) -> Iterator[PortabilityArchive | OutsideFile]:
    """Yield every portability archive that lies unpacked among ``files``, and what is part of none of several."""
    paths = {one.name: PurePosixPath(one.name) for one in files}
    telling = [
        path
        for name, path in paths.items()
        if _marks_export(name) and not any(map(_is_part, path.parts[:-1]))
    ]
    roots = {path.parent for path in telling if path.name.casefold() in MANIFESTS}
    roots |= {path.parent for path in telling if roots.isdisjoint(path.parents)}
    if not telling:  # all of it lies within what looks like a part
        yield _export(files, place)
        return
    groups: dict[PurePosixPath, list[OutsideFile]] = {root: [] for root in sorted(roots)}
    for one in files:
        above = next((folder for folder in paths[one.name].parents if folder in groups), None)
        if above is None and len(groups) > 1:
            yield one
        else:
            groups[above or next(iter(groups))].append(one)
    for root, group in groups.items():
        yield _export(group, place if len(groups) == 1 else f"{place}/{root}")


def _at(path: Path, where: str, archives: OpenArchives) -> PortabilityArchive | OutsideFile | Finding:
    """Return the portability archive that is packed in the file at ``path``, or the file itself."""
    file = OutsideFile(name=where, place=where, open=partial(open_regular, path), size=path.stat().st_size)
    if _is_part(path.name) or not is_archive(path):
        return file
    try:
        inside = archives.files(path, where)
    except Failure as fault:
        return as_finding(fault, where)
    return _export(inside, where) if _is_export(inside) else file


def is_portability(place: str) -> bool:
    """Tell whether a portability archive lies at ``place``, by the names of its first files and archives."""
    path = Path(place)
    with ExitStack() as stack:
        archives = OpenArchives(stack)
        if path.is_file():
            return is_archive(path) and _holds_export(path, archives)
        if not path.is_dir():
            return False
        files = [one for one in islice(files_below(path), _LOOKED_AT) if isinstance(one, Path)]
        if any(_marks_export(relative_text(one, path)) and not _is_bulk_manifest(one) for one in files):
            return True
        return any(_holds_export(one, archives) for one in files if is_archive(one))


def _is_bulk_manifest(path: Path) -> bool:
    """Tell whether a file is the manifest of a FHIR export (Bulk Data Access), of the name that June's has."""
    if path.name.casefold() != BULK_MANIFEST:
        return False
    try:
        with open_regular(path) as stream:
            return b'"transactionTime"' in stream.read(_HEAD)
    except (Failure, OSError):
        return False


def _holds_export(path: Path, archives: OpenArchives) -> bool:
    try:
        return _is_export(archives.files(path, path.name))
    except (Failure, OSError):
        return False


def _is_part(name: str) -> bool:
    return bool(_PATIENT.fullmatch(name)) or is_transverse(name)


def _marks_export(name: str) -> bool:
    """Tell whether a file of this name makes what it lies in a portability archive."""
    last = PurePosixPath(name).name
    return last.casefold() in MANIFESTS or (bool(_PATIENT.fullmatch(last)) and last.upper().endswith(".ZIP"))


def _is_export(files: list[OutsideFile]) -> bool:
    return any(_marks_export(one.name) for one in files)


def _export(files: list[OutsideFile], place: str) -> PortabilityArchive:
    """Return what ``files`` are parts of; where the manifest lies, or the first part, is the root."""
    telling = sorted(
        (one for one in files if _marks_export(one.name)), key=lambda one: (one.name.count("/"), one.name)
    )
    root = PurePosixPath(telling[0].name).parent
    made = PortabilityArchive(place=place)
    for one in files:
        path = PurePosixPath(one.name)
        inner = path.relative_to(root) if path.is_relative_to(root) else path
        name = inner.parts[0].upper()
        if len(inner.parts) == 1 and inner.name.casefold() in MANIFESTS and made.manifest is None:
            made.manifest = one
        elif len(inner.parts) == 1 and inner.name.casefold() == SIGNATURE:
            made.signature = one
        elif _is_part(name) and len(inner.parts) == 1 and name.endswith(".ZIP"):
            made.parts[name.removesuffix(".ZIP")] = [one]
            made.packed.add(name.removesuffix(".ZIP"))
        elif _is_part(name) and len(inner.parts) > 1:
            within = OutsideFile(
                name=str(PurePosixPath(*inner.parts[1:])), place=one.place, open=one.open, size=one.size
            )
            made.parts.setdefault(name.removesuffix(".ZIP"), []).append(within)
        else:
            made.beside.append(one)
    return made
