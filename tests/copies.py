"""Readable copies for tests: documents of an archive with any files, and what their copies say."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from pypdf import PdfReader

from archiver.twins.press import CopyCounts, TwinPress
from formats.cda.writer import kinds
from formats.findings import Finding
from formats.media_types import media_type
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile
from formats.pdlgc.endings import ending
from formats.pdlgc.profile import SUBSET
from formats.pdlgc.subset.documents import SubsetDocument
from formats.pdlgc.subset.plan import subset_documents

KINDS = {**kinds.KINDS, kinds.SUMMARY.type.code: kinds.SUMMARY}


@dataclass(frozen=True, kw_only=True, slots=True)
class Copies:
    """Copies by place, what was found, and how many there were."""

    pdfs: Mapping[str, bytes]
    findings: Sequence[Finding]
    counts: CopyCounts

    def text(self, place: str) -> str:
        """Return the text of a copy, every blank a space."""
        return pdf_text(self.pdfs[place])

    def codes(self, place: str) -> list[str]:
        return [one.code for one in self.findings if one.where == place]


def pdf_text(pdf: bytes) -> str:
    """Return the text of a PDF file, every blank a space."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def structured(code: str, number: int = 1, key: str = "", title: str = "") -> SubsetDocument:
    """Return a document of type ``code`` that is made of the dossier."""
    return SubsetDocument(
        place=f"IHE_XDM/SUBSET01/VSM{number:05}.XML",
        number=number,
        type=KINDS[code].type,
        service_start="20240521",
        title=title or KINDS[code].type.label,
        media_type="text/xml",
        structured=code,
        key=key,
    )


def original(dossier: Dossier, name: str, content: bytes, number: int = 1, kind: str = "") -> SubsetDocument:
    """Return the document of a file of ``dossier`` that was called ``name``."""
    file = Attachment(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type=kind or media_type(content, name),
    )
    record = Document(
        id=str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        patient=dossier.patient.id,
        title=PurePosixPath(name).stem,
        original_name=name,
        created_at=date(2024, 3, 5),
        category="Courrier",
        attachment=file,
    )
    return SubsetDocument(
        place=_place(record, number),
        number=number,
        type=KINDS["51851-4"].type,
        service_start="202403",
        title=record.title,
        media_type=file.media_type,
        record=record,
        attachment=file,
    )


def made_copies(
    dossier: Dossier,
    documents: Sequence[SubsetDocument],
    contents: Sequence[bytes] = (),
    *,
    cache: Path | None = None,
    processes: int = 1,
    seconds: float = 60,
) -> Copies:
    """Return the copies of ``documents``, whose files are among ``contents``."""
    files = {hashlib.sha256(one).hexdigest(): one for one in contents}
    with TwinPress(processes=processes, cache=cache, seconds=seconds) as press:
        opener = press.prepare(dossier, documents, lambda sha256: io.BytesIO(files[sha256]))
        pdfs = {}
        for document in documents:
            with opener(document) as stream:
                pdfs[document.place] = stream.read()
        return Copies(pdfs=pdfs, findings=tuple(press.findings), counts=press.counts)


def documents_of(dossier: Dossier) -> tuple[SubsetDocument, ...]:
    """Return the documents of the submission of ``dossier``: those that are made of it, and its files."""
    holders = (*dossier.documents, *dossier.image_files)
    places = {
        one.attachment.sha256: _place(one, number) for number, one in enumerate(holders, 1) if one.attachment
    }
    return subset_documents(dossier, places, datetime(2026, 3, 1, tzinfo=UTC))


def _place(record: Document | ImageFile, number: int) -> str:
    assert record.attachment is not None
    return f"{SUBSET}/DOC{number:05}.{ending(record.attachment.media_type, record.original_name)}"
