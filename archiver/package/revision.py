"""What a later revision of a package must share with those before it.

Only keyrings are renewed: the sealed units and how long each is kept, the commitment to what is
in them, the identifier and the place in a set stay. Each earlier revision's own words lie, byte for byte,
under ``previous/NNN/``, so that its signature can still be checked. That no
still later revision exists elsewhere is nothing a package can prove.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archiver.errors import PackageFailure
from archiver.package import layout
from archiver.package.contents import Contents, small
from archiver.package.errors import ListsDisagree, MemberMissing
from archiver.package.hashing import Hashed
from archiver.package.manifest import Manifest
from archiver.package.manifest_reading import MAX_MANIFEST_BYTES, read_manifest
from formats.errors import Failure, FormatFailure


def compare_previous(
    manifest: Manifest, contents: Contents, hashed: Mapping[str, Hashed]
) -> Iterator[Failure]:
    """Yield what does not hold between ``manifest`` and each one before it, the latest first."""
    later = manifest
    while later.revision > 1:
        name = layout.previous_member(later.revision - 1, layout.MANIFEST)
        if name not in contents:
            yield MemberMissing(where=layout.MANIFEST, member=name)
            return
        if hashed[name].sha256.hex() != later.replaces:
            yield ListsDisagree(where=layout.MANIFEST, member=name)
            return
        try:
            earlier = read_manifest(small(contents, name, MAX_MANIFEST_BYTES))
        except (PackageFailure, FormatFailure) as failure:
            yield failure
            return
        if earlier.revision != later.revision - 1 or not _same(earlier, later):
            yield ListsDisagree(where=layout.MANIFEST, member=name)
            return
        later = earlier


def _same(one: Manifest, other: Manifest) -> bool:
    return (
        one.package_id == other.package_id
        and one.handover.volume == other.handover.volume
        and one.units == other.units
        and one.handover.keyring_commitment == other.handover.keyring_commitment
    )
