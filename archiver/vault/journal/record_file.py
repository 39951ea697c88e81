"""JournalRecord: the file that makes entries durable when something is done, signed as the journal then is.

One entry a line, an empty line, and the signed checkpoint of the journal with these entries. It is named by the
number of its first entry, and never changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archiver.vault.journal.log_key import LogKey
from formats.tlog.checkpoint import Checkpoint, read_checkpoint
from formats.tlog.merkle import CompactRange, entry_hash
from formats.tlog.note import MAX_NOTE_BYTES, NoteMalformed, SignedNote, sign_note
from formats.tlog.tiles import MAX_ENTRY_BYTES, index_path

RECORDS = "records/"
"""How the paths of records begin."""
MAX_TOGETHER = 256
"""Entries of one record."""
MAX_RECORD_BYTES = MAX_TOGETHER * (MAX_ENTRY_BYTES + 1) + 1 + MAX_NOTE_BYTES
"""Bytes of a record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalRecord:
    """Entries that were logged together, and the checkpoint of the log that ends with them."""

    lines: tuple[bytes, ...]
    checkpoint: Checkpoint
    note: SignedNote

    @property
    def first(self) -> int:
        """Number of the first entry."""
        return self.checkpoint.size - len(self.lines)


def record_path(first: int) -> str:
    """Return the path of the record whose first entry has that number."""
    return f"{RECORDS}{index_path(first)}"


def journal_record_bytes(lines: Sequence[bytes], after: CompactRange, key: LogKey) -> bytes:
    """Return the record of ``lines``, after which the log is as ``after`` says."""
    checkpoint = Checkpoint(origin=key.public.name, size=after.size, root=after.root)
    note = sign_note(checkpoint.text, key.public, key.sign)
    return b"".join([*(line + b"\n" for line in lines), b"\n", note.data])


def read_journal_record(data: bytes) -> JournalRecord:
    """Return the record that ``data`` is; no signature is verified.

    Raises:
        NoteMalformed: when it is none.
    """
    text, found, note_bytes = data.partition(b"\n\n")
    lines = tuple(text.split(b"\n"))
    if not found or not all(lines) or len(lines) > MAX_TOGETHER:
        raise NoteMalformed("no record")
    checkpoint, note = read_checkpoint(note_bytes)
    if checkpoint.size < len(lines):
        raise NoteMalformed("no record")
    return JournalRecord(lines=lines, checkpoint=checkpoint, note=note)


def range_after(before: CompactRange, record: JournalRecord) -> CompactRange:
    """Return the compact range of the log after ``record``, which follows ``before``.

    Raises:
        NoteMalformed: when it does not.
    """
    after = before.extended(map(entry_hash, record.lines))
    if record.first != before.size or record.checkpoint.root != after.root:
        raise NoteMalformed("does not follow")
    return after
