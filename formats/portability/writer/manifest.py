"""MANIFEST.XML in the canonical form: every element of the model, in its order, each archive with length and digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from formats.digests import Digest
from formats.pdlgc.profile import TRANSVERSE
from formats.portability.writer.author import ExportAuthor
from formats.xml_markup import DECLARATION, Markup, element, end_tag, start_tag, text_element


class ExportType(StrEnum):
    """One person's dossier, chosen ones, or all of a practice."""

    UNIT = "UNITAIRE"
    CHOSEN = "CIBLE"
    MASS = "MASSIF"


class ExportStatus(StrEnum):
    """Whether an archive has everything of its export."""

    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveLine:
    """An archive in the export: ``id`` PATnnnnn or TRANSV, length in bytes, SHA-256.

    ``patient`` is the number of the patient (HL7 CX), empty for the part about the practice.
    """

    id: str
    size: int
    digest: Digest
    patient: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ManifestFacts:
    """What a manifest says of its export: a UUID, what kind, whose, since when and until when."""

    export: str
    kind: ExportType
    status: ExportStatus
    comments: str
    author: ExportAuthor
    since: date | None = None
    until: date | None = None


def export_manifest(
    facts: ManifestFacts, transverse: ArchiveLine, patients: Iterable[ArchiveLine], *, count: int
) -> Iterator[bytes]:
    """Yield the manifest in pieces; there are ``count`` archives of ``patients``."""
    author = facts.author
    telecoms = [
        element("telecom", text_element("type", kind), text_element("value", value))
        for kind, value in author.telecoms()
    ]
    head = (
        text_element("exportId", facts.export),
        text_element("exportType", facts.kind),
        text_element("exportStartTime", f"{facts.since.isoformat()}T00:00:00" if facts.since else ""),
        text_element("exportEndTime", f"{facts.until.isoformat()}T23:59:59" if facts.until else ""),
        text_element("exportStatus", facts.status),
        text_element("comments", facts.comments),
        element(
            "author",
            element(
                "lgcSoftwareVendor",
                text_element("institution", author.institution),
                element("contact", text_element("name", author.contact), *telecoms),
            ),
            text_element("lgcSystem", author.system),
        ),
        element(
            "statistics",
            text_element("patientArchiveCount", str(count)),
            text_element("transverseArchiveCount", "1"),
        ),
    )
    yield f"{DECLARATION}{start_tag('Manifest')}\n".encode()
    for one in head:
        if one:
            yield f"  {one}\n".encode()
    yield f"  {start_tag('Archives')}\n".encode()
    yield _archive(transverse)
    yield from map(_archive, patients)
    yield f"  {end_tag('Archives')}\n{end_tag('Manifest')}\n".encode()


def _archive(one: ArchiveLine) -> bytes:
    kind = "TRANSVERSE" if one.id == TRANSVERSE else "PATIENT"
    line: Markup = element(
        "Archive",
        text_element("archiveid", one.id),
        text_element("type", kind),
        text_element("patientId", one.patient),
        text_element("size", str(one.size)),
        text_element("hash", one.digest.hex),
    )
    return f"    {line}\n".encode()
