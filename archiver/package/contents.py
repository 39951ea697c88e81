"""What a package holds, whether it is one file or the same tree unpacked in a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from archiver.disk import failures_about
from archiver.package import layout
from archiver.package.archive import read_package_members
from archiver.package.errors import ContainerIrregular, MemberMissing, NotAPackage
from archiver.package.member_table import Contents, MemberTable, Place
from formats.digests import Digest, digest_of_stream
from formats.errors import LimitExceeded
from formats.name_table import NameSet, NameTable
from formats.paths import MAX_DEPTH
from formats.regular_files import open_regular
from formats.words import mark

MAX_SET_FILE = 16 << 20
"""Bytes of the whole container of a set: its manifest, a page, two short lists and two signatures."""


def contents_of(path: Path) -> MemberTable:
    """Return what the package at ``path`` holds, without reading any member but ``mimetype``.

    Raises:
        NotAPackage: when ``mimetype`` is not there, or does not say that this is one.
        PackageTruncated, ContainerIrregular, UnsafeName, LimitExceeded: as the reader of the
            container finds, or when a folder holds a link or anything that is no file.
        DiskFault: when the disk refuses.
    """
    with failures_about():
        contents = _in_folder(path) if path.is_dir() else _in_file(path)
    _mimetype(contents, first=not path.is_dir())
    _opener(contents)
    return contents


def lists_volumes(contents: Contents) -> bool:
    """Say whether this is what ties the volumes of a set, each of which is a package."""
    return layout.SET_MANIFEST in contents and layout.MANIFEST not in contents


def judge_set_size(path: Path, contents: Contents) -> None:
    """Refuse what ties a set at ``path`` when it is larger than any.

    Raises:
        LimitExceeded: with its size in bytes, as a file or as the sum of its parts.
    """
    size = sum(place.size for place in contents.values()) if path.is_dir() else path.stat().st_size
    if size > MAX_SET_FILE:
        name = mark("the size of what ties a set, in bytes")
        raise LimitExceeded(where=layout.SET_MANIFEST, name=name, found=size, limit=MAX_SET_FILE)


def member_digest(contents: Contents, name: str) -> Digest | None:
    """Return the SHA-256 of the member ``name``, or nothing where there is none."""
    if name not in contents:
        return None
    with contents[name].open() as stream:
        return digest_of_stream(stream)[0]


@contextmanager
def open_member(contents: Contents, name: str, limit: int) -> Iterator[BinaryIO]:
    """Open the member ``name``, which has at most ``limit`` bytes, to be read piece by piece.

    Raises:
        MemberMissing, LimitExceeded: as ``small``.
    """
    with _limited(contents, name, limit).open() as stream:
        yield stream


def small(contents: Contents, name: str, limit: int) -> bytes:
    """Return the bytes of the member ``name``, which has at most ``limit`` of them.

    Raises:
        MemberMissing: when it is not there.
        LimitExceeded: when it is longer.
    """
    with open_member(contents, name, limit) as stream:
        return stream.read()


def _limited(contents: Contents, name: str, limit: int) -> Place:
    place = contents.get(name)
    if place is None:
        raise MemberMissing(where=name, member=name)
    if place.size > limit:
        raise LimitExceeded(
            where=name, name=mark("the size of a part in bytes"), found=place.size, limit=limit
        )
    return place


def _opener(contents: Contents) -> None:
    """Refuse a page that opens the package when it is longer than any; what it says is never relied on."""
    place = contents.get(layout.OPENER)
    if place is not None and place.size > layout.MAX_OPENER_BYTES:
        name = mark("the size of a part in bytes")
        limit = layout.MAX_OPENER_BYTES
        raise LimitExceeded(where=layout.OPENER, name=name, found=place.size, limit=limit)


def _mimetype(contents: Contents, *, first: bool) -> None:
    place = contents.get(layout.MIMETYPE)
    if place is None or (first and next(iter(contents)) != layout.MIMETYPE):
        raise NotAPackage(reason=mark("it does not begin by saying what it is"))
    expected = layout.MEDIA_TYPE
    if place.size != len(expected) or small(contents, layout.MIMETYPE, len(expected)) != expected:
        raise NotAPackage(where=layout.MIMETYPE, reason=mark("it says that it is something else"))


def _in_file(path: Path) -> MemberTable:
    names = NameTable()
    table = MemberTable(path, names)
    with open_regular(path) as stream:
        for member in read_package_members(stream, names):
            table.add(offset=member.offset, size=member.size, crc32=member.crc32)
    return table


def _in_folder(path: Path) -> MemberTable:
    names = NameTable()
    table, seen = MemberTable(path, names), NameSet(NameTable())
    for name, entry in _walk(path, "", MAX_DEPTH):
        layout.member_name(name)
        if not seen.add(name.casefold()):
            reason = mark("a name appears twice, or differs from another in case only")
            raise ContainerIrregular(where=name, reason=reason)
        found = names.add(name) + 1
        if found > layout.MAX_MEMBERS:
            raise LimitExceeded(name=mark("the number of members"), found=found, limit=layout.MAX_MEMBERS)
        table.add_file(entry.stat(follow_symlinks=False).st_size)
    return table


def _walk(folder: Path, prefix: str, depth: int) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        name = prefix + entry.name
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode) and depth:
            yield from _walk(Path(entry.path), f"{name}/", depth - 1)
        elif stat.S_ISREG(mode):
            yield name, entry
        else:
            reason = mark("a folder holds something that is no plain file")
            raise ContainerIrregular(where=name, reason=reason)
