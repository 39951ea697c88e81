"""Seals of a journal: checkpoints with a number, each with the tiles of the log as it then was (C2SP tlog-tiles).

1. What was recorded since the seal before becomes tiles and bundles of entries, in the folder of the vault.
2. The checkpoint, signed by the log key, is the seal ``seals/NNN``; and ``checkpoint``, the newest.
3. Every storage gets what it lacks of all seals; one that does not answer gets it with a later one.
4. The time-stamp (RFC 3161) over the bytes of the seal comes beside it, at once or later: ``seals/NNN.tst``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archiver.signing.validity import Stamping
from archiver.vault.journal.entry import read_entry
from archiver.vault.journal.errors import JournalDamaged
from archiver.vault.journal.head import JournalHead, write_head
from archiver.vault.journal.open_journal import OpenJournal
from archiver.vault.journal.places import JournalPlace
from archiver.vault.journal.record_file import MAX_RECORD_BYTES, read_journal_record, record_path
from archiver.vault.journal.tile_writer import TileWriter
from formats.digests import Digest
from formats.errors import Failure
from formats.tlog.checkpoint import Checkpoint, read_checkpoint
from formats.tlog.note import MAX_NOTE_BYTES, NoteMalformed, SignedNote, sign_note
from formats.tlog.tiles import CHECKPOINT, MAX_BUNDLE_BYTES, bundle_path, tile_path, tiles_between
from formats.words import mark

SEALS = "seals"
STAMP = ".tst"
"""Ending of the time-stamp token of a seal."""
COSIGNATURE = ".cosignature"
"""Ending of a cosignature of a seal: the line of a signed note."""
MAX_STAMP_BYTES = 1 << 20
"""Bytes of a token; those of a seal have about 6,000."""
SEALING = timedelta(days=1)
"""How old an entry may be that no seal has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seal:
    """The seal ``number``, from 1: the checkpoint of the log as it then was."""

    number: int
    checkpoint: Checkpoint
    note: SignedNote

    @property
    def path(self) -> str:
        """Where it lies in the journal."""
        return seal_path(self.number)


def seal_path(number: int) -> str:
    """Return the path of a seal."""
    return f"{SEALS}/{number:03}"


def find_seal(place: JournalPlace, number: int) -> Seal | None:
    """Return a seal of a copy of the journal, or nothing; no signature is verified.

    Raises:
        JournalDamaged: when it is none; what the storage answers.
    """
    data = place.find(seal_path(number), MAX_NOTE_BYTES)
    if data is None:
        return None
    try:
        checkpoint, note = read_checkpoint(data)
    except NoteMalformed as fault:
        raise JournalDamaged(where=seal_path(number), reason=str(fault)) from fault
    return Seal(number=number, checkpoint=checkpoint, note=note)


def seal_journal(
    journal: OpenJournal, head: JournalHead, stamp: Stamping | None = None
) -> tuple[JournalHead, Seal | None, list[Failure]]:
    """Seal what is not sealed yet; return the head, the last seal, and why storages did not take it.

    Raises:
        JournalDamaged: when the tiles and records do not fit together; DiskFull, DiskFault.
        NoTimestampAuthority and others: what ``stamp`` raises; the seal is made then, without a time-stamp.
    """
    last = last_seal(journal.own, head)
    if head.range.size > (last.checkpoint.size if last else 0):
        last = _sealed(journal, head, last)
    if last is None:
        return head, None, []
    journal.own.put(CHECKPOINT, last.note.data, newest=True)
    copied, failures = dict(head.seals_copied), list[Failure]()
    for copy in journal.copies:
        try:
            copy_seals(journal.own, copy, copied.get(copy.name, 0), last.number)
        except Failure as failure:
            failures.append(failure)
        else:
            copied[copy.name] = last.number
    head = replace(head, seals=last.number, sealed=last.checkpoint.size, seals_copied=copied)
    write_head(journal.vault.folder, head)
    if stamp is not None and journal.own.find(last.path + STAMP, MAX_STAMP_BYTES) is None:
        late = put_beside_seal(journal, last.path + STAMP, stamp(Digest.of(last.note.data)))
        failures = failures or late
    return head, last, failures


def put_beside_seal(journal: OpenJournal, path: str, data: bytes) -> list[Failure]:
    """Put a file beside a seal, in the folder of the vault and on each storage that answers.

    A storage that does not gets it with the next seal; what it answered is returned.

    Raises:
        JournalDiffers, DiskFull, DiskFault: what the disk answers.
    """
    failures = list[Failure]()
    journal.own.put(path, data)
    for copy in journal.copies:
        try:
            copy.refuse_foreign()
            copy.put(path, data)
        except Failure as failure:
            failures.append(failure)
    return failures


def last_seal(own: JournalPlace, head: JournalHead) -> Seal | None:
    """Return the last seal; the head may be late.

    Raises:
        JournalDamaged; what the disk answers.
    """
    number = head.seals
    found = find_seal(own, number) if number else None
    while (following := find_seal(own, number + 1)) is not None:
        number, found = number + 1, following
    if found is not None and found.checkpoint.size > head.range.size:
        raise JournalDamaged(where=found.path, reason=mark("it seals more entries than there are"))
    return found


def is_due(own: JournalPlace, head: JournalHead, at: datetime) -> bool:
    """Tell whether an entry that is not sealed is older than a day.

    Raises:
        JournalDamaged; what the disk answers.
    """
    if head.sealed >= head.range.size:
        return False
    data = own.find(record_path(head.sealed), MAX_RECORD_BYTES)
    try:
        first = read_entry(read_journal_record(data or b"").lines[0])
    except (ValueError, NoteMalformed) as fault:
        raise JournalDamaged(where=record_path(head.sealed), reason=str(fault)) from fault
    return at - datetime.fromisoformat(first.at) >= SEALING


def _sealed(journal: OpenJournal, head: JournalHead, last: Seal | None) -> Seal:
    """Follow steps 1 and 2 but for ``checkpoint``."""
    size = last.checkpoint.size if last else 0
    writer = TileWriter(journal.own, size)
    for line in _lines(journal.own, size, head.range.size):
        writer.add(line)
    writer.finish()
    if writer.range.root != head.range.root:
        raise JournalDamaged(where=CHECKPOINT, reason=mark("its tiles have another root"))
    checkpoint = Checkpoint(origin=journal.key.public.name, size=head.range.size, root=head.range.root)
    note = sign_note(checkpoint.text, journal.key.public, journal.key.sign)
    seal = Seal(number=last.number + 1 if last else 1, checkpoint=checkpoint, note=note)
    journal.own.put(seal.path, note.data)
    return seal


def _lines(own: JournalPlace, first: int, end: int) -> Iterator[bytes]:
    """Yield the entries from number ``first`` to ``end``, which begin and end records."""
    while first < end:
        data = own.find(record_path(first), MAX_RECORD_BYTES)
        try:
            found = read_journal_record(data or b"")
        except NoteMalformed as fault:
            raise JournalDamaged(where=record_path(first), reason=str(fault)) from fault
        yield from found.lines
        first += len(found.lines)


def copy_seals(own: JournalPlace, copy: JournalPlace, before: int, last: int) -> None:
    """Write to ``copy`` the seals after number ``before`` until ``last``, with their tiles, then the newest checkpoint.

    Raises:
        StorageForeign, JournalDiffers, JournalDamaged; what the storage answers.
    """
    copy.refuse_foreign()
    earlier = find_seal(own, before) if before else None
    size = earlier.checkpoint.size if earlier else 0
    for number in range(max(before, 1), last + 1):
        seal = find_seal(own, number)
        if seal is None:
            raise JournalDamaged(where=seal_path(number), reason=mark("it is not there"))
        for level, index, width in tiles_between(size, seal.checkpoint.size):
            _copy(own, copy, tile_path(level, index, width))
            if level == 0:
                _copy(own, copy, bundle_path(index, width))
        _copy(own, copy, seal.path)
        for path in list(own.paths(f"{seal.path}.")):
            _copy(own, copy, path)
        size = seal.checkpoint.size
        if number == last:
            copy.put(CHECKPOINT, seal.note.data, newest=True)


def _copy(own: JournalPlace, copy: JournalPlace, path: str) -> None:
    data = own.find(path, MAX_BUNDLE_BYTES)
    if data is None:
        raise JournalDamaged(where=path, reason=mark("it is not there"))
    copy.put(path, data)
