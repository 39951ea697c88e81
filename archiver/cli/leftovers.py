"""What a run that was killed left in a store's folder of files."""

from __future__ import annotations

from archiver.cli.console import note
from archiver.practice.store import PracticeStore
from formats.words import mark


def sweep(store: PracticeStore) -> None:
    """Remove it, and say so; the store must be changing, so that nobody else is at work."""
    count = store.sweep()
    if count:
        note(mark("Files that an interrupted run had left behind were removed: {count}"), count=count)
