"""Take the dossiers of a package into a practice that is not empty.

1. and 2. What was handed over is examined, accepted and opened (``archiver.handover.opening``).
3. Each unit is read (``archiver.ingest.read_units``), on all cores; what follows is one process's, in one order.
4. Each dossier comes in whole or not at all; INS and strict traits say who is who, or a human will.
5. What came in is compared with what each package announces; the receipt says so.

A dossier that cannot be read is reported and the others come in; anything
else that goes wrong leaves the practice as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import tee

from archiver.errors import WrongPassphrase
from archiver.handover.keyring_entry import patient_traits
from archiver.handover.kinds import require_counts
from archiver.handover.opened_dossier import page_sender
from archiver.handover.opening import (
    OpenedHandover,
    OpenRequest,
    UnlockedPackage,
    announced_counts,
    announced_sums,
    open_handover,
)
from archiver.handover.receipt import Arrival, Receipt, ReceivedVolume, UnitOutcome
from archiver.identity.known_people import KnownPeople
from archiver.ingest.number_holders import examine_merges, note_holder, number_holder
from archiver.ingest.put_dossier import put_dossier
from archiver.ingest.read_units import REFUSING, ReadDossier, UnitTask, read_unit, read_units
from archiver.ingest.settle_identity import settle_identity
from archiver.package.checks.open import OpenPackage
from archiver.practice import people
from archiver.practice.errors import AttachmentMissing
from archiver.practice.staging import Staging, staging
from archiver.practice.store import Change, PracticeStore
from archiver.sealing.errors import SealBroken, UnitMismatch
from archiver.sealing.keyring import KeyringEntry
from archiver.sealing.unsealing import open_entry
from archiver.signing.certificates.fingerprint import Fingerprint
from archiver.worker_pool import ALONE, WorkerPool
from formats.errors import Failure
from formats.model.missing import without_sums
from formats.model.people import Patient
from formats.pdlgc.practice.read import PracticeArchive, read_practice_archive


@dataclass(frozen=True, kw_only=True, slots=True)
class _Course:
    """What an import needs at every step."""

    store: PracticeStore
    received: OpenedHandover
    staged: Staging
    known: KnownPeople
    at: datetime


def receive(
    store: PracticeStore,
    request: OpenRequest,
    *,
    clock: Callable[[], datetime],
    pool: WorkerPool = ALONE,
    checking: Callable[[int], None] = lambda _: None,
    progress: Callable[[int], None] = lambda _: None,
) -> Receipt:
    """Import the package, or every volume of the set, and return the receipt.

    The processes of ``pool`` read, or this one, and stop when it fails. ``checking`` is told the bytes examined,
    ``progress`` the dossiers taken in.

    Raises:
        Failure: see ``open_handover``; DiskFull, DiskFault; the store then stays as it was.
        WorkerLost: when a process of the pool was ended from outside.
    """
    received = open_handover(request, progress=checking)
    with store.changing(), staging(store.attachments) as staged:
        course = _Course(
            store=store,
            received=received,
            staged=staged,
            known=KnownPeople(store.patients()),
            at=clock().replace(microsecond=0),
        )
        arrivals: list[Arrival] = []
        try:
            for arrival in _arrivals(course, pool):
                arrivals.append(arrival)
                progress(1)
        except BaseException:
            pool.stop()  # what it writes lies in the staging folder, which goes now
            raise
        receipt = _receipt(course, arrivals)
        if receipt.changed:
            store.note(
                course.at.isoformat(),
                "import",
                {
                    "package": receipt.package,
                    "dossiers": len(receipt.came_in),
                    "signer": receipt.signer,
                    "doubt": receipt.doubt.code if receipt.doubt else "",
                },
            )
    return receipt


def _arrivals(course: _Course, pool: WorkerPool) -> Iterator[Arrival]:
    """Take every unit in, in the order in which people read."""
    units = {unit.id: unit for volume in course.received.volumes for unit in volume.package.manifest.units}
    entries, ahead = tee(course.received.entries())
    tasks = (_task(opened.package, entry) for opened, entry in ahead if entry.patient is not None)
    read = pool.ordered(read_units, course.staged, tasks, size=lambda task: task.entry.plain_size)
    for opened, entry in entries:
        if entry.patient is None:
            arrival = _take_practice(course, opened.package, entry)
        else:
            arrival = _take_patient(course, opened.package, entry, next(read))
        unit = units[entry.unit]
        yield replace(arrival, destroy_from=unit.destroy_from, hold=unit.hold)


def _task(package: OpenPackage, entry: KeyringEntry) -> UnitTask:
    handover = package.manifest.handover
    return UnitTask(
        entry=entry,
        place=package.place(entry.unit),
        sender=page_sender(handover),
        written_at=handover.created,
    )


def _take_patient(
    course: _Course, package: OpenPackage, entry: KeyringEntry, read: ReadDossier | Failure
) -> Arrival:
    """Take a dossier in whole, or report why not."""
    if isinstance(read, Failure):
        return _refused(entry, read)
    try:
        with course.store.changing():
            return _take_dossier(course, package, entry, read)
    except AttachmentMissing:
        # a dossier before had brought the file, and was refused after this one was read
        again = read_unit(course.staged, replace(_task(package, entry), anew=True))
        return _take_patient(course, package, entry, again)
    except REFUSING as failure:
        return _refused(entry, failure)
    finally:
        read.remove_rows()


def _refused(entry: KeyringEntry, failure: Failure) -> Arrival:
    # without where it came from: that holds what was read of the dossier, and the receipt is written at the end
    failure.__traceback__ = failure.__cause__ = failure.__context__ = None
    return Arrival(
        unit=entry.unit,
        state=UnitOutcome.REFUSED,
        who=dict(entry.patient or {}),
        read=False,
        counts={},
        refusal=failure,
    )


def _take_practice(course: _Course, package: OpenPackage, entry: KeyringEntry) -> Arrival:
    """Take the unit of the practice in whole, or report why not."""
    try:
        with (
            course.store.changing(),
            package.unit(entry.unit) as sealed,
            open_entry(sealed, entry) as plain,
        ):
            return _put_practice(course.store, entry, read_practice_archive(plain))
    except REFUSING as failure:
        return _refused(entry, failure)
    except (WrongPassphrase, SealBroken) as failure:  # the keyring's own passphrase: another unit lies there
        raise UnitMismatch(unit=entry.unit) from failure


def _put_practice(store: PracticeStore, entry: KeyringEntry, archive: PracticeArchive) -> Arrival:
    records = archive.records
    changes = [store.put(records.practice), *map(store.put, records.practitioners)]
    rows = [store.put(row) for row in archive.rows()]
    counts = {
        "missing": len(records.missing),
        "practitioners": len(records.practitioners),
        "retention": len(records.retention),
        "roster": len(records.roster),
        "source_rows": len(rows),
    }
    require_counts(entry.counts, counts)
    changed = any(one is not Change.UNCHANGED for one in (*changes, *rows))
    return Arrival(
        unit=entry.unit, state=_state(changed=changed), who={}, counts=counts, remarks=archive.findings
    )


def _take_dossier(course: _Course, package: OpenPackage, entry: KeyringEntry, read: ReadDossier) -> Arrival:
    store = course.store
    holder = number_holder(store, read.patient, at=course.at)
    patient = holder.patient
    again = store.holds(Patient, patient.id)
    changed = put_dossier(store, read, holder)
    note_holder(store, holder, at=course.at)
    examine_merges(store, holder.before, patient, at=course.at)
    decision = settle_identity(store, course.known, patient, again=again, at=course.at)
    store.note_import(
        package.manifest.package_id, entry.unit, patient.id, entry.plain_sha256, course.at, entry.counts
    )
    return Arrival(
        unit=entry.unit,
        state=_state(changed=changed),
        who=patient_traits(patient),
        counts=read.counts,
        identity=decision.identity,
        candidates=decision.candidates,
        reason=decision.reason,
        remarks=read.findings,
        missing=read.missing,
        page_compared=read.page_compared,
    )


def _state(*, changed: bool) -> UnitOutcome:
    return UnitOutcome.CAME_IN if changed else UnitOutcome.ALREADY_THERE


def _receipt(course: _Course, arrivals: Sequence[Arrival]) -> Receipt:
    """Return the receipt, having compared what came in with what each package announces."""
    received = course.received
    by_unit = {arrival.unit: arrival for arrival in arrivals}
    found: Counter[str] = Counter()
    for volume in received.volumes:
        mine = [by_unit[entry.unit] for entry in volume.keyring.entries]
        counts = _found(mine)
        promised = volume.package.manifest.handover.counts
        if not any(arrival.state is UnitOutcome.REFUSED for arrival in mine):
            require_counts(promised, without_sums(counts))
        found.update(counts)
    handover = received.volumes[0].package.manifest.handover
    facts = received.verdict.signed_by.facts
    return Receipt(
        package=received.identifier,
        received_at=course.at,
        created=handover.created,
        ground=handover.legal_ground,
        sender=handover.sender.name,
        signer=str(facts.get("signer", "")),
        fingerprint=Fingerprint(facts.get("fingerprint", "")),
        announced={**announced_counts(one.package for one in received.volumes), **announced_sums(received)},
        found=dict(found),
        arrivals=tuple(arrivals),
        questions=people.count_questions(course.store),
        volumes=tuple(map(_volume, received.volumes)),
        accepted=received.verdict.trusted,
        doubt=received.doubt,
        accepted_list=received.signed_list if received.doubt else "",
    )


def _found(arrivals: Sequence[Arrival]) -> Counter[str]:
    found: Counter[str] = Counter()
    for arrival in arrivals:
        if arrival.who and arrival.state is not UnitOutcome.REFUSED:
            found.update({**arrival.counts, "patients": 1})
    return found


def _volume(opened: UnlockedPackage) -> ReceivedVolume:
    manifest = opened.package.manifest
    place = manifest.handover.volume
    return ReceivedVolume(
        package=manifest.package_id,
        set_id=place.set_id if place else "",
        number=place.volume if place else 1,
        of=place.of if place else 1,
    )
