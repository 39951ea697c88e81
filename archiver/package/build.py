"""Building a package: members in their order, the lists over them, the signature over the lists."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO

from archiver.package import layout
from archiver.package.container import Container, WrittenMember
from archiver.package.lists.asic_manifest import Reference, asic_manifest_pieces
from archiver.package.lists.sha256sums import write_sha256sums
from archiver.package.manifests.json_stream import stream_of
from archiver.package.manifests.manifest import Handover, Manifest, StatedSignature, write_manifest
from archiver.package.manifests.manifest_reading import read_manifest
from archiver.package.manifests.unit_table import Unit, UnitTable
from archiver.signing.certificates.reading import fingerprint
from archiver.signing.keys.key_file import Signer
from archiver.signing.revocation.judgement import sources_by_path
from archiver.signing.revocation.sources import NO_SOURCES, Sources
from archiver.signing.signatures.creation import cades_signature
from archiver.signing.validity import Stamping
from formats.digests import Digest, chunks
from formats.errors import UnsafeName
from formats.words import mark
from formats.zip.records import MAX32

PLACES = ((layout.ASIC_MANIFEST, layout.SIGNATURE), (layout.CO_ASIC_MANIFEST, layout.CO_SIGNATURE))
"""Where each signer's list and signature lie."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LaterRevision:
    """Which ``revision`` (2 and more) of a package: it ``replaces`` the ``manifest.json`` of this SHA-256.

    ``mac`` is its ``revision_mac``, in lower-case hexadecimal.
    """

    revision: int
    replaces: Digest
    mac: str


class PackageBuilder:
    """A package being written to ``target``, which is empty and can seek.

    Units and keyrings are only bytes here; ``opener`` is the page that opens the package in a
    browser, empty where it has none; ``pages`` are names and texts, as ``add_page`` takes them.
    The same members, facts, signer and time give the same package, bit for bit (with a key of
    ours). A builder that is not finished leaves no package: give it a file that is only put in
    place afterwards.
    """

    def __init__(
        self,
        target: BinaryIO,
        *,
        package_id: str,
        readme: bytes,
        opener: bytes = b"",
        pages: Iterable[tuple[str, bytes]] = (),
    ) -> None:
        if not layout.is_package_id(package_id):
            raise UnsafeName(name=package_id[:200], reason=mark("it cannot identify a package"))
        self._package_id = package_id
        self._container = Container(target)
        self._units = UnitTable(names=self._container.members.names)
        self._keyrings: list[str] = []
        self._destroyed: list[tuple[int, WrittenMember]] = []
        self._statements: list[tuple[str, bytes]] = []
        self._container.add(layout.MIMETYPE, [layout.MEDIA_TYPE])
        self._container.add(layout.README, [readme])
        if opener:
            self._container.add(layout.OPENER, [opener])
        for name, text in pages:
            self.add_page(name, BytesIO(text))

    def add_page(self, name: str, stream: BinaryIO) -> None:
        """Add a public page, e.g. the description of the format, as ``docs/<name>``.

        Raises:
            UnsafeName: when the name may not stand in a package.
            LimitExceeded: when the page or the number of members is too large.
        """
        self._container.add(f"docs/{name}", chunks(stream))

    def add_copy(self, name: str, stream: BinaryIO) -> None:
        """Add a public part of another revision, such as a page or its history, byte for byte.

        Raises:
            UnsafeName: when the name may not stand in a package, or has a meaning of its own.
            LimitExceeded: as ``add_page``.
        """
        if name.startswith(("META-INF/", "units/")) or name in layout.REQUIRED or layout.is_keyring(name):
            raise UnsafeName(name=name[:200], reason=mark("only the package itself writes that part"))
        self._container.add(name, chunks(stream), large=_may_be_large(stream))

    def add_unit(
        self,
        unit_id: str,
        stream: BinaryIO,
        *,
        destroy_from: date | None = None,
        hold: bool = False,
        unknown: Mapping[str, Any] | None = None,
    ) -> Unit:
        """Add what is left in ``stream`` as the sealed unit ``unit_id``, and return its line in the manifest.

        ``unknown`` is what an earlier manifest said of it besides.

        Raises:
            UnsafeName: when the identifier is not one, or is already taken.
            LimitExceeded: when the package holds too many members.
        """
        if not layout.is_unit_id(unit_id):
            raise UnsafeName(name=unit_id[:200], reason=mark("it cannot identify a unit"))
        member = layout.unit_member(unit_id)
        written = self._container.add(member, chunks(stream), large=_may_be_large(stream))
        unit = Unit(
            id=unit_id,
            member=member,
            size=written.size,
            digest=written.digest,
            destroy_from=destroy_from,
            hold=hold,
            unknown=unknown or {},
        )
        self._units.append(unit)
        return unit

    def place_unit(
        self,
        unit_id: str,
        source: BinaryIO | bytes,
        *,
        size: int,
        crc32: int,
        digest: Digest,
        destroy_from: date | None = None,
        hold: bool = False,
    ) -> Unit:
        """Add a unit whose digests the sealing found: the first ``size`` bytes of the file ``source``, or ``source``.

        Raises:
            UnsafeName, LimitExceeded: as ``add_unit``.
            DiskFault: when the file is shorter than it should be.
        """
        if not layout.is_unit_id(unit_id):
            raise UnsafeName(name=unit_id[:200], reason=mark("it cannot identify a unit"))
        member = layout.unit_member(unit_id)
        self._container.copy(member, source, size=size, crc32=crc32, digest=digest)
        unit = Unit(id=unit_id, member=member, size=size, digest=digest, destroy_from=destroy_from, hold=hold)
        self._units.append(unit)
        return unit

    def name_destroyed(self, unit: Unit) -> None:
        """Name a ``unit`` that an earlier revision has and a keeper destroyed by law; none of its bytes is there."""
        place = WrittenMember(
            name=unit.member, offset=0, size=unit.size, crc32=0, large=False, digest=unit.digest
        )
        self._destroyed.append((len(self._container.members), place))
        self._units.append(unit)

    def add_statement(self, name: str, data: bytes) -> None:
        """Put a statement of destruction, or its signature, behind what is signed, once the package is.

        Raises:
            UnsafeName: when the name is not that of one.
        """
        if not layout.is_destruction(name):
            raise UnsafeName(name=name[:200], reason=mark("a statement of destruction does not lie there"))
        self._statements.append((name, data))

    def add_keyring(self, stream: BinaryIO, name: str = layout.KEYRING) -> None:
        """Add a keyring; a second one, for another way of opening it, has a name of its own.

        Raises:
            UnsafeName: when the name is not that of a keyring, or is already taken.
        """
        if not layout.is_keyring(name):
            raise UnsafeName(name=name[:200], reason=mark("a keyring does not lie there"))
        self._container.add(name, chunks(stream))
        self._keyrings.append(name)

    def finish(
        self,
        handover: Handover,
        signer: Signer,
        *,
        at: datetime,
        later: LaterRevision | None = None,
        co_signer: Signer | None = None,
        stamp: Stamping | None = None,
        sources: Sources = NO_SOURCES,
    ) -> Manifest:
        """Write the manifest, the lists and the signature of ``signer`` at ``at``; return the manifest.

        ``later`` tells which revision it is where it is not the first.
        A ``co_signer`` signs a second list that says the same. ``stamp`` and ``sources`` (what is
        known about revocations) go into each signature they concern, as ``sign_manifest`` says.

        Raises:
            UnsafeName: when no ``keyring.age`` was added.
            ManifestInvalid: when the manifest would not be read.
            Failure: what the signers' devices or the time-stamping authorities answered.
        """
        if layout.KEYRING not in self._keyrings:
            raise UnsafeName(name=layout.KEYRING, reason=mark("the package has no keyring yet"))
        signers = [signer, *([co_signer] if co_signer else [])]
        manifest = Manifest(
            package_id=self._package_id,
            handover=handover,
            keyrings=tuple(self._keyrings),
            units=self._units,
            revision=later.revision if later else 1,
            replaces=later.replaces if later else None,
            revision_mac=later.mac if later else "",
            signatures=stated_signatures(signers, stamp, sources),
        )
        # nothing is signed that no reader takes
        read_manifest(stream_of(write_manifest(manifest)), self._container.members.names)
        self._container.add(layout.MANIFEST, write_manifest(manifest))
        sums = ((one.name, one.digest) for one in _with_destroyed(self._container, self._destroyed))
        self._container.add(layout.SUMS, write_sha256sums(sums))
        sign_container(
            self._container, signers, at=at, stamp=stamp, sources=sources, destroyed=self._destroyed
        )
        for name, data in self._statements:
            self._container.add(name, [data])
        self._container.close()
        return manifest

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._container.size

    @property
    def manifest_digest(self) -> Digest:
        """The digest of ``manifest.json``, which is there once the package is finished."""
        return next(one.digest for one in reversed(self._container.members) if one.name == layout.MANIFEST)

    @property
    def count(self) -> int:
        """Members written so far."""
        return len(self._container.members)


def stated_signatures(
    signers: Sequence[Signer], stamp: Stamping | None, sources: Sources
) -> tuple[StatedSignature, ...]:
    """Return what a manifest states of the signatures that ``sign_container`` will make."""
    shares = sources_by_path(sources, [(one.certificate, *one.chain) for one in signers])
    return tuple(
        StatedSignature(
            certificate=fingerprint(one.certificate), timestamp=stamp is not None, revocation=share.present
        )
        for one, share in zip(signers, shares, strict=True)
    )


def sign_container(
    container: Container,
    signers: Sequence[Signer],
    *,
    at: datetime,
    stamp: Stamping | None = None,
    sources: Sources = NO_SOURCES,
    destroyed: Sequence[tuple[int, WrittenMember]] = (),
) -> None:
    """Add a list of what is in ``container``, and a signature over it, for each of one or two ``signers``.

    ``destroyed`` are listed as well, each behind as many members as stand with it.

    Raises:
        Failure: what the signers' devices or the time-stamping authorities answered.
    """
    count = len(container.members)
    shares = sources_by_path(sources, [(one.certificate, *one.chain) for one in signers])
    for place, one, share in zip(PLACES, signers, shares, strict=False):
        listed_here = islice(_with_destroyed(container, destroyed), count + len(destroyed))
        references = _references(listed_here)
        listed = container.add(place[0], asic_manifest_pieces(references, target=place[1]))
        signature = cades_signature(listed.digest, one, at=at, stamp=stamp, sources=share)
        container.add(place[1], [signature])


def _with_destroyed(
    container: Container, destroyed: Sequence[tuple[int, WrittenMember]]
) -> Iterator[WrittenMember]:
    """Yield the members of ``container``, and in their places those that were ``destroyed``."""
    waiting = list(reversed(destroyed))
    for number, one in enumerate(container.members):
        while waiting and waiting[-1][0] <= number:
            yield waiting.pop()[1]
        yield one
    yield from (one for _, one in reversed(waiting))


def _references(members: Iterable[WrittenMember]) -> Iterator[Reference]:
    return (
        Reference(name=one.name, media_type=layout.member_media_type(one.name), digest=one.digest)
        for one in members
        if one.name != layout.MIMETYPE
    )


def _may_be_large(stream: BinaryIO) -> bool:
    """Say whether what is left in ``stream`` could pass 4 GiB: a pipe could."""
    if not stream.seekable():
        return True
    here = stream.tell()
    left = stream.seek(0, os.SEEK_END) - here
    stream.seek(here)
    return left >= MAX32
