"""Packages with evidence of several years, made without the operations that a person calls."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from archiver.evidence.build import build_records
from archiver.evidence.records import write_record
from archiver.package import layout
from archiver.package.append import put_evidence
from archiver.package.contents import contents_of
from archiver.package.lists.asic_manifest import Reference, write_asic_manifest
from archiver.package.lists.hashing import hash_members
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import Stamping
from formats.digests import SHA256, DigestAlgorithm
from tests.packages import signer, trust
from tests.tsa import LocalAuthority
from tests.unit.evidence.life import first, second, third, year


def evidence_of(
    package: Path,
    stamp: Stamping,
    *,
    algorithm: DigestAlgorithm = SHA256,
    number: int = 1,
    leave: tuple[str, ...] = (),
) -> dict[str, bytes]:
    """Return the evidence members of ``package``, over everything in it but evidence and what to ``leave``."""
    contents = contents_of(package)
    hashed = hash_members(contents, threads=1, besides=(algorithm,))
    names = [one for one in contents if not layout.is_evidence(one) and one not in leave]
    manifest, member = layout.evidence_members(number)
    digests = {name: hashed[name].digests[algorithm] for name in names}
    (record,) = build_records([digests.values()], stamp, algorithm=algorithm)
    listed = [
        Reference(name=name, media_type=layout.member_media_type(name), digest=digest)
        for name, digest in digests.items()
    ]
    return {
        manifest: write_asic_manifest(listed, target=member),
        member: write_record(record),
    }


def add_evidence(
    package: Path, stamp: Stamping | None = None, *, algorithm: DigestAlgorithm = SHA256, number: int = 1
) -> Path:
    """Put evidence of June 2026 into ``package`` and return it."""
    evidence = evidence_of(package, stamp or first().at(year(2026)), algorithm=algorithm, number=number)
    put_evidence(package, evidence)
    return package


def reader(*authorities: LocalAuthority, at: datetime | None = None) -> Trust:
    """Return a reader's trust in the signer of ``tests.packages`` and in every authority."""
    stampers = authorities or (first(), second(), third())
    roots = (root for one in stampers for root in one.roots)
    whole = trust(signer())
    return Trust(at=at or year(2027), roots=whole.roots, tsa_roots=tuple(roots))
