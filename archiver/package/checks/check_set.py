"""Examining the container that ties a set, without any key.

The steps, in order; the volumes themselves are examined as packages:

1. The container or folder follows the rules and says what it is.
2. The signed list is there and readable.
3. Every evidence record beside it covers it, and since when (``archiver.package.checks.set_evidence``).
4. The signature belongs to it, and the second one where two sign; whether they are accepted, at the
   earliest moment at which step 3 proves that they existed.
5. Every required member is there; every listed member is there; nothing else is.
6. Every member has the digest of the signed list, and the CRC-32 of the container.
7. ``set.json`` is valid, and states who signs, and what comes with each signature.
8. *Intact* and *complete* are proven only when nothing was found and the list is truly signed.
   *Existed at* is the earliest moment that is proven, by a time-stamp or by evidence.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from archiver.errors import PackageFailure
from archiver.package import layout
from archiver.package.checks.co_signature import co_answers, is_co_signed
from archiver.package.checks.evidence import FoundEvidence, package_existed_at, proven_times
from archiver.package.checks.set_evidence import judge_beside, look_beside
from archiver.package.checks.stated_signatures import compare_signatures
from archiver.package.contents import (
    MAX_SET_FILE,
    Contents,
    contents_of,
    judge_set_size,
    lists_volumes,
    small,
)
from archiver.package.errors import (
    DigestMismatch,
    ListAlgorithmUnknown,
    ListsDisagree,
    MemberMissing,
    MemberUnlisted,
)
from archiver.package.lists.asic_manifest import ListedDigests
from archiver.package.lists.asic_reading import MAX_ASIC_MANIFEST_BYTES, read_asic_manifest
from archiver.package.lists.hashing import MemberDigest
from archiver.package.lists.signed_digests import uses_of_list
from archiver.package.manifests.set_manifest import SetManifest
from archiver.package.manifests.set_reading import MAX_SET_BYTES, read_set_manifest
from archiver.signing.signatures.answers import SignatureAnswers, answer_signature
from archiver.signing.signatures.signed_data import MAX_SIGNATURE_BYTES
from archiver.signing.trust.anchors import Trust
from archiver.verdict import (
    NOT_EXAMINED,
    Answer,
    State,
    Verdict,
    fault_line,
    proven_answer,
    refuted_answer,
    unknown_answer,
    unproven_answer,
)
from formats.errors import Failure, FormatFailure
from formats.words import mark

Refusal = (PackageFailure, FormatFailure)
"""What is wrong with a set; a disk that refuses says nothing about it and is raised."""
NO_ANSWERS = SignatureAnswers(signed_by=NOT_EXAMINED, existed_at=NOT_EXAMINED, trusted=NOT_EXAMINED)


@dataclass(frozen=True, kw_only=True, slots=True)
class SetExamination:
    """What an examination of the container saw; ``hashed`` is its file, by its name."""

    verdict: Verdict
    manifest: SetManifest | None
    contents: Contents
    hashed: Mapping[str, MemberDigest] = field(default_factory=dict)
    evidence: FoundEvidence = field(default_factory=dict)


def is_set(path: Path) -> bool:
    """Say whether ``path`` is the container that ties a set, as a file or unpacked.

    What cannot be read is none: an examination as a package says what is wrong with it.
    """
    with suppress(*Refusal, OSError):
        if path.is_dir():
            return (path / layout.SET_MANIFEST).is_file() and not (path / layout.MANIFEST).exists()
        if path.stat().st_size <= MAX_SET_FILE:
            return lists_volumes(contents_of(path))
    return False


def examine_set(path: Path, trust: Trust, *, besides: Iterable[str] = ()) -> SetExamination:
    """Follow the steps above; ``besides`` are more hash functions to hash the file under.

    Raises:
        DiskFault: when the disk does not give what lies there; that is no verdict.
    """
    # 1. the container, 2. the signed list
    contents: Contents = {}
    try:
        contents = contents_of(path)
        judge_set_size(path, contents)
        raw = small(contents, layout.ASIC_MANIFEST, MAX_ASIC_MANIFEST_BYTES)
        listed = read_asic_manifest(raw)
    except Refusal as failure:
        return SetExamination(verdict=_verdict([failure], NO_ANSWERS), manifest=None, contents=contents)
    # 3. the evidence
    beside = look_beside(path, besides)
    records = judge_beside(path, beside, trust)
    # 4. the signature
    proven_at = proven_times(records)
    answers = _signature(contents, raw, listed, trust, proven_at)
    if is_co_signed(contents):
        answers = co_answers(contents, listed, trust, answers, proven_at)
    # 5. the names, 6. the bytes
    faults = [*_names(contents, listed.digests), *_bytes(contents, listed)]
    # 7. the manifest
    manifest = None
    try:
        manifest = read_set_manifest(small(contents, layout.SET_MANIFEST, MAX_SET_BYTES))
        faults += compare_signatures(manifest.signatures, contents, answers, where=layout.SET_MANIFEST)
    except Refusal as failure:
        faults.append(failure)
    # 8. the verdict
    answers = replace(answers, existed_at=package_existed_at(answers.existed_at, records))
    return SetExamination(
        verdict=replace(_verdict(faults, answers), records=records),
        manifest=manifest,
        contents=contents,
        hashed=beside.hashed,
        evidence=beside.found,
    )


# -- 4 ------------------------------------------------------------------------------------


def _signature(
    contents: Contents, raw: bytes, listed: ListedDigests, trust: Trust, proven_at: Sequence[datetime]
) -> SignatureAnswers:
    try:
        signature = small(contents, layout.SIGNATURE, MAX_SIGNATURE_BYTES)
    except Refusal as failure:
        return SignatureAnswers(
            signed_by=refuted_answer(failure), existed_at=NOT_EXAMINED, trusted=NOT_EXAMINED
        )
    besides = uses_of_list(listed)
    return answer_signature(
        signature, raw, trust, where=layout.SIGNATURE, proven_at=proven_at, besides=besides
    )


# -- 5 ------------------------------------------------------------------------------------


def _names(contents: Contents, signed: Mapping[str, bytes]) -> Iterator[Failure]:
    listed = layout.ASIC_MANIFEST
    needed = dict.fromkeys((*layout.SET_REQUIRED, *sorted(signed)))
    yield from (MemberMissing(where=listed, member=name) for name in needed if name not in contents)
    for name in sorted(contents.keys() - signed.keys() - layout.NOT_DATA_OBJECTS):
        yield MemberUnlisted(where=listed, member=name)
    for name in sorted(signed.keys() & layout.NOT_DATA_OBJECTS):
        yield ListsDisagree(where=listed, member=name)


# -- 6 ------------------------------------------------------------------------------------


def _bytes(contents: Contents, listed: ListedDigests) -> Iterator[Failure]:
    signed = listed.digests
    for name, place in contents.items():
        data = small(contents, name, MAX_SET_FILE)
        as_listed = name not in signed or hashlib.new(listed.hash_name, data).digest() == signed[name]
        as_stored = place.crc32 is None or zlib.crc32(data) == place.crc32
        if not (as_listed and as_stored):
            yield DigestMismatch(where=name, member=name)


# -- 8 ------------------------------------------------------------------------------------


def _verdict(faults: Sequence[Failure], answers: SignatureAnswers) -> Verdict:
    lost = [one for one in faults if isinstance(one, MemberMissing | MemberUnlisted)]
    changed = [one for one in faults if one not in lost]
    signed = answers.signed_by.state is State.PROVEN
    others = (answers.signed_by, answers.existed_at, answers.trusted)
    return Verdict(
        intact=_settled(changed, signed, "intact", mark("Every part is as it was signed.")),
        complete=_settled(
            lost, signed, "complete", mark("Everything that was signed is there, and nothing else.")
        ),
        signed_by=answers.signed_by,
        existed_at=answers.existed_at,
        trusted=answers.trusted,
        holds=answers.holds,
        findings=tuple(fault_line(one) for one in (*faults, *(two.failure for two in others)) if one),
    )


def _settled(faults: Sequence[Failure], signed: bool, code: str, sentence: str) -> Answer:
    if faults:
        unknown_list = isinstance(faults[0], ListAlgorithmUnknown)
        return unproven_answer(faults[0]) if unknown_list else refuted_answer(faults[0])
    if not signed:
        reason = mark("The list of what should be there is not truly signed, so it proves nothing.")
        return unknown_answer("list-unsigned", reason)
    return proven_answer(code, sentence)
