"""One archive of a portability export: its patients one after the other, then the practice, manifest, signature."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from archiver.delivery.export_record import UnfinishedExport, WholeMember, cut_off, span_digest
from archiver.handover.kinds import require_counts
from archiver.operations.deliveries.deliver import DossierReader, add_rows
from archiver.operations.deliveries.export_source import Additions, DossierFilter, PatientExclusions
from archiver.practice.practitioners import practice_sender
from archiver.practice.registers.stored_findings import findings_of, findings_text
from archiver.practice.store import PracticeStore
from archiver.signing.keys.key_file import Signer
from archiver.signing.validity import Stamping
from archiver.signing.xades import sign_files
from archiver.spooled_list import SpooledList
from formats.findings import Finding
from formats.model.dossier import Dossier
from formats.pdlgc.names import Placement, place_files
from formats.pdlgc.subset.documents import TwinOpener
from formats.pdlgc.subset.plan import subset_documents
from formats.pdlgc.write import Renderings, write_archive
from formats.portability.writer.author import ExportAuthor
from formats.portability.writer.export import PortabilityExport
from formats.portability.writer.manifest import ArchiveLine, ExportStatus, ExportType, ManifestFacts
from formats.portability.writer.traces import trace_line
from formats.portability.writer.transverse import TransverseParts, write_transverse, write_transverse_of_one
from formats.target import Target
from formats.xdm.hl7_text import patient_cx
from formats.zip.writer import ZipStream

if TYPE_CHECKING:  # whoever delivers out of a store opens no package
    from archiver.delivery.write import DossierSource
    from archiver.handover.opening import OpenedHandover
    from archiver.twins.press import TwinPress

FRONT = 4
"""Members in front of the patients: README and documentation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartTerms:
    """What an archive says of itself: the ``number``-th ``of`` them, its UUID, its moment on the practice's clock."""

    number: int
    of: int
    export: str
    at: datetime
    author: ExportAuthor
    additions: Additions
    kind: ExportType
    activity: DossierFilter
    comments: str
    signer: Signer
    stamp: Stamping | None = None

    @property
    def facts(self) -> ManifestFacts:
        """What the manifest says."""
        return ManifestFacts(
            export=self.export,
            kind=self.kind,
            status=ExportStatus.COMPLETE if self.of == 1 else ExportStatus.PARTIAL,
            comments=self.comments,
            author=self.author,
            since=self.activity.since,
            until=self.activity.until,
        )


@dataclass(slots=True)
class _Part:
    """An archive at work."""

    terms: PartTerms
    transverse: TransverseParts
    left_out: PatientExclusions = field(default_factory=PatientExclusions)


class ExportWriter:
    """Writes the archives of one export; ``counts`` are of all dossiers, by kind."""

    def __init__(
        self,
        content: PracticeStore | OpenedHandover,
        reader: DossierReader,
        record: UnfinishedExport,
        findings: SpooledList[Finding],
        progress: Callable[[int], None],
        press: TwinPress | None = None,
    ) -> None:
        self._content = content
        self._reader = reader
        self._record = record
        self._findings = findings
        self._progress = progress
        self._press = press
        self.counts: Counter[str] = Counter()
        self.earlier = 0

    def write_part(self, identities: Collection[str], terms: PartTerms, clock: Callable[[], datetime]) -> int:
        """Write one archive whole, behind what of it is whole; return its length in bytes."""
        parts = TransverseParts(agenda=SpooledList(), traces=SpooledList(), stamp=terms.at)
        part = _Part(terms=terms, transverse=parts)
        with self._record.open_part(terms.number) as (stream, whole):
            members = self._still_whole(whole, identities, part)
            cut_off(stream, members)
            export = PortabilityExport(stream, when=terms.at, earlier=(one.member for one in members))
            if not members:
                self._write_front(export, stream, terms)
            for one in members:
                if one.line:
                    export.add(one.line)
            for identity in islice(identities, export.count, None):
                self._write_patient(export, identity, part)
            if terms.kind is ExportType.MASS and isinstance(self._content, PracticeStore):
                parts.add_traces(_journal(self._content))
            require_counts({"patients": len(identities)}, {"patients": export.count})
            return export.finish(
                lambda target: _write_transverse(target, part),
                terms.facts,
                lambda files: sign_files(files, terms.signer, at=clock(), stamp=terms.stamp),
            )

    def _write_front(self, export: PortabilityExport, stream: BinaryIO, terms: PartTerms) -> None:
        members = list(export.write_front(terms.author))
        stream.flush()
        for one in members:
            content = span_digest(stream, one.offset, one.end).hex
            self._record.add(WholeMember(part=terms.number, member=one, content=content))
        stream.seek(members[-1].end)

    def _still_whole(
        self, whole: Iterable[WholeMember], identities: Iterable[str], part: _Part
    ) -> SpooledList[WholeMember]:
        """Return the members that stay: those of dossiers that are still the same, up to the first that is not."""
        patients = iter(whole)
        members = SpooledList(islice(patients, FRONT))
        if len(members) < FRONT:
            return SpooledList()
        for identity, one in zip(identities, patients, strict=False):
            with self._prepared(identity, part) as (source, dossier):
                noticed = _noticed(one)
                if _key(dossier) != one.content or noticed is None:
                    break
                self._count(part, source, dossier)
            for found in noticed:
                self._findings.append(found)
            members.append(one)
            self.earlier += 1
            self._progress(1)
        return members

    @contextmanager
    def _prepared(self, identity: str, part: _Part) -> Iterator[tuple[DossierSource, Dossier]]:
        """Open a dossier, and give it as it is handed over."""
        terms = part.terms
        with self._reader.open(identity) as source:
            dossier = terms.additions.dossier(source.dossier, terms.author.practice.id)
            if terms.kind is ExportType.UNIT:
                dossier = PatientExclusions().without(dossier)
            yield source, dossier

    def _count(self, part: _Part, source: DossierSource, dossier: Dossier) -> None:
        if part.terms.kind is ExportType.UNIT:
            part.left_out.without(source.dossier)
        else:
            part.transverse.add(dossier)
        self.counts.update(dossier.counts())
        for one in source.findings:
            self._findings.append(one)

    def _press_findings(self) -> list[Finding]:
        """Return what was noticed about readable copies since the last time."""
        if self._press is None:
            return []
        found, self._press.findings = self._press.findings, []
        return found

    def _copies(
        self, dossier: Dossier, source: DossierSource, placement: Placement, at: datetime
    ) -> TwinOpener | None:
        """Return what opens the readable copies of a dossier, where there are to be any."""
        if self._press is None:
            return None
        documents = subset_documents(dossier, placement.places, at)
        return self._press.prepare(dossier, documents, source.open_attachment)

    def _write_patient(self, export: PortabilityExport, identity: str, part: _Part) -> None:
        terms = part.terms
        with self._prepared(identity, part) as (source, dossier):
            size = sum(one.size for one in dossier.attachments())
            placement = place_files(dossier, source.open_attachment, source.header_facts)
            with export.patient(size=size) as (name, target):
                written = write_archive(
                    dossier,
                    ZipStream(target, when=terms.at),
                    placement,
                    open_attachment=source.open_attachment,
                    written_at=terms.at,
                    sender=practice_sender(terms.author.practice),
                    renderings=Renderings(
                        previews=source.previews, twins=self._copies(dossier, source, placement, terms.at)
                    ),
                )
            require_counts(dossier.counts(), written.counts)
            line = ArchiveLine(id=name, size=target.size, digest=target.digest, patient=patient_cx(dossier))
            export.add(line)
            noticed = (*written.findings, *self._press_findings())
            whole = WholeMember(
                part=terms.number,
                member=export.last,
                line=line,
                content=_key(dossier),
                findings=findings_text(noticed),
            )
            self._record.add(whole)
            self._count(part, source, dossier)
            for one in noticed:
                self._findings.append(one)
        self._progress(1)


def _noticed(one: WholeMember) -> Collection[Finding] | None:
    """Return what was noticed when a dossier was written; nothing where that cannot be read: it is written anew."""
    try:
        return findings_of(one.findings)
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error):
        return None


def _key(dossier: Dossier) -> str:
    known = hashlib.sha256()
    add_rows(known, dossier)
    return known.hexdigest()


def _write_transverse(target: Target, part: _Part) -> None:
    terms = part.terms
    if terms.kind is ExportType.UNIT:
        write_transverse_of_one(target, terms.author, written_at=terms.at, left_out=part.left_out.lines())
    else:
        write_transverse(target, part.transverse, terms.author)


def _journal(store: PracticeStore) -> Iterator[bytes]:
    """Yield the journal of a store as traces."""
    rows = store.db.execute("SELECT id, at, operation, detail FROM journal ORDER BY id")
    for number, at, operation, detail in rows:
        yield trace_line(at, "archiver", operation, {"journal": number, "detail": detail})
