"""Examine a package without any key, and remember who signed it when that is asked for.

1. The package is examined as ``archiver.package.check`` says.
2. With a register, a sender seen for the first time is accepted, and remembered once
   everything else is proven; a sender seen before must be signed for by the same certificate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archiver.operations.first_use import FirstUse, believing, compare, remember_sender
from archiver.package import layout
from archiver.package.check import Examination, examine
from archiver.package.manifest import Manifest
from archiver.signing.trust import Trust
from archiver.verdict import Verdict
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
    first_use: FirstUse | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> ExaminedPackage:
    """Return the verdict about ``package``; with ``first_use`` a new sender is accepted and remembered.

    Raises:
        KnownSignersUnreadable: when the register cannot be read.
        DiskFull, DiskFault: when the disk refuses.
    """
    # 1. the package
    found = examine(package, believing(trust, first_use), progress=progress)
    verdict, manifest = found.verdict, found.manifest
    # 2. the register
    if first_use is not None and manifest is not None:
        verdict = compare(verdict, manifest, first_use)
        remember_sender(verdict, manifest, first_use)
    return ExaminedPackage(verdict=verdict, manifest=manifest, signed_list=_signed_list(found))


def _signed_list(found: Examination) -> str:
    if layout.ASIC_MANIFEST not in found.contents:
        return ""
    with found.contents[layout.ASIC_MANIFEST].open() as stream:
        digest = hashlib.sha256()
        for piece in chunks(stream):
            digest.update(piece)
    return digest.hexdigest()
