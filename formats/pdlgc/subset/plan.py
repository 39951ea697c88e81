"""Which documents the submission of a dossier has, known before anything is written: their names, types and days.

First come those that are made of the dossier, where it has content for them (the summary always), then the original
files in the order of their places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from formats.cda.writer.dental import DENTAL_DOCUMENTS
from formats.cda.writer.entries.acts import DONE
from formats.cda.writer.kinds import (
    ASSESSMENT,
    CHART,
    CONSENT,
    ILLUSTRATION,
    IMPLANT_CARD,
    PLAN,
    SUMMARY,
    DocumentKind,
    document_kind,
)
from formats.cda.writer.summary import TITLE
from formats.cda.writer.values import date_stamp
from formats.model.dates import AnyDate, AnyMoment
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile
from formats.paths import short_name
from formats.pdlgc.profile import SUBSET
from formats.pdlgc.subset.documents import MADE, SubsetDocument
from formats.xdm.hl7_text import utc_or_day

MEDIA_TYPE = "text/xml"
"""How metadata call a clinical document (IHE ITI TF-3, 4.2.3.2.18)."""
_STEMS: Mapping[str, str] = {
    kind.type.code: stem
    for kind, stem in zip((SUMMARY, CHART, ASSESSMENT, PLAN, IMPLANT_CARD, CONSENT), MADE, strict=True)
}
_LINKED = (("consents", CONSENT), ("quotes", PLAN), ("devices", IMPLANT_CARD))
"""Kinds of records that name the paper that shows them, and of what kind it is."""


def subset_documents(
    dossier: Dossier, places: Mapping[str, str], written_at: datetime
) -> tuple[SubsetDocument, ...]:
    """Return the documents of the submission; ``places`` gives the place of every attachment by its SHA-256."""
    made = [*_made(dossier, written_at)]
    originals = _originals(dossier, places, written_at, len(made) + 1)
    return (*made, *originals)


def _made(dossier: Dossier, written_at: datetime) -> Iterator[SubsetDocument]:
    """Yield the documents that are made of the dossier."""
    last = _last_day(dossier, written_at.date())
    every = [(SUMMARY, TITLE, "", last)]
    every += [(kind, kind.type.label, "", last) for kind, holds, _ in DENTAL_DOCUMENTS if holds(dossier)]
    every += [
        (CONSENT, one.subject or CONSENT.type.label, one.id, _day(one.given_on)) for one in dossier.consents
    ]
    numbers: Counter[str] = Counter()
    for number, (kind, title, key, day) in enumerate(every, 1):
        stem = _STEMS[kind.type.code]
        numbers[stem] += 1
        name = short_name(stem, numbers[stem], "XML")
        yield SubsetDocument(
            place=f"{SUBSET}/{name}",
            number=number,
            type=kind.type,
            service_start=day,
            title=title,
            media_type=MEDIA_TYPE,
            structured=kind.type.code,
            key=key,
        )


def _last_day(dossier: Dossier, until: date) -> str:
    """Return the last day on which anything was done or found, as a time stamp; days to come are none."""
    days = (
        *(one.performed_on for one in dossier.acts if one.status in DONE),
        *(one.examined_on for one in dossier.perio_exams),
        *(one.observed_on for one in dossier.observations),
    )
    return max(
        (stamp for one in days if isinstance(one, date) and one <= until and (stamp := _day(one))), default=""
    )


def _day(on: AnyDate | None) -> str:
    return date_stamp(on) if on else ""


def _originals(
    dossier: Dossier, places: Mapping[str, str], written_at: datetime, first: int
) -> Iterator[SubsetDocument]:
    """Yield the original files, each with the first record that has it."""
    holders: tuple[Document | ImageFile, ...] = (*dossier.documents, *dossier.image_files)
    found: dict[str, tuple[Attachment, Document | ImageFile]] = {}
    for holder in holders:
        if holder.attachment and places[holder.attachment.sha256].startswith(f"{SUBSET}/"):
            found.setdefault(places[holder.attachment.sha256], (holder.attachment, holder))
    linked = {
        one.document: kind
        for name, kind in _LINKED
        for one in getattr(dossier, name)
        if one.document is not None
    }
    for number, (place, (attachment, record)) in enumerate(sorted(found.items()), first):
        kind = _original_kind(record, attachment.media_type, linked.get(record.id))
        yield SubsetDocument(
            place=place,
            number=number,
            type=kind.type,
            service_start=utc_or_day(recorded_at(record) or written_at),
            title=record.title or record.original_name or kind.type.label,
            media_type=attachment.media_type or "application/octet-stream",
            record=record,
            attachment=attachment,
        )


def recorded_at(record: Document | ImageFile) -> AnyMoment | None:
    """Return when a document was made, or an image taken."""
    return record.taken_at if isinstance(record, ImageFile) else record.created_at


def _original_kind(
    record: Document | ImageFile, media_type: str, linked: DocumentKind | None
) -> DocumentKind:
    """Return of what kind an original file is; ``linked`` is that of the record that names it as its paper."""
    if isinstance(record, ImageFile):
        return ILLUSTRATION
    return linked or document_kind(record.code, media_type, record.category, record.title)
