"""Journal that is open to be written on: while its lock is held, entries become records, on every storage.

1. The journal has a lock of its own, for which one waits: reading a package while an audit runs is recorded, too.
2. The entries become a record in the folder of the vault, then on every storage; one that lacks earlier records,
   because it did not answer, gets those first.
3. At least one storage has to take it, or the act is refused. Only a check is recorded without: that no storage answers
   is then what it says.

The folder has every record before any storage has. A storage with more says that the folder was put back as it was
before: then nothing is written, since it would be a second history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from archiver import disk
from archiver.vault.description import NAME as DESCRIPTION
from archiver.vault.journal.entry import VERSION_FACT, JournalEntry, VaultAct, journal_line
from archiver.vault.journal.errors import JournalBehind, JournalMissing
from archiver.vault.journal.head import JournalHead, read_head, write_head
from archiver.vault.journal.log_key import LogKey, find_log_key, make_log_key
from archiver.vault.journal.places import FOLDER, JournalPlace, copies, own_place
from archiver.vault.journal.record_file import (
    MAX_RECORD_BYTES,
    journal_record_bytes,
    read_journal_record,
    record_path,
)
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import Vault
from formats.errors import Failure
from formats.tlog.merkle import entry_hash
from formats.tlog.note import NoteMalformed, NoteSignatureInvalid

LOCK = "journal.lock"
PATIENCE = 60.0
"""Seconds that a command waits for another one that writes on the journal; a record takes less than one."""
BEGUN = "journal-begun"
"""Outcome of the first entry, which has the key of the log among its facts."""
KEY_FACT = "log_key"


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenJournal:
    """A journal while its lock is held: its key, its own copy, and those on the storages."""

    vault: Vault
    key: LogKey
    own: JournalPlace
    copies: tuple[JournalPlace, ...]


@contextmanager
def open_journal(vault: Vault, *, at: datetime) -> Iterator[OpenJournal]:
    """Hold the lock of the journal; one that is not begun yet gets its key.

    Raises:
        VaultBusy, JournalMissing, JournalDamaged, DiskFault: as ``record``.
    """
    with vault_lock(vault.folder, "archiver vault journal", at=at, name=LOCK, patience=PATIENCE):
        places = copies(vault, at)
        key = find_log_key(vault.folder, vault.description.id)
        if key is None:
            _refuse_second(vault, places)
            key = make_log_key(vault.folder, vault.description.id)
        disk.make_private_folder(vault.folder / FOLDER)
        yield OpenJournal(vault=vault, key=key, own=own_place(vault.folder), copies=places)


def _refuse_second(vault: Vault, places: Sequence[JournalPlace]) -> None:
    """Refuse to begin a journal where there was one.

    Raises:
        JournalMissing; what a storage answers.
    """
    # folders, and a file that has no name yet, are what an ended command left that began the journal
    own = (vault.folder / FOLDER).rglob("*")
    there = any(one.is_file() and not one.name.endswith(".part") for one in own)
    there = there or bool(vault.description.journal_key and (vault.folder / DESCRIPTION).exists())
    if there or any(one.find(record_path(0), MAX_RECORD_BYTES) is not None for one in places):
        raise JournalMissing(where=str(vault.folder))


def current_head(journal: OpenJournal, *, at: datetime) -> JournalHead:
    """Return the head of the journal, whose first entry is made if there is none.

    Raises:
        JournalMissing, JournalDamaged, JournalBehind; what the disk or a storage answers.
    """
    head = read_head(journal.vault.folder, journal.own, journal.key.public)
    if head.range.size:
        _refuse_behind(journal, head)
        return head
    _refuse_second(journal.vault, journal.copies)
    revision = journal.vault.description.revision
    facts: dict[str, str | int] = {KEY_FACT: str(journal.key.public), "revision": revision}
    if revision == 1:  # a vault that had no journal before may have other versions
        facts[VERSION_FACT] = "v1"
    first = JournalEntry(
        act=VaultAct.DESCRIPTION,
        outcome=BEGUN,
        facts=facts,
    )
    return append(journal, head, [first], at=at)


def _refuse_behind(journal: OpenJournal, head: JournalHead) -> None:
    """Refuse to go on from ``head`` where a storage has the record that comes next.

    One that is known to lack earlier ones is not asked.

    Raises:
        JournalBehind: when one has it.
    """
    size = head.range.size
    for copy in journal.copies:
        if head.copied.get(copy.name, size) >= size and _has_record(journal, copy, size):
            raise JournalBehind(place=copy.name, size=size)


def _has_record(journal: OpenJournal, copy: JournalPlace, first: int) -> bool:
    """Tell whether a copy has a record from entry ``first`` on; one that does not answer tells nothing.

    What our key did not sign is no record, and is met when one is written there.
    """
    try:
        data = copy.find(record_path(first), MAX_RECORD_BYTES)
        if data is None:
            return False
        read_journal_record(data).note.signed_by((journal.key.public,))
    except (Failure, NoteMalformed, NoteSignatureInvalid):
        return False
    return True


def append(
    journal: OpenJournal, head: JournalHead, entries: Sequence[JournalEntry], *, at: datetime
) -> JournalHead:
    """Follow steps 2 and 3 for at most ``MAX_TOGETHER`` entries; return the head after them.

    Raises:
        Failure: as ``record``.
    """
    lines: list[bytes] = []
    previous = head.last
    for number, one in enumerate(entries, head.range.size):
        lines.append(journal_line(one, number=number, previous=previous, at=at))
        previous = entry_hash(lines[-1])
    after = head.range.extended(map(entry_hash, lines))
    data = journal_record_bytes(lines, after, journal.key)
    path = record_path(head.range.size)
    journal.own.put(path, data)
    head = replace(head, range=after, last=previous, record=head.range.size)
    copied, failures = dict(head.copied), list[Failure]()
    for copy in journal.copies:
        try:
            copy_records(journal.own, copy, copied.get(copy.name, 0), after.size)
        except Failure as failure:
            failures.append(failure)
        else:
            copied[copy.name] = after.size
    head = replace(head, copied=copied)
    write_head(journal.vault.folder, head)
    if len(failures) == len(journal.copies) and any(one.act is not VaultAct.CHECK for one in entries):
        raise failures[-1]
    return head


def copy_records(own: JournalPlace, copy: JournalPlace, first: int, end: int) -> None:
    """Write to ``copy`` the records from entry ``first`` to ``end``.

    Raises:
        StorageForeign, JournalDiffers, JournalMissing; what the storage answers.
    """
    copy.refuse_foreign()
    while first < end:
        path = record_path(first)
        data = own.find(path, MAX_RECORD_BYTES)
        if data is None:
            raise JournalMissing(where=path)
        copy.put(path, data)
        first = read_journal_record(data).checkpoint.size
