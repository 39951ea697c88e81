"""Plan an export: what it would take, how large it would be, and what stands in its way; nothing is written.

1. The names of what would be written must be free.
2. The records of every dossier are counted, and its files, each of which must lie where the store says; where whoever
   asks gets only a part of a dossier, or what the source does not have any more stays, only that part.
3. From both follows how long its sealed unit will be at most, and into how many volumes the export is cut, or how many
   packages it makes, where each person gets one.
4. The disk must have room for the package, and for the units that wait meanwhile.
5. Of a roster it is said who could be claimed by another practitioner too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from archiver import disk
from archiver.assembly.lost_files import without_lost
from archiver.assembly.seal import WAITING_BYTES, redacted_dossier
from archiver.compliance.redaction import EVERYTHING, Selection
from archiver.compliance.retention import destroy_from
from archiver.opener import opener_page
from archiver.operations.export import linked_names, refuse_taken
from archiver.practice import people
from archiver.practice.attachments import attachment_path, size_at
from archiver.practice.rows import statements
from archiver.practice.store import PracticeStore
from archiver.scope.gone_leaving import NOTHING_GONE, GoneLeaving, gone_practice_rows
from archiver.scope.handover_terms import HandoverTerm, situation_terms
from archiver.scope.ownership.decision import rivals
from archiver.scope.ownership.practitioners import claimants_of
from archiver.scope.ownership.read_evidence import read_evidence
from archiver.scope.ownership.rulings import RuleTerms
from archiver.scope.retention_period import retention_of_everybody
from archiver.scope.situations import SITUATIONS, SituationCode
from formats.model.dossier import PATIENT_KINDS
from formats.model.missing import WITHOUT_FILE, missing_content, missing_counts
from formats.model.people import Patient
from formats.words import mark

DISK_LARGE_ENOUGH = mark("Free on the disk: {free}. Needed at most: {needed}.")
DISK_TOO_SMALL = mark("Too little room on the disk. Free: {free}. Needed at most: {needed}.")
DOSSIER_BYTES = 34_000
"""Bytes at most of a sealed unit besides its records and files: page, clinical documents, readmes, lists, frames."""
RECORD_BYTES, SOURCE_ROW_BYTES, FILE_BYTES = 320, 100, 2_000
"""Bytes at most of a record in bundle, page and lists, of a verbatim row, and of what names a file."""
FRAME_BYTES = 450_000
"""Bytes at most of what a package has whatever it holds, but for the page that opens it: other pages, lists,
signatures, the practice's part."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanRequest:
    """What would be exported, where to, into which volumes.

    ``about`` is the practitioner who leaves, or empty; ``roster`` says that not everybody leaves, and ``named``
    whom it names. ``asked`` says who asked for a dossier, ``selection`` what they are to have of it: without one,
    all. ``gone`` says what becomes of what the source does not have any more, ``without_lost`` that dossiers go without
    the files that the store lost.
    """

    target: Path
    patients: Sequence[str]
    on: date
    about: str = ""
    roster: bool = False
    named: Collection[str] = frozenset()
    on_hold: Collection[str] = frozenset()
    situation: SituationCode | None = None
    asked: Mapping[HandoverTerm, str] = field(default_factory=dict)
    selection: Selection | None = None
    gone: GoneLeaving = NOTHING_GONE
    without_lost: bool = False
    volume_size: int = 0
    by_retention_year: bool = False

    @property
    def each(self) -> bool:
        """Whether each person gets a package."""
        return self.situation is not None and SITUATIONS[self.situation].each

    @property
    def redaction(self) -> Selection | None:
        """What of each dossier whoever gets it is to have; without one, all."""
        to_patients = self.situation is not None and SITUATIONS[self.situation].to_patients
        return self.selection or (EVERYTHING if to_patients else None)


@dataclass(frozen=True, kw_only=True, slots=True)
class ContestedPatient:
    """A patient of the roster whom another practitioner could claim too: the record, and the names of all of them."""

    patient: Patient
    practitioners: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportPlan:
    """What an export would be.

    ``counts`` are by kind, with ``files`` and ``file_bytes``; ``size`` is what the packages have at most,
    ``needed`` what the disk must have while they are made, ``free`` what it has. How many ``volumes`` there are
    depends a little on the order, which is drawn by lot; where each person gets a package, it is exact.
    ``left_out`` counts what the export does not take, ``redactions`` what is taken out of dossiers. ``linked`` are
    the names of the records that nobody named and that are of the same persons as those named. ``absent`` counts
    files that the store lists and the disk does not have, or not as long: the export would stop at the first, or go
    ``without_lost`` ones. ``terms`` are what the situation says.
    """

    counts: Mapping[str, int]
    size: int
    volumes: int
    needed: int
    free: int
    contested: tuple[ContestedPatient, ...]
    linked: Mapping[str, str]
    absent: int
    without_lost: bool
    left_out: Mapping[str, int]
    terms: Mapping[HandoverTerm, str]
    redactions: Mapping[str, int]

    @property
    def feasible(self) -> bool:
        """Whether the disk has room, and every file is there that is to go."""
        return self.needed <= self.free and (self.without_lost or not self.absent)


def plan_export(store: PracticeStore, request: PlanRequest) -> ExportPlan:
    """Return the plan.

    Raises:
        AlreadyExists: when a name is taken.
        FolderNotFound, DiskFault: when there is no place to write to.
    """
    cut = not request.each and (bool(request.volume_size) or request.by_retention_year)
    refuse_taken(request.target, cut=cut)
    patients = dict.fromkeys(request.patients)
    redactions: Counter[str] = Counter()
    absent = 0
    if request.redaction is None and not (request.gone.left_out or request.without_lost):
        counts, contents = _whole_dossiers(store, patients)
    else:
        counts, contents, absent = _redacted_dossiers(store, patients, request, redactions)
    if request.gone.left_out and not (request.roster or request.each):
        redactions.update(gone_practice_rows(store))
    sizes: dict[str, int] = {}
    for patient, (record_bytes, files) in contents.items():
        absent += sum(_is_absent(store, digest, size) for digest, size in files)
        counts["files"] += len(files)
        counts["file_bytes"] += sum(size for _, size in files)
        sizes[patient] = DOSSIER_BYTES + record_bytes + sum(size + FILE_BYTES for _, size in files)
    volumes = list(_packages(store, sizes) if request.each else _volumes(store, request, sizes))
    size = sum(volumes)
    if (
        len(volumes) > 1 and not request.each
    ):  # the set's own file; and dossiers come in an order drawn by lot
        size += 2 * package_bytes()
    situation = (
        situation_terms(request.situation, everybody=not (request.roster or request.each))
        if request.situation
        else {}
    )
    return ExportPlan(
        counts={kind: count for kind, count in sorted(counts.items()) if count},
        size=size,
        volumes=len(volumes),
        needed=size + min(size, WAITING_BYTES),
        free=disk.free_bytes(request.target.parent),
        contested=tuple(_contested(store, request)) if request.roster and request.selection is None else (),
        linked=linked_names(store, patients.keys() - request.named) if request.roster else {},
        absent=absent,
        without_lost=request.without_lost,
        left_out=_left_out(store, request),
        terms={**situation, **request.asked},
        redactions=redactions,
    )


def _is_absent(store: PracticeStore, key: str, size: int) -> bool:
    return size_at(attachment_path(store.attachments.folder, key)) != size


def _left_out(store: PracticeStore, request: PlanRequest) -> dict[str, int]:
    left = {"patients": store.counts()["patients"] - len(set(request.patients)), **request.gone.counts()}
    if request.roster or request.each:
        left["practice_rows"] = sum(1 for _ in store.practice_rows())
    return left


_Contents = Mapping[str, tuple[int, Sequence[tuple[str, int]]]]
"""Bytes at most that the records of each patient record take, and its files: SHA-256 and bytes."""


def _whole_dossiers(store: PracticeStore, patients: Mapping[str, object]) -> tuple[Counter[str], _Contents]:
    """Return how many records of each kind there are, and what each dossier holds, as the tables count them."""
    sizes: Counter[str] = Counter()
    counts: Counter[str] = Counter({"patients": len(patients)})
    for kind in PATIENT_KINDS:
        query = f"SELECT patient, count(*) FROM [{kind.kind}] GROUP BY patient"  # noqa: S608 - a table of the model
        for patient, count in store.db.execute(query):
            if patient in patients:
                sizes[patient] += count * _record_bytes(kind.kind)
                counts[kind.kind] += count
    for table in ("documents", "image_files"):
        query = f"SELECT patient FROM {table} WHERE attachment_sha256 IS NULL"  # noqa: S608
        counts[WITHOUT_FILE] += sum(patient in patients for (patient,) in store.db.execute(query))
    listed = statements.listed_files()
    return counts, {
        patient: (sizes[patient], store.db.execute(listed, (patient,)).fetchall()) for patient in patients
    }


def _redacted_dossiers(
    store: PracticeStore, patients: Mapping[str, object], request: PlanRequest, redactions: Counter[str]
) -> tuple[Counter[str], _Contents, int]:
    """Return how many records of each kind there are without what stays, what each dossier holds, and what is lost.

    What stays is counted in ``redactions``; how many files are lost, where dossiers go without them.
    """
    counts: Counter[str] = Counter({"patients": len(patients)})
    contents, lost = {}, 0
    for patient in patients:
        dossier, stays = redacted_dossier(
            store, store.dossier(patient), request.redaction, without_gone=request.gone.left_out
        )
        redactions.update(stays)
        if request.without_lost:
            dossier, holes = without_lost(dossier, store.attachments, compared=False)
            lost += len(holes)
        records = {kind.kind: len(getattr(dossier, kind.kind)) for kind in PATIENT_KINDS}
        counts.update(records)
        counts[WITHOUT_FILE] += missing_counts(missing_content(dossier)).get(WITHOUT_FILE, 0)
        size = sum(count * _record_bytes(kind) for kind, count in records.items())
        contents[patient] = (size, [(one.sha256, one.size) for one in dossier.attachments()])
    return counts, contents, lost


def _record_bytes(kind: str) -> int:
    return SOURCE_ROW_BYTES if kind == "source_rows" else RECORD_BYTES


def package_bytes() -> int:
    """Return the bytes at most of what a package has whatever it holds."""
    return FRAME_BYTES + len(opener_page())


def _packages(store: PracticeStore, sizes: Mapping[str, int]) -> Iterator[int]:
    """Yield the bytes of the package of each person, in which all their records lie."""
    merged = people.persons(store)
    persons: Counter[str] = Counter()
    for patient, size in sizes.items():
        persons[merged.get(patient, patient)] += size
    empty = package_bytes()
    return (empty + size for size in persons.values())


def _volumes(store: PracticeStore, request: PlanRequest, sizes: Mapping[str, int]) -> Iterator[int]:
    """Yield the bytes of each volume; a dossier that is longer than a volume has one for itself."""
    year_of = _years(store, request) if request.by_retention_year else {}
    years: dict[int | None, list[int]] = {}
    empty = package_bytes()
    for patient, size in sizes.items():
        years.setdefault(year_of.get(patient), []).append(size)
    for dossiers in years.values() or [[]]:
        open_volume = empty
        for size in dossiers:
            beyond = request.volume_size and open_volume + size > request.volume_size
            if beyond and open_volume > empty:
                yield open_volume
                open_volume = empty
            open_volume += size
        yield open_volume


def _years(store: PracticeStore, request: PlanRequest) -> dict[str, int]:
    """Return the year in which retention ends by patient record; a record under a hold, or without an end, has none."""
    found: dict[str, int] = {}
    for one in retention_of_everybody(store, request.on):
        term = destroy_from(one.retention)
        if term is not None and not one.on_hold:
            found.update(dict.fromkeys(one.records, term.year - 1))
    return {patient: year for patient, year in found.items() if patient not in request.on_hold}


def _contested(store: PracticeStore, request: PlanRequest) -> Iterator[ContestedPatient]:
    patients = {patient.id: patient for patient in store.patients()}
    terms = RuleTerms(claimants=claimants_of(store), on=request.on)
    leaving = frozenset(request.patients)
    for found in read_evidence(store, patients, terms.claimants, on=request.on.isoformat()):
        claiming = rivals(found, terms, about=request.about)
        if claiming and not leaving.isdisjoint(found.records):
            names = tuple(map(terms.name, claiming))
            yield ContestedPatient(patient=patients[found.person], practitioners=names)
