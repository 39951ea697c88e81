"""Hand over the portability archive (PDLGC): ``PA….ZIP`` with an archive for each patient, manifest and signature.

1. The signer may sign now; whoever has more patients than five digits tell apart gets several archives.
2. Each dossier is written as the plain archive of ``formats.pdlgc``, and counted against itself.
3. Length and digest of each are taken as it is written; what is whole is written down, and an export that ended in its
   midst goes on behind it, as far as the dossiers are still the same.
4. The archives have their names when all of them are whole.
5. The journal of a store says who asked when, which archive was made, and how it ended (the guide's duty of trace).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
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
from archiver.operations.deliveries.export_request import (
    PortabilityRequest,
    export_comments,
    request_findings,
    which_export,
)
from archiver.practice.store import PracticeStore
from archiver.signing.keys.signer_check import refuse_unfit
from archiver.spooled_list import SpooledList
from formats.errors import Failure
from formats.findings import Finding
from formats.model.people import Practitioner
from formats.pdlgc.profile import EXPORT_TIME
from formats.portability.writer.author import ExportAuthor
from formats.portability.writer.readme import readme_findings

if TYPE_CHECKING:  # whoever delivers out of a store opens no package
    from archiver.handover.opening import OpenedHandover
    from archiver.twins.press import TwinPress


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
    patients: Collection[str]
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
    parts = _parts(_chosen(DossierReader(content, at), request), request.each)
    if not parts:
        raise NothingChosen
    passed = len(request.patients) - sum(map(len, parts))
    begun = {
        "at": at.isoformat(),
        "exports": [str(uuid.UUID(bytes=randomness(16), version=4)) for _ in parts],
    }
    with open_unfinished_export(
        request.folder, which_export(request, chain.from_iterable(parts)), begun
    ) as record:
        return _write(content, request, record, parts, work, passed=passed)


def _parts(identities: Iterable[str], each: int) -> list[SpooledList[str]]:
    """Return who is in which archive: a practice is in none as a whole, and not in memory."""
    parts: list[SpooledList[str]] = []
    for identity in identities:
        if not parts or len(parts[-1]) == each:
            parts.append(SpooledList())
        parts[-1].append(identity)
    return parts


def _write(
    content: PracticeStore | OpenedHandover,
    request: PortabilityRequest,
    record: UnfinishedExport,
    parts: Sequence[Collection[str]],
    work: _Work,
    *,
    passed: int,
) -> PortabilityOutcome:
    at = datetime.fromisoformat(record.facts["at"])
    reader = DossierReader(content, at)
    with reader.open(next(iter(parts[0]))) as first:
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
                comments=export_comments(request, local, number, len(parts)),
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
        patients=SpooledList(chain.from_iterable(parts)),
        counts=dict(writer.counts),
        findings=findings,
        earlier=writer.earlier,
        passed=passed,
    )


def _chosen(reader: DossierReader, request: PortabilityRequest) -> Iterator[str]:
    activity = request.activity
    for identity in request.patients:
        if not activity.chooses:
            yield identity
            continue
        with reader.open(identity) as source:
            if activity.is_in(source.dossier):
                yield identity


def _first_findings(
    request: PortabilityRequest, author: ExportAuthor, practitioners: Sequence[Practitioner]
) -> Iterator[Finding]:
    """Yield what is to be known before the first dossier is written."""
    yield from author.findings()
    yield from readme_findings(author)
    yield from signer_findings(request.signer, author.practice, practitioners)
    yield from request_findings(request)
    yield from request.additions.findings(author.practice, practitioners)


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
