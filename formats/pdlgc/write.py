"""One dossier as a plain patient archive, ``PATnnnnn.ZIP``, written from front to back.

The parts come in a fixed order: what a person reads, what a program reads, the
original files, the DICOM file-set, and last the sums of everything before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from formats.cda.writer.header import Issue
from formats.errors import LimitExceeded
from formats.fhir.write import write_bundle
from formats.findings import Finding
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.provenance import SourceRow
from formats.pdlgc import layout
from formats.pdlgc.columns import columns_of
from formats.pdlgc.members import ArchiveContainer, ArchiveFile, ArchiveMembers
from formats.pdlgc.names import (
    HeaderFacts,
    OpenAttachment,
    Placement,
    name_rows,
    no_header_facts,
    place_files,
)
from formats.pdlgc.page import unsafe_content
from formats.pdlgc.page.page import index_page
from formats.pdlgc.profile import SUBSET
from formats.pdlgc.readme.instructions import DELIVERED, PATIENT, readme
from formats.pdlgc.sender import Sender
from formats.pdlgc.source_rows import CountedRows, write_source_rows
from formats.pdlgc.subset.documents import TwinOpener
from formats.pdlgc.subset.write import SubmissionWriter
from formats.pdlgc.tables import write_table
from formats.pdlgc.unit_place import UnitPlace, write_unit_place
from formats.previews.preview import Previews, no_previews
from formats.target import Target
from formats.words import mark
from formats.zip.limits import ZipLimits
from formats.zip.writer import ZipStream


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenArchive:
    """What was written: records by kind, members in their order, and the length of the archive in bytes.

    ``counts`` has the names of ``Dossier.counts``, and was counted while writing.
    """

    counts: Mapping[str, int]
    files: tuple[ArchiveFile, ...]
    size: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Renderings:
    """What is only another form of what an archive holds: previews of its pictures, on the page, and readable copies.

    ``twins`` gives the copies of the documents of the submission, in an archive that is handed over.
    """

    previews: Previews = no_previews
    twins: TwinOpener | None = None


def write_patient_archive(
    dossier: Dossier,
    target: Target,
    *,
    open_attachment: OpenAttachment,
    header_facts: HeaderFacts = no_header_facts,
    written_at: datetime,
    sender: Sender,
    limits: ZipLimits | None = None,
    place: UnitPlace | None = None,
) -> WrittenArchive:
    """Write ``dossier`` and its files to ``target``, which is never asked to seek and is left open.

    ``place`` tells which unit of a package the archive is, where it is one. The page has no previews.
    The same dossier, files, sender and ``written_at`` (with a zone) give the same
    bytes. When this raises, what ``target`` holds is no archive. DICOM files whose
    ``header_facts`` were not stored are opened twice: once for the DICOMDIR, once to be copied.

    Raises:
        AttachmentChanged: when a file is not what the dossier says it is.
        LimitExceeded: for more files than 8.3 names can tell apart, and for whatever is more than a
            reader takes.
    """
    placement = place_files(dossier, open_attachment, header_facts)
    return write_archive(
        dossier,
        ZipStream(target, when=written_at, limits=limits),
        placement,
        open_attachment=open_attachment,
        written_at=written_at,
        sender=sender,
        place=place,
    )


def write_archive(
    dossier: Dossier,
    container: ArchiveContainer,
    placement: Placement,
    *,
    open_attachment: OpenAttachment,
    written_at: datetime,
    sender: Sender,
    place: UnitPlace | None = None,
    renderings: Renderings | None = None,
) -> WrittenArchive:
    """Write ``dossier`` and its files into ``container``, each file where ``placement`` puts it.

    ``renderings`` gives what only shows again what is there; without it there is none.

    Raises:
        AttachmentChanged, LimitExceeded: as ``write_patient_archive``.
    """
    renderings = renderings or Renderings()
    members = ArchiveMembers(container)
    text = PATIENT if placement.submission else DELIVERED
    members.add(layout.README, [readme(text, sender=sender, written_at=written_at)])
    page = index_page(
        dossier, links=placement.places, sender=sender, written_at=written_at, previews=renderings.previews
    )
    members.add(layout.INDEX, _readable(page))
    with members.open(layout.DOSSIER) as stream:
        records = write_bundle(dossier, stream, written_at=written_at)
    rows = CountedRows(dossier.source_rows)
    members.add(layout.SOURCE, write_source_rows(rows))
    members.add(layout.NAMES, write_table(columns_of(layout.NAMES), name_rows(dossier, placement.places)))
    if place is not None:
        members.add(layout.UNIT, [write_unit_place(place)])
    _write_files(members, dossier, placement, open_attachment)
    findings = [*placement.findings]
    if placement.submission:
        submission = SubmissionWriter(members, dossier, placement.places, Issue(written_at=written_at))
        submission.write(open_attachment)
        if renderings.twins is not None:
            submission.write_twins(renderings.twins)
        findings += submission.findings
    counts = {kind.kind: records[kind.kind] for kind in PATIENT_KINDS}
    counts |= {SourceRow.kind: rows.count, **_counted_files(members, placement)}
    size = members.finish()
    return WrittenArchive(counts=counts, files=tuple(members.files), size=size, findings=tuple(findings))


def _readable(page: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the page, which nobody would read beyond a length."""
    size = 0
    for piece in page:
        size += len(piece)
        if size > unsafe_content.MAX_PAGE_BYTES:
            name = mark("the size of the XML in bytes")
            raise LimitExceeded(
                where=layout.INDEX, name=name, found=size, limit=unsafe_content.MAX_PAGE_BYTES
            )
        yield piece


def _write_files(
    members: ArchiveMembers, dossier: Dossier, placement: Placement, open_attachment: OpenAttachment
) -> None:
    """Write the DICOMDIR and the original files that are in no submission, in the order of their places."""
    if placement.dicomdir:
        members.add(layout.DICOMDIR, [placement.dicomdir])
    for attachment in sorted(dossier.attachments(), key=lambda one: placement.places[one.sha256]):
        place = placement.places[attachment.sha256]
        if not place.startswith(f"{SUBSET}/"):
            with open_attachment(attachment.sha256) as body:
                members.add_attachment(place, attachment, body)


def _counted_files(members: ArchiveMembers, placement: Placement) -> dict[str, int]:
    """Count the original files among what was written, and their bytes."""
    places = frozenset(placement.places.values())
    sizes = [one.size for one in members.files if one.name in places]
    return {"files": len(sizes), "file_bytes": sum(sizes)}
