"""What a verdict rests on (ETSI TS 119 102-2, 4.4): the very files, whom the reader accepts, and the policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from archiver import disk
from archiver.package.container_file import place_of
from archiver.signing.certificates.reading import fingerprint
from archiver.signing.certificates.subject import subject_name
from archiver.signing.trust.anchors import Service, Trust
from archiver.verdict_basis import Anchor, Basis, ExaminedFile
from formats.digests import digest_of_file


def basis_of(path: Path, trust: Trust, volumes: Sequence[str] = ()) -> Basis:
    """Return what the verdict about the package or set at ``path`` rests on; ``volumes`` are the files of a set.

    Each file is read once more: its parts were hashed one by one, and several at a time, when it was examined.

    Raises:
        DiskFault: when the disk refuses.
    """
    folder = place_of(path).parent
    return Basis(
        file=_file(path),
        volumes=tuple(_file(folder / name) for name in volumes),
        at=trust.at,
        policy=trust.policy.name,
        policy_issued=trust.policy.issued,
        anchors=tuple(_anchors(trust)),
        fingerprints=tuple(sorted(trust.fingerprints)),
        first_use=trust.first_use,
    )


def _file(path: Path) -> ExaminedFile:
    if not path.is_file():
        return ExaminedFile(name=path.name, digest=None, size=None)
    with disk.failures_about(path):
        digest, size = digest_of_file(path)
    return ExaminedFile(name=path.name, digest=digest, size=size)


def _anchors(trust: Trust) -> Iterator[Anchor]:
    for service in Service:
        for one in trust.anchors(service, trust.at):
            yield Anchor(
                service=service.value,
                subject=subject_name(one),
                fingerprint=fingerprint(one),
                trust_list=trust.trust_list(one, service),
            )
