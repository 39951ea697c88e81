"""An earlier package as far as this one carries it: what its own signature, time-stamp and evidence prove of it.

Its words lie here byte for byte, and the signature of this package covers them. In this order:

1. Its signed list is readable; it names its manifest and every part that is to be the same, with the digests they have
   here.
2. Every evidence record of it covers what of it is still here.
3. Its signature belongs to that list, and the second one where two signed; whose they are, since when, and whether
   they are accepted.
4. What its manifest states of its signatures came with them.

What is not so refutes *intact*, for it is part of what was signed. Who signed first need not be accepted: that is told,
and whoever opens relies on the signature of this package.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from archiver.package import layout
from archiver.package.checks.co_signature import co_answers, is_co_signed
from archiver.package.checks.evidence import (
    FoundEvidence,
    judge_evidence,
    package_existed_at,
    proven_times,
)
from archiver.package.checks.stated_signatures import compare_signatures
from archiver.package.contents import open_member, small
from archiver.package.errors import REFUSALS, ListsDisagree
from archiver.package.lists.asic_reading import MAX_ASIC_MANIFEST_BYTES, read_asic_manifest
from archiver.package.lists.hashing import HashedMember
from archiver.package.lists.signed_digests import sha256_of, uses_of_list
from archiver.package.manifests.manifest_reading import MAX_MANIFEST_BYTES, read_manifest
from archiver.package.member_table import Contents
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.signatures.signed_data import MAX_SIGNATURE_BYTES
from archiver.signing.trust.anchors import Trust
from archiver.verdict import Answer, Origin, State
from formats.digests import Digest, DigestAlgorithm
from formats.errors import Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class OriginJudgement:
    """What is known of an earlier package, and what does not hold."""

    origin: Origin | None
    faults: tuple[Failure, ...]


def list_algorithm(contents: Contents, prefix: str) -> tuple[DigestAlgorithm, ...]:
    """Return the hash function of the signed list that lies under ``prefix``; nothing without one."""
    place = prefix + layout.ASIC_MANIFEST
    if place not in contents:
        return ()
    try:
        with open_member(contents, place, MAX_ASIC_MANIFEST_BYTES) as stream:
            return (read_asic_manifest(stream).algorithm,)
    except REFUSALS:  # what is wrong with it is told where it is judged
        return ()


def judge_earlier(
    earlier: Contents,
    named: Mapping[str, HashedMember],
    evidence: FoundEvidence,
    trust: Trust,
    *,
    same: Iterable[str],
    prefix: str,
) -> OriginJudgement:
    """Follow the steps above for the package ``earlier``, each part under the name it had there.

    ``named`` is what was hashed, by the same names; those of ``same`` that are here must be as its list says.
    ``prefix`` is where its words lie here.
    """
    try:
        # 1. the list
        with open_member(earlier, layout.ASIC_MANIFEST, MAX_ASIC_MANIFEST_BYTES) as stream:
            listed = read_asic_manifest(stream)
        signature = small(earlier, layout.SIGNATURE, MAX_SIGNATURE_BYTES)
        with open_member(earlier, layout.MANIFEST, MAX_MANIFEST_BYTES) as stream:
            stated = read_manifest(stream).signatures
    except REFUSALS as failure:
        return OriginJudgement(origin=None, faults=(failure_under(failure, prefix),))
    signed: Mapping[str, Digest] = sha256_of(listed, named) or {}
    faults: list[Failure] = list(_departures(same, signed, named))
    # 2. the evidence
    covered = _unchanged(signed, named)
    records = judge_evidence(evidence, listed, covered, trust)
    proven_at = proven_times(records)
    # 3. the signature
    with earlier[layout.ASIC_MANIFEST].open() as stream:
        besides = uses_of_list(listed)
        answers = answer_signature(
            signature, stream, trust, where=layout.SIGNATURE, proven_at=proven_at, besides=besides
        )
    if is_co_signed(earlier):
        answers = co_answers(earlier, listed, trust, answers, proven_at)
    if answers.signed_by.failure is not None and answers.signed_by.state is State.REFUTED:
        faults.append(answers.signed_by.failure)
    # 4. what came with it
    faults += compare_signatures(stated, earlier, answers)
    origin = Origin(
        signed_by=answers.signed_by,
        existed_at=package_existed_at(answers.existed_at, records),
        trusted=answers.trusted,
    )
    placed_faults = tuple(failure_under(one, prefix) for one in faults)
    return OriginJudgement(origin=origin_under(origin, prefix), faults=placed_faults)


def _departures(
    same: Iterable[str], signed: Mapping[str, Digest], named: Mapping[str, HashedMember]
) -> Iterator[Failure]:
    for name in same:
        found = named.get(name)
        if found is not None and signed.get(name) != found.digest:
            yield ListsDisagree(where=layout.ASIC_MANIFEST, member=name)


def _unchanged(signed: Mapping[str, Digest], named: Mapping[str, HashedMember]) -> Mapping[str, HashedMember]:
    """Return the parts of the earlier package that are still what they were, its own words included."""
    return {
        name: one
        for name, one in named.items()
        if signed.get(name) == one.digest
        or name == layout.MIMETYPE
        or (name.startswith(layout.META) and not layout.is_evidence(name))
    }


def origin_under(origin: Origin, prefix: str) -> Origin:
    """Return the answers about an earlier package, which say that it lies under ``prefix``."""
    return Origin(**{name: _placed_answer(answer, prefix) for name, answer in origin.answers()})


def _placed_answer(answer: Answer, prefix: str) -> Answer:
    return replace(answer, where=_place(answer.where, prefix)) if answer.where else answer


def failure_under(failure: Failure, prefix: str) -> Failure:
    """Return ``failure``, which says now that it is about what lies under ``prefix``."""
    failure.where = _place(failure.where, prefix)
    return failure


def _place(where: str, prefix: str) -> str:
    return where if where.startswith(prefix) else f"{prefix}{where}"
