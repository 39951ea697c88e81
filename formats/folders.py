"""The files of a folder that comes from outside, each one accounted for."""

from __future__ import annotations

import errno
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from formats.errors import (
    SYSTEM_REASONS,
    Failure,
    FolderNotFound,
    FormatFailure,
    LimitExceeded,
    reason_of,
)
from formats.findings import Finding, Severity
from formats.words import mark

MAX_FILES = 2_000_000
"""Files below one folder; the volumes of twenty years of a large practice are some 500,000 slices."""
MAX_FOLDER_DEPTH = 64
"""Folders within folders; imaging programs use at most eight."""

_ESCAPED = re.compile("[^\ud800-\udc7f\udd00-\udfff]*")
"""Text of which every lone surrogate stands for a byte that is no UTF-8 (PEP 383)."""


class NotAFolder(FormatFailure):
    """A place that should hold files and does not."""

    code = "not-a-folder"
    sentence = mark("This is not a folder: {folder}.")


def files_below(folder: Path) -> Iterator[Path | Finding]:
    """Yield every regular file below ``folder`` in the order of names, and a finding for all else.

    Links that lead out of the folder are not followed; linked folders never
    are, for what they hold inside the folder is seen at its own place.

    Raises:
        FolderNotFound: when there is no ``folder``; NotAFolder: when it is something else.
        LimitExceeded: past ``MAX_FILES`` files.
    """
    if not folder.exists():
        raise FolderNotFound(path=str(folder))
    if not folder.is_dir():
        raise NotAFolder(folder=str(folder))
    root = folder.resolve()
    waiting = [(folder, 0)]
    seen = 0
    while waiting:
        place, depth = waiting.pop()
        deeper: list[tuple[Path, int]] = []
        for found in _entries(place, root, folder):
            if isinstance(found, Finding):
                yield found
            elif not found.is_dir():
                seen += 1
                if seen > MAX_FILES:
                    raise LimitExceeded(name=mark("the number of files"), found=seen, limit=MAX_FILES)
                yield found
            elif depth < MAX_FOLDER_DEPTH:
                deeper.append((found, depth + 1))
            else:
                yield _finding(
                    "folder-too-deep", relative_text(found, folder), mark("This folder lies too deep.")
                )
        waiting.extend(reversed(deeper))


def _entries(place: Path, root: Path, folder: Path) -> Iterator[Path | Finding]:
    """Yield the files and folders right in ``place``, and findings for what is neither."""
    try:
        paths = sorted(place.iterdir())
    except OSError as fault:
        yield unreadable(place, folder, fault)
        return
    here = place.resolve()
    for path in paths:
        try:
            yield _judged(path, here, root, folder)
        except (OSError, RuntimeError) as fault:  # RuntimeError: a loop of links
            yield unreadable(path, folder, fault)


def _judged(path: Path, here: Path, root: Path, folder: Path) -> Path | Finding:
    target = path.resolve()
    # A Windows junction is no symbolic link, so that only the resolved place tells.
    linked = path.is_symlink() or (path.is_dir() and target != here / path.name)
    if linked and not target.is_relative_to(root):
        sentence = mark("A link leads out of the folder: not followed.")
        return _finding("link-outside", relative_text(path, folder), sentence)
    if linked and target.is_dir():
        sentence = mark("A link to another folder of the same place: not followed twice.")
        return _finding("link-inside", relative_text(path, folder), sentence, Severity.NOTE)
    mode = path.stat().st_mode
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return path
    return _finding("not-a-file", relative_text(path, folder), mark("This is neither a file nor a folder."))


def relative_text(path: Path, folder: Path) -> str:
    """Return the place of ``path`` below ``folder`` as text that every screen and file can hold.

    A name whose bytes are no UTF-8, which Linux allows, is read as Windows-1252 (Latin-1).
    """
    name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = name.encode("utf-8", "surrogateescape") if _ESCAPED.fullmatch(name) else b""
        return raw.decode("cp1252", "replace") if raw else name.encode("utf-8", "replace").decode("utf-8")
    return name


def as_finding(fault: Failure, where: str, severity: Severity = Severity.ERROR) -> Finding:
    """Return a failure that concerns one file as a finding, so that the others are still read."""
    code, sentence, facts = fault.code, fault.sentence, fault.facts
    return Finding(severity=severity, code=code, where=where, sentence=sentence, facts=facts)


def unreadable(path: Path, folder: Path, fault: Exception) -> Finding:
    """Return the refusal of the disk, or of whatever else, to show ``path`` as a finding."""
    reason = reason_of(fault) if isinstance(fault, OSError) else str(fault)
    if isinstance(fault, RuntimeError):  # what pathlib raises for links in a circle
        reason = SYSTEM_REASONS[errno.ELOOP]
    return Finding(
        severity=Severity.ERROR,
        code="unreadable-file",
        where=relative_text(path, folder),
        sentence=mark("This cannot be read: {reason}."),
        facts={"reason": reason},
    )


def _finding(code: str, where: str, sentence: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(severity=severity, code=code, where=where, sentence=sentence)
