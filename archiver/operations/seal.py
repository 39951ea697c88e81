"""Seal dossiers, on all cores, in the order in which they were asked for.

1. Each dossier is read, written as a plain archive and sealed in one pass, by one of several processes.
2. A process writes into a *berth*: a nameless file beside the package, used again and again.
3. Units leave their berths in the order of the request, so that the package does not depend on timing.
4. The number of berths bounds what is written and not yet taken away; no dossier is ever held in memory.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Thread

from archiver import disk
from archiver.compliance.retention import destroy_from, retention
from archiver.errors import CountsDiffer, WorkerLost
from archiver.practice.store import PracticeStore, opened
from archiver.sealing.sealed import SealedUnit
from archiver.sealing.unit import new_passphrase, new_salt, sealing_unit
from archiver.transfer.kinds import kind_words
from formats.model.dossier import Dossier
from formats.model.people import Patient
from formats.paths import short_name
from formats.pdlgc.sender import Sender
from formats.pdlgc.write import write_patient_archive

BERTHS_PER_WORKER = 4
"""Units that may wait for one slow dossier before everybody waits for it."""
FEW = 8
"""Dossiers below which starting processes takes longer than sealing."""

OBJECTS_BETWEEN_CYCLES = 50_000
"""New objects after which a process that seals looks for cycles; Python by itself does after 700."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SealTask:
    """One dossier to seal into the berth at ``berth``."""

    patient: str
    member: str
    passphrase: str
    salt: bytes
    berth: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedDossier:
    """A sealed dossier as it lies in its berth: whose it is, what it holds, how long it is kept, how it opens."""

    patient: Patient
    counts: Mapping[str, int]
    destroy_from: date | None
    sealed: SealedUnit
    passphrase: str
    berth: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Writing:
    """What is the same for every archive of an export."""

    written_at: datetime
    sender: Sender


def seal_dossier(store: PracticeStore, task: SealTask, writing: Writing) -> SealedDossier:
    """Seal one dossier.

    Raises:
        CountsDiffer: when the archive does not hold what the store does.
        AttachmentMissing, AttachmentChanged: when a file is not what the dossier says.
    """
    dossier = store.dossier(task.patient)
    with disk.berth_opened(task.berth) as berth:
        with sealing_unit(berth, passphrase=task.passphrase, salt=task.salt, member=task.member) as sink:
            written = write_patient_archive(
                dossier,
                sink,
                open_attachment=store.attachments.open,
                written_at=writing.written_at,
                sender=writing.sender,
            )
        counts = _reconciled(dossier, written.counts)
    return SealedDossier(
        patient=dossier.patient,
        counts=counts,
        destroy_from=destroy_from(retention(dossier)),
        sealed=sink.sealed,
        passphrase=task.passphrase,
        berth=task.berth,
    )


def _reconciled(dossier: Dossier, written: Mapping[str, int]) -> dict[str, int]:
    counts = dossier.counts()
    for kind, expected in counts.items():
        if written.get(kind) != expected:
            raise CountsDiffer(
                where=dossier.patient.id, kind=kind_words(kind), expected=expected, found=written.get(kind, 0)
            )
    return counts


def seal_dossiers(
    store: PracticeStore,
    patients: Sequence[tuple[int, str]],
    writing: Writing,
    *,
    folder: Path,
    randomness: Callable[[int], bytes],
    workers: int = 0,
) -> Iterator[SealedDossier]:
    """Yield the dossier of every (number, patient), sealed, in order; its berth is used again for the next.

    ``workers`` is the number of processes; 0 means one for each core.
    """
    wanted = workers or os.cpu_count() or 1
    processes = 1 if len(patients) < FEW else wanted
    with ExitStack() as stack:
        count = 1 if processes == 1 else processes * BERTHS_PER_WORKER
        berths = deque(stack.enter_context(disk.berth(folder)) for _ in range(count))
        run = stack.enter_context(
            _one_by_one(store, writing) if processes == 1 else _pool(store, writing, processes)
        )
        waiting: deque[Callable[[], SealedDossier]] = deque()
        for number, patient in patients:
            if not berths:
                yield from _leave(waiting, berths)
            task = SealTask(
                patient=patient,
                member=short_name("PAT", number, "ZIP"),
                passphrase=new_passphrase(randomness),
                salt=new_salt(randomness),
                berth=berths.popleft(),
            )
            waiting.append(run(task))
        while waiting:
            yield from _leave(waiting, berths)


def _leave(waiting: deque[Callable[[], SealedDossier]], berths: deque[Path]) -> Iterator[SealedDossier]:
    sealed = waiting.popleft()()
    yield sealed
    berths.append(sealed.berth)


Run = Callable[[SealTask], Callable[[], SealedDossier]]


@contextmanager
def _one_by_one(store: PracticeStore, writing: Writing) -> Iterator[Run]:
    yield lambda task: lambda: seal_dossier(store, task, writing)


@contextmanager
def _pool(store: PracticeStore, writing: Writing, processes: int) -> Iterator[Run]:
    """Seal in ``processes`` processes; when the block ends badly, what they have not begun is dropped."""
    executor = ProcessPoolExecutor(
        processes, mp_context=_context(), initializer=_begin, initargs=(store.path, writing)
    )
    try:
        yield lambda task: _result(executor.submit(_seal, task))
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _result(future: Future[SealedDossier]) -> Callable[[], SealedDossier]:
    def result() -> SealedDossier:
        try:
            return future.result()
        except BrokenProcessPool as fault:
            raise WorkerLost from fault

    return result


def _context() -> multiprocessing.context.BaseContext:
    """Return the way to start processes: by fork where nothing else runs yet, as it costs nothing."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("fork" if "fork" in methods else "spawn")


_own: dict[str, tuple[PracticeStore, Writing]] = {}
"""The store this process opened for itself: SQLite connections do not survive a fork."""
_open = ExitStack()


def _begin(path: Path, writing: Writing) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # how the pool ends us; the program's own way is not ours
    gc.freeze()  # what is there now stays; a dossier leaves few cycles, and looking for them costs a twentieth
    gc.set_threshold(OBJECTS_BETWEEN_CYCLES)
    Thread(target=_end_with_the_first, daemon=True).start()
    _own["store"] = (_open.enter_context(opened(path, reading=True)), writing)


def _end_with_the_first() -> None:
    """Wait until the process that started this one is gone; killed, it can no longer say so."""
    first = multiprocessing.parent_process()
    if first is not None:
        first.join()
        os._exit(1)


def _seal(task: SealTask) -> SealedDossier:
    store, writing = _own["store"]
    return seal_dossier(store, task, writing)
