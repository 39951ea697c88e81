"""Trust on first use: a sender's first certificate is believed and remembered, another one refused.

A sender seen for the first time is remembered once everything else about the package is
proven; a sender seen before must be signed for by the same certificate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver.package.manifest import Organisation
from archiver.package.open import OpenPackage, open_package
from archiver.signing.known_signers import KnownSigner, compared, read_known_signers, remember
from archiver.signing.trust import Trust
from archiver.verdict import State, Verdict, noticed


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstUse:
    """The folder of the register of known signers, and the clock that dates what is remembered."""

    register: Path
    clock: Callable[[], datetime]


def believing(trust: Trust, first_use: FirstUse | None) -> Trust:
    """Return ``trust`` for an examination whose answer ``compare`` sets beside the register."""
    return replace(trust, first_use=True) if first_use else trust


def compare(verdict: Verdict, sender: Organisation, first_use: FirstUse) -> Verdict:
    """Return ``verdict`` in the light of what the register says of the ``sender``.

    Raises:
        KnownSignersUnreadable: when the register cannot be read.
        DiskFault: when the disk refuses.
    """
    name = sender_of(sender)
    trusted = compared(verdict.trusted, name, read_known_signers(first_use.register).get(name))
    if trusted.failure is not None and trusted.failure is not verdict.trusted.failure:
        verdict = replace(verdict, findings=(*verdict.findings, noticed(trusted.failure)))
    return replace(verdict, trusted=trusted)


def remember_sender(verdict: Verdict, sender: Organisation, package: str, first_use: FirstUse) -> None:
    """Remember the signer of a compared ``verdict``, when the ``sender`` is new and all else is proven.

    ``package`` is the identifier of the package or set it is about.

    Raises:
        KnownSignersUnreadable, DiskFull, DiskFault: when the register cannot be written.
    """
    trusted = verdict.trusted
    if trusted.code != "accepted-first-use" or verdict.refusal is not None or not _all_proven(verdict):
        return
    known = KnownSigner(
        fingerprint=str(trusted.facts["fingerprint"]),
        signer=str(trusted.facts["signer"]),
        since=first_use.clock().replace(microsecond=0),
        package=package,
    )
    remember(first_use.register, sender_of(sender), known)


def open_accepted(
    path: Path,
    trust: Trust,
    first_use: FirstUse | None = None,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> OpenPackage:
    """Open the package at ``path`` and compare its signer with the register; nobody is remembered yet.

    Raises:
        PackageFailure, FormatFailure: the failure of the first refuted answer, ``SignerChanged`` included.
        KnownSignersUnreadable, DiskFault: when the register or the package cannot be read.
    """
    package = open_package(path, believing(trust, first_use), progress=progress)
    if first_use is None:
        return package
    verdict = compare(package.verdict, package.manifest.handover.sender, first_use)
    if verdict.refusal is not None:
        raise verdict.refusal
    return replace(package, verdict=verdict)


def sender_of(sender: Organisation) -> str:
    """Return by what a sender is known again: an official number, else its name."""
    number = next((f"{one.system}|{one.value}" for one in sender.identifiers), "")
    return number or sender.name


def _all_proven(verdict: Verdict) -> bool:
    asked = (verdict.intact, verdict.complete, verdict.signed_by)
    return all(answer.state is State.PROVEN for answer in asked)
