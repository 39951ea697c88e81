"""Worker processes: the work of one command on all cores, its outcomes in the order of the tasks.

1. They are started before the command opens a practice store: SQLite forbids that a forked process has a connection
   of the one that forked it.
2. What they are sent, passphrases among it, goes through pipes: nothing of it is on a disk or a command line.
3. Ctrl-C is for the first process to decide about; without it the others end at once.
4. How many there are follows from the bytes of the work: a few long dossiers are worth several, many tiny ones too.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from threading import Thread
from typing import ParamSpec, Protocol, Self, TypeVar

from archiver.errors import WorkerLost

SHARES = {"fork": 512 << 10, "spawn": 32 << 20}
"""Bytes of work for each process, by how it is started, below which starting it takes longer than the work; one that
is not forked loads the program first."""
MOST = 61
"""Processes of one pool at most: on Windows no more can be waited for at a time."""
OBJECTS_BETWEEN_CYCLES = 5_000
"""New objects after which a process looks for cycles; Python by itself does after 700. Ten times as many are no faster,
and the cycles of what was read from 3,000 dossiers then take 45 MB."""
TOGETHER = 8
"""Tasks sent to a process at a time: each sending wakes threads on both sides."""
BYTES_TOGETHER = 4 << 20
"""Bytes of tasks after which they are sent, however few they are."""
AHEAD = 128
"""Tasks whose outcomes may wait for one long task, a volume among letters, before everybody waits for it."""
BYTES_AHEAD = 512 << 20
"""Bytes of tasks, for each process, that may be sent and not yet taken, besides the longest."""

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")
G = TypeVar("G")


def start_method() -> str:
    """Return how processes start here: by fork where nothing else runs yet, as it costs nothing."""
    return "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"


def processes_for(sizes: Iterable[int]) -> int:
    """Return how many processes are worth starting for pieces of work of ``sizes`` bytes; at most one for each core.

    No more of ``sizes`` are asked for than that needs.
    """
    share, cores = SHARES[start_method()], min(os.cpu_count() or 1, MOST)
    total = 0
    for size in sizes:
        total += size
        if total >= share * cores:
            return cores
    return max(1, total // share)


class Workers(Protocol):
    """Whatever does many tasks: this process, a pool of processes, a cluster of machines."""

    def ordered(
        self,
        work: Callable[[G, Sequence[T]], Sequence[R]],
        context: G,
        tasks: Iterable[T],
        *,
        size: Callable[[T], int],
    ) -> Iterator[R]:
        """Yield the outcome of each of ``tasks``, of ``size`` bytes; ``work`` takes several at once."""


class WorkerPool:
    """``processes`` worker processes, started at once; with one, this process does the work itself when asked.

    Raises:
        WorkerLost: by whatever waits for an outcome, when one of them ended that nobody told to.
    """

    def __init__(self, processes: int = 1, *, method: str = "") -> None:
        self.processes = processes
        self._executor = _started(processes, method or start_method()) if processes > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Drop what is not begun, and wait until the processes have ended what is."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def submit(self, work: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> Callable[[], R]:
        """Send ``work`` to a process; what is returned waits for its outcome when called."""
        if self._executor is None:
            return partial(work, *arguments, **named)
        try:
            return partial(_outcome, self._executor.submit(work, *arguments, **named))
        except BrokenProcessPool as fault:
            raise WorkerLost from fault

    def ordered(
        self,
        work: Callable[[G, Sequence[T]], Sequence[R]],
        context: G,
        tasks: Iterable[T],
        *,
        size: Callable[[T], int],
    ) -> Iterator[R]:
        """Yield the outcome of each of ``tasks``, of ``size`` bytes, in their order; ``work`` takes several at once.

        What is sent and not yet taken is bounded, in tasks and in bytes.
        """
        if self._executor is None:
            for task in tasks:
                yield from work(context, [task])
            return
        waiting: deque[tuple[list[int], Callable[[], Sequence[R]]]] = deque()
        for batch in batches(tasks, size, most=TOGETHER, most_bytes=BYTES_TOGETHER):
            sizes = [*map(size, batch)]
            while waiting and not self._admits(
                [one for batch_sizes, _ in waiting for one in batch_sizes] + sizes
            ):
                yield from waiting.popleft()[1]()
            waiting.append((sizes, self.submit(work, context, batch)))
        while waiting:
            yield from waiting.popleft()[1]()

    def _admits(self, sizes: Sequence[int]) -> bool:
        return len(sizes) <= AHEAD and sum(sizes) - max(sizes) <= self.processes * BYTES_AHEAD


def batches(tasks: Iterable[T], size: Callable[[T], int], *, most: int, most_bytes: int) -> Iterator[list[T]]:
    """Yield ``tasks`` some at a time: ``most`` of them, or as many as have ``most_bytes`` together."""
    batch: list[T] = []
    total = 0
    for task in tasks:
        batch.append(task)
        total += size(task)
        if len(batch) == most or total >= most_bytes:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def _outcome(future: Future[R]) -> R:
    try:
        return future.result()
    except BrokenProcessPool as fault:
        raise WorkerLost from fault


def _started(processes: int, method: str) -> ProcessPoolExecutor:
    executor = ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context(method), initializer=_begin
    )
    for _ in range(processes):  # an executor starts its processes with the first task, or one with each
        executor.submit(os.getpid)
    return executor


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # how the pool ends us; the program's own way is not ours
    gc.freeze()  # what is there now stays; a dossier leaves few cycles, and looking for them costs a twentieth
    gc.set_threshold(OBJECTS_BETWEEN_CYCLES)
    Thread(target=_end_with_the_first, daemon=True).start()


def _end_with_the_first() -> None:
    """Wait until the process that started this one is gone; killed, it can no longer say so."""
    first = multiprocessing.parent_process()
    if first is not None:
        first.join()
        os._exit(1)


ALONE = WorkerPool()
"""This process, for whoever starts no other."""
