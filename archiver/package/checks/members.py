"""Members of a package, or of the container of a set, beside the signed list: names and bytes."""

from __future__ import annotations

from archiver.package import layout
from archiver.package.checks.faults import Faults
from archiver.package.errors import DigestMismatch, ListsDisagree, MemberMissing, MemberUnlisted
from archiver.package.lists.hashing import HashedMembers
from archiver.package.member_table import DigestTable, MemberTable
from formats.digests import SHA256


def compare_names(contents: MemberTable, signed: DigestTable, faults: Faults, *, later: bool) -> None:
    """File every name that is listed and not there, there and not listed, or listed and must not be.

    With ``later`` evidence and statements of destruction may lie inside, which no list names. ``signed`` shares the
    names of ``contents``.
    """
    names = contents.names

    def is_own(name: str) -> bool:
        return name in layout.NOT_DATA_OBJECTS or (later and layout.is_later(name))

    unlisted = (names[number] for number in range(len(contents)) if not signed.has(number))
    for name in sorted(name for name in unlisted if not is_own(name)):
        faults.file(MemberUnlisted(where=layout.ASIC_MANIFEST, member=name))
    for name in sorted(name for name in signed if name not in contents):
        faults.file(MemberMissing(where=layout.ASIC_MANIFEST, member=name))
    for name in sorted(filter(is_own, signed)):
        faults.file(ListsDisagree(where=layout.ASIC_MANIFEST, member=name))


def compare_bytes(
    contents: MemberTable, listed: DigestTable | None, hashed: HashedMembers, faults: Faults
) -> None:
    """File every member that has another digest than the list, or another CRC-32 or size than the container says.

    ``listed`` and ``hashed`` share the names of ``contents``.
    """
    algorithm = SHA256 if listed is None else listed.algorithm
    for number in range(len(contents)):
        digest, size, crc32 = hashed.found(number, algorithm)
        stated, stated_crc32 = contents.stated(number)
        other = listed is not None and listed.contradicts(number, digest)
        if other or size != stated or crc32 != (crc32 if stated_crc32 is None else stated_crc32):
            name = contents.names[number]
            faults.file(DigestMismatch(where=name, member=name))
