"""Note of a clearing, in the folder of the vault from its first run on: what lay there, for the statement at its end.

Nothing is written to a retired storage. So what lay there when the first run began, and does not any more, is what all
runs destroyed, whenever one of them was ended. Where the note is lost or damaged, or says less than the journal, that
knows the runs that came to their end; how far another one came, nobody knows, and the counts are then not all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from archiver import disk
from archiver.vault.journal.acts import STORAGE_PARTLY_CLEARED
from archiver.vault.journal.entry import LoggedEntry
from formats.errors import LimitExceeded
from formats.regular_files import read_regular
from formats.words import mark

NOTE = "{name}.clearing"
"""File in the folder of the vault while a storage is cleared."""
MAX_NOTE_BYTES = 64 << 10
"""Bytes of that file; it has some hundred."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileCounts:
    """So many files, each version counting, and their bytes in all."""

    files: int = 0
    size: int = 0

    def __add__(self, other: FileCounts) -> FileCounts:
        return FileCounts(files=self.files + other.files, size=self.size + other.size)

    def __sub__(self, other: FileCounts) -> FileCounts:
        """Return what is left without ``other``, and never less than nothing."""
        return FileCounts(files=max(self.files - other.files, 0), size=max(self.size - other.size, 0))

    def covers(self, other: FileCounts) -> bool:
        """Tell whether these are no less than ``other``, in files and in bytes."""
        return self.files >= other.files and self.size >= other.size


@dataclass(frozen=True, kw_only=True, slots=True)
class ClearingNote:
    """A clearing that ``began`` then (ISO 8601), so many ``runs`` ago: ``there`` lay in all, ``left`` by the last run.

    ``own``: nothing but the declaration of the vault's object is left. ``unfinished``: the last run did not come to its
    end. The counts are not ``complete`` where an earlier note was lost.
    """

    began: str
    runs: int = 0
    there: FileCounts = FileCounts()
    left: FileCounts = FileCounts()
    own: bool = False
    unfinished: bool = False
    complete: bool = True

    @property
    def destroyed(self) -> FileCounts:
        """What all runs together destroyed; of one that is unfinished nothing counts before the next one."""
        return self.there - self.left


def run_note(before: ClearingNote, found: FileCounts) -> ClearingNote:
    """Return the note of a run that finds so many files; what is more than was left came since, and is counted too."""
    more = found - before.left
    return replace(before, runs=before.runs + 1, there=before.there + more, left=found, unfinished=True)


def known_note(folder: Path, began: str, name: str, logged: Iterable[LoggedEntry]) -> ClearingNote:
    """Return the note of the runs before, unless it is lost: then what they destroyed is what the journal says.

    Raises:
        DiskFault: what the disk answered.
    """
    facts = [
        one.entry.facts
        for one in logged
        if one.entry.outcome == STORAGE_PARTLY_CLEARED and one.entry.facts.get("storage") == name
    ]
    files, size = (sum(int(one.get(key, 0)) for one in facts) for key in ("files", "size"))
    logged_counts = FileCounts(files=files, size=size)
    found = find_note(folder, name)
    if found is not None and found.runs >= len(facts) and found.destroyed.covers(logged_counts):
        return found
    lost = bool(facts) or (folder / NOTE.format(name=name)).exists()
    return ClearingNote(began=began, runs=len(facts), there=logged_counts, complete=not lost)


def find_note(folder: Path, name: str) -> ClearingNote | None:
    """Return the note of the clearing of a storage, or nothing where there is none that can be read.

    Raises:
        DiskFault: what the disk answered.
    """
    path = folder / NOTE.format(name=name)
    if not path.is_file():
        return None
    try:
        with disk.failures_about(path):
            data = read_regular(path, MAX_NOTE_BYTES, mark("the note of a storage in bytes"))
        document = json.loads(data)
        there, left = (FileCounts(**document.pop(key)) for key in ("there", "left"))
        note = ClearingNote(**document, there=there, left=left)
    except (LimitExceeded, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return note if _is_possible(note) else None


def _is_possible(note: ClearingNote) -> bool:
    """Tell whether a note has the types of its fields, and numbers that some runs come to."""
    numbers = (note.runs, *(number for one in (note.there, note.left) for number in (one.files, one.size)))
    if not all(type(one) is int and one >= 0 for one in numbers) or not note.there.covers(note.left):
        return False
    return type(note.began) is str and all(
        type(one) is bool for one in (note.own, note.unfinished, note.complete)
    )


def write_note(folder: Path, name: str, note: ClearingNote) -> None:
    """Write the note durably.

    Raises:
        DiskFull, DiskFault: what the disk answered.
    """
    text = json.dumps(asdict(note), indent=2) + "\n"
    disk.write_text(folder / NOTE.format(name=name), text, mode=disk.PRIVATE, replace=True)


def remove_note(folder: Path, name: str) -> None:
    """Remove the note: the storage is cleared.

    Raises:
        DiskFault: what the disk answered.
    """
    disk.remove(folder / NOTE.format(name=name))
