"""The program at a desk whose disk, clock or life fails: a real process, forked, and stopped before its first step."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import uuid4

from tests.journeys.fork_server import ForkServer, fork_server
from tests.journeys.program import LANGUAGE, PASSED_ON, PATIENCE, PROGRAM, Ended, Program
from tests.tools import need

STEP = 0.005
"""Seconds between two looks at a process that is to stop."""
STOPPED = "stopped by SIGSTOP"
RESUMED = "--- SIGCONT "
CALL = re.compile(r"^(\d+) +(\w+)\(")


@cache
def clock_of(moment: str) -> tuple[tuple[str, str], ...]:
    """Return the variables that let a process begin at ``moment`` (libfaketime)."""
    command = (need("faketime"), "-f", f"@{moment}", "env")
    done = subprocess.run(
        command, capture_output=True, check=True, encoding="utf-8", env={"PATH": os.environ["PATH"]}
    )
    variables = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    return (
        ("LD_PRELOAD", variables["LD_PRELOAD"]),
        ("FAKETIME", f"@{moment}"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    )


@cache
def moving_clock(file: Path) -> tuple[tuple[str, str], ...]:
    """Return the variables that let a process read in ``file`` how far its clock is ahead (libfaketime)."""
    preload = dict(clock_of("2026-01-01 00:00:00"))["LD_PRELOAD"]
    return (
        ("LD_PRELOAD", preload),
        ("FAKETIME_TIMESTAMP_FILE", str(file)),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Injection:
    """What is done to a system call: ``expression`` as strace takes it (``error=EIO:when=3``)."""

    call: str
    expression: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """The program in ``folder``, with a clock of its own where ``clock`` says so."""

    folder: Path
    clock: tuple[tuple[str, str], ...] = field(default=())

    def __call__(self, *arguments: str | Path) -> Ended:
        """Run a command to its end: in this process, which looks or goes on after a fault; by another clock, in one."""
        if not self.clock:
            return Program(folder=self.folder).here(*arguments)
        return self.run(arguments, None)

    def run(self, arguments: tuple[str | Path, ...], before: Callable[[int], object] | None) -> Ended:
        """Run a command, with ``before`` called while it is stopped before its first step."""
        command = [str(PROGRAM), *map(str, arguments)]
        status, out, err = self.server().run(command, self.folder, self._environment(), PATIENCE, before)
        return Ended(status=status, out=out.decode("utf-8"), err=err.decode("utf-8"))

    def server(self) -> ForkServer:
        """Return the server that forks it."""
        return fork_server((*self._passed_on(), (LANGUAGE, "en"), *self.clock))

    def _passed_on(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, os.environ[name]) for name in PASSED_ON if name in os.environ)

    def _environment(self) -> dict[str, str]:
        return {**dict(self._passed_on()), "HOME": str(self.folder), LANGUAGE: "en", **dict(self.clock)}

    def injected(
        self, arguments: tuple[str, ...], injection: Injection, meanwhile: Callable[[], object] | None = None
    ) -> tuple[Ended, bool]:
        """Run a command with an injection; return how it ended, and whether the injection was made.

        Where the injection stops the process (SIGSTOP), ``meanwhile`` is called, and the process goes on.
        """
        expression = f"inject={injection.call}:{injection.expression}"
        trace = Trace(log=self._log(), words=("-e", f"trace={injection.call}", "-e", expression))

        def before(pid: int) -> None:
            trace.attach(pid)
            if meanwhile is not None:
                trace.when_stopped(meanwhile)

        done = self.run(arguments, before)
        written = trace.text()
        made = any(mark in written for mark in ("INJECTED", "killed by SIGKILL"))
        return done, made or written.count(STOPPED) > trace.stops

    def calls(self, arguments: tuple[str, ...], names: tuple[str, ...]) -> tuple[Ended, dict[str, int]]:
        """Run a command and count the system calls of those ``names`` that its first process makes."""
        trace = Trace(log=self._log(), words=("-e", f"trace={','.join(names)}"))
        done = self.run(arguments, trace.attach)
        found = [CALL.match(line) for line in trace.text().splitlines()]
        made = [one[2] for one in found if one and int(one[1]) == trace.pid]
        return done, {name: made.count(name) for name in names}

    def _log(self) -> Path:
        return Path(tempfile.gettempdir(), f"{uuid4().hex}.strace")


@dataclass(kw_only=True, slots=True)
class Trace:
    """strace, attached to a process that waits for it, and everything that it forks."""

    log: Path
    words: tuple[str, ...]
    pid: int = 0
    stops: int = 0
    process: subprocess.Popen[bytes] | None = None

    def attach(self, pid: int) -> None:
        """Attach it to the stopped process ``pid``, and let that go on.

        ``stops`` counts the stops until then: the one in which it waits is told as well.
        """
        _wait(lambda: _status(pid, "State").startswith("T"))
        command = (need("strace"), "-qq", "-f", "-p", str(pid), "-o", str(self.log), *self.words)
        self.pid, self.process = pid, subprocess.Popen(command, stderr=subprocess.PIPE)
        _wait(lambda: STOPPED in self._written() or self.process.poll() is not None)  # type: ignore[union-attr]
        self.stops = self._written().count(STOPPED)
        self._resume()

    def when_stopped(self, meanwhile: Callable[[], object]) -> None:
        """Call ``meanwhile`` when an injection has stopped the process, and let that go on; do nothing if it ends."""
        _wait(lambda: self._written().count(STOPPED) > self.stops or self._is_over())
        if self._written().count(STOPPED) > self.stops:
            meanwhile()
            self._resume()

    def _resume(self) -> None:
        """Let the stopped process go on, until the trace says that it was told: a signal may come too early."""
        resumed = self._written().count(RESUMED)
        end = time.monotonic() + PATIENCE
        while self._written().count(RESUMED) == resumed and not self._is_over() and time.monotonic() < end:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGCONT)
            time.sleep(STEP)

    def _is_over(self) -> bool:
        return _status(self.pid, "State")[:1] in "ZX"

    def text(self) -> str:
        """Return what was traced, once the process has ended."""
        assert self.process is not None
        self.process.communicate(timeout=PATIENCE)
        written = self._written()
        self.log.unlink()
        return written

    def _written(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


def _status(pid: int, name: str) -> str:
    """Return what the system says of a process; that it is no more, where it says nothing."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return "X"
    return next(
        (line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith(f"{name}:")), "X"
    )


def _wait(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "the process does not do what is waited for"
        time.sleep(STEP)
