"""Examine a package without any key, and remember who signed it when that is asked for.

1. The package is examined as ``archiver.package.check`` says.
2. With a register, a sender seen for the first time is accepted, and remembered once
   everything else is proven; a sender seen before must be signed for by the same certificate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archiver.operations.first_use import FirstUse, believing, compare, remember_sender
from archiver.package import layout
from archiver.package.check import examine
from archiver.package.contents import Contents, digest_of
from archiver.package.manifest import Manifest
from archiver.package.set_manifest import SetManifest
from archiver.signing.trust import Trust
from archiver.verdict import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class ExaminedVolume:
    """One volume of a set, in the file called ``file``, as a package by itself."""

    file: str
    verdict: Verdict
    manifest: Manifest | None
    contents: Contents


@dataclass(frozen=True, kw_only=True, slots=True)
class ExaminedPackage:
    """The verdict about a package, and what its manifest says where that could be read.

    ``contents`` are those of the package. Of a set there is ``tie`` instead of a manifest, the
    contents of its container, and what was found of each of its ``volumes``.
    """

    verdict: Verdict
    manifest: Manifest | None
    contents: Contents
    tie: SetManifest | None = None
    volumes: tuple[ExaminedVolume, ...] = ()

    @property
    def signed_list(self) -> str:
        """The SHA-256 (hexadecimal) of the signed list; empty where there is none."""
        return digest_of(self.contents, layout.ASIC_MANIFEST)


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
        sender = manifest.handover.sender
        verdict = compare(verdict, sender, first_use)
        remember_sender(verdict, sender, manifest.package_id, first_use)
    return ExaminedPackage(verdict=verdict, manifest=manifest, contents=found.contents)
