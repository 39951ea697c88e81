"""Examining the container that ties a set, without any key.

The steps, in order; the volumes themselves are examined as packages:

1. The container or folder follows the rules and says what it is.
2. The signed list is there and readable.
3. Every evidence record beside it covers it, and since when (``archiver.package.checks.evidence_beside``).
4. The signature belongs to it, and the second one where two sign; whether they are accepted, at the
   earliest moment at which step 3 proves that they existed.
5. Every required member is there; every listed member is there; nothing else is.
6. Every member has the digest of the signed list, and the CRC-32 of the container.
7. ``set.json`` is valid, and states who signs, and what comes with each signature.
8. *Intact* and *complete* are proven only when nothing was found and the list is truly signed.
   *Existed at* is the earliest moment that is proven, by a time-stamp or by evidence.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from archiver.package import layout
from archiver.package.checks.answers import judge_signatures, verdict_of
from archiver.package.checks.evidence import proven_times
from archiver.package.checks.evidence_beside import judge_beside, look_beside
from archiver.package.checks.examination import Examination
from archiver.package.checks.faults import Faults
from archiver.package.checks.members import compare_bytes, compare_names
from archiver.package.checks.stated_signatures import compare_signatures
from archiver.package.contents import (
    MAX_SET_FILE,
    contents_of,
    judge_set_size,
    lists_volumes,
    small,
)
from archiver.package.errors import REFUSALS, MemberMissing
from archiver.package.lists.asic_reading import MAX_ASIC_MANIFEST_BYTES, read_asic_manifest
from archiver.package.lists.hashing import hash_members
from archiver.package.manifests.set_manifest import SetManifest
from archiver.package.manifests.set_reading import MAX_SET_BYTES, read_set_manifest
from archiver.package.member_table import Contents
from archiver.signing.signatures.answers import SignatureAnswers
from archiver.signing.trust.anchors import Trust
from formats.digests import DigestAlgorithm


def is_set(path: Path) -> bool:
    """Say whether ``path`` is the container that ties a set, as a file or unpacked.

    What cannot be read is none: an examination as a package says what is wrong with it.
    """
    with suppress(*REFUSALS, OSError):
        if path.is_dir():
            return (path / layout.SET_MANIFEST).is_file() and not (path / layout.MANIFEST).exists()
        if path.stat().st_size <= MAX_SET_FILE:
            return lists_volumes(contents_of(path))
    return False


def examine_set(
    path: Path, trust: Trust, *, besides: Iterable[DigestAlgorithm] = ()
) -> Examination[SetManifest]:
    """Follow the steps above; ``besides`` are more hash functions to hash the file under.

    Raises:
        DiskFault: when the disk does not give what lies there; that is no verdict.
    """
    faults = Faults()
    # 1. the container, 2. the signed list
    contents: Contents = {}
    try:
        contents = contents_of(path)
        judge_set_size(path, contents)
        signed = small(contents, layout.ASIC_MANIFEST, MAX_ASIC_MANIFEST_BYTES)
        listed = read_asic_manifest(signed, names=contents.names)
    except REFUSALS as failure:
        faults.file(failure)
        return Examination(verdict=verdict_of(faults, SignatureAnswers(), list_read=False), contents=contents)
    # 3. the evidence
    beside = look_beside(path, besides)
    records = judge_beside(path, beside, trust)
    # 4. the signature
    answers = judge_signatures(contents, listed, trust, proven_times(records))
    # 5. the names
    for name in dict.fromkeys((*layout.SET_REQUIRED, *sorted(listed))):
        if name not in contents:
            faults.file(MemberMissing(where=layout.ASIC_MANIFEST, member=name))
    compare_names(contents, listed, faults, later=False)
    # 6. the bytes
    compare_bytes(contents, listed, hash_members(contents, threads=1, besides=[listed.algorithm]), faults)
    # 7. the manifest
    manifest = None
    try:
        manifest = read_set_manifest(small(contents, layout.SET_MANIFEST, MAX_SET_BYTES))
        for departure in compare_signatures(
            manifest.signatures, contents, answers, where=layout.SET_MANIFEST
        ):
            faults.file(departure)
    except REFUSALS as failure:
        faults.file(failure)
    # 8. the verdict
    return Examination(
        verdict=verdict_of(faults, answers, records, list_read=True),
        manifest=manifest,
        contents=contents,
        hashed=beside.hashed,
        evidence=beside.found,
    )
