"""What several runs of a clearing destroyed together, whatever ended them."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from archiver.operations.vault.storages.clearing_note import (
    ClearingNote,
    FileCounts,
    find_note,
    known_note,
    remove_note,
    run_note,
    write_note,
)
from archiver.vault.journal.acts import STORAGE_PARTLY_CLEARED, storage_entry
from archiver.vault.journal.entry import LoggedEntry

BEGAN = "2026-11-30T12:00:00+00:00"
FIRST = ClearingNote(began=BEGAN)


def counts(files: int) -> FileCounts:
    return FileCounts(files=files, size=10 * files)


def ended(note: ClearingNote, left: int) -> ClearingNote:
    return replace(note, left=counts(left), unfinished=False)


def test_runs_that_locks_stop_are_counted_together() -> None:
    first = ended(run_note(FIRST, counts(10)), 4)
    assert first.destroyed == counts(6)
    second = ended(run_note(first, counts(4)), 0)
    assert (second.destroyed, second.runs, second.complete) == (counts(10), 2, True)


def test_a_run_that_was_ended_counts_as_soon_as_the_next_one_looks() -> None:
    killed = run_note(FIRST, counts(10))
    assert (killed.destroyed, killed.unfinished) == (counts(0), True)
    again = run_note(killed, counts(3))
    assert again.destroyed == counts(7)
    assert ended(again, 0).destroyed == counts(10)


def test_what_came_since_is_counted_too() -> None:
    first = ended(run_note(FIRST, counts(10)), 4)
    assert ended(run_note(first, counts(5)), 0).destroyed == counts(11)


def partly(*names: str) -> list[LoggedEntry]:
    return [
        LoggedEntry(
            number=number,
            at=BEGAN,
            previous="",
            entry=storage_entry(
                STORAGE_PARTLY_CLEARED, name, {"files": 6, "size": 60, "locked": 4}, agent="Anne"
            ),
        )
        for number, name in enumerate(names)
    ]


def test_without_the_note_the_journal_says_what_it_knows(tmp_path: Path) -> None:
    assert known_note(tmp_path, BEGAN, "storage-1", ()) == FIRST
    entries = partly("storage-1", "storage-2")
    note = ended(run_note(known_note(tmp_path, BEGAN, "storage-1", entries), counts(4)), 0)
    assert (note.destroyed, note.runs, note.complete) == (counts(10), 2, False)


def test_a_note_that_says_less_than_the_journal_is_not_believed(tmp_path: Path) -> None:
    stated = ended(run_note(FIRST, counts(10)), 4)
    write_note(tmp_path, "storage-1", stated)
    assert known_note(tmp_path, BEGAN, "storage-1", partly("storage-1", "storage-2")) == stated
    for less in (replace(stated, runs=0), replace(stated, there=counts(9)), replace(stated, left=counts(5))):
        write_note(tmp_path, "storage-1", less)
        known = known_note(tmp_path, BEGAN, "storage-1", partly("storage-1"))
        assert (known.destroyed, known.runs, known.complete) == (counts(6), 1, False)


def test_a_note_is_read_as_it_was_written(tmp_path: Path) -> None:
    note = replace(run_note(FIRST, counts(10)), own=True)
    assert find_note(tmp_path, "storage-1") is None
    write_note(tmp_path, "storage-1", note)
    assert find_note(tmp_path, "storage-1") == note
    remove_note(tmp_path, "storage-1")
    assert list(tmp_path.iterdir()) == []


NOTE = json.dumps(asdict(ended(run_note(FIRST, counts(10)), 4)))


@pytest.mark.parametrize(
    "damaged",
    [
        "no note",
        "[" * 60_000,
        " " * 70_000,
        "[]",
        NOTE.replace('"files": 10', '"files": "10"'),
        NOTE.replace('"files": 10', '"files": true'),
        NOTE.replace('"files": 4', '"files": -4'),
        NOTE.replace('"files": 4', '"files": 40'),
        NOTE.replace('"runs": 1', '"runs": 1.5'),
        NOTE.replace('"complete": true', '"complete": "no"'),
        NOTE.replace(f'"{BEGAN}"', "1"),
    ],
)
def test_of_a_damaged_note_nothing_is_believed(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "storage-1.clearing").write_text(damaged, encoding="utf-8")
    known = known_note(tmp_path, BEGAN, "storage-1", ())
    assert known == replace(FIRST, complete=False), "a run before was ended somewhere"
