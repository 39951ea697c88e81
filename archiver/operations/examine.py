"""Examine a package without any key, and remember who signed it when that is asked for.

1. The package is examined as ``archiver.package.check`` says.
2. With a register, a sender seen for the first time is accepted, and remembered once
   everything else is proven; a sender seen before must be signed for by the same certificate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver.package import layout
from archiver.package.check import Examination, examine
from archiver.package.manifest import Manifest
from archiver.signing.known_signers import KnownSigner, compared, read_known_signers, remember
from archiver.signing.trust import Trust
from archiver.verdict import State, Verdict, noticed
from formats.digests import chunks


@dataclass(frozen=True, kw_only=True, slots=True)
class ExaminedPackage:
    """The verdict about a package, and what its manifest says where that could be read.

    ``signed_list`` is the SHA-256 (hexadecimal) of the ASiC manifest; empty where there is none.
    """

    verdict: Verdict
    manifest: Manifest | None
    signed_list: str


def examine_package(
    package: Path,
    trust: Trust,
    *,
    clock: Callable[[], datetime],
    known: Path | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> ExaminedPackage:
    """Return the verdict about ``package``; ``known`` is the folder of the register of first use.

    Raises:
        KnownSignersUnreadable: when the register cannot be read.
        DiskFault: when the disk refuses.
    """
    everybody = read_known_signers(known) if known else {}
    # 1. the package
    accepted = replace(trust, first_use=trust.first_use or known is not None)
    found = examine(package, accepted, progress=progress)
    verdict, manifest = found.verdict, found.manifest
    if known is None or manifest is None:
        return ExaminedPackage(verdict=verdict, manifest=manifest, signed_list=_signed_list(found))
    # 2. the register
    sender = sender_of(manifest)
    trusted = compared(verdict.trusted, sender, everybody.get(sender))
    if trusted.failure is not None and trusted.failure is not verdict.trusted.failure:
        verdict = replace(verdict, findings=(*verdict.findings, noticed(trusted.failure)))
    verdict = replace(verdict, trusted=trusted)
    if trusted.code == "accepted-first-use" and verdict.refusal is None and _settled(verdict):
        facts = trusted.facts
        known_signer = KnownSigner(
            fingerprint=str(facts["fingerprint"]),
            signer=str(facts["signer"]),
            since=clock().replace(microsecond=0),
            package=manifest.package_id,
        )
        remember(known, sender, known_signer)
    return ExaminedPackage(verdict=verdict, manifest=manifest, signed_list=_signed_list(found))


def sender_of(manifest: Manifest) -> str:
    """Return by what a sender is known again: an official number, else its name."""
    sender = manifest.handover.sender
    number = next((f"{one.system}|{one.value}" for one in sender.identifiers), "")
    return number or sender.name


def _signed_list(found: Examination) -> str:
    if layout.ASIC_MANIFEST not in found.contents:
        return ""
    with found.contents[layout.ASIC_MANIFEST].open() as stream:
        digest = hashlib.sha256()
        for piece in chunks(stream):
            digest.update(piece)
    return digest.hexdigest()


def _settled(verdict: Verdict) -> bool:
    asked = (verdict.intact, verdict.complete, verdict.signed_by)
    return all(answer.state is State.PROVEN for answer in asked)
