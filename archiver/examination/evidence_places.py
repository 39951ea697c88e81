"""What a keeper gives evidence to: packages, and sets with every volume they list.

A set's own file gets its record beside it, because nothing may be added inside; each volume, as
every package, within. So what ties the volumes lasts as long as they do. A package that a vault gave back has its
record beside it as well: it covers the whole file, in which nothing may change from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archiver.errors import PackageFailure
from archiver.examination.errors import EvidencePresent
from archiver.package import layout
from archiver.package.append import put_evidence
from archiver.package.checks.check_package import examine
from archiver.package.checks.check_set import examine_set, is_set
from archiver.package.checks.evidence import Evidence, FoundEvidence, find_evidence
from archiver.package.checks.evidence_beside import look_beside, put_beside, records_beside
from archiver.package.checks.examination import Examination
from archiver.package.checks.volumes import compare_volume
from archiver.package.container_file import place_of
from archiver.package.contents import contents_of, open_member
from archiver.package.lists.hashing import HashedMember
from archiver.package.manifests.manifest import Manifest
from archiver.package.manifests.manifest_reading import MAX_MANIFEST_BYTES, read_manifest
from archiver.package.manifests.set_manifest import SetManifest
from archiver.signing.trust.anchors import Trust
from formats.digests import DigestAlgorithm
from formats.errors import Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidencePlaces:
    """Where everything lies, each place once: sets before their volumes; ``missing`` are volumes that are not there."""

    places: tuple[Path, ...]
    missing: tuple[Path, ...]


def find_places(named: Sequence[Path], trust: Trust) -> EvidencePlaces:
    """Return the packages and sets that are ``named``, and the volumes that lie beside each set.

    Raises:
        PackageFailure, FormatFailure: when a set cannot be read, or a package is not the volume it lists.
        DiskFault: when the disk refuses.
    """
    places = [place for path in named for place in (path, *_volumes(path, trust))]
    each = {place.resolve(): place for place in places}.values()
    return EvidencePlaces(
        places=tuple(place for place in each if place in named or place.exists()),
        missing=tuple(place for place in each if place not in named and not place.exists()),
    )


def places_without_evidence(found: EvidencePlaces, named: Sequence[Path]) -> tuple[Path, ...]:
    """Return who is to get evidence: every package that is ``named``, and what has none of a set that is.

    Raises:
        EvidencePresent: when a set and all its volumes have it already.
        PackageFailure, FormatFailure, DiskFault: when something cannot be read.
    """
    packages = {place for place in named if not is_set(place)}
    wanted = tuple(place for place in found.places if place in packages or not evidence_of(place))
    if not wanted:
        raise EvidencePresent(package=str(found.places[0]))
    return wanted


def _volumes(path: Path, trust: Trust) -> Iterator[Path]:
    if not is_set(path):
        return
    seen = examine_set(path, trust)
    if seen.manifest is None:
        raise seen.verdict.refusal or PackageFailure(where=str(path))
    for number, listed in enumerate(seen.manifest.volumes, 1):
        place = place_of(path).parent / listed.file
        if place.exists():
            _refuse_foreign(place, number, seen.manifest)
        yield place


def _refuse_foreign(place: Path, number: int, volume_list: SetManifest) -> None:
    contents = contents_of(place)
    with open_member(contents, layout.MANIFEST, MAX_MANIFEST_BYTES) as stream:
        manifest = read_manifest(stream)
    foreign = compare_volume(number, volume_list, manifest, contents)
    if foreign:
        raise foreign


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedEvidence:
    """An evidence record, or why it cannot be read, and where it lies: ``member`` within a package, or ``beside``."""

    member: str
    beside: bool
    found: Evidence | Failure


def evidence_of(place: Path) -> tuple[PlacedEvidence, ...]:
    """Return the evidence in the package at ``place`` and beside it, or beside the set, in the order of numbers.

    Raises:
        PackageFailure, FormatFailure: when it is neither; DiskFault: when the disk refuses.
    """
    inside: FoundEvidence = {} if is_set(place) else find_evidence(contents_of(place))
    beside = records_beside(place)
    name = place_of(place).name
    return (
        *(
            PlacedEvidence(member=layout.evidence_members(number)[1], beside=False, found=one)
            for number, one in inside.items()
        ),
        *(
            PlacedEvidence(member=layout.record_beside(name, number), beside=True, found=one)
            for number, one in beside.items()
        ),
    )


def hashed_beside(place: Path, besides: Iterable[DigestAlgorithm]) -> Mapping[str, HashedMember]:
    """Return the file at ``place`` hashed as the records beside it need, and under ``besides``.

    Raises:
        DiskFault: when the disk refuses.
    """
    return look_beside(place, besides).hashed


def examine_place(
    place: Path,
    trust: Trust,
    *,
    besides: Iterable[DigestAlgorithm],
    progress: Callable[[int], None] = lambda _: None,
) -> Examination[Manifest | SetManifest]:
    """Examine the package or the set at ``place``, hashed under ``besides`` as well; a set without its volumes."""
    if is_set(place):
        return examine_set(place, trust, besides=besides)
    return examine(place, trust, progress=progress, besides=besides)


def record_of(place: Path, number: int, *, beside: bool) -> str:
    """Return where the evidence record ``number`` of the package or the set at ``place`` lies."""
    if beside:
        return layout.record_beside(place_of(place).name, number)
    return layout.evidence_members(number)[1]


def put_evidence_at(place: Path, members: Mapping[str, bytes]) -> None:
    """Put evidence into the package at ``place``, or beside it, by the names of ``members``.

    Raises:
        ContainerIrregular, DiskFull, DiskFault: as ``put_evidence``.
    """
    inside = {name: data for name, data in members.items() if name.startswith(layout.META)}
    if inside:
        put_evidence(place, inside)
    put_beside(place, {name: data for name, data in members.items() if name not in inside})
