"""Take the dossiers of a package into a practice that is not empty.

1. and 2. What was handed over is examined, accepted and opened (``archiver.handover.opening``).
3. Each unit that is to come in (``archiver.practice.imports.dossier_part``) is read (``archiver.ingest.read_units``),
   on all cores; what follows is one process's, in one order.
4. Each dossier comes in whole or not at all; INS and strict traits say who is who, or a human will.
5. What came in is compared with what each package announces; the receipt says so.

A dossier that cannot be read is reported and the others come in; anything
else that goes wrong leaves the practice as it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import tee
from typing import Any

from archiver.errors import WrongPassphrase
from archiver.handover.arrivals import Arrival, Arrivals, UnitOutcome
from archiver.handover.keyring_entry import patient_traits
from archiver.handover.opened_dossier import page_sender
from archiver.handover.opening import (
    OpenedHandover,
    OpenRequest,
    open_handover,
)
from archiver.handover.receipt import Receipt
from archiver.identity.known_people import KnownPeople
from archiver.ingest.import_receipt import FoundContent, receipt_of_import
from archiver.ingest.newer_records import NewerRecords, newer_of_dossier, newer_of_practice
from archiver.ingest.number_holders import examine_merges, note_holder, number_holder
from archiver.ingest.put_dossier import put_dossier
from archiver.ingest.put_practice import put_practice
from archiver.ingest.read_units import REFUSING, ReadDossier, UnitTask, read_unit, read_units
from archiver.ingest.settle_identity import settle_identity
from archiver.operations.imports.choose import chosen_entries
from archiver.operations.imports.note_arrival import (
    arrival_left_aside,
    note_receipt_of_import,
    note_state,
    note_terms,
    refused_arrival,
)
from archiver.operations.imports.own_practice import refuse_other_practice, state_own_practice, take_over
from archiver.package import layout
from archiver.package.checks.open import OpenPackage
from archiver.practice.errors import AttachmentMissing
from archiver.practice.imports.dossier_part import EVERYTHING_SENT, DossierParts, ImportChoice
from archiver.practice.imports.import_runs import RunningImport, recorded_import
from archiver.practice.practitioners import is_practised_here
from archiver.practice.registers.degraded_entries import DegradedEntry, degraded_of, note_degraded
from archiver.practice.registers.source_states import note_import
from archiver.practice.staging import Staging, staging
from archiver.practice.store import PracticeStore
from archiver.scope.handover_terms import HandoverTerm, known_terms
from archiver.scope.rosters.roster_agreement import stated_agreement
from archiver.sealing.errors import SealBroken, UnitMismatch
from archiver.sealing.keyring import KeyringEntry
from archiver.sealing.unsealing import open_entry
from archiver.worker_pool import ALONE, WorkerPool
from formats.errors import Failure
from formats.model.people import Patient, Practice
from formats.pdlgc.practice.lists import SignatureRow
from formats.pdlgc.practice.read import read_practice_archive


@dataclass(frozen=True, kw_only=True, slots=True)
class _Course:
    """What an import needs at every step; ``found`` is what came in so far, by the identifier of its package.

    ``terms`` are those that the practice's unit states, ``signatures`` those of its roster, once it was read.
    """

    store: PracticeStore
    received: OpenedHandover
    staged: Staging
    known: KnownPeople
    running: RunningImport
    choice: ImportChoice
    at: datetime
    found: defaultdict[str, FoundContent] = field(default_factory=lambda: defaultdict(FoundContent))
    terms: dict[HandoverTerm, str] = field(default_factory=dict)
    signatures: list[SignatureRow] = field(default_factory=list)
    own: str = ""
    former: dict[str, bool] = field(default_factory=dict)

    def are_former(self, identity: str, practice: Callable[[], Practice]) -> bool:
        """Note that records of a practice come; tell whether its practitioners practise elsewhere."""
        self.running.practices.add(identity)
        if identity not in self.former:
            take_over(self.store, practice(), self.own)
            self.former[identity] = not is_practised_here(self.store, identity)
        return self.former[identity]


def receive(
    store: PracticeStore,
    request: OpenRequest,
    *,
    clock: Callable[[], datetime],
    choose: Callable[[OpenedHandover], ImportChoice] = lambda _: EVERYTHING_SENT,
    own: str = "",
    pool: WorkerPool = ALONE,
    checking: Callable[[int], None] = lambda _: None,
    progress: Callable[[int], None] = lambda _: None,
) -> Receipt:
    """Import what ``choose`` takes of the package, or of every volume of the set, and return the receipt.

    ``own`` is what the practice is called whose store it is, where the store does not say. The processes of ``pool``
    read, or this one, and stop when it fails. ``checking`` is told the bytes examined, ``progress`` the dossiers taken
    in.

    Raises:
        Failure: see ``open_handover``; DiskFull, DiskFault; the store then stays as it was.
        WorkerLost: when a process of the pool was ended from outside.
    """
    refuse_other_practice(store, own)
    received = open_handover(request, progress=checking)
    choice = choose(received)
    at = clock().replace(microsecond=0)
    with (
        store.changing(),
        staging(store.attachments) as staged,
        recorded_import(store, **_of_whom(received), at=at) as running,
    ):
        course = _Course(
            store=store,
            received=received,
            staged=staged,
            known=KnownPeople(store.patients()),
            running=running,
            choice=choice,
            at=at,
            own=own,
        )
        arrivals = _take_all(course, pool, progress)
        state_own_practice(store, own, at=at)
        receipt = receipt_of_import(store, received, course.found, arrivals, choice, at=at)
        agreement = stated_agreement(course.terms, course.signatures)
        receipt = replace(receipt, terms=course.terms, agreement=agreement)
        running.dossiers = len(receipt.came_in)
        note_receipt_of_import(store, receipt, at=course.at)
    return receipt


def _take_all(course: _Course, pool: WorkerPool, progress: Callable[[int], None]) -> Arrivals:
    """Take every unit in; where anything goes wrong, nobody reads on."""
    arrivals = Arrivals(folder=course.store.path.parent)
    try:
        for package, arrival in _arrivals(course, pool):
            arrivals.append(arrival)
            course.found[package.manifest.package_id].add(arrival)
            progress(1)
    except BaseException:
        pool.stop()  # what it writes lies in the staging folder, which goes now
        raise
    return arrivals


def _of_whom(received: OpenedHandover) -> dict[str, Any]:
    handover = received.volumes[0].package.manifest.handover
    return {"package": received.identifier, "created": handover.created, "sender": handover.sender.name}


def _arrivals(course: _Course, pool: WorkerPool) -> Iterator[tuple[OpenPackage, Arrival]]:
    """Take every unit in, in the order in which people read."""
    entries, ahead = (chosen_entries(course.store, course.received, course.choice) for _ in range(2))
    if (
        course.choice.everything
    ):  # else a task may lie far ahead, and every line up to it would wait in memory
        entries, ahead = tee(entries)
    tasks = (
        _task(opened.package, entry, parts)
        for opened, entry, parts in ahead
        if entry.patient is not None and parts is not None
    )
    read = pool.ordered(read_units, course.staged, tasks, size=lambda task: task.entry.plain_size)
    for opened, entry, parts in entries:
        if entry.patient is None:
            arrival = _take_practice(course, opened.package, entry)
        elif parts is None:
            arrival = arrival_left_aside(entry)
        else:
            arrival = _take_patient(course, opened.package, entry, next(read), parts)
        unit = opened.package.manifest.units.of_member(layout.unit_member(entry.unit))
        identifier = opened.package.manifest.package_id
        note_terms(course.store, identifier, unit, arrival, at=course.at)
        note_state(course.store, identifier, arrival, parts, at=course.at)
        yield opened.package, replace(arrival, destroy_from=unit.destroy_from, hold=unit.hold)


def _task(package: OpenPackage, entry: KeyringEntry, parts: DossierParts) -> UnitTask:
    handover = package.handover_of(entry.unit)
    return UnitTask(
        entry=entry,
        place=package.place(entry.unit),
        sender=page_sender(handover),
        written_at=handover.created,
        parts=parts,
    )


def _take_patient(
    course: _Course,
    package: OpenPackage,
    entry: KeyringEntry,
    read: ReadDossier | Failure,
    parts: DossierParts,
) -> Arrival:
    """Take a dossier in whole, or report why not."""
    if isinstance(read, Failure):
        return refused_arrival(entry, read)
    try:
        with course.store.changing():
            return _take_dossier(course, package, entry, read)
    except AttachmentMissing:
        # a dossier before had brought the file, and was refused after this one was read
        again = read_unit(course.staged, replace(_task(package, entry, parts), anew=True))
        return _take_patient(course, package, entry, again, parts)
    except REFUSING as failure:
        return refused_arrival(entry, failure)
    finally:
        read.remove_rows()


def _take_practice(course: _Course, package: OpenPackage, entry: KeyringEntry) -> Arrival:
    """Take the unit of the practice in whole, or report why not."""
    try:
        with (
            course.store.changing(),
            package.unit(entry.unit) as sealed,
            open_entry(sealed, entry) as plain,
        ):
            created = package.handover_of(entry.unit).created
            archive = read_practice_archive(plain)
            course.terms.update(known_terms(archive.records.terms))
            course.signatures[:] = archive.records.signatures  # each volume of a set states the same
            practice = archive.records.practice
            former = course.are_former(practice.id, lambda: practice)
            return put_practice(course.store, entry, archive, created, former=former)
    except REFUSING as failure:
        return refused_arrival(entry, failure)
    except (WrongPassphrase, SealBroken) as failure:  # the keyring's own passphrase: another unit lies there
        raise UnitMismatch(unit=entry.unit) from failure


def _take_dossier(course: _Course, package: OpenPackage, entry: KeyringEntry, read: ReadDossier) -> Arrival:
    store, handover = course.store, package.handover_of(entry.unit)
    former = course.are_former(read.patient.practice, read.practice)
    newer = newer_of_dossier(store, read, handover.created)
    newer_shared = newer_of_practice(store, read.patient.practice, handover.created)
    holder = newer.holder(number_holder(store, read.patient, at=course.at))
    patient = holder.patient
    again = store.holds(Patient, patient.id)
    changed, recovered = put_dossier(
        store, read, holder, newer=newer, newer_shared=newer_shared, former=former
    )
    note_holder(store, holder, at=course.at)
    examine_merges(store, holder.before, patient, at=course.at)
    decision = settle_identity(store, course.known, patient, again=again, at=course.at)
    note_import(
        store,
        patient.id,
        package=package.manifest.package_id,
        unit=entry.unit,
        plain=entry.plain_digest,
        created=handover.created,
        at=course.at,
        counts=entry.counts,
    )
    degraded = _degraded(course, package, entry, patient, read, newer)
    return Arrival(
        unit=entry.unit,
        outcome=UnitOutcome.CAME_IN if changed else UnitOutcome.ALREADY_THERE,
        who=patient_traits(patient),
        counts=read.counts,
        identity=decision.identity,
        candidates=decision.candidates,
        reason=decision.reason,
        remarks=(*read.findings, *recovered, *newer.findings(handover.created, changed=changed)),
        newer_here=newer.count,
        missing=read.missing,
        page_compared=read.page_compared,
        degraded=degraded,
        left_aside=read.left_aside,
    )


def _degraded(
    course: _Course,
    package: OpenPackage,
    entry: KeyringEntry,
    patient: Patient,
    read: ReadDossier,
    newer: NewerRecords,
) -> tuple[DegradedEntry, ...]:
    """Return what of the dossier is degraded; where all of it is newer here, as it is known here."""
    if newer.everything:
        return tuple(degraded_of(course.store, patient.id))
    identifier = package.manifest.package_id
    return note_degraded(
        course.store,
        patient.id,
        read.degradations,
        package=identifier,
        unit=entry.unit,
        at=course.at,
        whole=not read.left_aside,
    )
