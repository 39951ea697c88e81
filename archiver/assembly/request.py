"""What an export is asked for, what it needs at every step, and what comes of it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archiver.assembly.errors import SenderUnknown, SignersAlike
from archiver.assembly.keyrings import KeyringRecipients
from archiver.compliance.redaction import Selection
from archiver.instructions.pages import package_pages
from archiver.opener import opener_page
from archiver.package.manifests.manifest import Manifest
from archiver.practice.practitioners import practice_by_name, practice_of_store
from archiver.practice.registers.handovers import ExportedUnit
from archiver.practice.store import PracticeStore
from archiver.scope.gone_leaving import NOTHING_GONE, GoneLeaving
from archiver.scope.handover_terms import HandoverTerm, situation_terms
from archiver.scope.legal_ground import LegalGround
from archiver.scope.rosters.roster import RosterLine
from archiver.scope.rosters.roster_agreement import RosterAgreement
from archiver.scope.situations import SituationCode
from archiver.signing.keys.key_file import Signer
from archiver.signing.revocation.sources import NO_SOURCES, Sources
from archiver.signing.validity import Stamping
from formats.digests import Digest
from formats.findings import Finding
from formats.model.missing import Missing
from formats.model.people import Practice
from formats.pdlgc.sender import Sender

Clock = Callable[[], datetime]
Randomness = Callable[[int], bytes]

MIN_VOLUME_CONTENT_BYTES = 224 << 10
"""Bytes of the smallest volume besides its pages: lists, keyrings and signatures take 70,000, dossiers the rest."""


def least_volume_bytes() -> int:
    """Return the bytes of the smallest volume: below, it is mostly pages."""
    return len(opener_page()) + sum(len(text) for _, text in package_pages()) + MIN_VOLUME_CONTENT_BYTES


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRequest:
    """What to take, for whom, on what ground.

    ``patients`` are identities of patient records; the other records of the same persons leave with
    them, under the same hold. The lines of ``roster`` are resolved; it is empty when everybody is taken.
    ``agreement`` says who agreed on it, ``situation`` in which situation they leave. ``asked``
    says who asked for a dossier, ``selection`` what whoever gets it is to have of it: without one, all.
    ``on_hold`` are those whose dossier a list puts under a hold, beside those under a hold of the store.
    ``gone`` says what becomes of what the source does not have any more; ``without_lost`` that a dossier is sealed
    without the files that the store lost, each named in it.
    ``controller_after`` and ``receiver`` are names, or empty when nobody is known yet. A ``co_signer`` signs as
    well; ``stamp`` asks a time-stamping authority, ``sources`` are what is known about
    revocations. No volume has more than ``volume_size`` bytes, unless one dossier
    alone has; 0 never cuts. With ``by_retention_year`` each volume is of one year.
    """

    target: Path
    patients: Sequence[str]
    access: KeyringRecipients
    signer: Signer
    co_signer: Signer | None = None
    stamp: Stamping | None = None
    sources: Sources = NO_SOURCES
    ground: LegalGround = LegalGround.NOT_STATED
    roster: Sequence[RosterLine] = ()
    agreement: RosterAgreement | None = None
    situation: SituationCode | None = None
    asked: Mapping[HandoverTerm, str] = field(default_factory=dict)
    selection: Selection | None = None
    on_hold: Collection[str] = frozenset()
    whole_practice: bool = False
    gone: GoneLeaving = NOTHING_GONE
    without_lost: bool = False
    controller_after: str = ""
    receiver: str = ""
    sender: str = ""
    volume_size: int = 0
    by_retention_year: bool = False

    def __post_init__(self) -> None:
        if self.co_signer is not None and self.co_signer.certificate == self.signer.certificate:
            raise SignersAlike

    @property
    def terms(self) -> Mapping[HandoverTerm, str]:
        """What the practice's unit says of the situation, and of who agreed on the roster."""
        everybody = self.whole_practice
        situation = situation_terms(self.situation, everybody=everybody) if self.situation else {}
        agreement = self.agreement.terms() if self.agreement else {}
        return {**situation, **self.asked, **agreement, **self.gone.terms()}

    @property
    def cut(self) -> bool:
        """Whether there may be more than one volume."""
        return bool(self.volume_size) or self.by_retention_year


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedVolume:
    """One package that was written: ``size`` in bytes, the digest of its manifest."""

    path: Path
    size: int
    manifest: Manifest
    manifest_digest: Digest

    @property
    def retention_year(self) -> int | None:
        """The one year of its dossiers, where volumes have one."""
        place = self.manifest.handover.volume
        return place.retention_year if place else None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportOutcome:
    """The outcome: the packages and what ties them, what they hold in all, and what is not taken.

    One package has no ``set_file``. ``linked`` are the patient records nobody named that leave because
    they are of the same persons: names and birth date by identity. ``on_hold`` counts the dossiers under a
    hold, ``agreement`` says who agreed on the roster, ``terms`` what the practice's unit states, ``redactions`` what
    was taken out of dossiers, ``counts`` every
    kind of record; ``findings`` are what a person should know of single dossiers. ``sums`` of money (cents) and
    what is ``missing`` are what no public manifest says of all dossiers; ``dossiers`` are the dossiers, with what
    each holds. ``lost`` has by patient the SHA-256 of the files without which a dossier was sealed.
    """

    volumes: tuple[ExportedVolume, ...]
    counts: Mapping[str, int]
    on_hold: int
    left_out: Mapping[str, int]
    linked: Mapping[str, str]
    findings: Collection[Finding] = ()
    agreement: RosterAgreement | None = None
    terms: Mapping[HandoverTerm, str] = field(default_factory=dict)
    redactions: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, int] = field(default_factory=dict)
    missing: Missing = field(default_factory=Counter)
    set_file: Path | None = None
    set_id: str = ""
    dossiers: Collection[ExportedUnit] = ()
    lost: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """What to name to whoever receives it: the package, or what ties its volumes."""
        return self.set_file or self.volumes[0].path

    @property
    def size(self) -> int:
        """Bytes of all packages."""
        return sum(one.size for one in self.volumes)

    @property
    def units(self) -> int:
        """Sealed units of all packages."""
        return sum(len(one.manifest.units) for one in self.volumes)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportContext:
    """What an export needs at every step; ``left_out`` counts what it does not take.

    ``linked`` are the patient records that leave because they are of the same persons as those named.
    """

    store: PracticeStore
    request: ExportRequest
    practice: Practice
    sender: Sender
    at: datetime
    randomness: Randomness
    left_out: Mapping[str, int]
    linked: Mapping[str, str]

    @property
    def folder(self) -> Path:
        """Where everything is written."""
        return self.request.target.parent


def new_identifier(randomness: Randomness) -> str:
    """Return a random UUID, for a package or a set."""
    return str(uuid.UUID(bytes=randomness(16), version=4))


def sending_practice(store: PracticeStore, sender: str) -> Practice:
    """Return the practice that sends: the store's own, or one known by the name its owner gives.

    A store filled by imports alone has none, and the practices it received from must not be named for it.

    Raises:
        SenderUnknown: when nobody says who sends.
    """
    found = practice_of_store(store)
    if found is not None:
        return found
    if not sender:
        raise SenderUnknown
    return practice_by_name(sender)
