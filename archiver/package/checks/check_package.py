"""Examining a package without any key.

Nothing here is shared with the builder but the names of members and the
shape of records. The steps, in order:

1. The container or folder follows the rules and says what it is.
2. The ASiC manifest is there and readable: the *signed list* of data objects.
3. Every required member is there; every listed member is there; nothing else is, but evidence.
4. Every member has the digest of the signed list, and the CRC-32 of the container.
5. Every evidence record covers the members, and since when (``archiver.package.checks.evidence``); one that lies
   beside the file, or the folder it was unpacked in, covers it byte for byte
   (``archiver.package.checks.evidence_beside``).
6. The signature belongs to the signed list; whose it is, since when, and whether it is accepted,
   at the earliest moment at which step 5 proves that it existed.
   A second signature, where there is one, belongs to a second list that says the same.
7. ``manifest.json`` is valid, and says the same about units and keyrings as the signed list;
   a later revision holds the same units as the manifest it replaces, which it carries, and the first
   one's signature and evidence are judged as its origin (``archiver.package.provenance.origin``);
   a package that was split off carries what its sources said, and their signatures and evidence are judged over
   the units taken from them (``archiver.package.provenance.sources``);
   it states who signs, and what comes with each signature (``archiver.package.checks.stated_signatures``).
8. ``SHA256SUMS`` is valid, and says the same about every member as the signed list.
9. What is missing was lawfully destroyed, as a keeper signed that the reader accepts
   (``archiver.package.checks.destruction``); else it is missing.
10. *Intact* and *complete* are proven only when nothing was found and the list is truly signed.
   *Existed at* is the earliest moment that is proven, by a time-stamp or by evidence.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from archiver.package import layout
from archiver.package.checks.answers import judge_signatures, verdict_of
from archiver.package.checks.destruction import find_statements, judge_statements, stated_members
from archiver.package.checks.evidence import (
    algorithms_needed,
    find_evidence,
    judge_evidence,
    proven_times,
    times_of_member,
)
from archiver.package.checks.evidence_beside import Beside, judge_beside, lies_beside, look_beside
from archiver.package.checks.examination import Examination
from archiver.package.checks.faults import Faults
from archiver.package.checks.members import compare_bytes, compare_names
from archiver.package.checks.revision import compare_previous
from archiver.package.checks.stated_signatures import compare_signatures
from archiver.package.checks.sums import compare_sums
from archiver.package.container_file import place_of
from archiver.package.contents import contents_of, judge_set_size, lists_volumes, open_member
from archiver.package.errors import REFUSALS, ListsDisagree, MemberMissing, MemberUnlisted, NotAPackage
from archiver.package.lists.asic_reading import MAX_ASIC_MANIFEST_BYTES, read_asic_manifest
from archiver.package.lists.hashing import HashedMembers, Progress, hash_members, silent
from archiver.package.lists.signed_digests import sha256_of
from archiver.package.manifests.manifest import Manifest
from archiver.package.manifests.manifest_reading import MAX_MANIFEST_BYTES, read_manifest
from archiver.package.member_table import DigestTable, MemberTable
from archiver.package.provenance.earlier import list_algorithm
from archiver.package.provenance.origin import FIRST, first_evidence, judge_origin
from archiver.package.provenance.sources import FoundSource, SourcesJudgement, find_sources, judge_sources
from archiver.signing.trust.anchors import Trust
from archiver.verdict import RecordVerdict, Verdict, fault_line, refuted_answer
from formats.digests import DigestAlgorithm
from formats.errors import Failure
from formats.name_table import NameSet
from formats.words import mark

THREADS = min(8, os.cpu_count() or 1)
"""Readers at once; past eight the disk is the limit."""


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
    besides: Iterable[DigestAlgorithm] = (),
) -> Examination[Manifest]:
    """Follow the steps above; see ``check``. ``besides`` are more hash functions to hash members under."""
    # 1. the container
    try:
        contents = _package(path)
    except REFUSALS as failure:
        return Examination(verdict=_unreadable(failure))
    faults = Faults(stated=stated_members(statements := find_statements(contents)))
    # 2. the signed list
    listed = _signed_list(contents, faults)
    # 3. the names
    faults.file_all(MemberMissing(where=one, member=one) for one in layout.REQUIRED if one not in contents)
    if listed is not None:
        compare_names(contents, listed, faults, later=True)
    # 4. the bytes, under every hash function that evidence rests on
    evidence, earlier, sources = find_evidence(contents), first_evidence(contents), find_sources(contents)
    needed = _algorithms(listed, contents, sources, *besides, *algorithms_needed(evidence, earlier))
    hashed = hash_members(contents, threads=threads, progress=progress, besides=needed)
    compare_bytes(contents, listed, hashed, faults)
    signed = sha256_of(listed, hashed)
    # 5. the evidence
    inside, outside = judge_evidence(evidence, listed, hashed, trust), _evidence_beside(path, hashed, trust)
    # 6. the signature
    answers = judge_signatures(contents, listed, trust, proven_times((*inside, *outside)))
    # 7. the public manifest
    manifest, origin, provenance = _manifest(contents, signed, hashed, faults), None, SourcesJudgement()
    if manifest is not None:
        first = judge_origin(manifest, contents, hashed, earlier, trust)
        origin, provenance = first.origin, judge_sources(manifest, sources, hashed, trust)
        departures = compare_signatures(manifest.signatures, contents, answers)
        faults.file_all((*first.faults, *provenance.faults, *departures))
    # 8. the sums
    compare_sums(contents, signed, faults)
    # 9. destruction: what is missing by law
    times = partial(times_of_member, evidence, inside, outside)
    destruction = judge_statements(statements, manifest, contents, trust, times)
    faults.settle(destruction.members, destruction.faults)
    # 10. the verdict
    read = signed is not None
    verdict = verdict_of(faults, answers, (*inside, *outside), destruction.verdicts, list_read=read)
    return Examination(
        verdict=replace(verdict, origin=origin, sources=provenance.verdicts),
        contents=contents,
        manifest=manifest,
        hashed=hashed,
        evidence=evidence,
        sources=sources,
    )


def _evidence_beside(path: Path, hashed: HashedMembers, trust: Trust) -> tuple[RecordVerdict, ...]:
    beside = look_beside(path, members=hashed) if lies_beside(place_of(path)) else Beside()
    return judge_beside(path, beside, trust)


def _algorithms(
    listed: DigestTable | None,
    contents: MemberTable,
    sources: Iterable[FoundSource],
    *besides: DigestAlgorithm,
) -> Iterator[DigestAlgorithm]:
    """Yield the hash functions of the signed list, of those of earlier packages, and ``besides``."""
    yield from besides
    yield from list_algorithm(contents, FIRST)
    for one in sources:
        yield from one.algorithms
    if listed is not None:
        yield listed.algorithm


def _unreadable(failure: Failure) -> Verdict:
    return Verdict(intact=refuted_answer(failure), findings=(fault_line(failure),))


# -- 1 ------------------------------------------------------------------------------------


def _package(path: Path) -> MemberTable:
    contents = contents_of(path)
    if lists_volumes(contents):
        judge_set_size(path, contents)
        raise NotAPackage(where=str(path), reason=mark("it ties volumes; name one of them"))
    return contents


# -- 2 ------------------------------------------------------------------------------------


def _signed_list(contents: MemberTable, faults: Faults) -> DigestTable | None:
    try:
        with open_member(contents, layout.ASIC_MANIFEST, MAX_ASIC_MANIFEST_BYTES) as stream:
            return read_asic_manifest(stream, names=contents.names)
    except REFUSALS as failure:
        faults.file(failure)
        return None


# -- 7 ------------------------------------------------------------------------------------


def _manifest(
    contents: MemberTable, signed: DigestTable | None, hashed: HashedMembers, faults: Faults
) -> Manifest | None:
    try:
        with open_member(contents, layout.MANIFEST, MAX_MANIFEST_BYTES) as stream:
            manifest = read_manifest(stream, contents.names)
    except REFUSALS as failure:
        faults.file(failure)
        return None
    _compare_units(manifest, contents, signed, hashed, faults)
    for departure in compare_previous(manifest, contents, hashed):
        faults.file(departure)
    return manifest


def _compare_units(
    manifest: Manifest,
    contents: MemberTable,
    signed: DigestTable | None,
    hashed: HashedMembers,
    faults: Faults,
) -> None:
    names = contents.names
    listed, missing, different = NameSet(names), list[str](), list[str]()
    for name in manifest.keyrings:
        if listed.add(name) and name not in contents:
            missing.append(name)
    for number, digest, size in manifest.units.digests():
        listed.put(number)
        here = number < len(contents)
        if not here:
            missing.append(names[number])
        other = signed is not None and signed.contradicts(number, digest)
        if other or (here and hashed.size(number) != size and hashed.digest(number) == digest):
            different.append(names[number])
    for name in sorted(missing):
        faults.file(MemberMissing(where=layout.MANIFEST, member=name))
    members = (names[number] for number in range(len(contents)) if not listed.has(number))
    for name in sorted(name for name in members if name.startswith("units/") or layout.is_keyring(name)):
        faults.file(MemberUnlisted(where=layout.MANIFEST, member=name))
    for name in different:
        faults.file(ListsDisagree(where=layout.MANIFEST, member=name))
