"""The packages from which the units of this one were taken: what each proves of them.

A package that was split off states its *sources*. What source NNN said of itself lies under ``source/NNN/``, byte for
byte; the units taken from it lie where they lay. For each, in the order stated:

1. Its manifest is there, has the stated digest and names the stated package.
2. It is judged as an earlier package (``archiver.package.provenance.earlier``), over the units that are here.
3. Every unit here that it lists is the one it lists, and may not be destroyed earlier, nor is its hold lifted.
4. A later revision carries what it replaces, and its origin is judged; a source that was itself split off has sources.

Afterwards, every unit but one, the practice's, came from exactly one source.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archiver.package import layout
from archiver.package.checks.evidence import FoundEvidence, algorithms_needed, find_evidence
from archiver.package.checks.revision import compare_previous, is_earlier
from archiver.package.contents import open_member
from archiver.package.errors import REFUSALS, ListsDisagree, MemberMissing, MemberUnlisted, TermShortened
from archiver.package.lists.hashing import HashedMember
from archiver.package.manifests.manifest import Handover, Manifest, SourcePackage
from archiver.package.manifests.manifest_reading import MAX_MANIFEST_BYTES, read_manifest
from archiver.package.member_table import Contents
from archiver.package.provenance.earlier import failure_under, judge_earlier, list_algorithm, origin_under
from archiver.package.provenance.origin import FIRST, first_evidence, judge_origin
from archiver.signing.trust.anchors import Trust
from archiver.verdict import Origin, SourceVerdict
from formats.digests import DigestAlgorithm
from formats.errors import Failure

_PLACE = re.compile(rf"{layout.SOURCE}/[0-9]{{3}}/")


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundSource:
    """A source as it lies under ``prefix``, nothing of it judged yet.

    ``names`` are its parts, and the units taken from it: each name it had, and the one it has here. ``manifest`` is
    what it says, or why that cannot be read.
    """

    prefix: str
    names: Mapping[str, str] = field(repr=False)
    contents: Contents = field(repr=False)
    manifest: Manifest | Failure
    evidence: FoundEvidence = field(repr=False)
    sources: tuple[FoundSource, ...] = ()

    @property
    def algorithms(self) -> Iterator[DigestAlgorithm]:
        """The hash functions under which members have to be hashed to be compared with its lists."""
        yield from algorithms_needed(self.evidence, first_evidence(self.contents))
        for prefix in ("", FIRST):
            yield from list_algorithm(self.contents, prefix)
        for one in self.sources:
            yield from one.algorithms

    def has(self, member: str) -> bool:
        """Say whether the unit ``member`` was taken from it."""
        return member in self.names


@dataclass(frozen=True, kw_only=True, slots=True)
class SourcesJudgement:
    """What each source proves, and what does not hold."""

    verdicts: tuple[SourceVerdict, ...] = ()
    faults: tuple[Failure, ...] = ()


def written_for(manifest: Manifest, sources: Sequence[FoundSource], member: str) -> Handover:
    """Return the facts of the handover for which the content of the unit ``member`` was written.

    They are those of the innermost source that has it; a unit that none has tells what the first one told.
    """
    source = next((one for one in sources if one.has(member)), sources[0] if sources else None)
    if source is None or isinstance(source.manifest, Failure):
        return manifest.handover
    return written_for(source.manifest, source.sources, member)


def find_sources(contents: Contents) -> tuple[FoundSource, ...]:
    """Return every source that lies in ``contents``, in the order of their numbers."""
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for name in contents:
        if found := _PLACE.match(name):
            parts[found[0]].append(name)
    return tuple(_found(contents, prefix, parts[prefix]) for prefix in sorted(parts))


def _found(contents: Contents, prefix: str, parts: Sequence[str]) -> FoundSource:
    names = {name.removeprefix(prefix): name for name in parts}
    own = {name: contents[there] for name, there in names.items()}
    try:
        with open_member(own, layout.MANIFEST, MAX_MANIFEST_BYTES) as stream:
            manifest = read_manifest(stream)
    except REFUSALS as failure:
        refusal = failure_under(failure, prefix)
        return FoundSource(prefix=prefix, names={}, contents=own, manifest=refusal, evidence={})
    taken = (layout.MIMETYPE, *(unit.member for unit in manifest.units))
    names |= {name: name for name in taken if name in contents}
    whole = {name: contents[there] for name, there in names.items()}
    return FoundSource(
        prefix=prefix,
        names=names,
        contents=whole,
        manifest=manifest,
        evidence=find_evidence(whole),
        sources=find_sources(whole),
    )


def judge_sources(
    manifest: Manifest,
    found: Sequence[FoundSource],
    hashed: Mapping[str, HashedMember],
    trust: Trust,
    *,
    own_units: int = 1,
) -> SourcesJudgement:
    """Follow the steps above for the package ``manifest``, of which ``own_units`` may be of no source."""
    stated = manifest.handover.sources
    places = [layout.source_member(number, "") for number in range(1, len(stated) + 1)]
    by_prefix = {one.prefix: one for one in found}
    missing = [prefix for prefix in places if prefix not in by_prefix]
    faults: list[Failure] = [
        MemberMissing(where=layout.MANIFEST, member=prefix + layout.MANIFEST) for prefix in missing
    ]
    faults += (
        MemberUnlisted(where=layout.MANIFEST, member=prefix) for prefix in by_prefix if prefix not in places
    )
    verdicts: list[SourceVerdict] = []
    for prefix, one in zip(places, stated, strict=True):
        if prefix in by_prefix:
            judged = _judged(manifest, one, by_prefix[prefix], hashed, trust)
            verdicts += judged.verdicts
            faults += judged.faults
    known = [one for one in found if one.prefix in places and isinstance(one.manifest, Manifest)]
    if stated and len(known) == len(stated):
        faults += _compare_taken(manifest, known, hashed, own_units)
    return SourcesJudgement(verdicts=tuple(verdicts), faults=tuple(faults))


def _compare_taken(
    manifest: Manifest, found: Sequence[FoundSource], hashed: Mapping[str, HashedMember], own_units: int
) -> Iterator[Failure]:
    """Yield every unit that is of no source, but for ``own_units``, or of several."""
    taken = Counter(name for one in found for name in one.names)
    here = [unit.member for unit in manifest.units if unit.member in hashed]
    strange = [member for member in here if not taken[member]][own_units:]
    twice = [member for member in here if taken[member] > 1]
    for member in (*strange, *twice):
        yield ListsDisagree(where=layout.MANIFEST, member=member)


def _judged(
    manifest: Manifest,
    stated: SourcePackage,
    source: FoundSource,
    hashed: Mapping[str, HashedMember],
    trust: Trust,
) -> SourcesJudgement:
    """Follow steps 1 to 4 for one source."""
    prefix, earlier = source.prefix, source.manifest
    if isinstance(earlier, Failure):
        return SourcesJudgement(faults=(earlier,))
    # 1. the one that is stated
    place = prefix + layout.MANIFEST
    if hashed[place].digest != stated.manifest_digest or earlier.package_id != stated.package_id:
        return SourcesJudgement(faults=(ListsDisagree(where=layout.MANIFEST, member=place),))
    # 2. its own signature and evidence
    named = {name: hashed[there] for name, there in source.names.items() if there in hashed}
    listed = (name for name in named if name != layout.MIMETYPE and not name.startswith(layout.META))
    judged = judge_earlier(source.contents, named, source.evidence, trust, same=listed, prefix=prefix)
    # 3. the units
    faults = [
        *judged.faults,
        *(failure_under(one, prefix) for one in _compare_units(earlier, manifest, source)),
    ]
    # 4. what it carries itself
    faults += (failure_under(one, prefix) for one in compare_previous(earlier, source.contents, named))
    first = judge_origin(earlier, source.contents, named, first_evidence(source.contents), trust)
    faults += (failure_under(one, prefix) for one in first.faults)
    inner = judge_sources(earlier, source.sources, named, trust, own_units=0)
    faults += (failure_under(one, prefix) for one in inner.faults)
    verdict = SourceVerdict(
        place=prefix.rstrip("/"),
        package=earlier.package_id,
        sender=earlier.handover.sender.name,
        created=earlier.handover.created,
        revision=earlier.revision,
        answers=judged.origin or Origin(),
        origin=first.origin and origin_under(first.origin, prefix),
    )
    nested = (_within(one, prefix) for one in inner.verdicts)
    return SourcesJudgement(verdicts=(verdict, *nested), faults=tuple(faults))


def _compare_units(earlier: Manifest, manifest: Manifest, source: FoundSource) -> Iterator[Failure]:
    """Yield every unit of ``source`` that is not what its manifest ``earlier`` lists, or is kept less long."""
    for unit in manifest.units:
        if not source.has(unit.member):
            continue
        before = earlier.units.of_member(unit.member)
        if (unit.size, unit.digest) != (before.size, before.digest):
            yield ListsDisagree(where=layout.MANIFEST, member=unit.member)
        if is_earlier(unit.destroy_from, before.destroy_from) or (before.hold and not unit.hold):
            yield TermShortened(where=layout.MANIFEST, unit=unit.id)


def _within(verdict: SourceVerdict, prefix: str) -> SourceVerdict:
    """Return the verdict about a source of a source, whose parts lie under ``prefix``."""
    return replace(
        verdict,
        place=f"{prefix}{verdict.place}",
        answers=origin_under(verdict.answers, prefix),
        origin=verdict.origin and origin_under(verdict.origin, prefix),
    )
