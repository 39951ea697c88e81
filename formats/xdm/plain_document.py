"""A file of a medium that is no clinical document, as its metadata describe it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from formats.cda.codes import LOINC
from formats.cda.elements import stamp_moment
from formats.cda.items import Holder, document_identity
from formats.cda.people import professional_number
from formats.model.documents import Attachment, Document
from formats.model.imaging import ImageFile, ImageKind
from formats.model.people import Practitioner
from formats.model.record import record_id
from formats.outside_files.archives import OutsideFile
from formats.papers.paper import MESHES, PICTURES
from formats.reading import FileBody, Item
from formats.xdm.hl7 import professional_of
from formats.xdm.metadata import Author, RegistryObject, document_type


def plain_document(
    entry: RegistryObject, key: str, file: OutsideFile, attachment: Attachment, holder: Holder
) -> Iterator[Item]:
    """Yield the file, who wrote it, and its record; ``key`` is what its heading has."""
    author = next(iter(entry.authors), Author())
    practitioner = _practitioner(author, holder)
    if practitioner is not None and practitioner.id not in holder.known:
        holder.known.add(practitioner.id)
        yield practitioner
    yield FileBody(attachment=attachment, open=file.open)
    kind = document_type(entry)
    shared: dict[str, Any] = {
        "id": document_identity(holder.practice.id, holder.patient.id, key),
        "patient": holder.patient.id,
        "title": entry.title or kind.label,
        "original_name": file.name.rsplit("/", 1)[-1],
        "practitioner": practitioner.id if practitioner else None,
        "note": entry.comments,
        "attachment": attachment,
    }
    made = stamp_moment(entry.slot("creationTime"), "UTC") or stamp_moment(
        entry.slot("serviceStartTime"), "UTC"
    )
    if attachment.media_type.startswith(PICTURES):
        yield ImageFile(**shared, image=ImageKind.OTHER, taken_at=made)
    elif attachment.media_type in MESHES:
        yield ImageFile(**shared, image=ImageKind.SCAN_3D, taken_at=made)
    else:
        loinc = kind.code if kind.scheme == LOINC else ""
        yield Document(**shared, category=kind.label or kind.code, code=loinc, created_at=made)


def _practitioner(author: Author, holder: Holder) -> Practitioner | None:
    found = professional_of(author.person)
    if not found.family and not found.given:
        return None
    number = professional_number(found.number.oid, found.number.value) if found.number.value else None
    return Practitioner(
        id=record_id(holder.practice.id, "practitioners", found.key),
        family_name=found.family,
        given_name=found.given,
        specialty="".join(author.specialty.split("^")[1:2]),
        identifiers=(number,) if number else (),
    )
