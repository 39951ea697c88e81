"""Take units out of a package, and put the statement that says so behind what was signed (archive-format-1.md §11.6).

Every other member has its bytes and its order; the lists that were signed are as they were. The unit is passed over and
never read. The same package and statement give the same bytes, and a package that has the statement already gives
itself: whoever was ended begins again.
"""

from __future__ import annotations

from collections.abc import Container as Names, Iterator, Mapping
from typing import BinaryIO

from archiver.errors import DiskFault
from archiver.package import layout
from archiver.package.archive import read_package_members
from archiver.package.container import Container
from formats.errors import LimitExceeded
from formats.words import mark
from formats.zip.local_headers import Member
from formats.zip.records import LOCAL

PIECE = 1 << 20


def reduce_package(
    source: BinaryIO, target: BinaryIO, units: Names[str], statement: bytes, signature: bytes
) -> None:
    """Write the package in ``source`` to ``target`` without the members ``units``, with a signed ``statement``.

    Raises:
        NotAPackage, PackageTruncated, ContainerIrregular, UnsafeName: when ``source`` is no package.
        LimitExceeded: when it has as many statements as it can have; DiskFault: when it ends too early.
    """
    members = list(read_package_members(source))
    before = [one for one in members if not layout.is_later(one.name) and one.name not in units]
    stated = [one for one in members if layout.is_destruction(one.name)]
    evidence = [one for one in members if layout.is_evidence(one.name)]
    container = Container(target)
    for one in (*before, *stated):
        _copy(source, one, container)
    for name, data in _added(source, stated, statement, signature).items():
        container.add(name, [data])
    for one in evidence:
        _copy(source, one, container)
    container.close()


def _added(source: BinaryIO, stated: list[Member], statement: bytes, signature: bytes) -> Mapping[str, bytes]:
    """Return the members to be added; none where the statement is there."""
    for one in stated:
        if one.size == len(statement) and b"".join(_pieces(source, one)) == statement:
            return {}
    number = len(stated) // 2 + 1
    if number > layout.MAX_DESTRUCTIONS:
        name = mark("the number of statements of destruction")
        raise LimitExceeded(name=name, found=number, limit=layout.MAX_DESTRUCTIONS)
    return dict(zip(layout.destruction_members(number), (statement, signature), strict=True))


def _copy(source: BinaryIO, one: Member, container: Container) -> None:
    reserved = one.offset - one.header > LOCAL.size + len(one.name)
    written = container.add(one.name, _pieces(source, one), large=reserved)
    if (written.size, written.crc32) != (one.size, one.crc32):
        raise DiskFault(
            where=one.name, reason=mark("a member does not have the bytes that the container states")
        )


def _pieces(source: BinaryIO, one: Member) -> Iterator[bytes]:
    source.seek(one.offset)
    left = one.size
    while left and (piece := source.read(min(PIECE, left))):
        left -= len(piece)
        yield piece
