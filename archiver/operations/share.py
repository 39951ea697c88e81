"""Let somebody else open a package: a new signed revision with another keyring, and not a unit touched.

1. The package is opened as for an import: whole, unchanged, signed by somebody accepted, readable by us.
2. Every sealed unit is copied byte for byte; nothing in it is decrypted. One that a keeper destroyed by law stays
   named as it was, and the statement that says so is copied.
3. What the package said about itself so far is kept under ``previous/``, signature included.
4. The keyrings there are stay, so that those who could open it still can, and one more joins them;
   or they are replaced. The commitment to what is inside stays the same either way.
5. The new manifest names the one it replaces and is signed; its units must be those of the old one.

Who could open an earlier revision still can open that one: a copy is a copy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

from archiver import disk
from archiver.assembly.keyrings import KeyringRecipients, add_keyrings
from archiver.assembly.volume import fingerprints
from archiver.handover.errors import CountsDiffer
from archiver.handover.opening import OpenRequest, UnlockedPackage, open_for_reading
from archiver.package import layout
from archiver.package.build import LaterRevision, PackageBuilder
from archiver.package.contents import small
from archiver.package.destruction.present_units import destroyed_members
from archiver.package.manifests.manifest import Handover, Manifest, Organisation
from archiver.package.manifests.terms import terms_of
from archiver.sealing.age import Randomness
from archiver.sealing.errors import CommitmentMismatch
from archiver.sealing.keyring import KeyringHeader, revision_mac
from archiver.signing.keys.key_file import Signer
from archiver.signing.keys.signer_check import refuse_unfit
from archiver.signing.revocation.sources import NO_SOURCES, Sources
from archiver.signing.validity import Stamping
from archiver.verdict import Answer
from formats.digests import Digest, digest_of_stream
from formats.words import mark

MAX_README = 1 << 20
"""Bytes of the page that says what a package is; ours has under 4,000."""

Progress = Callable[[int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareRequest:
    """What to open and with which keys, who may open it from now on, who signs, and where it goes.

    A ``co_signer`` signs as well; ``stamp`` and ``sources`` go into the signatures, as in an export.
    With ``only``, the earlier keyrings are left out. ``receiver`` is the new
    public receiver; empty, the manifest goes on naming the earlier one.
    """

    opening: OpenRequest
    access: KeyringRecipients
    signer: Signer
    target: Path
    co_signer: Signer | None = None
    stamp: Stamping | None = None
    sources: Sources = NO_SOURCES
    only: bool = False
    receiver: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedPackage:
    """The new package and what its manifest says.

    ``trusted`` is the answer by which the earlier signer was accepted; ``doubt`` is what could not be proven
    about that signature, and was accepted all the same. ``destroyed`` are the units that a keeper had destroyed by law.
    """

    package: Path
    size: int
    manifest: Manifest
    trusted: Answer
    doubt: Answer | None = None
    destroyed: tuple[str, ...] = ()


def share(
    request: ShareRequest,
    *,
    clock: Callable[[], datetime],
    randomness: Randomness,
    checking: Progress = lambda _: None,
    progress: Progress = lambda _: None,
) -> SharedPackage:
    """Write the new revision ``request.target``; whatever goes wrong, nothing is left behind.

    ``checking`` is told the bytes examined, ``progress`` the units copied.

    Raises:
        Failure: see ``open_for_reading``; RecipientsRefused; AlreadyExists, DiskFull, DiskFault.
        Failure: when readers would refuse a signer (``archiver.signing.keys.signer_check``).
        CountsDiffer, CommitmentMismatch: when the revision would not hold what the package holds.
    """
    at = clock().replace(microsecond=0)
    refuse_unfit((request.signer, request.co_signer), at)
    opened = open_for_reading(request.opening, progress=checking)
    before = opened.package.manifest
    handover = _handover(before.handover, request.receiver)
    header = KeyringHeader(
        package=before.package_id,
        nonce=opened.keyring.header.nonce,
        revision=before.revision + 1,
        signers=fingerprints(request.signer, request.co_signer),
        terms=terms_of(handover),
    )
    with disk.write_aside(request.target) as stream:
        readme = small(opened.package.contents, layout.README, MAX_README)
        builder = PackageBuilder(stream, package_id=before.package_id, readme=readme)
        _copy_units(opened, builder, progress)
        _copy_rest(opened, builder, keyrings=not request.only)
        _add_keyrings(opened, builder, request, header, randomness)
        manifest = builder.finish(
            handover,
            request.signer,
            at=at,
            later=LaterRevision(revision=header.revision, replaces=_digest(opened), mac=revision_mac(header)),
            co_signer=request.co_signer,
            stamp=request.stamp,
            sources=request.sources,
        )
        if manifest.units != before.units:
            raise CountsDiffer(kind=mark("units"), expected=len(before.units), found=len(manifest.units))
    size = request.target.stat().st_size
    return SharedPackage(
        package=request.target,
        size=size,
        manifest=manifest,
        trusted=opened.package.verdict.trusted,
        doubt=opened.package.doubt,
        destroyed=tuple(one.unit for one in opened.destroyed),
    )


def _copy_units(opened: UnlockedPackage, builder: PackageBuilder, progress: Progress) -> None:
    gone = destroyed_members(opened.package.verdict)
    for unit in opened.package.manifest.units:
        if unit.member in gone:
            builder.name_destroyed(unit)
            continue
        with opened.package.unit(unit.id) as sealed:
            copied = builder.add_unit(
                unit.id, sealed, destroy_from=unit.destroy_from, hold=unit.hold, unknown=unit.unknown
            )
        if copied != unit:
            raise CountsDiffer(where=unit.member, kind=mark("bytes"), expected=unit.size, found=copied.size)
        progress(1)


def _copy_rest(opened: UnlockedPackage, builder: PackageBuilder, *, keyrings: bool) -> None:
    """Copy the public pages as they are, and the package's words about itself to where history lies."""
    manifest = opened.package.manifest
    units = {unit.member for unit in manifest.units}
    for name, place in opened.package.contents.items():
        if name in {layout.MIMETYPE, layout.README} or name in units:
            continue
        with place.open() as stream:
            if name in manifest.keyrings:
                if keyrings:
                    builder.add_keyring(stream, name)
            elif layout.is_destruction(name):
                data = stream.read()
                builder.add_statement(name, data)
                builder.add_copy(layout.previous_member(manifest.revision, name), BytesIO(data))
            elif name in {layout.MANIFEST, layout.SUMS} or name.startswith("META-INF/"):
                builder.add_copy(layout.previous_member(manifest.revision, name), stream)
            else:
                builder.add_copy(name, stream)


def _add_keyrings(
    opened: UnlockedPackage,
    builder: PackageBuilder,
    request: ShareRequest,
    header: KeyringHeader,
    randomness: Randomness,
) -> None:
    before = opened.package.manifest
    commitment = add_keyrings(
        builder,
        opened.lines,
        header,
        request.access,
        folder=request.target.parent,
        randomness=randomness,
        label="" if request.only else f"r{header.revision}",
    )
    if commitment != before.handover.keyring_commitment:
        raise CommitmentMismatch


def _handover(handover: Handover, receiver: str) -> Handover:
    return replace(handover, receiver=Organisation(name=receiver)) if receiver else handover


def _digest(opened: UnlockedPackage) -> Digest:
    with opened.package.member(layout.MANIFEST) as stream:
        digest, _ = digest_of_stream(stream)
    return digest
