"""One volume of an export while units join it: a package of its own, closed before the next begins.

1. Units join as long as the package, once closed, has no more bytes than asked for;
   one unit always finds room.
2. The practice's unit comes last, then the keyrings; what they need is reserved from the beginning.
3. Manifest and signature wait until it is known how many volumes there are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from archiver.assembly.keyrings import add_keyrings
from archiver.assembly.practice_rows import DossierRows
from archiver.assembly.practice_unit import ListedRows, left_out, sealed_practice
from archiver.assembly.request import ExportContext, new_identifier
from archiver.assembly.seal import SealedDossier
from archiver.handover.errors import CountsDiffer
from archiver.handover.keyring_entry import keyring_entry
from archiver.instructions.pages import package_pages
from archiver.instructions.readme import package_readme
from archiver.opener import opener_page
from archiver.package.build import PackageBuilder
from archiver.package.checks.volumes import latest_term
from archiver.package.layout import new_unit_id
from archiver.package.manifests.manifest import (
    Handover,
    Manifest,
    Organisation,
    OrganisationIdentifier,
    Scope,
    Volume,
)
from archiver.package.manifests.merkle_tree import TreeRoot
from archiver.package.manifests.patients import add_patient, commitment_of
from archiver.package.manifests.terms import optional_party, party_of
from archiver.package.size_estimate import SizeEstimate
from archiver.sealing import keyring
from archiver.sealing.keyring import KeyringEntry, KeyringHeader, Terms, new_nonce
from archiver.signing.certificates.reading import fingerprint
from archiver.signing.keys.key_file import Signer
from archiver.spooled_list import SpooledList
from formats.digests import SHA512, Digest
from formats.model.missing import without_sums
from formats.model.people import Practice
from formats.name_table import NameSet, NameTable
from formats.pdlgc.practice.lists import MissingRow, RetentionRow
from formats.words import mark

PRACTICE_LINE_BYTES = 2048
"""The practice's line in the keyring: as a patient's, without traits."""


@dataclass(slots=True)
class _Joined:
    """What has joined a volume so far: ``dossiers`` of them, with every term that one of them has.

    ``patients`` are the identities of its patients; ``tree`` is that of the commitment to them.
    """

    entries: SpooledList[KeyringEntry]
    retention: SpooledList[RetentionRow]
    missing: SpooledList[MissingRow]
    counts: Counter[str] = field(default_factory=Counter)
    redactions: Counter[str] = field(default_factory=Counter)
    terms: set[date | None] = field(default_factory=set)
    patients: NameSet = field(default_factory=lambda: NameSet(NameTable()))
    tree: TreeRoot = field(default_factory=TreeRoot)
    dossiers: int = 0
    on_hold: int = 0
    index: int = 0
    listed: int = 0


class OpenVolume:
    """A volume being written to ``stream``, which is empty and can seek.

    ``practice_bytes`` is how long the practice's unit can become.
    """

    def __init__(
        self, course: ExportContext, stream: BinaryIO, *, number: int, year: int | None, practice_bytes: int
    ) -> None:
        self.stream = stream
        self.year = year
        self.package_id = new_identifier(course.randomness)
        self._course = course
        self._number = number
        self._practice_bytes = practice_bytes
        self._closing = size_estimate_of(course)
        self._builder = PackageBuilder(
            stream,
            package_id=self.package_id,
            readme=package_readme(),
            opener=opener_page(),
            pages=package_pages(),
        )
        folder = course.folder
        self._joined = _Joined(
            entries=SpooledList(folder=folder),
            retention=SpooledList(folder=folder),
            missing=SpooledList(folder=folder),
        )
        self._commitment = Digest.of(algorithm=SHA512)

    @property
    def empty(self) -> bool:
        """Whether no dossier has joined yet."""
        return not self._joined.dossiers

    @property
    def counts(self) -> Counter[str]:
        """How many records of each kind its dossiers hold."""
        return self._joined.counts

    @property
    def redactions(self) -> Counter[str]:
        """What was taken out of its dossiers, by code."""
        return self._joined.redactions

    @property
    def on_hold(self) -> int:
        """How many of its dossiers are under a hold."""
        return self._joined.on_hold

    @property
    def manifest_digest(self) -> Digest:
        """The digest of its manifest, once it is finished."""
        return self._builder.manifest_digest

    def fits(self, one: SealedDossier, line: int, rows: DossierRows) -> bool:
        """Say whether ``one`` can join without making the volume too long, or longer than a keyring.

        It takes ``line`` bytes in the keyring, and ``rows`` in the practice's unit.
        """
        if self._joined.dossiers + 2 > keyring.MAX_ENTRIES:
            return False
        limit = self._course.request.volume_size
        if not limit:
            return True
        size = self._closing.size(
            written=self._builder.size
            + one.sealed.size
            + self._practice_bytes
            + self._joined.listed
            + rows.size,
            members=self._builder.count + 2,
            index=self._joined.index + line + PRACTICE_LINE_BYTES,
        )
        return size <= limit

    def join(self, one: SealedDossier, entry: KeyringEntry, line: int, rows: DossierRows) -> None:
        """Let a sealed dossier join, whose ``entry`` is ``line`` bytes in the keyring."""
        with one.spooled.opened() as source:
            self._builder.place_unit(
                entry.unit,
                source,
                size=one.sealed.size,
                crc32=one.sealed.crc32,
                digest=one.sealed.digest,
                destroy_from=entry.destroy_from,
                hold=entry.hold,
            )
        joined = self._joined
        joined.entries.append(entry)
        add_patient(joined.tree, entry)
        joined.index += line
        joined.retention.append(rows.retention)
        for row in rows.missing:
            joined.missing.append(row)
        joined.listed += rows.size
        joined.counts.update({**without_sums(one.counts), "patients": 1})
        joined.redactions.update(one.redactions)
        joined.terms.add(entry.destroy_from)
        joined.dossiers += 1
        joined.on_hold += entry.hold
        if self._course.request.roster:
            joined.patients.add(one.patient)

    def close(self, *, alone: bool) -> None:
        """Add the practice's unit and the keyrings; nothing can join any more.

        ``alone`` says that there is no other volume, so that the roster stays whole.
        """
        course, joined = self._course, self._joined
        patients = None if alone else joined.patients
        term, hold = latest_term(joined.terms), joined.on_hold > 0
        first = self._number == 1
        rows = ListedRows(retention=joined.retention, missing=joined.missing, redactions=joined.redactions)
        with sealed_practice(course, first=first, patients=patients, rows=rows) as practice:
            unit = new_unit_id(course.randomness)
            listed = self._builder.add_unit(unit, practice.stream, destroy_from=term, hold=hold)
        if (listed.size, listed.digest) != (practice.sealed.size, practice.sealed.digest):
            raise CountsDiffer(
                where=unit, kind=mark("bytes"), expected=practice.sealed.size, found=listed.size
            )
        line = keyring_entry(
            unit,
            practice.sealed,
            practice.passphrase,
            None,
            practice.counts,
            destroy_from=term,
            hold=hold,
        )
        joined.entries.append(line)
        self._commitment = add_keyrings(
            self._builder,
            joined.entries,
            self._header(),
            course.request.access,
            folder=course.folder,
            randomness=course.randomness,
        )
        joined.entries, joined.retention, joined.missing = SpooledList(), SpooledList(), SpooledList()

    def finish(self, place: Volume | None) -> Manifest:
        """Write manifest and signature of the closed volume; ``place`` is which of which set it is."""
        request = self._course.request
        return self._builder.finish(
            self._handover(place),
            request.signer,
            at=self._course.at,
            co_signer=request.co_signer,
            stamp=request.stamp,
            sources=request.sources,
        )

    def _header(self) -> KeyringHeader:
        """Return the first line of the keyrings: who will sign, and on what terms."""
        request = self._course.request
        before = party_of(organisation_of(self._course.practice))
        return KeyringHeader(
            package=self.package_id,
            nonce=new_nonce(self._course.randomness),
            signers=fingerprints(request.signer, request.co_signer),
            terms=Terms(
                legal_ground=request.ground.value,
                controller_before=before,
                controller_after=optional_party(named_organisation(request.controller_after)),
                sender=before,
                receiver=optional_party(named_organisation(request.receiver)),
            ),
        )

    def _handover(self, place: Volume | None) -> Handover:
        request = self._course.request
        before = organisation_of(self._course.practice)
        first = self._number == 1
        return Handover(
            created=self._course.at,
            legal_ground=request.ground.value,
            controller_before=before,
            controller_after=named_organisation(request.controller_after),
            sender=before,
            receiver=named_organisation(request.receiver),
            scope=Scope(
                kind="all" if request.whole_practice else "roster",
                left_out={**left_out(self._course, first=first), **request.gone.counts()},
            ),
            counts=dict(self._joined.counts),
            keyring_commitment=self._commitment,
            patients_commitment=commitment_of(self._joined.tree),
            volume=place,
        )


def size_estimate_of(course: ExportContext) -> SizeEstimate:
    """Return what closes every package of the export."""
    request = course.request
    return SizeEstimate(
        signers=2 if request.co_signer else 1,
        enclosed=sum(map(len, (*request.sources.lists, *request.sources.responses))),
        keyrings=bool(request.access.recipients) + bool(request.access.passphrase),
        recipients=len(request.access.recipients),
    )


def fingerprints(*signers: Signer | None) -> tuple[str, ...]:
    """Return the SHA-256 of the certificates of the ``signers`` there are."""
    return tuple(fingerprint(one.certificate) for one in signers if one is not None)


def named_organisation(name: str) -> Organisation | None:
    """Return the organisation called ``name``, or nobody."""
    return Organisation(name=name) if name else None


def organisation_of(practice: Practice) -> Organisation:
    """Return a practice as the public may know it."""
    known = (OrganisationIdentifier(system=one.system, value=one.value) for one in practice.identifiers)
    return Organisation(name=practice.name, identifiers=tuple(known))
