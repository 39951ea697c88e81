"""Plain archives as items of a source: what the practice says of itself, then dossiers, the latest state last.

1. Each archive states when it was written; archives are read in that order, so that what is newest stays.
2. An archive that is not whole, or changed, is refused alone (``formats.pdlgc.read``).
3. Rows of the source that the dossiers once came from keep its name; lists of a practice become rows of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from formats.digests import SHA256
from formats.errors import Failure, FormatFailure, InconsistentDossier
from formats.fhir.layout import read_moment
from formats.fhir.read import ResourceFinding
from formats.findings import Finding
from formats.folders import as_finding, unreadable
from formats.model.provenance import SourceRow
from formats.model.record import record_id
from formats.pdlgc import layout
from formats.pdlgc.contents import ArchiveContents
from formats.pdlgc.practice.read import read_practice_archive
from formats.pdlgc.read import dossier_items, read_patient_archive, read_to_the_end
from formats.plain_archives.places import PlainArchive, archives_at
from formats.reading import Item, StateMoment, Tally

SYSTEM = "archive"
"""What the rows of a practice's lists are of; every other row keeps the name of the software it came from."""
_REFUSING = (FormatFailure, InconsistentDossier, OSError)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Dated:
    archive: PlainArchive
    written_at: datetime | None

    @property
    def order(self) -> tuple[bool, str, str]:
        moment = self.written_at.timestamp() if self.written_at else 0.0
        return not self.archive.of_practice, f"{moment:020.6f}", self.archive.place


def read_archives(place: Path) -> Iterator[Item]:
    """Yield what the plain archives at ``place`` (a folder or a ZIP, or a folder of them) hold.

    Raises:
        FileNotFound, NotPlainArchive, PackageSealed, ZipRefused: when none is there; see ``archives_at``.
        FormatFailure, InconsistentDossier: when ``place`` is one archive, and not whole.
    """
    found: list[PlainArchive] = []
    for one in archives_at(place):
        if isinstance(one, PlainArchive):
            found.append(one)
        else:
            yield one
    dated: list[_Dated] = []
    for archive in found:
        try:
            dated.append(_Dated(archive=archive, written_at=_written_at(archive)))
        except _REFUSING as fault:
            yield _refused(fault, archive, alone=archive.path == place)
    tallies: Counter[str] = Counter()
    for each in sorted(dated, key=lambda one: one.order):
        items = _of_practice(each) if each.archive.of_practice else _of_dossier(each)
        try:
            for item in items:
                if isinstance(item, SourceRow):
                    tallies[f"{item.system}/{item.table}"] += 1
                yield item
        except _REFUSING as fault:
            yield _refused(fault, each.archive, alone=each.archive.path == place)
    yield from (Tally(table=table, rows=rows) for table, rows in sorted(tallies.items()))


def _refused(fault: Exception, archive: PlainArchive, *, alone: bool) -> Finding:
    """Return why an archive is not taken, so that others are; one that was named alone is refused by its failure."""
    if alone:
        raise fault
    if isinstance(fault, Failure):
        return as_finding(fault, f"{archive.place}: {fault.where}" if fault.where else archive.place)
    return unreadable(Path(archive.place), Path(), fault)


def _written_at(archive: PlainArchive) -> datetime | None:
    """Return when an archive was written, as its bundle states it."""
    bundle = layout.PRACTICE if archive.of_practice else layout.DOSSIER
    with archive.open() as source, ArchiveContents(source).open(bundle) as stream:
        return read_moment(stream)


# -- one archive --------------------------------------------------------------------------


def _of_dossier(dated: _Dated) -> Iterator[Item]:
    with dated.archive.open() as source:
        archive = read_patient_archive(source)
        dossier = archive.dossier
        read_to_the_end(archive)
        yield from _noticed(archive.findings, dated, practice=dossier.practice.id, patient=dossier.patient.id)
        yield from dossier_items(archive, dated.written_at)


def _of_practice(dated: _Dated) -> Iterator[Item]:
    with dated.archive.open() as source:
        archive = read_practice_archive(source)
        practice = archive.records.practice
        yield from _noticed(archive.findings, dated, practice=practice.id, patient=None)
        if dated.written_at:
            yield StateMoment(practice=practice.id, patient=None, at=dated.written_at)
        yield practice
        yield from archive.records.practitioners
        yield from archive.rows()
        lines: Counter[str] = Counter()
        for place, line in archive.lists():
            lines[place] += 1
            moment = dated.written_at.isoformat() if dated.written_at else dated.archive.place
            key = f"{moment}#{lines[place]}"
            yield SourceRow(
                id=record_id(practice.id, "archive-rows", f"{place}/{key}"),
                system=SYSTEM,
                table=place,
                key=key,
                columns=dict(line),
            )


def _noticed(
    findings: tuple[Finding, ...], dated: _Dated, *, practice: str, patient: str | None
) -> Iterator[Item]:
    """Yield what was noticed, each behind the archive it was noticed in; a resource is kept word for word."""
    place = dated.archive.place
    for number, one in enumerate(findings, 1):
        where = f"{place}: {one.where}" if one.where else place
        yield Finding(
            severity=one.severity, code=one.code, where=where, sentence=one.sentence, facts=one.facts
        )
        if isinstance(one, ResourceFinding):
            digest = SHA256.hash_value(one.original.encode("utf-8", "surrogatepass")).hex()
            yield SourceRow(
                id=record_id(practice, "archive-resources", f"{patient}/{digest}"),
                patient=patient,
                system=SYSTEM,
                table="resource",
                key=f"{number} {one.where}",
                columns={"type": one.resource, "label": one.label, "json": one.original},
                records=(one.record,) if one.record else (),
            )
