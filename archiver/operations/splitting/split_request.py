"""What a split is asked for, and what comes of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archiver.assembly.keyrings import KeyringRecipients
from archiver.handover.opening import OpenRequest
from archiver.package.manifests.manifest import Manifest
from archiver.practice.registers.handovers import ExportedUnit
from archiver.scope.legal_ground import LegalGround
from archiver.scope.rosters.roster_agreement import RosterAgreement
from archiver.signing.keys.key_file import Signer
from archiver.signing.revocation.sources import NO_SOURCES, Sources
from archiver.signing.validity import Stamping
from archiver.verdict import Answer
from formats.findings import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitReceiver:
    """One receiver: as the roster names them, who opens their package, and the name of its file."""

    name: str
    access: KeyringRecipients
    file: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitTargets:
    """What to split by which roster, for whom, and into which new folder.

    ``rest`` receives whoever goes to nobody else; without it they have to be left out on purpose (``leave_out``). The
    receiver called ``practice_rows`` gets the practice's own rows. Without a ``ground`` it is the one that was signed
    with the roster, or that of the source.
    """

    opening: OpenRequest
    roster: Path
    receivers: Sequence[SplitReceiver]
    folder: Path
    rest: SplitReceiver | None = None
    leave_out: bool = False
    practice_rows: str = ""
    ground: LegalGround | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitRequest(SplitTargets):
    """And who splits and signs: ``sender`` is a name.

    ``unsigned`` is why the roster is followed without the signatures that the ground asks for.
    """

    sender: str
    signer: Signer
    co_signer: Signer | None = None
    stamp: Stamping | None = None
    sources: Sources = NO_SOURCES
    unsigned: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitPackage:
    """One package that was made: for whom, where, what its manifest says, and whose units it holds.

    ``signed_list`` is the SHA-256 by which the package is known.
    """

    receiver: str
    path: Path
    size: int
    manifest: Manifest
    signed_list: str
    units: Collection[ExportedUnit]


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitOutcome:
    """The packages, and what of the sources is in none of them: ``left_out`` patients, ``practice_rows``.

    ``linked`` and ``shared`` are those of ``SplitAssignment``, ``agreement`` says who agreed on the roster. ``trusted``
    is the answer by which the signer of the sources was accepted, ``doubt`` what could not be proven about it.
    ``destroyed`` are the units of the sources that a keeper had destroyed by law: they go to nobody.
    """

    packages: tuple[SplitPackage, ...]
    source: str
    patients: int
    left_out: int
    linked: int
    shared: int
    practice_rows: int
    agreement: RosterAgreement
    trusted: Answer
    doubt: Answer | None
    destroyed: tuple[str, ...] = ()
    findings: Sequence[Finding] = field(default=())
