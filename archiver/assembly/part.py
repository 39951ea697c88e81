"""A part of a sealed package: units copied byte for byte, with a keyring and a practice's unit of its own.

1. Every chosen unit, in the order of its source, is copied; nothing in it is decrypted.
2. The practice's unit is made anew: who works there, who agreed on the roster, and of every list the lines about
   these dossiers.
3. What the sources said of themselves is copied under ``source/NNN/``: manifest, lists, signatures, evidence, and what
   they carried of earlier packages.
4. Keyring, manifest and signature are those of whoever splits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from archiver import __version__
from archiver.assembly.keyrings import KeyringRecipients, add_keyrings
from archiver.assembly.practice_unit import seal_practice
from archiver.assembly.request import Randomness, new_identifier
from archiver.assembly.volume import fingerprints, named_organisation
from archiver.handover.errors import CountsDiffer
from archiver.handover.keyring_entry import keyring_entry
from archiver.handover.opened_dossier import page_sender
from archiver.handover.opening import UnlockedPackage
from archiver.instructions.pages import package_pages
from archiver.instructions.readme import package_readme
from archiver.opener import opener_page
from archiver.package import layout
from archiver.package.build import PackageBuilder
from archiver.package.checks.volumes import latest_term
from archiver.package.contents import member_digest
from archiver.package.errors import MemberMissing
from archiver.package.manifests.manifest import Handover, Manifest, Organisation, Scope, SourcePackage
from archiver.package.manifests.merkle_tree import TreeRoot
from archiver.package.manifests.patients import add_patient, commitment_of
from archiver.package.manifests.terms import terms_of
from archiver.scope.handover_terms import term_rows
from archiver.scope.rosters.roster_agreement import RosterAgreement
from archiver.sealing.keyring import KeyringEntry, KeyringHeader, new_nonce
from archiver.sealing.unsealing import open_entry
from archiver.signing.keys.key_file import Signer
from archiver.signing.revocation.sources import NO_SOURCES, Sources
from archiver.signing.validity import Stamping
from archiver.spooled_list import SpooledList
from formats.digests import SHA512, Digest
from formats.model.missing import without_sums
from formats.pdlgc.practice.read import PracticeArchive, PracticeRecords, RosterRow, read_practice_archive
from formats.words import mark

CARRIED = (layout.META, f"{layout.PREVIOUS}/", f"{layout.SOURCE}/")
"""Folders of what a package says of itself and of earlier ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartSource:
    """A package that is split, or a volume, with its practice's unit opened."""

    opened: UnlockedPackage
    practice: PracticeArchive

    @property
    def manifest(self) -> Manifest:
        """What it says in public."""
        return self.opened.package.manifest


@contextmanager
def open_sources(volumes: Sequence[UnlockedPackage]) -> Iterator[tuple[PartSource, ...]]:
    """Open the practice's unit of each of ``volumes``; its lists can be read while the block lasts.

    Raises:
        UnitMismatch, SealBroken, FormatFailure: when one is not what its keyring promises.
    """
    with ExitStack() as stack:
        yield tuple(_opened(stack, one) for one in volumes)


def _opened(stack: ExitStack, opened: UnlockedPackage) -> PartSource:
    entry = next(one for one in opened.keyring.entries if one.patient is None)
    sealed = stack.enter_context(opened.package.unit(entry.unit))
    plain = stack.enter_context(open_entry(sealed, entry))
    return PartSource(opened=opened, practice=read_practice_archive(plain))


@dataclass(frozen=True, kw_only=True, slots=True)
class PartRequest:
    """Which units go into a part, who opens it, and what its manifest says.

    ``units`` has of each source the units that are taken, with the places of their lines in its keyring. ``receiver``
    is the public name, ``practitioner`` whom the roster names. ``left_out`` counts what the sources left out, and
    what they have and the part has not. With ``practice_rows`` the practice's own rows go along.
    """

    units: Sequence[Mapping[str, int]]
    access: KeyringRecipients
    receiver: str
    practitioner: str
    left_out: Mapping[str, int]
    practice_rows: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PartContext:
    """What is the same for every part of the same sources: who splits, when, on which ground, and who agreed."""

    sources: Sequence[PartSource]
    folder: Path
    at: datetime
    sender: Organisation
    ground: str
    agreement: RosterAgreement
    signer: Signer
    randomness: Randomness
    co_signer: Signer | None = None
    stamp: Stamping | None = None
    revocation: Sources = NO_SOURCES
    progress: Callable[[int], None] = lambda _: None


@dataclass(slots=True)
class _Copied:
    """The units that were copied so far, their lines with the term and the hold that each has by now."""

    entries: SpooledList[KeyringEntry]
    counts: Counter[str] = field(default_factory=Counter)
    tree: TreeRoot = field(default_factory=TreeRoot)
    terms: set[date | None] = field(default_factory=set)
    roster: list[RosterRow] = field(default_factory=list)
    hold: bool = False

    def add(self, entry: KeyringEntry, practitioner: str) -> None:
        """Add the line of a patient's unit."""
        self.entries.append(entry)
        self.counts.update({**without_sums(entry.counts), "patients": 1})
        add_patient(self.tree, entry)
        self.terms.add(entry.destroy_from)
        self.roster.append(_roster_row(entry, practitioner))
        self.hold = self.hold or entry.hold


def write_part(context: PartContext, request: PartRequest, stream: BinaryIO) -> Manifest:
    """Write the package to ``stream``, which is empty and can seek; return its manifest.

    Raises:
        CountsDiffer: when a unit was not copied as its source lists it.
        Failure: what the signers' devices or the time-stamping authorities answered; DiskFull, DiskFault.
    """
    package_id = new_identifier(context.randomness)
    builder = PackageBuilder(
        stream,
        package_id=package_id,
        readme=package_readme(),
        opener=opener_page(),
        pages=package_pages(),
    )
    copied = _Copied(entries=SpooledList(folder=context.folder))
    used: list[PartSource] = []
    for source, units in zip(context.sources, request.units, strict=True):
        if units:
            _copy_units(context, request, source, units, builder, copied)
            used.append(source)
    _add_practice(context, request, builder, copied)
    sources = tuple(_carry(number, source, builder) for number, source in enumerate(used, 1))
    handover = _handover(context, request, copied, sources)
    header = KeyringHeader(
        package=package_id,
        nonce=new_nonce(context.randomness),
        signers=fingerprints(context.signer, context.co_signer),
        terms=terms_of(handover),
    )
    commitment = add_keyrings(
        builder,
        copied.entries,
        header,
        request.access,
        folder=context.folder,
        randomness=context.randomness,
    )
    return builder.finish(
        replace(handover, keyring_commitment=commitment),
        context.signer,
        at=context.at,
        co_signer=context.co_signer,
        stamp=context.stamp,
        sources=context.revocation,
    )


def _copy_units(
    context: PartContext,
    request: PartRequest,
    source: PartSource,
    units: Mapping[str, int],
    builder: PackageBuilder,
    copied: _Copied,
) -> None:
    package, lines = source.opened.package, source.opened.keyring.entries
    for unit in source.manifest.units:
        if unit.id not in units:
            continue
        with package.unit(unit.id) as sealed:
            written = builder.add_unit(
                unit.id, sealed, destroy_from=unit.destroy_from, hold=unit.hold, unknown=unit.unknown
            )
        if written != unit:
            raise CountsDiffer(where=unit.member, kind=mark("bytes"), expected=unit.size, found=written.size)
        entry = replace(lines[units[unit.id]], destroy_from=unit.destroy_from, hold=unit.hold)
        copied.add(entry, request.practitioner)
        context.progress(1)


def _carry(number: int, source: PartSource, builder: PackageBuilder) -> SourcePackage:
    """Copy what a source said of itself and carried of earlier packages."""
    contents = source.opened.package.contents
    for name, place in contents.items():
        if name == layout.MANIFEST or name.startswith(CARRIED):
            with place.open() as stream:
                builder.add_copy(layout.source_member(number, name), stream)
    digest = member_digest(contents, layout.MANIFEST)
    if digest is None:
        raise MemberMissing(where=layout.MANIFEST, member=layout.MANIFEST)
    return SourcePackage(package_id=source.manifest.package_id, manifest_digest=digest)


def _add_practice(
    context: PartContext, request: PartRequest, builder: PackageBuilder, copied: _Copied
) -> None:
    """Make the practice's unit anew, and add its line."""
    term = latest_term(copied.terms)
    rows = (row for source in context.sources for row in source.practice.rows())
    sender = replace(
        page_sender(_handover(context, request, copied, ())),
        software="archiver",
        software_version=__version__,
    )
    sealing = seal_practice(
        _practice_records(context, request, copied),
        rows if request.practice_rows else (),
        folder=context.folder,
        randomness=context.randomness,
        at=context.at,
        sender=sender,
    )
    with sealing as practice:
        unit = layout.new_unit_id(context.randomness)
        listed = builder.add_unit(unit, practice.stream, destroy_from=term, hold=copied.hold)
    if (listed.size, listed.digest) != (practice.sealed.size, practice.sealed.digest):
        raise CountsDiffer(where=unit, kind=mark("bytes"), expected=practice.sealed.size, found=listed.size)
    copied.entries.append(
        keyring_entry(
            unit,
            practice.sealed,
            practice.passphrase,
            None,
            practice.counts,
            destroy_from=term,
            hold=copied.hold,
        )
    )


def _practice_records(context: PartContext, request: PartRequest, copied: _Copied) -> PracticeRecords:
    """Return what the practice's units of the sources say of the dossiers that are taken."""
    each = [
        (source.practice.records, units)
        for source, units in zip(context.sources, request.units, strict=True)
        if units
    ]
    first = context.sources[0].practice.records
    return PracticeRecords(
        practice=first.practice,
        practitioners=first.practitioners,
        roster=copied.roster,
        left_out=request.left_out,
        terms=term_rows(context.agreement.terms()),
        signatures=context.agreement.signatures,
        retention=tuple(row for records, units in each for row in records.retention if row.unit in units),
        missing=tuple(row for records, units in each for row in records.missing if row.unit in units),
    )


def _roster_row(entry: KeyringEntry, practitioner: str) -> RosterRow:
    traits = entry.patient or {}
    family = traits.get("used_family") or traits.get("family", "")
    return traits.get("number", ""), family, traits.get("given", ""), practitioner


def _handover(
    context: PartContext, request: PartRequest, copied: _Copied, sources: tuple[SourcePackage, ...]
) -> Handover:
    """Return the public facts; the commitment to the keyring follows once that is written."""
    source = context.sources[0].manifest.handover
    receiver = named_organisation(request.receiver)
    return Handover(
        created=context.at,
        legal_ground=context.ground,
        controller_before=source.controller_after or source.controller_before,
        controller_after=receiver,
        sender=context.sender,
        receiver=receiver,
        scope=Scope(kind="split", left_out=request.left_out),
        counts=dict(copied.counts),
        keyring_commitment=Digest.of(algorithm=SHA512),
        patients_commitment=commitment_of(copied.tree),
        sources=sources,
    )
