"""What several runs of a clearing destroyed together, whatever ended them, by the entries of the journal."""

from __future__ import annotations

from dataclasses import asdict, replace

from archiver.operations.vault.storages.clearing_history import (
    ClearingHistory,
    FileCounts,
    begun_run,
    ended_run,
    recorded_clearing,
)
from archiver.vault.journal.acts import (
    STORAGE_CLEARING_BEGUN,
    STORAGE_EMPTIED,
    STORAGE_PARTLY_CLEARED,
    storage_entry,
)
from archiver.vault.journal.entry import LoggedEntry

BEGAN, LATER = "2026-11-30T12:00:00Z", "2026-11-30T13:00:00Z"
MOMENT = "2026-11-30T12:00:00+00:00"
Recorded = tuple[str, int]


def counts(files: int) -> FileCounts:
    return FileCounts(files=files, size=10 * files)


def begun(files: int) -> Recorded:
    return STORAGE_CLEARING_BEGUN, files


def partly(files: int) -> Recorded:
    return STORAGE_PARTLY_CLEARED, files


def logged(*each: Recorded, name: str = "storage-1") -> list[LoggedEntry]:
    return [
        LoggedEntry(
            number=number,
            at=LATER if number else BEGAN,
            previous="",
            entry=storage_entry(outcome, name, asdict(counts(files)), agent="Anne"),
        )
        for number, (outcome, files) in enumerate(each)
    ]


def history(*each: Recorded) -> ClearingHistory:
    return recorded_clearing(logged(*each), "storage-1")


def test_where_nothing_began_nothing_is_known() -> None:
    assert history() == ClearingHistory()
    assert recorded_clearing(logged(begun(10), partly(6), name="storage-2"), "storage-1") == ClearingHistory()


def test_runs_that_locks_stop_are_counted_together() -> None:
    first = history(begun(10), partly(6))
    assert (first.began, first.runs, first.destroyed, first.left) == (MOMENT, 1, counts(6), counts(4))
    assert first.counts_complete
    second = ended_run(begun_run(first, MOMENT, counts(4)), counts(0))
    assert (second.destroyed, second.runs, second.counts_complete) == (counts(10), 2, True)


def test_a_run_that_was_ended_counts_as_soon_as_the_next_one_looks() -> None:
    killed = history(begun(10))
    assert (killed.destroyed, killed.counts_complete) == (counts(0), False)
    again = history(begun(10), begun(3))
    assert (again.destroyed, again.runs, again.began) == (counts(7), 2, MOMENT)
    assert ended_run(again, counts(0)).destroyed == counts(10)
    assert history(begun(10), begun(3), partly(2)).destroyed == counts(9)


def test_what_came_since_is_counted_too() -> None:
    assert ended_run(history(begun(10), partly(6), begun(5)), counts(0)).destroyed == counts(11)


def test_that_nothing_but_the_declaration_is_left_is_known() -> None:
    assert not history(begun(10)).emptied
    found = history(begun(10), (STORAGE_EMPTIED, 0))
    assert replace(found, emptied=False) == history(begun(10))
    assert found.emptied


def test_of_a_run_whose_beginning_is_not_recorded_the_counts_are_what_it_destroyed() -> None:
    found = history(partly(6))
    assert (found.destroyed, found.runs, found.unfinished, found.complete) == (counts(6), 1, False, False)
    more = ended_run(history(partly(6), begun(4)), counts(0))
    assert (more.destroyed, more.runs, more.counts_complete) == (counts(10), 2, False)
    assert history(begun(10), partly(6), partly(1)).destroyed == counts(7)
