"""A file of a medium as its metadata describe it."""

from __future__ import annotations

from dataclasses import dataclass

from formats.cda.writer.kinds import DocumentKind
from formats.cda.writer.output import WrittenDocument
from formats.digests import Digest
from formats.model.dates import AnyMoment
from formats.model.people import Practitioner


@dataclass(frozen=True, kw_only=True, slots=True)
class MediumFile:
    """A file of a medium as its metadata describe it: ``name`` in the folder of the submission.

    ``number`` is its XDS uniqueId, an OID; ``series`` is one for all its versions; ``replaces`` the number of the one
    that it takes the place of. ``service_start`` is a time stamp (TS), in UTC where it has no offset.
    """

    name: str
    media_type: str
    size: int
    sha1: Digest
    kind: DocumentKind
    title: str
    number: str
    series: str
    created_at: AnyMoment
    service_start: str = ""
    version: int = 1
    replaces: str = ""
    author: Practitioner | None = None


def medium_file(written: WrittenDocument, name: str) -> MediumFile:
    """Return a clinical document that was written as the file ``name`` of a medium."""
    return MediumFile(
        name=name,
        media_type="text/xml",
        size=written.size,
        sha1=written.sha1,
        kind=written.kind,
        title=written.title,
        number=written.number,
        series=written.series,
        created_at=written.written_at,
        service_start=written.service_start,
        version=written.version,
        replaces=written.replaces,
        author=written.author,
    )
