"""What ``backup watch`` does: a run whenever a source or the store looks other than before."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from archiver.backup.description import BackupDescription
from archiver.cli.exits import SUCCESS, status_of
from archiver.cli.run.backup.next_commands import name_backup_commands
from archiver.cli.run.backup.run import run_once, run_status, show_run
from archiver.cli.terminal.console import complain, note, say
from archiver.operations.backup.backup_vault import Backup, open_backup
from formats.errors import Failure
from formats.words import mark

SECONDS_A_HOUR = 3600


def watch(folder: Path, *, seconds: int, runs: int) -> int:
    """Run now, and whenever something changed or half of the agreed time is over; until ``runs`` or a signal.

    A run that fails is said, and tried again at the next look: a disk may be plugged in again. The exit status is that
    of the last run, as ``backup run`` has it.
    """
    backup = open_backup(folder)
    say(mark("Watching every {seconds} seconds; Ctrl-C ends it."), seconds=seconds)
    unseen = any(not _places(words) for words in backup.description.sources)
    seen: frozenset[tuple[str, int, int]] | None = None
    failed, done, ran = False, 0, 0.0
    while True:
        looks = frozenset(_looks(backup.description))
        due = time.monotonic() - ran > backup.description.agreed_hours * SECONDS_A_HOUR / 2
        if looks != seen or failed or due or unseen:
            status, failed = _run(backup)
            seen = frozenset(_looks(backup.description))  # a collection writes into the store itself
            done, ran = done + 1, time.monotonic()
            if done == runs:
                return status
        try:
            time.sleep(seconds)
        except KeyboardInterrupt:  # nothing is under way: this is how a watch ends
            note(mark("The watch is ended; nothing was under way."))
            return SUCCESS


def _run(backup: Backup) -> tuple[int, bool]:
    """Do a run; return its exit status, and whether it, or a source of it, failed."""
    try:
        outcome, refused = run_once(backup)
    except Failure as failure:
        name_backup_commands(failure, backup.folder)
        complain(failure)
        return status_of(failure), True
    show_run(outcome)
    return run_status(outcome, refused), refused is not None


def _looks(description: BackupDescription) -> Iterator[tuple[str, int, int]]:
    """Yield path, size and moment of change of the store and of every file of a source; a server has none.

    A source of which no file is named lies on a server: it is asked at every look, by collecting it.
    """
    names = {description.store, description.store.with_name(f"{description.store.name}-wal")}
    names |= {path for words in description.sources for path in _places(words)}
    for path in sorted(names):
        try:
            if path.is_dir():
                yield from _below(path)
            elif path.is_file():
                yield _look(str(path), path.stat())
        except OSError:
            yield str(path), -1, 0


def _places(words: Iterable[str]) -> list[Path]:
    """Return the files and folders that the words of a source name."""
    return [Path(word) for word in words if not word.startswith("-") and Path(word).exists()]


def _below(folder: Path) -> Iterator[tuple[str, int, int]]:
    for where, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(where, name)  # noqa: PTH118 - a million paths without their objects
            try:
                yield _look(path, os.stat(path))  # noqa: PTH116
            except OSError:
                yield path, -1, 0


def _look(path: str, status: os.stat_result) -> tuple[str, int, int]:
    return path, status.st_size, status.st_mtime_ns
