"""Mend the copies of a journal on the storages from the one in the folder of the vault, where that is whole.

1. The copy in the folder is computed again (``verify_copy``). Where anything is wrong with it, nothing is mended, and
   that is given notice of: ``vault rebuild`` brings it back first. The same where a storage has more: then the folder
   was taken back.
2. A copy on a storage in which nothing is wrong stays as it is.
3. Where a record or a seal there is signed by a key of the journal, and no record in the folder states the same root,
   there are two histories: nothing of that copy is touched, it is evidence.
4. Every other file that is missing there, or differs, is written from the folder; the damaged bytes stay, as those of
   an object do (``repair_object``). Time-stamps and cosignatures that differ are statements of others, and are left.
5. The journal says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archiver.operations.journal.verify_copy import CopyExamination, is_signed, verify_copy
from archiver.operations.vault.repair_object import RepairRequest, repair_object
from archiver.vault.journal.entry import JournalEntry, VaultAct
from archiver.vault.journal.errors import JournalBehind, JournalDamaged, JournalMissing
from archiver.vault.journal.open_journal import LOCK, PATIENCE
from archiver.vault.journal.places import FOLDER, JournalPlace, copies, own_place
from archiver.vault.journal.record_file import MAX_RECORD_BYTES, RECORDS, read_journal_record, record_path
from archiver.vault.journal.write import record, require_recordable
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import Vault
from archiver.verdict import fault_line
from formats.digests import SHA512, Digest
from formats.errors import Failure
from formats.findings import Finding
from formats.tlog.checkpoint import read_checkpoint
from formats.tlog.note import NoteKey, NoteMalformed, SignedNote
from formats.tlog.tiles import CHECKPOINT

MENDED = "journal-mended"
_SEAL = re.compile(r"seals/[0-9x/]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class MendedCopy:
    """What became of the copy on a storage: how many files were replaced, or that it is a second history."""

    storage: str
    files: int = 0
    forked: bool = False


def mend_journal(
    vault: Vault, *, clock: Callable[[], datetime], notice: Callable[[Finding], None]
) -> list[MendedCopy]:
    """Return what became of each copy in which something was wrong; ``notice`` is given why others were passed over.

    Nothing says that the copy of a storage that does not answer is damaged.

    Raises:
        VaultBusy; DiskFull, DiskFault and others: what a storage answered while something was written.
    """
    try:
        require_recordable(vault, at=clock())
    except (JournalMissing, JournalDamaged, JournalBehind) as failure:
        notice(fault_line(failure))
        return []
    if not (vault.folder / FOLDER).is_dir():
        return []
    with vault_lock(vault.folder, "archiver vault repair", at=clock(), name=LOCK, patience=PATIENCE):
        # 1. the copy in the folder
        own = own_place(vault.folder)
        whole = verify_copy(own)
        for one in whole.findings:
            notice(one)
        if whole.findings or not whole.range.size:
            return []
        done = [
            _mended(own, whole, place)
            for place in copies(vault, clock())
            if _is_damaged(place, whole.range.size, notice)
        ]
    # 5. the journal
    found = [one for one in done if one.files or one.forked]
    record(vault, [_entry(one) for one in found if one.files], at=clock())
    return found


def _entry(one: MendedCopy) -> JournalEntry:
    facts: dict[str, str | int] = {"storage": one.storage, "files": one.files}
    return JournalEntry(act=VaultAct.REPAIR, outcome=MENDED, facts=facts)


def _is_damaged(place: JournalPlace, size: int, notice: Callable[[Finding], None]) -> bool:
    """Follow step 2, and tell that a copy has no more entries than the folder."""
    try:
        found = verify_copy(place)
        return bool(found.findings) and place.find(record_path(size), MAX_RECORD_BYTES) is None
    except Failure as failure:
        notice(replace(fault_line(failure), where=place.name))
        return False


def _mended(own: JournalPlace, whole: CopyExamination, place: JournalPlace) -> MendedCopy:
    differing = [
        path for path in own.paths() if place.find(path, MAX_RECORD_BYTES) != own.find(path, MAX_RECORD_BYTES)
    ]
    # 3. two histories
    if _has_other_history(own, place, differing, whole.keys):
        return MendedCopy(storage=place.name, forked=True)
    # 4. the files
    files = 0
    for path in differing:
        if path.endswith((".tst", ".cosignature")) and place.find(path, MAX_RECORD_BYTES) is not None:
            continue
        if path == CHECKPOINT and _signed_note(place, path, whole.keys) is not None:
            continue  # an earlier seal: the next one replaces it
        data = own.find(path, MAX_RECORD_BYTES) or b""
        request = RepairRequest(
            key=place.prefix + path,
            digest=Digest.of(data, algorithm=SHA512),
            size=len(data),
            storages=(place.storage, own.storage),
            elsewhere=(path,),
        )
        repair_object(request)
        files += 1
    return MendedCopy(storage=place.name, files=files)


def _has_other_history(
    own: JournalPlace, place: JournalPlace, differing: Sequence[str], keys: Sequence[NoteKey]
) -> bool:
    """Tell whether one of ``differing`` on a storage is signed, and states what no record in the folder states."""
    stated = {note.text for path in differing if (note := _signed_note(place, path, keys)) is not None}
    for path in own.paths(RECORDS) if stated else ():
        note = _signed_note(own, path, keys)
        stated.discard(note.text if note else "")
    return bool(stated)


def _signed_note(place: JournalPlace, path: str, keys: Sequence[NoteKey]) -> SignedNote | None:
    """Return the checkpoint in a record or a seal of a copy, if a key of the journal signed it."""
    if not (path == CHECKPOINT or path.startswith(RECORDS) or _SEAL.fullmatch(path)):
        return None
    data = place.find(path, MAX_RECORD_BYTES) or b""
    try:
        note = read_journal_record(data).note if path.startswith(RECORDS) else read_checkpoint(data)[1]
    except NoteMalformed:
        return None
    return note if is_signed(note, keys) else None
