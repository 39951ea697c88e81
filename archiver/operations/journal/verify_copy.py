"""Verify one copy of a journal: from its records and tiles everything is computed again.

1. The records are read one after the other: each entry in its one spelling, with its number and the hash of the one
   before; each record's checkpoint has the root that its entries give, and is signed by a key of the journal. The first
   entry names the key; a later one may name another.
2. At the size of every seal the root is that of the seal, which is signed: so each seal continues the one before. The
   same goes for checkpoints that somebody else has.
3. The tiles and bundles of every seal are those of the entries, byte for byte.
4. Whatever lies behind the last record, or has no number in turn, was left when something was removed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archiver.operations.journal import codes
from archiver.operations.journal.codes import journal_finding
from archiver.vault.journal.entry import LoggedEntry, read_entry
from archiver.vault.journal.errors import JournalDamaged
from archiver.vault.journal.open_journal import KEY_FACT
from archiver.vault.journal.places import FOLDER, JournalPlace
from archiver.vault.journal.record_file import (
    MAX_RECORD_BYTES,
    RECORDS,
    JournalRecord,
    read_journal_record,
    record_path,
)
from archiver.vault.journal.seal import SEALS, Seal, find_seal, seal_path
from archiver.vault.journal.tile_writer import TileWriter
from formats.findings import Finding
from formats.tlog.checkpoint import Checkpoint
from formats.tlog.merkle import CompactRange, entry_hash
from formats.tlog.note import NoteKey, NoteMalformed, NoteSignatureInvalid, SignedNote, read_note_key
from formats.tlog.tiles import CHECKPOINT, MAX_BUNDLE_BYTES, MAX_DIGITS, index_number
from formats.words import mark

Expected = Mapping[int, Sequence[tuple[str, Checkpoint, SignedNote]]]
"""Checkpoints by their sizes, each with where it comes from."""


@dataclass(kw_only=True, slots=True)
class CopyExamination:
    """What became of the verification of a copy: how far it was followed, its seals, its keys, and what is wrong."""

    name: str
    range: CompactRange = field(default_factory=CompactRange)
    last: bytes = b""
    first_at: str = ""
    unsealed_at: str = ""
    seals: list[Seal] = field(default_factory=list)
    keys: list[NoteKey] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    compared: set[int] = field(default_factory=set)
    broken: bool = False

    def add(self, code: str, path: str = "", **facts: str | int) -> None:
        """Note a finding about a file of this copy."""
        place = self.name or FOLDER
        self.findings.append(journal_finding(code, f"{place}: {path}" if path else place, **facts))


class _ComparedTiles:
    """Takes tiles as they should be, and compares them with those of a copy."""

    def __init__(self, place: JournalPlace, found: CopyExamination) -> None:
        self._place, self._found = place, found

    def find(self, path: str, limit: int) -> bytes | None:  # noqa: ARG002 - as a place does
        """Return nothing: nothing is read from what is compared."""
        return None

    def put(self, path: str, data: bytes, *, newest: bool = False) -> None:  # noqa: ARG002 - as a place does
        """Compare a file with what the copy has."""
        if self._place.find(path, MAX_BUNDLE_BYTES) != data:
            self._found.add(codes.TILE_CHANGED, path)


def verify_copy(
    place: JournalPlace,
    known: Sequence[tuple[str, Checkpoint, SignedNote]] = (),
    *,
    each: Callable[[LoggedEntry], None] = lambda _: None,
) -> CopyExamination:
    """Return what the journal in ``place`` is found to be; ``known`` are checkpoints that somebody else has.

    ``each`` is called for every entry that is followed.

    Raises:
        Failure: what the storage answers.
    """
    found = CopyExamination(name=place.name)
    place.refuse_foreign()
    _read_seals(place, found)
    expected = defaultdict(list)
    for one in found.seals:
        expected[one.checkpoint.size].append((one.path, one.checkpoint, one.note))
    for where, checkpoint, note in known:
        expected[checkpoint.size].append((where, checkpoint, note))
    writer = TileWriter(_ComparedTiles(place, found), 0)
    sizes = {one.checkpoint.size for one in found.seals}
    sealed = max(sizes, default=0)
    for record in _records(place, found):
        # tiles are written by a seal: what is behind the last one has none yet
        _take(place, found, record, writer if found.range.size < sealed else None, each)
        if found.range.size in sizes:
            writer.finish()
        _compare_checkpoints(found, expected)
    _judge_end(place, found, expected)
    return found


def _read_seals(place: JournalPlace, found: CopyExamination) -> None:
    """Read the seals in turn; one that is missing before others was removed."""
    names = [one.rpartition("/")[2] for one in place.paths(f"{SEALS}/")]
    numbers = sorted(int(one) for one in names if one.isascii() and one.isdigit() and len(one) < MAX_DIGITS)
    missing = next((at for at, one in enumerate(numbers, 1) if at != one), None)
    if missing is not None:
        found.add(codes.SEAL_MISSING, seal_path(missing))
    for number in numbers:
        try:
            seal = find_seal(place, number)
        except JournalDamaged as fault:
            found.add(codes.SEAL_CHANGED, seal_path(number), reason=str(fault.facts["reason"]))
        else:
            found.seals += [seal] if seal else []
    newest = place.find(CHECKPOINT, MAX_BUNDLE_BYTES)
    if found.seals and newest != found.seals[-1].note.data:
        earlier = newest in (None, *(one.note.data for one in found.seals))
        if earlier:  # a seal was ended before it was done
            found.add(codes.SEALS_BEHIND, CHECKPOINT)
        else:
            found.add(codes.SEAL_CHANGED, CHECKPOINT, reason=mark("it is not the last one"))


def _records(place: JournalPlace, found: CopyExamination) -> Iterator[JournalRecord]:
    """Yield the records that follow one another; stop at the first that does not."""
    while not found.broken:
        path = record_path(found.range.size)
        data = place.find(path, MAX_RECORD_BYTES)
        if data is None:
            return
        try:
            record = read_journal_record(data)
        except NoteMalformed as fault:
            found.add(codes.CHANGED, path, number=found.range.size, reason=str(fault))
            found.broken = True
        else:
            yield record


def _take(
    place: JournalPlace,
    found: CopyExamination,
    record: JournalRecord,
    writer: TileWriter | None,
    each: Callable[[LoggedEntry], None],
) -> None:
    """Follow step 1 for one record."""
    path = record_path(found.range.size)
    entries = _entries(place, found, record, path)
    if found.broken:
        return
    hashes = [entry_hash(one) for one in record.lines]
    after = found.range.extended(hashes)
    if record.checkpoint.size != after.size or record.checkpoint.root != after.root:
        found.add(codes.CHANGED, path, number=found.range.size, reason=mark("its root is another"))
        found.broken = True
        return
    _learn_keys(found, entries, path)
    if not is_signed(record.note, found.keys):
        found.add(codes.SIGNATURE, path)
        found.broken = True
        return
    found.first_at = found.first_at or entries[0].at
    if found.range.size == (found.seals[-1].checkpoint.size if found.seals else 0):
        found.unsealed_at = entries[0].at
    found.range, found.last = after, hashes[-1]
    for line, entry in zip(record.lines, entries, strict=True):
        if writer is not None:
            writer.add(line)
        each(entry)


def _entries(
    place: JournalPlace, found: CopyExamination, record: JournalRecord, path: str
) -> list[LoggedEntry]:
    """Return the entries of a record; note what is wrong with the first that does not follow."""
    entries: list[LoggedEntry] = []
    previous = found.last
    for number, line in enumerate(record.lines, found.range.size):
        try:
            entry = read_entry(line)
        except ValueError as fault:
            return _broken(found, codes.CHANGED, path, number=number, reason=str(fault))
        if entry.number != number:
            moved = _has_number(record, number) or _is_swapped(place, entry.number, number)
            return _broken(found, codes.REORDERED if moved else codes.MISSING, path, number=number)
        if entry.previous != previous.hex():
            return _broken(
                found,
                codes.CHANGED,
                path,
                number=max(number - 1, 0),
                reason=mark("the next has another hash"),
            )
        previous = entry_hash(line)
        entries.append(entry)
    return entries


def _has_number(record: JournalRecord, number: int) -> bool:
    """Tell whether a record has the entry of a number anywhere."""
    return any(f'"number":{number},'.encode() in line for line in record.lines)


def _is_swapped(place: JournalPlace, found: int, expected: int) -> bool:
    """Tell whether the entry of the ``expected`` number lies where the one that was ``found`` should."""
    data = place.find(record_path(found), MAX_RECORD_BYTES)
    try:
        return data is not None and _has_number(read_journal_record(data), expected)
    except NoteMalformed:
        return False


def _broken(found: CopyExamination, code: str, path: str, **facts: str | int) -> list[LoggedEntry]:
    found.add(code, path, **facts)
    found.broken = True
    return []


def _learn_keys(found: CopyExamination, entries: Sequence[LoggedEntry], path: str) -> None:
    """Take the keys that entries name: the first one's, and of each that replaces one."""
    for one in entries:
        text = one.entry.facts.get(KEY_FACT)
        if text is None:
            continue
        try:
            key = read_note_key(str(text))
        except NoteMalformed:
            found.add(codes.CHANGED, path, number=one.number, reason=mark("its key cannot be read"))
            continue
        if key not in found.keys:
            found.keys.append(key)


def is_signed(note: SignedNote, keys: Sequence[NoteKey]) -> bool:
    """Tell whether a note is signed by one of ``keys``, and no signature of them fails."""
    try:
        note.signed_by(keys)
    except NoteSignatureInvalid:
        return False
    return True


def _compare_checkpoints(found: CopyExamination, expected: Expected) -> None:
    """Follow step 2 for the checkpoints of the size that the log has now."""
    found.compared.add(found.range.size)
    for path, checkpoint, note in expected.get(found.range.size, ()):
        if not is_signed(note, found.keys):
            found.add(codes.SIGNATURE, path)
        elif checkpoint.root != found.range.root:
            found.add(codes.FORKED, path, number=checkpoint.size)
        elif found.keys and checkpoint.origin != found.keys[0].name:
            found.add(codes.SEAL_CHANGED, path, reason=mark("it is of another journal"))


def _judge_end(place: JournalPlace, found: CopyExamination, expected: Expected) -> None:
    """Follow step 4; a checkpoint beyond the end says that more was there."""
    if found.broken:
        return
    size = found.range.size
    beyond = max((one for one in expected if one > size), default=0)
    if any(index_number(one.removeprefix(RECORDS)) > size for one in place.paths(RECORDS)):
        found.add(codes.MISSING, record_path(size), number=size)
    elif beyond:
        found.add(codes.ROLLED_BACK, found=size, expected=beyond)
    for between in expected.keys() - found.compared:
        if between <= size:
            found.add(codes.SEAL_CHANGED, expected[between][0][0], reason=mark("no record ends there"))
