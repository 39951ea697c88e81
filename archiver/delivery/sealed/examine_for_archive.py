"""Examine what goes to an archive without any key: what is false is not handed over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archiver.examination.examine import examine_whole
from archiver.examination.examined import ExaminedPackage
from archiver.examination.first_use import FirstUse
from archiver.handover.opening import refuse_unaccepted
from archiver.signing.trust.anchors import Trust


def examine_for_archive(
    path: Path, trust: Trust, first_use: FirstUse | None, *, progress: Callable[[int], None]
) -> ExaminedPackage:
    """Return what was found of the package or set at ``path``; whoever names a signer is shown no other's.

    Raises:
        PackageFailure, FormatFailure: the failure of the first answer that does not hold.
        SignerUntrusted, ExpectationMissing: when signers are named, and this is none of them.
        DiskFault: when the disk refuses.
    """
    examined = examine_whole(path, trust, first_use, progress=progress)
    if examined.verdict.refusal is not None:
        raise examined.verdict.refusal
    if trust.stated or (first_use is not None and first_use.accepts):
        refuse_unaccepted(examined.verdict)
    return examined
