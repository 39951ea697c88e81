"""What a person should know of a store before anything of it: what a killed run left, or that it is a new one."""

from __future__ import annotations

from archiver.cli.terminal.console import note
from archiver.practice.store import PracticeStore
from formats.words import mark


def sweep(store: PracticeStore) -> None:
    """Remove what a run that was killed left in the folder of files, and say so.

    The store must be changing, so that nobody else is at work.
    """
    count = store.sweep()
    if count:
        note(mark("Files that an interrupted run had left behind were removed: {count}"), count=count)


def note_created(store: PracticeStore) -> None:
    """Say of a store that was made just now that it was: a mistyped name makes a second practice."""
    if store.created:
        note(mark("The store {path} was not there: it has just been made."), path=str(store.path))
