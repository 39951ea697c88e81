"""What a verdict rests on (ETSI TS 119 102-2, 4.4): the very file, whom the reader accepts, and the policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archiver import disk
from archiver.signing.certificates import fingerprint
from archiver.signing.holder import holder
from archiver.signing.trust import Service, Trust
from archiver.verdict import Anchor, Basis
from formats.digests import sha256_of_file


def basis_of(path: Path, trust: Trust) -> Basis:
    """Return what the verdict about the package or set at ``path`` rests on; a folder has no digest of its own.

    Raises:
        DiskFault: when the disk refuses.
    """
    sha256, size = "", None
    if path.is_file():
        with disk.told(path):
            sha256, size = sha256_of_file(path)
    return Basis(
        sha256=sha256,
        size=size,
        at=trust.at,
        policy=trust.policy.name,
        policy_issued=trust.policy.issued,
        anchors=tuple(_anchors(trust)),
        fingerprints=tuple(sorted(trust.fingerprints)),
        first_use=trust.first_use,
    )


def _anchors(trust: Trust) -> Iterator[Anchor]:
    for service in Service:
        for one in trust.anchors(service, trust.at):
            yield Anchor(
                service=service.value,
                subject=holder(one),
                sha256=fingerprint(one),
                trust_list=trust.trust_list(one, service),
            )
