"""Bring the journal back into the folder of a vault, from the storage that has most, and to storages that lack it.

1. Every copy is verified. What lies in the folder stays when it is whole, and no storage has more.
2. A copy in the folder that is not whole is moved aside, not removed: it says what somebody did.
3. What the storage has, of records, tiles and seals, is copied; nothing that is there is written over.
4. A storage gets the files that it lacks, such as one that was replaced; what it has otherwise is not touched.
5. A key that is lost is replaced; the new one is named by an entry, which it signs, so that everybody sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from archiver import disk
from archiver.operations.journal.verify_copy import CopyExamination, verify_copy
from archiver.vault.journal.entry import JournalEntry, VaultAct
from archiver.vault.journal.errors import JournalDamaged
from archiver.vault.journal.head import read_head
from archiver.vault.journal.log_key import find_log_key, make_log_key
from archiver.vault.journal.open_journal import (
    KEY_FACT,
    LOCK,
    PATIENCE,
    OpenJournal,
    append,
)
from archiver.vault.journal.places import FOLDER, JournalPlace, copies, own_place
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import Vault
from formats.errors import Failure
from formats.tlog.tiles import CHECKPOINT, MAX_BUNDLE_BYTES
from formats.words import mark

KEY_REPLACED = "key-replaced"


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoredJournal:
    """How many files came back, from which storage; how many storages lacked; whether the key was replaced.

    ``aside`` is where a damaged copy lies.
    """

    files: int = 0
    source: str = ""
    lacked: int = 0
    key_replaced: bool = False
    aside: str = ""


def restore_journal(vault: Vault, *, at: datetime) -> RestoredJournal:
    """Bring the journal of ``vault`` back, if anything of it is missing in its folder.

    Raises:
        JournalDamaged: when no copy is whole. VaultBusy, DiskFull, DiskFault; what every storage answers, if none does.
    """
    with vault_lock(vault.folder, "archiver vault rebuild", at=at, name=LOCK, patience=PATIENCE):
        places = copies(vault, at)
        found = [(place, one) for place in places if (one := _verified(place)) is not None]
        able = [(place, one) for place, one in found if not one.broken and one.range.size]
        best = max(able, key=lambda one: one[1].range.size, default=None)
        own = _verified(own_place(vault.folder)) if (vault.folder / FOLDER).is_dir() else None
        broken = own is not None and own.broken
        if best is None and (own is None or broken):
            if broken or any(one.broken for _, one in found):
                raise JournalDamaged(where=str(vault.folder), reason=mark("no copy of it is whole"))
            return RestoredJournal()
        aside = _moved_aside(vault) if broken else ""
        whole = own is not None and not broken and (best is None or own.range.size >= best[1].range.size)
        files = 0 if whole or best is None else _copied(vault, best[0])
        lacked = sum(complete_copy(own_place(vault.folder), place) for place, _ in found)
        replaced = find_log_key(vault.folder, vault.description.id) is None
        if replaced:
            _replace_key(vault, places, at)
        source = best[0].name if best and files else ""
        return RestoredJournal(files=files, source=source, lacked=lacked, key_replaced=replaced, aside=aside)


def _verified(place: JournalPlace) -> CopyExamination | None:
    try:
        return verify_copy(place)
    except Failure:
        return None


def _moved_aside(vault: Vault) -> str:
    """Move the journal in the folder aside; return the name of its folder then."""
    names = (f"{FOLDER}-damaged-{number}" for number in count(1))
    name = next(one for one in names if not (vault.folder / one).exists())
    with disk.failures_about(vault.folder):
        (vault.folder / FOLDER).rename(vault.folder / name)
        disk.sync_folder(vault.folder)
    return name


def _copied(vault: Vault, source: JournalPlace) -> int:
    """Follow step 3; return how many files were looked at."""
    disk.make_private_folder(vault.folder / FOLDER)
    own, number = own_place(vault.folder), 0
    for path in source.paths():
        data = source.find(path, MAX_BUNDLE_BYTES)
        if data is not None:
            own.put(path, data, newest=path == CHECKPOINT)
            number += 1
    return number


def complete_copy(own: JournalPlace, copy: JournalPlace) -> int:
    """Follow step 4 for one storage; return how many files it lacked.

    Raises:
        JournalDiffers, DiskFull, DiskFault and others: what the storage answered.
    """
    there, number = set(copy.paths()), 0
    for path in own.paths():
        data = own.find(path, MAX_BUNDLE_BYTES) if path not in there else None
        if data is not None:
            copy.put(path, data)
            number += 1
    return number


def _replace_key(vault: Vault, places: Sequence[JournalPlace], at: datetime) -> None:
    """Follow step 5."""
    head = read_head(vault.folder, own_place(vault.folder), None)
    key = make_log_key(vault.folder, vault.description.id)
    entry = JournalEntry(act=VaultAct.DESCRIPTION, outcome=KEY_REPLACED, facts={KEY_FACT: str(key.public)})
    journal = OpenJournal(vault=vault, key=key, own=own_place(vault.folder), copies=tuple(places))
    append(journal, head, [entry], at=at)
