"""A document on its way out: counted and digested as it passes, and what a medium's metadata say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from formats.cda.document import MAX_DOCUMENT_BYTES, MEDIA_TYPE
from formats.cda.writer.header import DocumentFacts, author_of
from formats.cda.writer.kinds import DocumentKind
from formats.cda.writer.requirements import lacking_facts
from formats.digests import SHA1, Digest
from formats.errors import LimitExceeded
from formats.findings import Finding
from formats.model.dossier import Dossier
from formats.model.people import Practitioner
from formats.target import Target, write_all
from formats.words import mark
from formats.xml_markup import Markup

PIECE = 64 << 10
"""Characters that are handed on together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenDocument:
    """A document that was written: what a medium's metadata say of it.

    ``number`` is its ``id`` and XDS uniqueId, ``series`` its ``setId``, ``size`` in bytes. ``service_start`` is a time
    stamp (TS). ``author`` is ``None`` where the practice answers. ``findings`` say for what a strict recipient would
    refuse it.
    """

    kind: DocumentKind
    title: str
    number: str
    series: str
    version: int
    replaces: str
    written_at: datetime
    service_start: str
    author: Practitioner | None
    media_type: str
    size: int
    sha1: Digest
    findings: tuple[Finding, ...] = ()


def write_document(
    pieces: Iterable[Markup], target: Target, dossier: Dossier, facts: DocumentFacts
) -> WrittenDocument:
    """Write ``pieces`` of the document about ``dossier`` to ``target``, and return what was written.

    Raises:
        LimitExceeded: for a document that is longer than a reader takes; what was written is then none.
    """
    size, sha1 = 0, SHA1.new()
    for data in _gathered(pieces):
        size += len(data)
        if size > MAX_DOCUMENT_BYTES:
            name = mark("the size of the XML in bytes")
            raise LimitExceeded(where=dossier.patient.id, name=name, found=size, limit=MAX_DOCUMENT_BYTES)
        sha1.update(data)
        write_all(target, data)
    return WrittenDocument(
        kind=facts.kind,
        title=facts.title or facts.kind.type.label,
        number=facts.number(dossier),
        series=facts.series(dossier),
        version=facts.issue.version,
        replaces=facts.issue.replaces,
        written_at=facts.issue.written_at,
        service_start=facts.service_stamp,
        author=author_of(dossier, facts.issue),
        media_type=MEDIA_TYPE,
        size=size,
        sha1=Digest(SHA1, sha1.digest()),
        findings=tuple(lacking_facts(dossier, facts.issue)),
    )


def _gathered(pieces: Iterable[Markup]) -> Iterable[bytes]:
    """Yield the pieces in UTF-8, many short ones together."""
    waiting: list[str] = []
    length = 0
    for one in pieces:
        waiting.append(one)
        length += len(one)
        if length >= PIECE:
            yield "".join(waiting).encode()
            waiting.clear()
            length = 0
    yield "".join(waiting).encode()
