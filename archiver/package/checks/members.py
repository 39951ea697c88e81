"""Members of a package, or of the container of a set, beside the signed list: names and bytes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from archiver.package import layout
from archiver.package.checks.faults import Faults
from archiver.package.contents import Contents
from archiver.package.errors import DigestMismatch, ListsDisagree, MemberMissing, MemberUnlisted
from archiver.package.lists.asic_manifest import ListedDigests
from archiver.package.lists.hashing import MemberDigest


def compare_names(contents: Contents, signed: Collection[str], faults: Faults, *, evidence: bool) -> None:
    """File every name that is listed and not there, there and not listed, or listed and must not be.

    With ``evidence`` records of evidence may lie inside, which no list names.
    """

    def is_evidence(name: str) -> bool:
        return evidence and layout.is_evidence(name)

    found = {name for name in contents if not is_evidence(name)}
    for name in sorted(found - set(signed) - layout.NOT_DATA_OBJECTS):
        faults.file(MemberUnlisted(where=layout.ASIC_MANIFEST, member=name))
    for name in sorted(set(signed) - contents.keys()):
        faults.file(MemberMissing(where=layout.ASIC_MANIFEST, member=name))
    for name in sorted(one for one in signed if one in layout.NOT_DATA_OBJECTS or is_evidence(one)):
        faults.file(ListsDisagree(where=layout.ASIC_MANIFEST, member=name))


def compare_bytes(
    contents: Contents, listed: ListedDigests | None, hashed: Mapping[str, MemberDigest], faults: Faults
) -> None:
    """File every member that has another digest than the list, or another CRC-32 or size than the container says."""
    for name, place in contents.items():
        found = hashed[name]
        digest = found.digests[listed.hash_name] if listed else found.sha256
        expected = listed.digests.get(name, digest) if listed else digest
        crc32 = found.crc32 if place.crc32 is None else place.crc32
        if (digest, found.crc32, found.size) != (expected, crc32, place.size):
            faults.file(DigestMismatch(where=name, member=name))
