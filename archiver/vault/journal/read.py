"""Read the entries of a journal, as its records have them; whether they are genuine is another question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archiver.vault.journal.entry import LoggedEntry, read_entry
from archiver.vault.journal.errors import JournalDamaged, JournalMissing
from archiver.vault.journal.places import FOLDER, JournalPlace, own_place
from archiver.vault.journal.record_file import MAX_RECORD_BYTES, read_journal_record, record_path
from formats.tlog.note import NoteMalformed


def logged_entries(place: JournalPlace) -> Iterator[LoggedEntry]:
    """Yield the entries of a copy of a journal, in their order.

    Raises:
        JournalDamaged: at a record that cannot be read; what the storage answers.
    """
    number = 0
    while (data := place.find(record_path(number), MAX_RECORD_BYTES)) is not None:
        try:
            record = read_journal_record(data)
            yield from map(read_entry, record.lines)
        except (NoteMalformed, ValueError) as fault:
            raise JournalDamaged(where=record_path(number), reason=str(fault)) from fault
        number += len(record.lines)


def own_entries(folder: Path) -> Iterator[LoggedEntry]:
    """Return the entries of the journal in the vault's ``folder``.

    Raises:
        JournalMissing: when there is none; as ``logged_entries``.
    """
    if not (folder / FOLDER).is_dir():
        raise JournalMissing(where=str(folder))
    return logged_entries(own_place(folder))
