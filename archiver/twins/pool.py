"""Processes that make readable copies, each asked by a thread of this one; one that hangs or dies is replaced.

``archiver.worker_pool`` is for work that is trusted to end. These open files from outside with libraries in C: a file
that takes too long, or ends the process, costs its own copy alone.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Self, cast

from archiver import disk, temporary_files
from archiver.errors import WorkerLost
from archiver.twins.request import CopyRequest, MadeCopy, StandIn
from archiver.twins.worker import serve
from formats.errors import Failure

SECONDS = 60.0
"""Time of one copy; 300 pages of a PDF file are about 30 s."""
START_SECONDS = 60.0
"""Time that a process may take besides to start on a machine at work."""


class CopyProcess:
    """A process that makes copies, started when the first is asked for and again after one that it did not survive.

    ``folder`` is made for its temporary files, and removed with it.

    It is started anew, not forked: threads run here, and a practice store may be open.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._starting = Lock()
        self._ends = False

    def make(self, request: CopyRequest, target: Path, *, seconds: float) -> MadeCopy | None:
        """Return the copy that lies at ``target`` now; nothing after ``seconds``, or when the process died.

        Raises:
            TemplateInvalid, DiskFull, DiskFault: what the process raised.
        """
        started = self._process is not None
        try:
            connection = self._running()
            connection.send((request, target))
            if connection.poll(seconds if started else seconds + START_SECONDS):
                made, ends = connection.recv()
                if ends:
                    self.stop()
                if isinstance(made, Failure):
                    raise made
                return cast("MadeCopy", made)
        except (EOFError, OSError):
            pass
        self.stop()
        return None

    def _running(self) -> Connection:
        with self._starting:
            if self._ends:
                raise EOFError
            if self._connection is None:
                context = multiprocessing.get_context("spawn")
                ours, theirs = context.Pipe()
                with disk.failures_about(self._folder):
                    self._folder.mkdir()
                process = context.Process(target=serve, args=(theirs, self._folder), daemon=True)
                process.start()
                theirs.close()
                self._process, self._connection = process, ours
            return self._connection

    def end(self) -> None:
        """End the process for good, whatever it is doing; whoever waits for a copy is answered."""
        with self._starting:
            self._ends = True
            if self._process is not None:
                self._process.kill()

    def stop(self) -> None:
        """End the process; another one starts with the next copy."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._connection is not None:
            self._connection.close()
        if self._folder.exists():
            temporary_files.remove_folder(self._folder)
        self._process = self._connection = None


class CopyPool:
    """``processes`` processes with their files in ``folder``; what is submitted is made in that order."""

    def __init__(self, processes: int, folder: Path, *, seconds: float = SECONDS) -> None:
        self.processes = max(1, processes)
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(self.processes, thread_name_prefix="readable-copy")
        self._every = [CopyProcess(folder / f"process-{number}") for number in range(self.processes)]
        self._free: SimpleQueue[CopyProcess] = SimpleQueue()
        for one in self._every:
            self._free.put(one)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Drop what is not begun, and end the processes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for one in self._every:
            one.end()
        self._threads.shutdown(wait=True)
        for one in self._every:
            one.stop()

    def submit(self, request: CopyRequest, target: Path) -> Future[MadeCopy]:
        """Have a copy made at ``target``; its future raises ``WorkerLost`` when not even a stand-in could be made."""
        return self._threads.submit(self._made, request, target)

    def _made(self, request: CopyRequest, target: Path) -> MadeCopy:
        process = self._free.get()
        try:
            made = process.make(request, target, seconds=self._seconds)
            if made is None:
                bare = replace(request, data=request.data | {"body": []}, stand_in=StandIn.TIME)
                made = process.make(bare, target, seconds=self._seconds)
        finally:
            self._free.put(process)
        if made is None:
            raise WorkerLost
        return made
