"""The origin of a later revision: what its first revision's own signature, time-stamp and evidence prove.

They lie under ``previous/001/`` byte for byte, and the signature of the later revision covers them. In this order:

1. The first signed list is readable; it names the first manifest and every unit, with the digests they have here.
2. Every evidence record of the first revision covers what of it is still here: keyrings may have been replaced.
3. The first signature belongs to that list, and the second one where two signed; whose they are, since when,
   and whether they are accepted.
4. What the first manifest states of its signatures came with them.

What is not so refutes *intact*, for the history is part of what was signed. Who signed first need not be accepted:
that is told, and whoever opens relies on the signature of the later revision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from archiver.package import layout
from archiver.package.checks.co_signature import co_answers, is_co_signed
from archiver.package.checks.evidence import (
    FoundEvidence,
    find_evidence,
    judge_evidence,
    package_existed_at,
    proven_times,
)
from archiver.package.checks.stated_signatures import compare_signatures
from archiver.package.contents import open_member, small
from archiver.package.errors import REFUSALS, ListsDisagree
from archiver.package.lists.asic_reading import MAX_ASIC_MANIFEST_BYTES, read_asic_manifest
from archiver.package.lists.hashing import MemberDigest
from archiver.package.lists.signed_digests import sha256_of, uses_of_list
from archiver.package.manifests.manifest import Manifest
from archiver.package.manifests.manifest_reading import MAX_MANIFEST_BYTES, read_manifest
from archiver.package.member_table import Contents
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.signatures.signed_data import MAX_SIGNATURE_BYTES
from archiver.signing.trust.anchors import Trust
from archiver.verdict import Answer, Origin, State
from formats.errors import Failure

OWN = (layout.MANIFEST, layout.SUMS)
"""What the later revision says of itself besides ``META-INF/``: the first said it otherwise."""
FIRST = layout.previous_member(1, "")
"""Under which the first revision's own words lie."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OriginJudgement:
    """What is known of the origin, and what does not hold."""

    origin: Origin | None
    faults: tuple[Failure, ...]


def first_contents(contents: Contents) -> Contents:
    """Return the first revision as far as the later one holds it, each part under the name it had."""
    own = {name: place for name, place in contents.items() if _stays(name)}
    first = {name.removeprefix(FIRST): place for name, place in contents.items() if name.startswith(FIRST)}
    return {**own, **first}


def first_evidence(contents: Contents) -> FoundEvidence:
    """Return the evidence of the first revision that a later one carries."""
    if layout.previous_member(1, layout.MANIFEST) not in contents:
        return {}
    return find_evidence(first_contents(contents))


def first_list_hash(contents: Contents) -> tuple[str, ...]:
    """Return the hash function of the first revision's list that a later one carries; nothing without one."""
    place = layout.previous_member(1, layout.ASIC_MANIFEST)
    if place not in contents:
        return ()
    try:
        with open_member(contents, place, MAX_ASIC_MANIFEST_BYTES) as stream:
            return (read_asic_manifest(stream).hash_name,)
    except REFUSALS:  # what is wrong with it is told where it is judged
        return ()


def judge_origin(
    manifest: Manifest,
    contents: Contents,
    hashed: Mapping[str, MemberDigest],
    evidence: FoundEvidence,
    trust: Trust,
) -> OriginJudgement:
    """Follow the steps above for the later revision ``manifest``; ``evidence`` is that of the first one."""
    first = first_contents(contents)
    try:
        # 1. the list
        with open_member(first, layout.ASIC_MANIFEST, MAX_ASIC_MANIFEST_BYTES) as stream:
            listed = read_asic_manifest(stream)
        signature = small(first, layout.SIGNATURE, MAX_SIGNATURE_BYTES)
        with open_member(first, layout.MANIFEST, MAX_MANIFEST_BYTES) as stream:
            stated = read_manifest(stream).signatures
    except REFUSALS as failure:
        return OriginJudgement(origin=None, faults=(_placed(failure),))
    named = _named(hashed)
    signed: Mapping[str, bytes] = sha256_of(listed, named) or {}
    faults: list[Failure] = list(_departures(manifest, signed, named))
    # 2. the evidence
    covered = _unchanged(signed, named)
    records = judge_evidence(evidence, listed.digests, covered, trust)
    proven_at = proven_times(records)
    # 3. the signature
    with first[layout.ASIC_MANIFEST].open() as stream:
        besides = uses_of_list(listed)
        answers = answer_signature(
            signature, stream, trust, where=layout.SIGNATURE, proven_at=proven_at, besides=besides
        )
    if is_co_signed(first):
        answers = co_answers(first, listed, trust, answers, proven_at)
    if answers.signed_by.failure is not None and answers.signed_by.state is State.REFUTED:
        faults.append(answers.signed_by.failure)
    # 4. what came with it
    faults += compare_signatures(stated, first, answers)
    origin = Origin(
        signed_by=_origin_answer(answers.signed_by),
        existed_at=_origin_answer(package_existed_at(answers.existed_at, records)),
        trusted=_origin_answer(answers.trusted),
    )
    return OriginJudgement(origin=origin, faults=tuple(map(_placed, faults)))


def _stays(name: str) -> bool:
    """Say whether a part of the later revision may be one of the first, under the same name."""
    return not name.startswith((f"{layout.PREVIOUS}/", layout.META)) and name not in OWN


def _named(hashed: Mapping[str, MemberDigest]) -> Mapping[str, MemberDigest]:
    """Return what was hashed under the names it had in the first revision."""
    own = {name: one for name, one in hashed.items() if _stays(name)}
    first = {name.removeprefix(FIRST): one for name, one in hashed.items() if name.startswith(FIRST)}
    return {**own, **first}


def _departures(
    manifest: Manifest, signed: Mapping[str, bytes], hashed: Mapping[str, MemberDigest]
) -> Iterator[Failure]:
    for name in (layout.MANIFEST, *(unit.member for unit in manifest.units)):
        found = hashed.get(name)
        if found is not None and signed.get(name) != found.sha256:
            yield ListsDisagree(where=layout.ASIC_MANIFEST, member=name)


def _unchanged(signed: Mapping[str, bytes], hashed: Mapping[str, MemberDigest]) -> Mapping[str, MemberDigest]:
    """Return the parts of the first revision that are still what they were, its own words included."""
    return {
        name: one
        for name, one in hashed.items()
        if signed.get(name) == one.sha256
        or name == layout.MIMETYPE
        or (name.startswith(layout.META) and not layout.is_evidence(name))
    }


def _origin_answer(answer: Answer) -> Answer:
    return replace(answer, where=_place(answer.where)) if answer.where else answer


def _placed(failure: Failure) -> Failure:
    failure.where = _place(failure.where)
    return failure


def _place(where: str) -> str:
    return where if where.startswith(FIRST) else f"{FIRST}{where}"
