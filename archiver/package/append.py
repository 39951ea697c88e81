"""Evidence put behind a finished package: what is there keeps its bytes and its place.

A package in a file is copied up to its evidence, as the disk copies, beside the old one; the new
evidence and a new directory follow, and the finished file takes the old one's name. So a
fault at any moment leaves the old package, and the disk needs room for both. In a
folder only the files of the evidence are written, each whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from archiver import disk, temporary_files
from archiver.package import layout
from archiver.package.archive import read_package_members
from archiver.package.container import Container, ContainerMember
from archiver.package.errors import ContainerIrregular
from formats.regular_files import open_regular
from formats.words import mark
from formats.zip.local_headers import Member
from formats.zip.records import LOCAL


def put_evidence(package: Path, members: Mapping[str, bytes]) -> None:
    """Put the evidence ``members`` into ``package``, by their names; those of the same name are replaced.

    The same package and members give the same bytes.

    Raises:
        ContainerIrregular: when something that is no evidence lies behind evidence.
        DiskFull, DiskFault: what the disk answered; then the package is as it was.
    """
    place = package.resolve()
    if place.is_dir():
        for name in sorted(members, key=_order):
            with disk.write_aside(place / name, replace=True) as stream:
                stream.write(members[name])
        return
    mode = place.stat().st_mode & 0o777
    with disk.write_aside(place, mode=mode, replace=True) as target, open_regular(place) as source:
        body, evidence = _parted(list(read_package_members(source)))
        last = body[-1]
        wanted = dict(members)
        for one in evidence:
            source.seek(one.offset)
            wanted.setdefault(one.name, source.read(one.size))
        temporary_files.copy_range(source, target, at=0, size=last.offset + last.size)
        container = Container(target, behind=_as_written(body))
        for name in sorted(wanted, key=_order):
            container.add(name, [wanted[name]])
        container.close()


def size_before_evidence(package: Path) -> int:
    """Return how many bytes of a package in a file lie before its evidence and its directory.

    Raises:
        NotAPackage, PackageTruncated, ContainerIrregular, UnsafeName, LimitExceeded: when it is no package.
    """
    with disk.failures_about(package), open_regular(package) as source:
        last = _parted(list(read_package_members(source)))[0][-1]
    return last.offset + last.size


def _parted(members: Sequence[Member]) -> tuple[Sequence[Member], Sequence[Member]]:
    """Return the members that stay, and the evidence behind them."""
    count = next((at for at, one in enumerate(members) if layout.is_evidence(one.name)), len(members))
    body, evidence = members[:count], members[count:]
    stray = next((one.name for one in evidence if not layout.is_evidence(one.name)), None)
    if stray or not body:
        raise ContainerIrregular(where=stray or "", reason=mark("something lies behind its evidence"))
    return body, evidence


def _as_written(members: Sequence[Member]) -> Iterator[ContainerMember]:
    for one in members:
        large = one.offset - one.header > LOCAL.size + len(one.name)
        yield ContainerMember(name=one.name, offset=one.header, size=one.size, crc32=one.crc32, large=large)


def _order(name: str) -> tuple[str, bool]:
    """Sort by number, the list before its record."""
    return name[-7:-4], name.endswith(".ers")
