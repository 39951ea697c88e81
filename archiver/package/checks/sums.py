"""SHA256SUMS of a package beside its members and its signed list (step 8 of ``check_package``)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from archiver.package import layout
from archiver.package.checks.faults import Faults
from archiver.package.contents import Contents, open_member
from archiver.package.errors import REFUSALS, ListsDisagree, MemberMissing, MemberUnlisted
from archiver.package.lists.sha256sums import MAX_SUMS_BYTES, read_sha256sums

Digests = Mapping[str, bytes]
"""SHA-256 (32 bytes) of members by name."""


def compare_sums(contents: Contents, signed: Digests | None, faults: Faults) -> None:
    """Compare SHA256SUMS with the members that are there and with the signed list."""
    try:
        with open_member(contents, layout.SUMS, MAX_SUMS_BYTES) as stream:
            sums = read_sha256sums(stream)
    except REFUSALS as failure:
        faults.file(failure)
        return
    members = {name for name in contents if name not in layout.NOT_SUMMED and not layout.is_evidence(name)}
    for name in sorted(members - sums.keys()):
        faults.file(MemberUnlisted(where=layout.SUMS, member=name))
    for name in sorted(sums.keys() - members):
        faults.file(MemberMissing(where=layout.SUMS, member=name))
    known = {**(signed or {}), layout.MIMETYPE: hashlib.sha256(layout.MEDIA_TYPE).digest()}
    for name in sorted(sums.keys() & known.keys()):
        if sums[name] != known[name]:
            faults.file(ListsDisagree(where=layout.SUMS, member=name))
