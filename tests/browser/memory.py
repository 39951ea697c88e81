"""How much memory a browser takes: the sum of the proportional set sizes (PSS) of all its processes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CHROMIUM, FIREFOX = b"chrom", b"firefox"
"""What stands in the command line of every process of a browser."""


@contextmanager
def measured(program: bytes = CHROMIUM) -> Iterator[list[int]]:
    """Yield a list into which the memory of all processes of ``program`` below this one goes: bytes, every 0.2 s."""
    found: list[int] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            found.append(sum(memory_of(one, program) for one in below(os.getpid())))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


def below(process: int) -> Iterator[int]:
    """Yield the processes that ``process`` started, and those that they did."""
    children: list[str] = []
    # any thread may have started one: in Firefox it is not the first
    for thread in Path(f"/proc/{process}/task").glob("*"):
        with suppress(OSError):
            children += (thread / "children").read_text(encoding="ascii").split()
    for child in map(int, children):
        yield child
        yield from below(child)


def memory_of(process: int, program: bytes = CHROMIUM) -> int:
    """Return the proportional set size (PSS) of ``process``, where it is one of ``program``; 0 of any other."""
    try:
        if program not in Path(f"/proc/{process}/cmdline").read_bytes():
            return 0
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(one.split()[1]) * 1024 for one in lines if one.startswith("Pss:"))
