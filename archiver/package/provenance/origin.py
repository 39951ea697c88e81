"""The origin of a later revision: what its first revision's own signature, time-stamp and evidence prove.

The first revision's words lie under ``previous/001/`` byte for byte; keyrings may have been replaced since. How they
are judged: ``archiver.package.provenance.earlier``.
"""

from __future__ import annotations

from collections.abc import Mapping

from archiver.package import layout
from archiver.package.checks.evidence import FoundEvidence, find_evidence
from archiver.package.lists.hashing import HashedMember
from archiver.package.manifests.manifest import Manifest
from archiver.package.member_table import Contents
from archiver.package.provenance.earlier import OriginJudgement, judge_earlier
from archiver.signing.trust.anchors import Trust

OWN = (layout.MANIFEST, layout.SUMS)
"""What the later revision says of itself besides ``META-INF/``: the first said it otherwise."""
FIRST = layout.previous_member(1, "")
"""Under which the first revision's own words lie."""


def first_contents(contents: Contents) -> Contents:
    """Return the first revision as far as the later one holds it, each part under the name it had."""
    own = {name: place for name, place in contents.items() if _stays(name)}
    first = {name.removeprefix(FIRST): place for name, place in contents.items() if name.startswith(FIRST)}
    return {**own, **first}


def first_evidence(contents: Contents) -> FoundEvidence:
    """Return the evidence of the first revision that a later one carries."""
    if FIRST + layout.MANIFEST not in contents:
        return {}
    return find_evidence(first_contents(contents))


def judge_origin(
    manifest: Manifest,
    contents: Contents,
    hashed: Mapping[str, HashedMember],
    evidence: FoundEvidence,
    trust: Trust,
) -> OriginJudgement:
    """Judge the first revision of ``manifest``, where that is a later one; ``evidence`` is that of the first."""
    if manifest.revision == 1:
        return OriginJudgement(origin=None, faults=())
    return judge_earlier(
        first_contents(contents),
        _named(hashed),
        evidence,
        trust,
        same=(layout.MANIFEST, *(unit.member for unit in manifest.units)),
        prefix=FIRST,
    )


def _stays(name: str) -> bool:
    """Say whether a part of the later revision may be one of the first, under the same name."""
    return not name.startswith((f"{layout.PREVIOUS}/", layout.META)) and name not in OWN


def _named(hashed: Mapping[str, HashedMember]) -> Mapping[str, HashedMember]:
    """Return what was hashed under the names it had in the first revision."""
    own = {name: one for name, one in hashed.items() if _stays(name)}
    first = {name.removeprefix(FIRST): one for name, one in hashed.items() if name.startswith(FIRST)}
    return {**own, **first}
