"""History of a clearing, as the journal tells it: what lay on the storage when each run began, and what it destroyed.

Every run says in the journal what it finds before it removes anything. Nothing is written to a retired storage. So what
lay there when the first run began, and does not any more, is what all runs destroyed, wherever one of them was ended.
How far a run came that was ended, only the storage knows: the next run counts what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from archiver.vault.journal.acts import (
    STORAGE_CLEARING_BEGUN,
    STORAGE_EMPTIED,
    STORAGE_FACT,
    STORAGE_PARTLY_CLEARED,
)
from archiver.vault.journal.entry import LoggedEntry

_OUTCOMES = frozenset({STORAGE_CLEARING_BEGUN, STORAGE_EMPTIED, STORAGE_PARTLY_CLEARED})


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


@dataclass(frozen=True, kw_only=True, slots=True)
class ClearingHistory:
    """A clearing that ``began`` then (ISO 8601), so many ``runs`` ago: ``there`` lay in all, ``left`` by the last run.

    ``emptied``: nothing but the declaration of the vault's object was left. ``unfinished``: the last run did not come
    to its end. The counts are not ``complete`` where the journal lacks the beginning of a run.
    """

    began: str = ""
    runs: int = 0
    there: FileCounts = FileCounts()
    left: FileCounts = FileCounts()
    emptied: bool = False
    unfinished: bool = False
    complete: bool = True

    @property
    def destroyed(self) -> FileCounts:
        """What all runs together destroyed; of one that is unfinished nothing counts before the next one."""
        return self.there - self.left

    @property
    def counts_complete(self) -> bool:
        """Whether ``destroyed`` is all that was destroyed."""
        return self.complete and not self.unfinished


def begun_run(before: ClearingHistory, at: str, found: FileCounts) -> ClearingHistory:
    """Return the history with a run that begins ``at`` a moment (ISO 8601) and finds so many files.

    What is more than was left came since, and is counted too.
    """
    return replace(
        before,
        began=before.began or at,
        runs=before.runs + 1,
        there=before.there + (found - before.left),
        left=found,
        unfinished=True,
    )


def ended_run(before: ClearingHistory, left: FileCounts) -> ClearingHistory:
    """Return the history with the last run at its end, which ``left`` so many files."""
    return replace(before, left=left, unfinished=False)


def recorded_clearing(logged: Iterable[LoggedEntry], name: str) -> ClearingHistory:
    """Return the history of the clearing of a storage by its name, from the entries of the journal in their order."""
    history = ClearingHistory()
    for one in logged:
        outcome, facts = one.entry.outcome, one.entry.facts
        if outcome not in _OUTCOMES or facts.get(STORAGE_FACT) != name:
            continue
        counts = FileCounts(files=int(facts.get("files", 0)), size=int(facts.get("size", 0)))
        at = datetime.fromisoformat(one.at).isoformat()
        if outcome == STORAGE_EMPTIED:
            history = replace(history, emptied=True)
        elif outcome == STORAGE_CLEARING_BEGUN:
            history = begun_run(history, at, counts)
        else:
            if (
                not history.unfinished
            ):  # its beginning is not recorded: what it destroyed is all that is known
                history = replace(begun_run(history, at, history.left + counts), complete=False)
            history = ended_run(history, history.left - counts)
    return history
