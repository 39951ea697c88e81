"""Examining a package without any key.

Nothing here is shared with the builder but the names of members and the
shape of records. The steps, in order:

1. The container or folder follows the rules and says what it is.
2. The ASiC manifest is there and readable: the *signed list* of data objects.
3. Every required member is there; every listed member is there; nothing else is, but evidence.
4. Every member has the digest of the signed list, and the CRC-32 of the container.
5. Every evidence record covers the members, and since when (``archiver.package.checks.evidence``).
6. The signature belongs to the signed list; whose it is, since when, and whether it is accepted,
   at the earliest moment at which step 5 proves that it existed.
   A second signature, where there is one, belongs to a second list that says the same.
7. ``manifest.json`` is valid, and says the same about units and keyrings as the signed list;
   a later revision holds the same units as the manifest it replaces, which it carries, and the first
   one's signature and evidence are judged as its origin (``archiver.package.checks.origin``);
   it states who signs, and what comes with each signature (``archiver.package.checks.stated_signatures``).
8. ``SHA256SUMS`` is valid, and says the same about every member as the signed list.
9. *Intact* and *complete* are proven only when nothing was found and the list is truly signed.
   *Existed at* is the earliest moment that is proven, by a time-stamp or by evidence.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from archiver.package import layout
from archiver.package.checks.co_signature import co_answers, is_co_signed
from archiver.package.checks.evidence import (
    FoundEvidence,
    find_evidence,
    hash_names_needed,
    judge_evidence,
    package_existed_at,
    proven_times,
)
from archiver.package.checks.faults import Faults
from archiver.package.checks.origin import first_evidence, first_list_hash, judge_origin
from archiver.package.checks.revision import compare_previous
from archiver.package.checks.stated_signatures import compare_signatures
from archiver.package.checks.sums import Digests, Refusal, compare_sums
from archiver.package.contents import Contents, contents_of, judge_set_size, lists_volumes, open_member, small
from archiver.package.errors import DigestMismatch, ListsDisagree, MemberMissing, MemberUnlisted, NotAPackage
from archiver.package.lists.asic_manifest import ListedDigests
from archiver.package.lists.asic_reading import MAX_ASIC_MANIFEST_BYTES, read_asic_manifest
from archiver.package.lists.hashing import MemberDigest, Progress, hash_members, silent
from archiver.package.lists.signed_digests import sha256_of, uses_of_list
from archiver.package.manifests.manifest import Manifest
from archiver.package.manifests.manifest_reading import MAX_MANIFEST_BYTES, read_manifest
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
from formats.errors import Failure
from formats.words import mark

THREADS = min(8, os.cpu_count() or 1)
"""Readers at once; past eight the disk is the limit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Examination:
    """What an examination saw: the verdict, and the parts that opening and renewing go on with."""

    verdict: Verdict
    contents: Contents
    manifest: Manifest | None
    hashed: Mapping[str, MemberDigest] = field(default_factory=dict)
    evidence: FoundEvidence = field(default_factory=dict)


def check(path: Path, trust: Trust, *, threads: int = THREADS, progress: Progress = silent) -> Verdict:
    """Return the verdict about the package at ``path``, a file or the same tree in a folder.

    ``progress`` is told the bytes hashed since it was last told.

    Raises:
        DiskFault: when the disk does not give what lies there; that is no verdict.
    """
    return examine(path, trust, threads=threads, progress=progress).verdict


def examine(
    path: Path,
    trust: Trust,
    *,
    threads: int = THREADS,
    progress: Progress = silent,
    besides: Iterable[str] = (),
) -> Examination:
    """Follow the steps above; see ``check``. ``besides`` are more hash functions to hash members under."""
    faults = Faults()
    # 1. the container
    try:
        contents = _package(path)
    except Refusal as failure:
        return Examination(verdict=_unreadable(failure), contents={}, manifest=None)
    # 2. the signed list
    listed = _signed_list(contents, faults)
    # 3. the names
    _compare_names(contents, listed.digests if listed else None, faults)
    # 4. the bytes, under every hash function that evidence rests on
    evidence, earlier = find_evidence(contents), first_evidence(contents)
    needed = [*besides, *hash_names_needed(evidence), *hash_names_needed(earlier), *first_list_hash(contents)]
    needed += [listed.hash_name] if listed else []
    hashed = hash_members(contents, threads=threads, progress=progress, besides=needed)
    _compare_bytes(contents, listed, hashed, faults)
    signed = sha256_of(listed, hashed)
    # 5. the evidence
    records = judge_evidence(evidence, listed.digests if listed else None, hashed, trust)
    # 6. the signature
    proven_at = proven_times(records)
    answers = _signature(contents, listed, trust, proven_at)
    if is_co_signed(contents):
        answers = co_answers(contents, listed, trust, answers, proven_at)
    # 7. the public manifest
    manifest, origin = _manifest(contents, signed, hashed, faults), None
    if manifest is not None and manifest.revision > 1:
        judged = judge_origin(manifest, contents, hashed, earlier, trust)
        origin = judged.origin
        for departure in judged.faults:
            faults.file(departure)
    if manifest is not None:
        for departure in compare_signatures(manifest.signatures, contents, answers):
            faults.file(departure)
    # 8. the sums
    compare_sums(contents, signed, faults)
    # 9. the verdict
    answers = replace(answers, existed_at=package_existed_at(answers.existed_at, records))
    verdict = replace(_verdict(faults, answers, signed), records=records, origin=origin)
    return Examination(
        verdict=verdict, contents=contents, manifest=manifest, hashed=hashed, evidence=evidence
    )


# -- 1 ------------------------------------------------------------------------------------


def _package(path: Path) -> Contents:
    contents = contents_of(path)
    if lists_volumes(contents):
        judge_set_size(path, contents)
        raise NotAPackage(where=str(path), reason=mark("it ties volumes; name one of them"))
    return contents


def _unreadable(failure: Failure) -> Verdict:
    return Verdict(
        intact=refuted_answer(failure),
        complete=NOT_EXAMINED,
        signed_by=NOT_EXAMINED,
        existed_at=NOT_EXAMINED,
        trusted=NOT_EXAMINED,
        findings=(fault_line(failure),),
    )


# -- 2 ------------------------------------------------------------------------------------


def _signed_list(contents: Contents, faults: Faults) -> ListedDigests | None:
    try:
        with open_member(contents, layout.ASIC_MANIFEST, MAX_ASIC_MANIFEST_BYTES) as stream:
            return read_asic_manifest(stream)
    except Refusal as failure:
        faults.file(failure)
        return None


# -- 3 ------------------------------------------------------------------------------------


def _compare_names(contents: Contents, signed: Digests | None, faults: Faults) -> None:
    for name in layout.REQUIRED:
        if name not in contents:
            faults.file(MemberMissing(where=name, member=name))
    if signed is None:
        return
    held = {name for name in contents if not layout.is_evidence(name)}
    for name in sorted(held - signed.keys() - layout.NOT_DATA_OBJECTS):
        faults.file(MemberUnlisted(where=layout.ASIC_MANIFEST, member=name))
    for name in sorted(signed.keys() - contents.keys()):
        faults.file(MemberMissing(where=layout.ASIC_MANIFEST, member=name))
    for name in sorted(one for one in signed if one in layout.NOT_DATA_OBJECTS or layout.is_evidence(one)):
        faults.file(ListsDisagree(where=layout.ASIC_MANIFEST, member=name))


# -- 4 ------------------------------------------------------------------------------------


def _compare_bytes(
    contents: Contents, listed: ListedDigests | None, hashed: Mapping[str, MemberDigest], faults: Faults
) -> None:
    for name, place in contents.items():
        found = hashed[name]
        digest = found.digests[listed.hash_name] if listed else found.sha256
        listed_digest = listed.digests.get(name, digest) if listed else digest
        crc32 = found.crc32 if place.crc32 is None else place.crc32
        if (digest, found.crc32, found.size) != (listed_digest, crc32, place.size):
            faults.file(DigestMismatch(where=name, member=name))


# -- 6 ------------------------------------------------------------------------------------


def _signature(
    contents: Contents, listed: ListedDigests | None, trust: Trust, proven_at: Sequence[datetime]
) -> SignatureAnswers:
    try:
        signature = small(contents, layout.SIGNATURE, MAX_SIGNATURE_BYTES)
    except Refusal as failure:
        return SignatureAnswers(
            signed_by=refuted_answer(failure), existed_at=NOT_EXAMINED, trusted=NOT_EXAMINED
        )
    place = contents.get(layout.ASIC_MANIFEST)
    if place is None or place.size > MAX_ASIC_MANIFEST_BYTES:
        return SignatureAnswers(signed_by=NOT_EXAMINED, existed_at=NOT_EXAMINED, trusted=NOT_EXAMINED)
    with place.open() as signed:
        besides = uses_of_list(listed)
        return answer_signature(
            signature, signed, trust, where=layout.SIGNATURE, proven_at=proven_at, besides=besides
        )


# -- 7 ------------------------------------------------------------------------------------


def _manifest(
    contents: Contents, signed: Digests | None, hashed: Mapping[str, MemberDigest], faults: Faults
) -> Manifest | None:
    try:
        with open_member(contents, layout.MANIFEST, MAX_MANIFEST_BYTES) as stream:
            manifest = read_manifest(stream)
    except Refusal as failure:
        faults.file(failure)
        return None
    units = {unit.member: unit for unit in manifest.units}
    listed = units.keys() | set(manifest.keyrings)
    held = {name for name in contents if name.startswith("units/") or layout.is_keyring(name)}
    for name in sorted(listed - held):
        faults.file(MemberMissing(where=layout.MANIFEST, member=name))
    for name in sorted(held - listed):
        faults.file(MemberUnlisted(where=layout.MANIFEST, member=name))
    for name, unit in units.items():
        digest, found = bytes.fromhex(unit.sha256), hashed.get(name)
        as_signed = digest == (signed or {}).get(name, digest)
        as_found = found is None or found.sha256 != digest or found.size == unit.size
        if not (as_signed and as_found):
            faults.file(ListsDisagree(where=layout.MANIFEST, member=name))
    for departure in compare_previous(manifest, contents, hashed):
        faults.file(departure)
    return manifest


# -- 9 ------------------------------------------------------------------------------------


def _verdict(faults: Faults, answers: SignatureAnswers, signed: Digests | None) -> Verdict:
    truly_signed = answers.signed_by.state is State.PROVEN and signed is not None
    intact = mark("Every part is as it was signed.")
    complete = mark("Everything that was signed is there, and nothing else.")
    others = (answers.signed_by, answers.existed_at, answers.trusted)
    failures = [one.failure for one in others if one.failure]
    failures += [faults.unknown] if faults.unknown else []
    found = (*faults.changed.values(), *faults.incomplete.values(), *faults.limits_exceeded(), *failures)
    return Verdict(
        intact=_intact(faults, _settled(faults.changed, truly_signed, "intact", intact)),
        complete=_settled(faults.incomplete, truly_signed, "complete", complete),
        signed_by=answers.signed_by,
        existed_at=answers.existed_at,
        trusted=answers.trusted,
        holds=answers.holds,
        findings=tuple(map(fault_line, found)),
    )


def _intact(faults: Faults, settled: Answer) -> Answer:
    """Return ``settled``, unless nobody can tell because the list is under a hash function that is not known."""
    return unproven_answer(faults.unknown) if faults.unknown and not faults.changed else settled


def _settled(faults: dict[object, Failure], truly_signed: bool, code: str, sentence: str) -> Answer:
    if faults:
        return refuted_answer(next(iter(faults.values())))
    if not truly_signed:
        reason = mark("The list of what should be there is not truly signed, so it proves nothing.")
        return unknown_answer("list-unsigned", reason)
    return proven_answer(code, sentence)
