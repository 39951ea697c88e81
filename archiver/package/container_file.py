"""The container file that was unpacked in a folder: where it lay, and its bytes again.

A container has one possible reading, and its writer one order, so the folder tells what the file was:
``mimetype``, what the signed list names in its order, each list and its signature, and what came later by its number.
Another program may have written another order, or reserved room for sizes past 4 GiB: then the file was another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from archiver.package import layout
from archiver.package.container import MADE_BY, ContainerMember, directory_entry, member_header
from archiver.package.contents import open_member
from archiver.package.lists.asic_reading import MAX_ASIC_MANIFEST_BYTES, read_asic_manifest
from archiver.package.lists.hashing import HashedMember
from archiver.package.member_table import Contents, names_of
from formats.digests import chunks
from formats.zip.headers import end_records
from formats.zip.records import MAX32

LISTS = (layout.ASIC_MANIFEST, layout.SIGNATURE, layout.CO_ASIC_MANIFEST, layout.CO_SIGNATURE)
"""Each signed list before its signature."""


def place_of(path: Path) -> Path:
    """Return where the container file at ``path`` lies, or lay before it was unpacked in the folder ``path``."""
    if not path.is_dir():
        return path
    folder = path.resolve()
    named = folder.name.casefold().endswith(layout.ENDING)
    return folder if named else folder.with_name(folder.name + layout.ENDING)


def container_pieces(contents: Contents, read: Mapping[str, HashedMember]) -> Iterator[bytes]:
    """Yield the bytes of the file that was unpacked into the members ``contents``, of which ``read`` is known.

    Members that are not there any more are left out. No more than a piece, and the directory, is in memory.

    Raises:
        MemberMissing, ListInvalid, ListAlgorithmUnknown, LimitExceeded: when the signed list cannot be read.
        DiskFault: when the disk refuses.
    """
    directory, offset, count = bytearray(), 0, 0
    for name in _order(contents):
        size, crc32 = read[name].size, read[name].crc32
        member = ContainerMember(name=name, offset=offset, size=size, crc32=crc32, large=size >= MAX32)
        header = member_header(member)
        yield header
        with contents[name].open() as stream:
            yield from chunks(stream)
        directory += directory_entry(member)
        offset += len(header) + size
        count += 1
    yield bytes(directory)
    yield end_records(count, offset, len(directory), made_by=MADE_BY)


def _order(contents: Contents) -> Iterator[str]:
    with open_member(contents, layout.ASIC_MANIFEST, MAX_ASIC_MANIFEST_BYTES) as stream:
        listed = read_asic_manifest(stream, names=names_of(contents))
    later = sorted(filter(layout.is_later, contents), key=_place_of_later)
    for name in (layout.MIMETYPE, *listed, *LISTS, *later):
        if name in contents:
            yield name


def _place_of_later(name: str) -> tuple[bool, str, bool]:
    """Sort statements before evidence, by number, a statement before its signature, a list before its record."""
    return layout.is_evidence(name), PurePosixPath(name).stem[-3:], name.endswith((".p7s", ".ers"))
