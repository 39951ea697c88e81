"""Hand over the portability archive (PDLGC): ``PA….ZIP`` with an archive for each patient, manifest and signature.

1. The signer may sign now; whoever has more patients than five digits tell apart gets several archives.
2. Each dossier is written as the plain archive of ``formats.pdlgc``, and counted against itself.
3. Length and digest of each are taken as it is written; what is whole is written down, and an export that ended in its
   midst goes on behind it, as far as the dossiers are still the same.
4. The archives have their names when all of them are whole.
5. The journal of a store says who asked when, which archive was made, and how it ended (the guide's duty of trace).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from archiver import disk
from archiver.delivery.errors import NothingChosen, SendingInterrupted
from archiver.delivery.export_record import UnfinishedExport, name_archives, open_unfinished_export
from archiver.delivery.unfinished import is_unfinished
from archiver.operations.deliveries.deliver import DossierReader
from archiver.operations.deliveries.export_part import ExportWriter, PartTerms
from archiver.operations.deliveries.export_practice import (
    export_author,
    exporting_practice,
    own_practitioners,
    signer_findings,
)
from archiver.operations.deliveries.export_source import Additions, DossierFilter
from archiver.practice.store import PracticeStore
from archiver.signing.keys.key_file import Signer
from archiver.signing.keys.signer_check import refuse_unfit
from archiver.signing.validity import Stamping
from archiver.spooled_list import SpooledList
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.model.people import Practitioner
from formats.pdlgc.profile import EXPORT_TIME, MAX_PATIENTS, PROFILE
from formats.portability.writer.author import ExportAuthor
from formats.portability.writer.manifest import ExportType
from formats.portability.writer.readme import readme_findings
from formats.words import mark

if TYPE_CHECKING:  # whoever delivers out of a store opens no package
    from archiver.handover.opening import OpenedHandover
    from archiver.twins.press import TwinPress


@dataclass(frozen=True, kw_only=True, slots=True)
class PortabilityRequest:
    """Whose dossiers become an export in the new ``folder``, who signs it, who asked for it when, and for whom it is.

    ``patients`` are identities of patient records. Nothing is put in the place of a requester or a day that is not
    known. ``stamp`` time-stamps the signatures, ``copies`` tells whether there are readable copies (PDF/A-1) of the
    documents, and ``each`` how many patients one archive has at most.
    """

    patients: Sequence[str]
    folder: Path
    kind: ExportType
    signer: Signer
    by: str = ""
    receiver: str = ""
    requester: str = ""
    requested_on: date | None = None
    activity: DossierFilter = field(default_factory=DossierFilter)
    additions: Additions = field(default_factory=Additions)
    contact_name: str = ""
    copies: bool = True
    each: int = MAX_PATIENTS
    stamp: Stamping | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenExport:
    """One archive: where it lies, its UUID, its length in bytes, and how many patients are in it."""

    path: Path
    id: str
    size: int
    patients: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PortabilityOutcome:
    """What was made: the archives, whose dossiers are in them, counts by kind of these, and what was noticed.

    ``patients`` are identities of patient records; ``earlier`` of them were whole from a run that ended in its midst,
    and ``passed`` patients were not chosen.
    """

    exports: tuple[WrittenExport, ...]
    patients: tuple[str, ...]
    counts: dict[str, int]
    findings: SpooledList[Finding]
    earlier: int = 0
    passed: int = 0


class _Work(NamedTuple):
    """What the work needs from outside: the clock, whom to tell, what makes readable copies."""

    clock: Callable[[], datetime]
    progress: Callable[[int], None]
    press: TwinPress | None


def export_portability(
    content: PracticeStore | OpenedHandover,
    request: PortabilityRequest,
    *,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes],
    progress: Callable[[int], None] = lambda _: None,
    press: TwinPress | None = None,
) -> PortabilityOutcome:
    """Write the export, or go on with it; ``progress`` is told the dossiers done, ``press`` makes the readable copies.

    Raises:
        CertificateEnded, SignerUnfit, SignerPathIncomplete, SignerPathInvalid, SignerAlgorithmEnded: when nobody would
            accept the signature.
        NothingChosen: when no dossier is.
        AlreadyExists, DiskFull, DiskFault: what the disk answered.
        SendingInterrupted: after Ctrl-C, where something is whole.
        CountsDiffer, AttachmentMissing, AttachmentChanged, LimitExceeded: when a dossier is not what it says it is.
        Failure: as ``open_dossier``, of a package.
    """
    at = clock().replace(microsecond=0)
    refuse_unfit([request.signer], at)
    try:
        outcome = _export(content, request, at, randomness, _Work(clock, progress, press))
    except KeyboardInterrupt:
        _note(content, at, request, anomaly=SendingInterrupted.code)
        if not is_unfinished(request.folder):
            raise
        raise SendingInterrupted from None
    except Failure as failure:
        _note(content, at, request, anomaly=failure.code)
        raise
    _note(content, at, request, outcome)
    return outcome


def _export(
    content: PracticeStore | OpenedHandover,
    request: PortabilityRequest,
    at: datetime,
    randomness: Callable[[int], bytes],
    work: _Work,
) -> PortabilityOutcome:
    identities = request.patients
    chosen = list(_chosen(DossierReader(content, at), identities, request.activity))
    if not chosen:
        raise NothingChosen
    parts = [chosen[start : start + request.each] for start in range(0, len(chosen), request.each)]
    begun = {
        "at": at.isoformat(),
        "exports": [str(uuid.UUID(bytes=randomness(16), version=4)) for _ in parts],
    }
    with open_unfinished_export(request.folder, _which(request, chosen), begun) as record:
        return _write(content, request, record, parts, work, passed=len(identities) - len(chosen))


def _write(
    content: PracticeStore | OpenedHandover,
    request: PortabilityRequest,
    record: UnfinishedExport,
    parts: Sequence[Sequence[str]],
    work: _Work,
    *,
    passed: int,
) -> PortabilityOutcome:
    at = datetime.fromisoformat(record.facts["at"])
    reader = DossierReader(content, at)
    with reader.open(parts[0][0]) as first:
        practice = request.additions.practice(exporting_practice(content, first.dossier.practice))
        known = own_practitioners(content) or first.dossier.practitioners
        practitioners = tuple(map(request.additions.practitioner, known))
    author = export_author(practice, request.contact_name)
    local = at.astimezone(ZoneInfo(practice.time_zone))
    findings = SpooledList(_first_findings(request, author, practitioners))
    writer = ExportWriter(content, reader, record, findings, work.progress, work.press)
    exports: list[WrittenExport] = []
    with disk.failures_about():
        for number, identities in enumerate(parts, 1):
            export = record.facts["exports"][number - 1]
            terms = PartTerms(
                number=number,
                of=len(parts),
                export=export,
                at=local,
                author=author,
                additions=request.additions,
                kind=request.kind,
                activity=request.activity,
                comments=_comments(request, local, number, len(parts)),
                signer=request.signer,
                stamp=request.stamp,
            )
            size = writer.write_part(identities, terms, work.clock)
            name = (local + timedelta(seconds=number - 1)).strftime(EXPORT_TIME)
            exports.append(
                WrittenExport(path=request.folder / name, id=export, size=size, patients=len(identities))
            )
    name_archives(record, [one.path.name for one in exports])
    return PortabilityOutcome(
        exports=tuple(exports),
        patients=tuple(identity for identities in parts for identity in identities),
        counts=dict(writer.counts),
        findings=findings,
        earlier=writer.earlier,
        passed=passed,
    )


def _chosen(reader: DossierReader, identities: Sequence[str], activity: DossierFilter) -> Iterator[str]:
    for identity in identities:
        if not activity.chooses:
            yield identity
            continue
        with reader.open(identity) as source:
            if activity.is_in(source.dossier):
                yield identity


def _which(request: PortabilityRequest, chosen: Sequence[str]) -> str:
    """Return what tells one export from another: whose it is, of what, for whom."""
    terms = [
        request.kind,
        request.receiver,
        request.requester,
        repr(request.activity),
        repr(request.additions),
        str(request.copies),
        str(request.each),
        *chosen,
    ]
    return hashlib.sha256(json.dumps(terms).encode()).hexdigest()


def _first_findings(
    request: PortabilityRequest, author: ExportAuthor, practitioners: Sequence[Practitioner]
) -> Iterator[Finding]:
    """Yield what is to be known before the first dossier is written."""
    yield from author.findings()
    yield from readme_findings(author)
    yield from signer_findings(request.signer, author.practice, practitioners)
    yield from _request_findings(request)
    yield from request.additions.findings(author.practice, practitioners)


def _request_findings(request: PortabilityRequest) -> Iterator[Finding]:
    """Yield a finding where the duty of trace asks for what nobody said."""
    if not (request.requester and request.requested_on):
        yield Finding(
            severity=Severity.WARNING,
            code="request-not-stated",
            where="MANIFEST.XML",
            sentence=mark(
                "Who asked for the archive, or on which day, is not stated: the guide wants both traced "
                "(--requester, --requested-on), and nothing is written in their place."
            ),
        )


def _comments(request: PortabilityRequest, local: datetime, number: int, of: int) -> str:
    """Return what the manifest says besides: profile, who asked when, for whom, the clock, which of several."""
    on = request.requested_on.isoformat() if request.requested_on else ""
    asked = f"{request.requester} le {on}" if request.requester and on else request.requester
    terms = {
        "demande de" if request.requester else "demande du": asked or on,
        "remis par": request.by,
        "remis à": request.receiver,
    }
    facts = [f"{name} {value}" for name, value in terms.items() if value]
    return "; ".join([PROFILE, *facts, f"heure locale UTC{local.strftime('%z')}", f"{number}/{of}"])


def _note(
    content: PracticeStore | OpenedHandover,
    at: datetime,
    request: PortabilityRequest,
    outcome: PortabilityOutcome | None = None,
    *,
    anomaly: str = "",
) -> None:
    """Write into the journal of a store what the guide wants traced."""
    if not isinstance(content, PracticeStore):
        return
    detail: dict[str, Any] = {
        "form": "pdlgc",
        "by": request.by,
        "receiver": request.receiver,
        "requester": request.requester,
        "requested_on": request.requested_on.isoformat() if request.requested_on else "",
        "type": str(request.kind),
        "outcome": "failed" if outcome is None else "complete",
    }
    if outcome is None:
        detail["anomaly"] = anomaly
    else:
        detail["archives"] = [
            {"id": one.id, "name": one.path.name, "bytes": one.size} for one in outcome.exports
        ]
        detail["patients"] = list(outcome.patients)
    with content.changing():
        content.note(at.isoformat(), "delivery", detail)
