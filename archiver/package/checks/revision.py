"""What a later revision of a package must share with those before it.

Only these may change: the keyrings, who signs, who receives (receiver, controller after), and a
unit's term, which may end later or be suspended by a hold, never the other way. The sealed units, the
commitments to what is in them, the identifier, the place in a set, the ground and the sender stay. Each earlier
revision's own words lie, byte for byte, under ``previous/NNN/``, so that its signature can still be
checked. That no still later revision exists elsewhere is nothing a package can prove.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from archiver.package import layout
from archiver.package.contents import open_member
from archiver.package.errors import REFUSALS, ListsDisagree, MemberMissing, TermShortened
from archiver.package.lists.hashing import HashedMember
from archiver.package.manifests.manifest import Manifest
from archiver.package.manifests.manifest_reading import MAX_MANIFEST_BYTES, read_manifest
from archiver.package.manifests.terms import party_of
from archiver.package.manifests.unit_table import Unit
from archiver.package.member_table import Contents
from formats.errors import Failure


def compare_previous(
    manifest: Manifest, contents: Contents, hashed: Mapping[str, HashedMember]
) -> Iterator[Failure]:
    """Yield what does not hold between ``manifest`` and each one before it, the latest first."""
    later = manifest
    while later.revision > 1:
        name = layout.previous_member(later.revision - 1, layout.MANIFEST)
        if name not in contents:
            yield MemberMissing(where=layout.MANIFEST, member=name)
            return
        if hashed[name].digest != later.replaces:
            yield ListsDisagree(where=layout.MANIFEST, member=name)
            return
        try:
            with open_member(contents, name, MAX_MANIFEST_BYTES) as stream:
                earlier = read_manifest(stream)
        except REFUSALS as failure:
            yield failure
            return
        if earlier.revision != later.revision - 1 or _fixed(earlier) != _fixed(later):
            yield ListsDisagree(where=layout.MANIFEST, member=name)
            return
        yield from compare_terms(earlier.units, later.units)
        later = earlier


def compare_terms(earlier: Sequence[Unit], later: Sequence[Unit]) -> Iterator[Failure]:
    """Yield every unit of ``later`` that may be destroyed before its line in ``earlier`` lets it."""
    for before, after in zip(earlier, later, strict=True):
        if is_earlier(after.destroy_from, before.destroy_from) or (before.hold and not after.hold):
            yield TermShortened(where=layout.MANIFEST, unit=after.id)


def is_earlier(term: date | None, than: date | None) -> bool:
    """Say whether ``term`` ends before ``than``; no date means that nobody can tell, and that it is kept."""
    return term is not None and (than is None or term < than)


def _fixed(manifest: Manifest) -> tuple[object, ...]:
    """Return what no revision changes; keys that nobody knows are no part of it."""
    handover = manifest.handover
    volume, scope, patients = handover.volume, handover.scope, handover.patients_commitment
    return (
        manifest.package_id,
        volume and (volume.set_id, volume.volume, volume.of, volume.retention_year),
        handover.created,
        handover.legal_ground,
        party_of(handover.controller_before),
        party_of(handover.sender),
        (scope.kind, dict(scope.left_out)),
        dict(handover.counts),
        [(one.package_id, one.manifest_digest) for one in handover.sources],
        handover.keyring_commitment,
        (patients.root, patients.size),
        [(unit.id, unit.member, unit.size, unit.digest) for unit in manifest.units],
    )
