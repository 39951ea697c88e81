"""What was handed over, opened: one package, or every volume of a set.

1. The package, or every volume of the set, is examined without any key; the signer must be someone
   the reader accepts. Who accepts a set whose algorithm ended accepts its volumes: it names their digests.
   What a set announces is what its volumes announce together.
2. Each keyring is opened; it must be the one that was signed, and name exactly the package's units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from archiver.errors import WrongPassphrase
from archiver.examination.examine import examine_volumes
from archiver.examination.first_use import FirstUse, believing, compare, remember_sender
from archiver.handover.keyring_comparison import compare_keyring
from archiver.handover.kinds import require_counts
from archiver.package import layout
from archiver.package.checks.check_set import is_set
from archiver.package.checks.open import OpenPackage, doubt_of, open_package, refuse_unproven
from archiver.package.contents import member_digest
from archiver.package.destruction.present_units import counts_of, destroyed_members, divide_entries
from archiver.package.manifests.set_manifest import SetManifest
from archiver.package.member_table import Contents
from archiver.sealing.age import Identity
from archiver.sealing.errors import WrongKey
from archiver.sealing.keyring import Keyring, KeyringEntry, open_keyring
from archiver.sealing.keyring_lines import reading_key
from archiver.signing.errors import ExpectationMissing, SignerUntrusted
from archiver.signing.trust.acceptance import NAME_ONLY
from archiver.signing.trust.anchors import Trust
from archiver.spooled_list import SortedSpool
from archiver.verdict import Answer, State, Verdict
from formats.digests import Digest
from formats.model.missing import SUMS


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenRequest:
    """Which package, with which keys, and whom the reader accepts as its signer.

    With ``first_use`` a sender seen for the first time is accepted, and remembered once the keyring is open.
    """

    package: Path
    identities: Sequence[Identity]
    trust: Trust
    first_use: FirstUse | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class UnlockedPackage:
    """A package that may be read: examined, accepted, its keyring open.

    The keyring has the lines of the units that are there; ``destroyed`` are those of what its keeper destroyed by law,
    ``lines`` all of them as they were sealed.
    """

    package: OpenPackage
    keyring: Keyring
    destroyed: tuple[KeyringEntry, ...] = ()
    lines: Sequence[KeyringEntry] = ()


def open_for_reading(
    request: OpenRequest, *, progress: Callable[[int], None] = lambda _: None
) -> UnlockedPackage:
    """Follow steps 1 and 2.

    Raises:
        PackageFailure, FormatFailure: the first thing that does not hold; nothing was decrypted.
        SignatureAlgorithmEnded: when a signature might have been made since by anybody.
        SignerUntrusted, SignerChanged, SignerAlike: when the successor has not accepted the signer.
        SignerUnexpected, ExpectationMissing: when another signed than is expected, or nobody said who is.
        KnownSignersUnreadable, DiskFull, DiskFault: what the register of known signers answered.
        WrongKey, WrongPassphrase: when no key fits.
        CommitmentMismatch, UnitMismatch: when keyring and package do not belong together.
    """
    package = open_accepted(request.package, request.trust, request.first_use, progress=progress)
    refuse_unaccepted(package.verdict)
    keyring = unlock(package, request.identities)
    if request.first_use:
        manifest = package.manifest
        sender = manifest.handover.sender
        remember_sender(package.verdict, sender, manifest.package_id, request.first_use)
    return _unlocked(package, keyring)


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


def _unlocked(package: OpenPackage, keyring: Keyring) -> UnlockedPackage:
    """Return a package with the lines of the units that are there, and those of what was destroyed."""
    entries, gone = divide_entries(keyring.entries, destroyed_members(package.verdict))
    return UnlockedPackage(
        package=package,
        keyring=replace(keyring, entries=entries),
        destroyed=gone,
        lines=keyring.entries,
    )


def refuse_unaccepted(verdict: Verdict) -> None:
    """Refuse what a signer sealed whom the reader has not accepted, or of whom they did not say that they expect them.

    Raises:
        SignerUntrusted: when nobody accepts the signer; ExpectationMissing: when only a name was checked.
    """
    if verdict.trusted.state is not State.PROVEN:
        facts = verdict.trusted.facts
        who = "co_" if verdict.trusted.code == "co-signer-untrusted" else ""
        raise SignerUntrusted(
            signer=facts.get(f"{who}signer", ""), fingerprint=facts.get(f"{who}fingerprint", "")
        )
    if verdict.trusted.code in NAME_ONLY:
        facts = verdict.trusted.facts
        who = "" if "root" in facts else "co_"
        raise ExpectationMissing(
            signer=facts[f"{who}signer"], fingerprint=facts[f"{who}fingerprint"], root=facts[f"{who}root"]
        )


def unlock(package: OpenPackage, identities: Sequence[Identity]) -> Keyring:
    """Return the keyring that the keys fit; it is the one that was signed, and says what the signed manifest says.

    Raises:
        WrongKey, WrongPassphrase: when no key fits any keyring.
        PackageFailure: as ``compare_keyring``, when keyring and package do not belong together.
        SealBroken, KeyUnreadable, LimitExceeded: as ``open_keyring``.
    """
    keyring = _open_any_keyring(package, identities)
    compare_keyring(package, keyring)
    return keyring


def _open_any_keyring(package: OpenPackage, identities: Sequence[Identity]) -> Keyring:
    refusal: WrongKey | WrongPassphrase = WrongKey()
    for name in package.manifest.keyrings:
        with package.keyring(name) as stream:
            try:
                commitment = package.manifest.handover.keyring_commitment
                again = partial(package.keyring, name)
                return open_keyring(stream, identities, commitment=commitment, again=again)
            except WrongKey:
                continue
            except WrongPassphrase as wrong:  # somebody typed it, so this says more than "no key fits"
                refusal = wrong
    raise refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedHandover:
    """Everything that was handed over: one package, or the volumes that ``volume_list`` lists.

    ``contents`` are those of the package, or of what ties the set.
    """

    volumes: tuple[UnlockedPackage, ...]
    verdict: Verdict
    contents: Contents
    volume_list: SetManifest | None = None

    @property
    def doubt(self) -> Answer | None:
        """What could not be proven about a signature, and was accepted all the same."""
        return doubt_of(self.verdict)

    @property
    def signed_list(self) -> Digest | None:
        """The SHA-256 of the signed list, of the set where there is one."""
        return member_digest(self.contents, layout.ASIC_MANIFEST)

    @property
    def identifier(self) -> str:
        """The identifier of the package, or of the set."""
        return self.volume_list.set_id if self.volume_list else self.volumes[0].package.manifest.package_id

    def entries(self) -> Iterator[tuple[UnlockedPackage, KeyringEntry]]:
        """Yield every unit with the package it lies in, in the order in which people read; none is held."""
        places = SortedSpool[tuple[int, int]]()
        for number, volume in enumerate(self.volumes):
            for place, entry in enumerate(volume.keyring.entries):
                places.add(reading_key(entry), (number, place))
        for number, place in places:
            yield self.volumes[number], self.volumes[number].keyring.entries[place]


def announced_counts(packages: Iterable[OpenPackage]) -> Counter[str]:
    """Return what the manifests of ``packages`` count in all."""
    total: Counter[str] = Counter()
    for package in packages:
        total.update(package.manifest.handover.counts)
    return total


def present_counts(opened: UnlockedPackage) -> Counter[str]:
    """Return what the manifest of a package counts, less what was in the units that were destroyed by law."""
    total = Counter(opened.package.manifest.handover.counts)
    total.subtract({kind: count for kind, count in counts_of(opened.destroyed).items() if kind not in SUMS})
    return total


def present_totals(received: OpenedHandover) -> Counter[str]:
    """Return what the manifests of a package or a set count in all, less what was destroyed by law."""
    total: Counter[str] = Counter()
    for one in received.volumes:
        total.update(present_counts(one))
    return total


def announced_sums(received: OpenedHandover) -> Counter[str]:
    """Return the sums of money of all dossiers as the keyrings tell them; no manifest does."""
    total: Counter[str] = Counter()
    for entry in (one for volume in received.volumes for one in volume.keyring.entries):
        total.update({kind: count for kind, count in entry.counts.items() if kind in SUMS})
    return total


def open_handover(
    request: OpenRequest, *, progress: Callable[[int], None] = lambda _: None
) -> OpenedHandover:
    """Follow steps 1 and 2 for a package, or for all volumes of a set before the first keyring is opened.

    Raises:
        Failure: as ``open_for_reading``; VolumeMissing, VolumeForeign.
        CountsDiffer: when the set announces something else than its volumes.
    """
    if not is_set(request.package):
        opened = open_for_reading(request, progress=progress)
        package = opened.package
        return OpenedHandover(volumes=(opened,), verdict=package.verdict, contents=package.contents)
    examined = examine_volumes(request.package, request.trust, request.first_use, progress=progress)
    refuse_unproven(examined.verdict, examined.contents, request.trust)
    for verdict in (examined.verdict, *(one.verdict for one in examined.volumes)):
        refuse_unaccepted(verdict)
    packages = [
        OpenPackage(manifest=one.manifest, verdict=one.verdict, contents=one.contents, sources=one.sources)
        for one in examined.volumes
        if one.manifest is not None
    ]
    if examined.volume_list:
        require_counts(examined.volume_list.counts, announced_counts(packages))
    volumes = tuple(_unlocked(one, unlock(one, request.identities)) for one in packages)
    if request.first_use and examined.volume_list:
        remember_sender(
            examined.verdict, examined.volume_list.sender, examined.volume_list.set_id, request.first_use
        )
    return OpenedHandover(
        volumes=volumes,
        verdict=examined.verdict,
        contents=examined.contents,
        volume_list=examined.volume_list,
    )
