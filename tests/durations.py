"""Where the time of a run went: seconds, and seconds of processor, of each test file, of the dearest ones.

Processor time is that of the worker, of every process it started and waited for, and of its fork servers with what they
forked; not that of a server that outlives the test. Setting up and tearing down are included.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.journeys.fork_server import servers

SHOWN = 30
LONG = 120.0
"""Seconds of tests from which on a run tells where they went."""
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 1
OWN_AND_CHILDREN = slice(11, 15)
"""utime, stime, cutime and cstime among what follows the name in ``/proc/PID/stat`` (proc(5))."""


class ProcessorTime:
    """Processor seconds since the last look."""

    def __init__(self) -> None:
        self._before = _used()

    def since(self) -> float:
        """Return them, and begin anew."""
        before, self._before = self._before, _used()
        return self._before - before


def _used() -> float:
    return sum(os.times()[:4]) + sum(map(_used_by, servers()))


def _used_by(server: int) -> float:
    """Return the seconds of the process ``server`` and those it waited for, where the system tells."""
    try:
        facts = Path(f"/proc/{server}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, facts[OWN_AND_CHILDREN])) / TICKS


def dearest_files(reports: Iterable[Any]) -> list[str]:
    """Return a line for each of the dearest test files, and one for all; nothing of a short run."""
    files: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for one in reports:
        if hasattr(one, "duration") and hasattr(one, "nodeid"):
            name = one.nodeid.partition("::")[0]
            seconds, used = files[name]
            files[name] = seconds + one.duration, used + getattr(one, "processor_seconds", 0.0)
    whole, used = (sum(column) for column in zip(*files.values(), strict=True)) if files else (0.0, 0.0)
    if whole < LONG:
        return []
    first = sorted(files.items(), key=lambda item: item[1], reverse=True)[:SHOWN]
    lines = [*((*times, name) for name, times in first), (whole, used, "in all")]
    return [f"{seconds:7.1f} s {used:7.1f} s of processor {name}" for seconds, used, name in lines]
