"""SHA256SUMS of a package beside its members and its signed list (step 8 of ``check_package``)."""

from __future__ import annotations

from archiver.package import layout
from archiver.package.checks.faults import Faults
from archiver.package.contents import open_member
from archiver.package.errors import REFUSALS, ListsDisagree, MemberMissing, MemberUnlisted
from archiver.package.lists.sha256sums import MAX_SUMS_BYTES, read_sha256sums
from archiver.package.member_table import DigestTable, MemberTable
from formats.digests import Digest
from formats.name_table import NameSet

_MIMETYPE = Digest.of(layout.MEDIA_TYPE)


def compare_sums(contents: MemberTable, signed: DigestTable | None, faults: Faults) -> None:
    """Compare SHA256SUMS with the members that are there and with the signed list, which shares their names."""
    names = contents.names
    listed, missing, different = NameSet(names), list[str](), list[str]()
    try:
        with open_member(contents, layout.SUMS, MAX_SUMS_BYTES) as stream:
            for name, digest in read_sha256sums(stream, names):
                number = names.find(name)
                listed.put(number)
                if number >= len(contents) or not _is_summed(name):
                    missing.append(name)
                if name == layout.MIMETYPE:
                    other = digest != _MIMETYPE
                else:
                    other = signed is not None and signed.contradicts(number, digest)
                if other:
                    different.append(name)
    except REFUSALS as failure:
        faults.file(failure)
        return
    members = (names[number] for number in range(len(contents)) if not listed.has(number))
    for name in sorted(filter(_is_summed, members)):
        faults.file(MemberUnlisted(where=layout.SUMS, member=name))
    for name in sorted(missing):
        faults.file(MemberMissing(where=layout.SUMS, member=name))
    for name in sorted(different):
        faults.file(ListsDisagree(where=layout.SUMS, member=name))


def _is_summed(name: str) -> bool:
    return name not in layout.NOT_SUMMED and not layout.is_later(name)
