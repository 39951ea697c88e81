"""Seal dossiers, on all cores, in the order in which they were asked for.

1. Each dossier is read, written as a plain archive and sealed in one pass, by one of several processes.
2. A sealed unit waits in a *slot* (``archiver.spool``), which is used again and again.
3. Units leave their slots in the order of the request, so that the package does not depend on timing.
4. The spool bounds what is written and not yet taken away, in units and in bytes; no long dossier is held
   in memory. What a dossier will need is known before it is sealed: the bytes of its files.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path

from archiver import temporary_files
from archiver.assembly.about_patient import about_patient
from archiver.assembly.lost_files import files_lost, without_lost
from archiver.compliance.decided_terms import decision_findings
from archiver.compliance.plausibility import date_findings
from archiver.compliance.redaction import Selection, redact, without_records
from archiver.compliance.request_words import Omission
from archiver.compliance.retention import Retention, destroy_from
from archiver.handover.errors import CountsDiffer
from archiver.handover.keyring_entry import patient_traits
from archiver.handover.kinds import kind_words
from archiver.package.layout import new_unit_id
from archiver.practice import people
from archiver.practice.attachments import header_facts
from archiver.practice.previews import stored_previews
from archiver.practice.registers.gone_records import gone_identities
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.redactions import redaction_counts
from archiver.scope.retention_period import retention_of
from archiver.sealing.keyring_lines import MAX_SIZE
from archiver.sealing.sealed import SealedUnit
from archiver.sealing.unit import new_passphrase, new_salt, sealing_unit
from archiver.spool import Spool, SpooledUnit, SpoolWriter
from archiver.worker_pool import ALONE, WorkerPool
from formats.errors import Failure, LimitExceeded
from formats.findings import Finding
from formats.model.dossier import Dossier
from formats.model.missing import Missing, missing_content, missing_counts, money_sums
from formats.paths import short_name
from formats.pdlgc.names import place_files
from formats.pdlgc.sender import Sender
from formats.pdlgc.unit_place import SALT_BYTES, UnitPlace, salt_text
from formats.pdlgc.write import Renderings, write_archive
from formats.words import mark
from formats.zip.writer import ZipStream

SLOTS = 128
"""Units that may wait for one slow dossier, a volume among letters, before everybody waits for it."""
WAITING_BYTES = 512 << 20
"""Bytes of units, for each process, that may be sealed or wait besides the longest: they are files on a disk."""
DOSSIER_BYTES = 64 << 10
"""Bytes as which a dossier without files counts: its page, bundle, tables and keys cost as much."""
BATCH = 8
"""Dossiers sent to a process at a time: each sending wakes threads on both sides."""
TURNS = 16
"""Times a process is sent dossiers, at least, so that none is left with long ones while the others are done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SealTask:
    """One dossier to seal as ``unit`` into the slot at ``place``.

    ``salt`` is that of the encryption, ``leaf_salt`` that of the commitment to the set of patients.
    """

    patient: str
    unit: str
    member: str
    passphrase: str = field(repr=False)
    salt: bytes = field(repr=False)
    leaf_salt: str = field(repr=False)
    place: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedDossier:
    """A sealed dossier as it waits: whose it is, what it holds, how long it is kept, how it opens.

    ``traits`` are those of the keyring, ``redactions`` counts what was taken out of the dossier.
    """

    patient: str
    unit: str
    leaf_salt: str = field(repr=False)
    traits: Mapping[str, str]
    counts: Mapping[str, int]
    retention: Retention
    missing: Missing
    redactions: Mapping[str, int]
    findings: tuple[Finding, ...]
    sealed: SealedUnit
    passphrase: str = field(repr=False)
    spooled: SpooledUnit

    @property
    def destroy_from(self) -> date | None:
        """The 1 January from which the law lets the dossier be destroyed, where anybody can tell."""
        return destroy_from(self.retention)


@dataclass(frozen=True, kw_only=True, slots=True)
class Writing:
    """What is the same for every archive of an export; by ``selection`` content is withheld from who asks for it.

    ``without_gone`` leaves out what the source of a dossier has no more, ``without_lost`` files that the store lost.
    """

    written_at: datetime
    sender: Sender
    selection: Selection | None = None
    without_gone: bool = False
    without_lost: bool = False


def seal_dossier(store: PracticeStore, task: SealTask, writing: Writing) -> SealedDossier:
    """Seal one dossier.

    Raises:
        CountsDiffer: when the archive does not hold what the store does.
        FilesLost: when files are lost or damaged, and the dossier is not to be sealed without them.
        AttachmentMissing: when the folder of files is not there at all.
        LimitExceeded: when no reader would take the archive.
        Each names the patient.
    """
    whole = store.dossier(task.patient)
    end = retention_of(store, whole, writing.written_at.date())
    dossier, redactions = redacted_dossier(store, whole, writing.selection, without_gone=writing.without_gone)
    linked = people.linked_patients(store, task.patient)
    dossier = replace(dossier, patient=replace(dossier.patient, linked=linked))
    with about_patient(patient_traits(dossier.patient)):
        sealed = _sealed_with_holes(store, task, writing, dossier, end)
    return replace(sealed, redactions=redactions)


def _sealed_with_holes(
    store: PracticeStore, task: SealTask, writing: Writing, dossier: Dossier, end: Retention
) -> SealedDossier:
    """Seal a dossier; only where that fails are its files compared, which reads them twice."""
    try:
        return _sealed(store, task, writing, dossier, end)
    except (Failure, OSError) as fault:
        dossier, holes = without_lost(dossier, store.attachments, compared=True)
        if not holes:
            raise
        if not writing.without_lost:
            raise files_lost(holes) from fault
    sealed = _sealed(store, task, writing, dossier, end)
    where = f"patients/{sealed.traits.get('number') or dossier.patient.id}"
    return replace(sealed, findings=sealed.findings + tuple(replace(one, where=where) for one in holes))


def redacted_dossier(
    store: PracticeStore, dossier: Dossier, selection: Selection | None, *, without_gone: bool
) -> tuple[Dossier, Counter[str]]:
    """Return ``dossier`` without what is left out or withheld, and the counts of that by code."""
    redactions: Counter[str] = Counter()
    gone = gone_identities(store, dossier.patient.id) if without_gone else ()
    if gone:
        redacted = without_records(dossier, gone, Omission.GONE)
        dossier, redactions = redacted.dossier, redaction_counts(redacted)
    if selection is not None:
        redacted = redact(dossier, selection)
        dossier, redactions = redacted.dossier, redactions + redaction_counts(redacted)
    return dossier, redactions


def _sealed(
    store: PracticeStore, task: SealTask, writing: Writing, dossier: Dossier, end: Retention
) -> SealedDossier:
    traits = patient_traits(dossier.patient)
    with SpoolWriter(task.place) as writer:
        with sealing_unit(writer, passphrase=task.passphrase, salt=task.salt, member=task.member) as sink:
            written = write_archive(
                dossier,
                ZipStream(sink, when=writing.written_at),
                place_files(dossier, store.attachments.open, partial(header_facts, store.db)),
                open_attachment=store.attachments.open,
                written_at=writing.written_at,
                sender=writing.sender,
                place=UnitPlace(unit=task.unit, salt=task.leaf_salt, patient=traits),
                renderings=Renderings(previews=stored_previews(store.attachments)),
            )
        missing = missing_content(dossier)
        counts = {**_reconciled(dossier, written.counts), **missing_counts(missing), **_sums(dossier)}
    where = f"patients/{traits.get('number') or dossier.patient.id}"
    return SealedDossier(
        patient=dossier.patient.id,
        unit=task.unit,
        leaf_salt=task.leaf_salt,
        traits=traits,
        counts=counts,
        retention=end,
        missing=missing,
        redactions={},
        findings=(
            *date_findings(end.implausible, end.dates, where),
            *decision_findings(end, where),
            *(
                replace(one, where=where) if one.where == dossier.patient.id else one
                for one in written.findings
            ),
        ),
        sealed=sink.sealed,
        passphrase=task.passphrase,
        spooled=writer.spooled(),
    )


def _sums(dossier: Dossier) -> dict[str, int]:
    """Return the sums of money, which the keyring states.

    Raises:
        LimitExceeded: when one is more than the keyring can state: no practice has so much.
    """
    sums = money_sums(dossier)
    if (most := max(sums.values(), default=0)) > MAX_SIZE:
        name = mark("the sum of the amounts of a dossier, in cents,")
        raise LimitExceeded(where=dossier.patient.id, name=name, found=most, limit=MAX_SIZE)
    return sums


def _reconciled(dossier: Dossier, written: Mapping[str, int]) -> dict[str, int]:
    counts = dossier.counts()
    for kind, expected in counts.items():
        if written.get(kind) != expected:
            raise CountsDiffer(
                where=dossier.patient.id, kind=kind_words(kind), expected=expected, found=written.get(kind, 0)
            )
    return counts


def sealing_sizes(store: PracticeStore, patients: Iterable[str]) -> Iterator[int]:
    """Yield about how many bytes of work the dossier of each of ``patients`` is."""
    return (store.file_bytes(patient) + DOSSIER_BYTES for patient in patients)


def seal_dossiers(
    store: PracticeStore,
    patients: Sequence[str],
    writing: Writing,
    *,
    folder: Path,
    randomness: Callable[[int], bytes],
    pool: WorkerPool = ALONE,
) -> Iterator[SealedDossier]:
    """Yield the dossier of each of ``patients``, sealed, in order; its slot is used again for the next.

    Units show the number of their place in that order, from 1. The processes of ``pool`` seal, each with a connection
    of its own to the store, and stop at the end.
    """
    processes = pool.processes
    run = partial(_alone, store) if processes == 1 else partial(_seal, store.path)
    batch = max(1, min(BATCH, len(patients) // (processes * TURNS)))
    with ExitStack() as stack:
        count = batch if processes == 1 else SLOTS
        slots = [stack.enter_context(temporary_files.temporary_path(folder)) for _ in range(count)]
        unit_spool = Spool(slots, max_waiting=processes * WAITING_BYTES)
        stack.callback(pool.stop)  # nobody writes into a slot that is gone
        waiting: deque[Sealing] = deque()
        tasks: list[SealTask] = []
        for number, patient in enumerate(patients, 1):
            size = store.file_bytes(patient)
            if tasks and (len(tasks) == batch or not unit_spool.admits(size)):
                waiting.append(pool.submit(run, tasks, writing))
                tasks = []
            while not unit_spool.admits(size):
                yield from _leave(waiting, unit_spool)
            tasks.append(_task(number, patient, unit_spool.take(size), randomness))
        waiting.append(pool.submit(run, tasks, writing))
        while waiting:
            yield from _leave(waiting, unit_spool)


def _task(number: int, patient: str, place: Path, randomness: Callable[[int], bytes]) -> SealTask:
    return SealTask(
        patient=patient,
        unit=new_unit_id(randomness),
        member=short_name("PAT", number, "ZIP"),
        passphrase=new_passphrase(randomness),
        salt=new_salt(randomness),
        leaf_salt=salt_text(randomness(SALT_BYTES)),
        place=place,
    )


Sealing = Callable[[], Iterable[SealedDossier]]
"""What was sent to a process; called, it waits for the outcome."""


def _leave(waiting: deque[Sealing], unit_spool: Spool) -> Iterator[SealedDossier]:
    for one in waiting.popleft()():
        yield one
        unit_spool.leave(one.spooled, one.sealed.size)


def _alone(store: PracticeStore, tasks: Sequence[SealTask], writing: Writing) -> Iterator[SealedDossier]:
    return (seal_dossier(store, task, writing) for task in tasks)


def _seal(path: Path, tasks: Sequence[SealTask], writing: Writing) -> list[SealedDossier]:
    store = _own_store(path)
    return [seal_dossier(store, task, writing) for task in tasks]


_open = ExitStack()


@cache
def _own_store(path: Path) -> PracticeStore:
    """Return the store that this worker process opened for itself."""
    return _open.enter_context(open_store(path, reading=True))
