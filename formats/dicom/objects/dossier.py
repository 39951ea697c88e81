"""Pictures, documents and models of a dossier that are no DICOM files, as DICOM objects; what becomes none is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from formats.dicom.objects.documents import KINDS, make_document
from formats.dicom.objects.instance import MadeInstance
from formats.dicom.objects.pictures import JPEG, PNG, make_picture
from formats.dicom.objects.presentation import make_presentation, unrepresentable
from formats.errors import FormatFailure
from formats.findings import Finding, Severity
from formats.mapping.ins import ins_findings
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile
from formats.words import mark

PICTURES = frozenset({JPEG, PNG})
MEDIA_TYPE = "application/dicom"
_FIELDS = {
    "rotation": mark("a rotation by other than quarters of a turn"),
    "window": mark("a window of grey values on a picture in colour"),
    "crop": mark("a crop outside the picture"),
}


def made_instances(
    dossier: Dossier, open_attachment: Callable[[str], BinaryIO]
) -> Iterator[MadeInstance | Finding]:
    """Yield the DICOM objects of a dossier, and a finding for each file, or view of a picture, that becomes none.

    Raises:
        AttachmentMissing, AttachmentChanged: when a file is not what the dossier says.
    """
    holders: tuple[ImageFile | Document, ...] = (*dossier.image_files, *dossier.documents)
    if any(one.attachment and one.attachment.media_type != MEDIA_TYPE for one in holders):
        yield from ins_findings(dossier.patient)
    for holder in holders:
        if holder.attachment is None or holder.attachment.media_type == MEDIA_TYPE:
            continue
        opener = partial(open_attachment, holder.attachment.sha256)
        try:
            yield from _made(dossier, holder, holder.attachment, opener)
        except FormatFailure as fault:
            yield _none_made(holder, fault)


def _made(
    dossier: Dossier, holder: ImageFile | Document, attachment: Attachment, opener: Callable[[], BinaryIO]
) -> Iterator[MadeInstance | Finding]:
    if attachment.media_type in PICTURES:
        picture = make_picture(dossier, holder, attachment, opener)
        yield picture.instance
        if isinstance(holder, ImageFile):
            shown = make_presentation(dossier, holder, picture)
            if shown:
                yield shown
            for field in unrepresentable(holder, picture):
                yield _view_left_out(holder, field)
    elif attachment.media_type in KINDS:
        yield make_document(dossier, holder, attachment, opener)
    else:
        yield Finding(
            severity=Severity.NOTE,
            code="dicom-no-object",
            where=f"{holder.kind}/{holder.id}",
            sentence=mark("“{name}” is no DICOM object: there is none for files of the type {type}."),
            facts={"name": _name(holder), "type": attachment.media_type},
        )


def _none_made(holder: ImageFile | Document, fault: FormatFailure) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code="dicom-object-refused",
        where=f"{holder.kind}/{holder.id}",
        sentence=mark("“{name}” is no DICOM object: {reason}"),
        facts={"name": _name(holder), "reason": fault},
    )


def _view_left_out(image: ImageFile, field: str) -> Finding:
    return Finding(
        severity=Severity.NOTE,
        code="dicom-view-left-out",
        where=f"{image.kind}/{image.id}",
        sentence=mark("How “{name}” was shown is not all there: no presentation state holds {field}."),
        facts={"name": _name(image), "field": _FIELDS[field]},
    )


def _name(holder: ImageFile | Document) -> str:
    return holder.title or holder.original_name or holder.id
