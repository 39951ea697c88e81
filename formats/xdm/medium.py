"""Media at a place: folders and ZIP archives with IHE_XDM/SUBSETnn/METADATA.XML, whatever the case of their names."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from formats.errors import Failure, FormatFailure, not_found
from formats.findings import Finding
from formats.folders import as_finding, files_below, relative_text, unreadable
from formats.outside_files.archives import OpenArchives, OutsideFile, is_archive, is_archive_file
from formats.regular_files import open_regular
from formats.words import mark

METADATA = "metadata.xml"
ROOT = "ihe_xdm"
PACKED = "ihe_xdm.zip"
"""What a medium is called that lies packed in an archive."""
_LOOKED_AT = 500


class NotMedium(FormatFailure):
    """A place where no medium lies."""

    code = "not-xdm"
    sentence = mark("There is no medium of documents here (IHE_XDM/SUBSET01/METADATA.XML).")


@dataclass(frozen=True, kw_only=True, slots=True)
class Subset:
    """One submission of a medium: its metadata, and the files of its folder by their names without case.

    ``place`` names it in findings.
    """

    place: str
    metadata: Callable[[], BinaryIO]
    files: dict[str, OutsideFile]


def subsets_at(place: Path, stack: ExitStack) -> Iterator[Subset | OutsideFile | Finding]:
    """Yield the submissions at ``place``, then the files beside them; archives stay open as long as ``stack``.

    Raises:
        FileNotFound, NotMedium: when no medium is there.
        ZipRefused: when ``place`` is an archive that is not plain.
    """
    if not place.exists():
        raise not_found(place)
    archives = OpenArchives(stack)
    if not place.is_dir():
        yield from _of_archive(archives.files(place, place.name), archives, place.name)
        return
    files: list[OutsideFile] = []
    found = False
    for path in files_below(place):
        if isinstance(path, Finding):
            yield path
            continue
        where = relative_text(path, place)
        if not is_archive(path):
            files.append(OutsideFile(name=where, place=where, open=partial(open_regular, path)))
            continue
        try:
            inside = archives.files(path, where)
        except Failure as fault:
            yield as_finding(fault, where)
            continue
        if _is_medium(inside):
            try:
                yield from _of_archive(inside, archives, where)
                found = True
            except NotMedium as fault:  # what is packed in it is none
                yield as_finding(fault, where)
        else:
            files.append(OutsideFile(name=where, place=where, open=partial(open_regular, path)))
    if found and not any(is_metadata(one.name) for one in files):
        yield from files
    else:
        yield from submissions_of(files, str(place))


def _of_archive(
    inside: list[OutsideFile], archives: OpenArchives, place: str
) -> Iterator[Subset | OutsideFile | Finding]:
    """Yield the submissions of an archive, and of a medium that is packed within it."""
    files = yield from unfold_media(inside, archives)
    yield from submissions_of(files, place)


def _is_medium(inside: list[OutsideFile]) -> bool:
    """Tell by their names whether files are those of a medium, or one of them is a packed one."""
    return any(is_metadata(one.name) or one.base_name.casefold() == PACKED for one in inside)


def is_xdm(place: str) -> bool:
    """Tell whether ``place`` is a medium, or a folder with one, by the names of its first files and archives."""
    path = Path(place)
    with ExitStack() as stack:
        archives = OpenArchives(stack)
        if path.is_file():
            return is_archive(path) and _holds_metadata(path, archives)
        if not path.is_dir():
            return False
        files = [one for one in islice(files_below(path), _LOOKED_AT) if isinstance(one, Path)]
        if any(is_metadata(relative_text(one, path)) for one in files):
            return True
        return any(_holds_metadata(one, archives) for one in files if is_archive(one))


def _holds_metadata(path: Path, archives: OpenArchives) -> bool:
    try:
        return _is_medium(archives.files(path, path.name))
    except Failure:
        return False


def is_metadata(name: str) -> bool:
    """Tell whether a file of this name describes a submission."""
    parts = PurePosixPath(name.casefold()).parts
    return parts[-1] == METADATA and ROOT in parts[:-1]


def submissions_of(files: list[OutsideFile], place: str) -> Iterator[Subset | OutsideFile]:
    """Yield the submissions among ``files``, then the files beside them.

    Raises:
        NotMedium: when there is none.
    """
    folders: dict[str, Subset] = {}
    for one in files:
        if is_metadata(one.name):
            folder = _folder(one.name)
            folders[folder] = Subset(place=one.place, metadata=one.open, files={})
    if not folders:
        raise NotMedium(where=place)
    beside: list[OutsideFile] = []
    for one in files:
        subset = folders.get(_folder(one.name))
        if subset is None:
            beside.append(one)
        elif not is_metadata(one.name):
            subset.files[PurePosixPath(one.name.casefold()).name] = one
    yield from (folders[name] for name in sorted(folders))
    yield from beside


def unfold_media(
    files: list[OutsideFile], archives: OpenArchives
) -> Generator[Finding, None, list[OutsideFile]]:
    """Return ``files`` with those of a packed medium (``IHE_XDM.ZIP``) in its place, where no metadata lie beside it.

    One that is not plain is a finding; an archive within it stays a file.
    """
    if any(is_metadata(one.name) for one in files):
        return files
    found: list[OutsideFile] = []
    for one in files:
        if not (one.base_name.casefold().startswith(ROOT) and is_archive_file(one)):
            found.append(one)
            continue
        try:
            inside = archives.files_within(one)
        except Failure as fault:
            yield as_finding(fault, one.place)
            continue
        except OSError as fault:
            yield unreadable(Path(one.place), Path(), fault)
            continue
        for inner in inside:
            within = inner.name.casefold().startswith(f"{ROOT}/")
            found.append(inner if within else replace(inner, name=f"IHE_XDM/{inner.name}"))
    return found


def _folder(name: str) -> str:
    return str(PurePosixPath(name.casefold()).parent)
