"""A file wrapped in a clinical document (level 1; IHE XDS-SD): a header, and the file in base64, as it passes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from formats.cda.document import MAX_DOCUMENT_BYTES
from formats.cda.writer.header import DOCUMENT_END, DocumentFacts, Issue, document_start
from formats.cda.writer.kinds import (
    CI_SIS,
    HL7_FRANCE,
    PDF_IN_CDA,
    TEXT_IN_CDA,
    XDS_SCANNED,
    DocumentKind,
    document_kind,
)
from formats.cda.writer.output import WrittenDocument, write_document
from formats.cda.writer.values import time_stamp
from formats.errors import AttachmentChanged, LimitExceeded
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.target import Target
from formats.words import mark
from formats.xml_markup import Markup, end_tag, start_tag

_PIECE = 3 * (19 << 10)
"""Bytes that become base64 together: a multiple of three, so that no padding stands within."""
_HEADER = 1 << 20
"""Bytes kept for the header of a document, whatever its patient is called."""
MAX_WRAPPED_BYTES = (MAX_DOCUMENT_BYTES - _HEADER) // 4 * 3
"""The longest file that a reader takes in base64."""
_FORMATS = {"application/pdf": PDF_IN_CDA, "text/plain": TEXT_IN_CDA}


def wrapped_kind(document: Document, attachment: Attachment) -> DocumentKind:
    """Return of what kind the document is that wraps ``attachment``: by its type, else by what the file is."""
    known = document_kind(document.code, attachment.media_type, document.category, document.title)
    return replace(
        known,
        format=_FORMATS.get(attachment.media_type, known.format),
        templates=(HL7_FRANCE, CI_SIS, XDS_SCANNED),
    )


def write_wrapped(
    dossier: Dossier, document: Document, body: BinaryIO, target: Target, *, issue: Issue
) -> WrittenDocument:
    """Write ``document`` of ``dossier`` with its file ``body`` to ``target``; neither is ever whole in memory.

    Raises:
        AttachmentChanged: when ``body`` is another file than the document says; what was written is then none.
        LimitExceeded: for a file that no reader would take in base64.
    """
    attachment = document.attachment
    if attachment is None:
        raise ValueError("a document without a file wraps nothing")
    if attachment.size > MAX_WRAPPED_BYTES:
        name = mark("the size of a file wrapped in a clinical document, in bytes")
        raise LimitExceeded(where=document.id, name=name, found=attachment.size, limit=MAX_WRAPPED_BYTES)
    kind = wrapped_kind(document, attachment)
    facts = DocumentFacts(
        kind=kind,
        title=document.title or document.original_name or kind.type.label,
        issue=issue,
        key=document.id,
        service_at=time_stamp(document.created_at) if document.created_at else "",
    )
    return write_document(_pieces(dossier, facts, attachment, body), target, dossier, facts)


def _pieces(
    dossier: Dossier, facts: DocumentFacts, attachment: Attachment, body: BinaryIO
) -> Iterator[Markup]:
    yield from document_start(dossier, facts)
    yield start_tag("nonXMLBody")
    checked = base64.b64encode(bytes.fromhex(attachment.sha256)).decode("ascii")
    attributes = {"integrityCheck": checked, "integrityCheckAlgorithm": "SHA-256"}
    yield start_tag("text", {"mediaType": attachment.media_type, "representation": "B64", **attributes})
    yield from _base64(body, attachment)
    yield end_tag("text")
    yield end_tag("nonXMLBody")
    yield DOCUMENT_END


def _base64(body: BinaryIO, attachment: Attachment) -> Iterator[Markup]:
    digest, size, rest = hashlib.sha256(), 0, b""
    while piece := body.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        rest += piece
        whole = len(rest) // 3 * 3
        yield Markup(base64.b64encode(rest[:whole]).decode("ascii"))
        rest = rest[whole:]
        if size > attachment.size:
            break
    if size != attachment.size or digest.hexdigest() != attachment.sha256:
        reason = mark("its length or its digest is another")
        raise AttachmentChanged(digest=attachment.sha256, reason=reason)
    yield Markup(base64.b64encode(rest).decode("ascii"))
