"""Collect a folder of documents: a list, or their paths, say whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archiver.ingest.attribution import Claim
from archiver.operations.collecting.attribute import Attributing, own_practice
from archiver.practice.practitioners import find_practitioner
from archiver.practice.store import PracticeStore
from formats import registry
from formats.findings import Finding
from formats.model.care import Note
from formats.model.documents import Document
from formats.model.imaging import ImageFile
from formats.model.people import Practice
from formats.model.provenance import Cell
from formats.papers.folder import PathPatterns
from formats.papers.paper import FoundPaper, document_record
from formats.reading import FileBody, Item, Tally

SYSTEM = "papers"
TABLE = "paper"


@dataclass(frozen=True, slots=True)
class _Paper:
    found: FoundPaper
    practice: Practice
    practitioner: str | None

    @property
    def key(self) -> str:
        return "/".join(filter(None, (self.found.name or self.found.title, str(self.found.occurrence or ""))))

    @property
    def table(self) -> str:
        return TABLE

    @property
    def claim(self) -> Claim:
        return self.found.patient

    @property
    def bridge(self) -> None:
        return None

    def bodies(self) -> Iterator[FileBody]:
        if self.found.body is not None:
            yield self.found.body

    def columns(self) -> Mapping[str, Cell]:
        found, patient = self.found, self.found.patient
        return {
            "file": found.name,
            "patient_number": patient.number,
            "family_name": patient.family,
            "given_name": patient.given,
            "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
            "title": found.title,
            "kind": found.kind,
            "date": found.dated.isoformat() if found.dated else None,
            "practitioner": found.practitioner,
            "sha256": found.attachment.sha256 if found.attachment else None,
            **dict(found.others),
        }

    def record(self, patient: str) -> Document | ImageFile | Note:
        zone = self.practice.time_zone
        return document_record(self.found, patient, self.practice.id, self.practitioner, zone=zone)


def paper_items(
    store: PracticeStore,
    folder: Path,
    *,
    listing: Path | None = None,
    patterns: PathPatterns | None = None,
    assigned: Mapping[str, str],
) -> tuple[Attributing, Iterator[Item]]:
    """Return the run and its items, for ``collect`` or a preview; without ``patterns`` a list describes the folder.

    ``assigned`` is what a person decided by file name.
    """
    run = Attributing(store=store, system=SYSTEM, table=TABLE, assigned=assigned)
    practice = own_practice(store)

    def papers() -> Iterator[_Paper | Finding | Tally]:
        with registry.reader_for("documents")(str(folder), listing=listing, patterns=patterns) as items:
            for found in items:
                if isinstance(found, FoundPaper):
                    yield _Paper(found, practice, find_practitioner(store, found.practitioner))
                else:
                    yield found

    return run, run.items(papers())
