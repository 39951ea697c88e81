"""Seal dossiers into one signed package.

1. Every dossier is read from the store, written as a patient archive and sealed, on all cores.
   Their order is drawn by lot: who knows the roster learns nothing from a unit's place or number.
2. What was written must equal what the store holds, kind by kind.
3. The practice-level unit says who works there, what the roster was and what was left out.
4. Keyring, public manifest, lists and signature close the package; only then does it get its name.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from archiver import __version__, disk
from archiver.errors import CountsDiffer, SenderUnknown, SignersAlike
from archiver.operations.collect import OWN_PRACTICE
from archiver.operations.keyrings import Openers, add_keyrings
from archiver.operations.seal import SealedDossier, Writing, seal_dossiers
from archiver.package.build import PackageBuilder
from archiver.package.layout import new_unit_id
from archiver.package.manifest import Handover, Identifier, Manifest, Organisation, Scope
from archiver.practice.store import PracticeStore
from archiver.sealing.keyring import KeyringEntry, KeyringHeader, new_nonce
from archiver.sealing.unit import new_passphrase, new_salt, sealing_unit
from archiver.signing.keys import Signer
from archiver.signing.sources import NO_SOURCES, Sources
from archiver.signing.standing import Stamping
from archiver.transfer.keyring_entry import keyring_entry
from archiver.transfer.legal_ground import LegalGround
from archiver.transfer.pages import package_pages
from archiver.transfer.readme import package_readme
from archiver.transfer.roster import RosterLine
from formats.model.people import Practice
from formats.model.record import practice_namespace
from formats.pdlgc.sender import Sender
from formats.pdlgc.transverse import PracticeRecords, write_practice_archive
from formats.words import mark

Clock = Callable[[], datetime]
Randomness = Callable[[int], bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRequest:
    """What to take, for whom, on what ground.

    ``patients`` are identities; ``roster`` is empty when everybody is taken. ``held`` are those of them whose
    dossier a person put under a hold. ``controller_after`` and ``receiver`` are
    names, or empty when nobody is known yet. A ``co_signer`` signs as well;
    ``stamp`` asks a time-stamping authority, ``sources`` are what is known about
    revocations.
    """

    target: Path
    patients: Sequence[str]
    openers: Openers
    signer: Signer
    co_signer: Signer | None = None
    stamp: Stamping | None = None
    sources: Sources = NO_SOURCES
    ground: LegalGround = LegalGround.NOT_STATED
    roster: Sequence[RosterLine] = ()
    held: Collection[str] = frozenset()
    whole_practice: bool = False
    controller_after: str = ""
    receiver: str = ""
    sender: str = ""

    def __post_init__(self) -> None:
        if self.co_signer is not None and self.co_signer.certificate == self.signer.certificate:
            raise SignersAlike


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """The outcome: the package, what is in it, how many dossiers are under a hold, and what is not taken."""

    package: Path
    size: int
    manifest: Manifest
    held: int
    left_out: Mapping[str, int]


@dataclass(slots=True)
class _Course:
    """What an export needs at every step, and what has come together so far."""

    store: PracticeStore
    builder: PackageBuilder
    request: ExportRequest
    sender: Sender
    at: datetime
    randomness: Randomness
    entries: list[KeyringEntry] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    terms: list[date | None] = field(default_factory=list)
    held: int = 0


def export(
    store: PracticeStore,
    request: ExportRequest,
    *,
    clock: Clock,
    randomness: Randomness,
    progress: Callable[[int], None] = lambda _: None,
) -> Exported:
    """Write the package ``request.target``; whatever goes wrong, nothing is left behind.

    Raises:
        AlreadyExists, DiskFull, DiskFault: what the disk answered.
        AttachmentMissing, AttachmentChanged, CountsDiffer: when the store does not hold what it lists.
    """
    at = clock().replace(microsecond=0)
    practice = _own_practice(store, request.sender)
    left_out = _left_out(store, request)
    package = str(uuid.UUID(bytes=randomness(16), version=4))
    with disk.written_aside(request.target) as stream:
        builder = PackageBuilder(stream, package_id=package, readme=package_readme(), pages=package_pages())
        course = _Course(
            store=store,
            builder=builder,
            request=request,
            sender=_sender(practice),
            at=at,
            randomness=randomness,
        )
        writing = Writing(written_at=at, sender=course.sender)
        for one in seal_dossiers(
            store,
            shuffled(request.patients, randomness),
            writing,
            folder=request.target.parent,
            randomness=randomness,
        ):
            _place(course, one)
            progress(1)
        _seal_practice(course, practice, left_out)
        commitment = add_keyrings(
            builder,
            course.entries,
            KeyringHeader(package=package, nonce=new_nonce(randomness)),
            request.openers,
            folder=request.target.parent,
            randomness=randomness,
        )
        handover = _handover(course, practice, left_out, commitment)
        manifest = builder.finish(
            handover,
            request.signer,
            at=at,
            co_signer=request.co_signer,
            stamp=request.stamp,
            sources=request.sources,
        )
    return Exported(
        package=request.target,
        size=request.target.stat().st_size,
        manifest=manifest,
        held=course.held,
        left_out=left_out,
    )


def shuffled(patients: Sequence[str], randomness: Randomness) -> tuple[tuple[int, str], ...]:
    """Return ``patients`` in an order drawn by lot, numbered from 1 in that order: units show their number."""
    return tuple(enumerate(sorted(patients, key=lambda _: randomness(16)), 1))


def _place(course: _Course, one: SealedDossier) -> None:
    """Let a sealed dossier join the package."""
    unit = new_unit_id(course.randomness)
    held = one.patient.id in course.request.held
    with one.berth.open("rb") as stream:
        course.builder.place_unit(
            unit,
            stream,
            size=one.sealed.size,
            crc32=one.sealed.crc32,
            sha256=one.sealed.sha256,
            destroy_from=one.destroy_from,
            hold=held,
        )
    course.terms.append(one.destroy_from)
    course.held += held
    course.entries.append(keyring_entry(unit, one.sealed, one.passphrase, one.patient, one.counts))
    course.counts.update(one.counts)
    course.counts["patients"] += 1


def _seal_practice(course: _Course, practice: Practice, left_out: Mapping[str, int]) -> None:
    """Seal who works there and how the dossiers were chosen; the practice's own rows only with all of it."""
    store, request = course.store, course.request
    records = PracticeRecords(
        practice=practice,
        practitioners=tuple(store.practitioners()),
        roster=tuple(
            (one.patient_number, one.family_name, one.given_name, one.practitioner_rpps)
            for one in request.roster
        ),
        left_out=left_out,
    )
    rows = store.practice_rows() if request.whole_practice else iter(())
    passphrase, salt = new_passphrase(course.randomness), new_salt(course.randomness)
    with disk.spool(course.request.target.parent) as spooled:
        with sealing_unit(spooled, passphrase=passphrase, salt=salt, member="TRANSV.ZIP") as sink:
            written = write_practice_archive(records, rows, sink, written_at=course.at, sender=course.sender)
        unit = new_unit_id(course.randomness)
        spooled.seek(0)
        listed = course.builder.add_unit(
            unit, spooled, destroy_from=_latest(course.terms), hold=course.held > 0
        )
    if (listed.size, listed.sha256) != (sink.sealed.size, sink.sealed.sha256):
        raise CountsDiffer(where=unit, kind=mark("bytes"), expected=sink.sealed.size, found=listed.size)
    course.entries.append(keyring_entry(unit, sink.sealed, passphrase, None, written.counts))


def _latest(terms: Sequence[date | None]) -> date | None:
    """Return when the last of ``terms`` ends; nobody can tell where one of them is unknown."""
    known = [term for term in terms if term is not None]
    return max(known) if known and len(known) == len(terms) else None


def _handover(course: _Course, practice: Practice, left_out: Mapping[str, int], commitment: str) -> Handover:
    request = course.request
    before = _organisation(practice)
    return Handover(
        created=course.at,
        legal_ground=request.ground.value,
        controller_before=before,
        controller_after=Organisation(name=request.controller_after) if request.controller_after else None,
        sender=before,
        receiver=Organisation(name=request.receiver) if request.receiver else None,
        scope=Scope(kind="all" if request.whole_practice else "roster", left_out=left_out),
        counts=dict(course.counts),
        keyring_commitment=commitment,
    )


def _left_out(store: PracticeStore, request: ExportRequest) -> dict[str, int]:
    """Count what the package does not take."""
    left = {"patients": store.counts()["patients"] - len(set(request.patients))}
    if not request.whole_practice:
        left["practice_rows"] = sum(1 for _ in store.practice_rows())
    return left


def _own_practice(store: PracticeStore, sender: str) -> Practice:
    """Return the practice that sends: the store's own, or one known by the name its owner gives.

    A store filled by imports alone has none, and the practices it received from must not be named for it.
    """
    own = store.setting(OWN_PRACTICE)
    found = store.get(Practice, own) if own else None
    if found is not None:
        return found
    if not sender:
        raise SenderUnknown
    return Practice(id=str(practice_namespace(f"sender:{sender}")), name=sender)


def _organisation(practice: Practice) -> Organisation:
    known = (Identifier(system=one.system, value=one.value) for one in practice.identifiers)
    return Organisation(name=practice.name, identifiers=tuple(known))


def _sender(practice: Practice) -> Sender:
    return Sender(
        name=practice.name,
        identifiers=practice.identifiers,
        contacts=practice.contacts,
        software="archiver",
        software_version=__version__,
    )
