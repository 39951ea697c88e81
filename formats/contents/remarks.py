"""Remarks on the content of a file that are worth a person's eye; what is remarked on travels all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from formats.contents.exif import has_position
from formats.contents.pdf import PdfState, pdf_state
from formats.findings import Finding, Severity
from formats.model.documents import Attachment
from formats.words import mark

_EMPTY = ("file-empty", mark("The file “{name}” is empty; ask for it while whoever wrote it is there."))
_POSITION = (
    "picture-with-position",
    mark("The photograph “{name}” says where it was taken (GPS): whoever receives it can read that."),
)
_PDF = {
    PdfState.CUT: (
        "document-damaged",
        mark("The document “{name}” has no end (PDF): see whether it opens, and ask for a whole one."),
    ),
    PdfState.ENCRYPTED: (
        "document-encrypted",
        mark("The document “{name}” is encrypted (PDF): if it asks for a password, ask for one without."),
    ),
}


_SENTENCES = dict((_EMPTY, _POSITION, *_PDF.values()))
REMARKS = frozenset(_SENTENCES)
"""Codes of the remarks."""


def content_remarks(attachment: Attachment, stream: BinaryIO, *, where: str, name: str) -> Iterator[Finding]:
    """Yield what is remarkable of the file in ``stream``, which is called ``name``."""
    found = []
    if not attachment.size:
        found.append(_EMPTY)
    elif attachment.media_type == "image/jpeg" and has_position(stream):
        found.append(_POSITION)
    elif attachment.media_type == "application/pdf":
        state = pdf_state(stream)
        found += [_PDF[state]] if state in _PDF else []
    for code, _ in found:
        yield content_remark(code, where=where, name=name)


def content_remark(code: str, *, where: str, name: str) -> Finding:
    """Return the remark of ``code`` on a file that is called ``name``.

    Raises:
        KeyError: when there is no such remark.
    """
    facts = {"name": name}
    return Finding(severity=Severity.WARNING, code=code, where=where, sentence=_SENTENCES[code], facts=facts)
