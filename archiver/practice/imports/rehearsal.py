"""Rehearsal: changes that are made to learn what they would do, and taken back; no file is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from archiver.practice.attachments import Attachments
from archiver.practice.store import PracticeStore
from formats.model.documents import Attachment


class _Over(Exception):
    """Everything went well, and nothing is to be changed."""


class RehearsedAttachments(Attachments):
    """Files of a rehearsal: whoever reads one has checked it, and it goes nowhere."""

    written = False

    def take(self, _place: str, _attachment: Attachment, *, listed: bool = False) -> bool:
        """Return whether the file would be new."""
        return not listed


@contextmanager
def rehearsing(store: PracticeStore) -> Iterator[None]:
    """Make the changes of the block together, and take them back when it ends.

    Raises:
        Failure: by the block; the store is then as it was as well.
    """
    files = store.attachments
    store.attachments = RehearsedAttachments(files.folder)
    try:
        with store.changing():
            yield
            raise _Over
    except _Over:
        return
    finally:
        store.attachments = files
