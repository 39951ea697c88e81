"""What a readable copy says of an original file: above what it shows, and on a page that stands in for it."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.twins.nodes import plain_text
from formats.model.dates import zone_of
from formats.model.dictionary.entries import code_words, labels
from formats.model.documents import Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile
from formats.pdlgc.page.markup import both
from formats.pdlgc.page.values import moment, size, teeth
from formats.pdlgc.subset.documents import SubsetDocument

_DOCUMENT, _IMAGE = labels(Document), labels(ImageFile)
_NOT_CUT = "{crop} (x, y, largeur, hauteur) ; l’image est montrée entière"

Facts = Iterator[tuple[str, str]]
"""Labels and values."""


def content_facts(dossier: Dossier, document: SubsetDocument) -> tuple[tuple[str, str], ...]:
    """Return what stands above the content of a file: when, by whom, of which teeth; not what the heading says."""
    record = document.record
    if isinstance(record, ImageFile):
        return tuple(_image_facts(dossier, record))
    return tuple(_document_facts(dossier, record)) if record else ()


def file_facts(document: SubsetDocument) -> tuple[tuple[str, str], ...]:
    """Return what a page says of the file that it stands in for."""
    record = document.record
    attachment = record.attachment if record else None
    return (
        (_DOCUMENT["original_name"].fr, record.original_name if record else ""),
        ("Type", document.media_type),
        ("Taille", plain_text(size(attachment.size)) if attachment else ""),
        ("SHA-256", attachment.sha256 if attachment else ""),
        ("Emplacement", document.place),
    )


def _document_facts(dossier: Dossier, one: Document) -> Facts:
    yield _DOCUMENT["original_name"].fr, one.original_name
    yield _DOCUMENT["category"].fr, one.category
    yield _DOCUMENT["practitioner"].fr, _practitioner(dossier, one.practitioner)
    yield _DOCUMENT["note"].fr, one.note


def _image_facts(dossier: Dossier, one: ImageFile) -> Facts:
    yield _IMAGE["image"].fr, plain_text(both(code_words(one.image)))
    yield _IMAGE["taken_at"].fr, plain_text(moment(one.taken_at, zone_of(dossier.practice.time_zone)))
    yield _IMAGE["teeth"].fr, plain_text(teeth(one.teeth))
    yield _IMAGE["practitioner"].fr, _practitioner(dossier, one.practitioner)
    yield _IMAGE["original_name"].fr, one.original_name
    if one.crop:
        yield _IMAGE["crop"].fr, _NOT_CUT.format(crop=", ".join(map(str, one.crop)))
    yield _IMAGE["note"].fr, one.note


def _practitioner(dossier: Dossier, identity: str | None) -> str:
    for one in dossier.practitioners:
        if one.id == identity:
            return " ".join(filter(None, (one.title, one.given_name, one.family_name)))
    return ""
