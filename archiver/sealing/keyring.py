"""The keyring of a package: unit → passphrase, patient and digest, in an age envelope.

The signed manifest holds only the commitment, hex SHA-512(nonce ‖ index), with
the nonce inside the encrypted keyring: it binds the signature to who and what
the units are, and tells nothing to those who cannot open it.
"""

from __future__ import annotations

import hashlib
import io
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, overload

from archiver.errors import KeyUnreadable
from archiver.sealing.age import Identity, Randomness, Recipient, decrypting, encrypting, open_payload
from archiver.sealing.age.payload import ChunkReader, Sink
from archiver.sealing.errors import CommitmentMismatch
from archiver.sealing.keyring_header import (
    NONCE,
    KeyringHeader,
    Party,
    Terms,
    header_line,
    read_header_line,
    revision_mac,
)
from archiver.sealing.keyring_json import MAX_LINE
from archiver.sealing.keyring_lines import KeyringEntry, entry_line, known_entry, read_entry_line
from formats.digests import SHA512, Digest
from formats.errors import LimitExceeded
from formats.name_table import ABSENT, NameTable
from formats.words import mark

__all__ = [
    "Keyring",
    "KeyringEntry",
    "KeyringHeader",
    "KeyringWriter",
    "Party",
    "Terms",
    "new_nonce",
    "open_keyring",
    "read_keyring",
    "revision_mac",
    "writing_keyring",
]

MAX_ENTRIES = 200_000
"""Units of one package; ten times a large practice's patients."""
_TWICE = mark("it names a unit twice")


def new_nonce(randomness: Randomness) -> bytes:
    """Return the nonce of one keyring."""
    return randomness(NONCE)


class KeyringWriter:
    """Writes the lines of a keyring and hashes its index on the way."""

    def __init__(self, target: Sink, header: KeyringHeader) -> None:
        self._target = target
        self._hash = hashlib.sha512(header.nonce)
        self._units = NameTable()
        target.write(header_line(header))

    def add(self, entry: KeyringEntry) -> None:
        """Add one unit.

        Raises:
            KeyUnreadable: the unit is there already, or its line is too long.
            LimitExceeded: there are too many.
        """
        line = entry_line(entry)
        if self._units.find(entry.unit) != ABSENT:
            raise KeyUnreadable(reason=_TWICE)
        _require_fewer(len(self._units))
        self._units.add(entry.unit)
        self._hash.update(line)
        self._target.write(line)

    @property
    def count(self) -> int:
        """How many units were added."""
        return len(self._units)

    @property
    def commitment(self) -> Digest:
        """SHA-512 over the nonce and the index so far."""
        return Digest(SHA512, self._hash.digest())


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyring:
    """An opened keyring whose commitment was checked."""

    header: KeyringHeader
    entries: Sequence[KeyringEntry]

    def by_unit(self) -> dict[str, KeyringEntry]:
        """Return the entries by their unit."""
        return {entry.unit: entry for entry in self.entries}


class EntriesOnDemand(Sequence[KeyringEntry]):
    """The entries of a keyring that was read to its end: each is decrypted again when it is asked for.

    Their lines end at ``ends`` (bytes of the plaintext), the first beginning at ``start``; ``read`` gives so many
    bytes of the plaintext from a place on. A practice of 200,000 dossiers is then some megabytes of places, where
    its entries would take gigabytes. With ``places`` it has only the entries at these.
    """

    def __init__(
        self,
        read: Callable[[int, int], bytes],
        start: int,
        ends: array[int],
        places: Sequence[int] | None = None,
    ) -> None:
        self._read = read
        self._start = start
        self._ends = ends
        self._places = range(len(ends)) if places is None else places

    def at_places(self, places: Sequence[int]) -> EntriesOnDemand:
        """Return the entries at some of the places of these."""
        own = array("I", (self._places[one] for one in places))
        return EntriesOnDemand(self._read, self._start, self._ends, own)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> KeyringEntry: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[KeyringEntry, ...]: ...
    def __getitem__(self, index: int | slice) -> KeyringEntry | tuple[KeyringEntry, ...]:
        if isinstance(index, slice):
            return tuple(map(self._entry, self._places[index]))
        return self._entry(self._places[index])

    def __iter__(self) -> Iterator[KeyringEntry]:
        return map(self._entry, self._places)

    def _entry(self, number: int) -> KeyringEntry:
        start = self._ends[number - 1] if number else self._start
        return known_entry(self._read(start, self._ends[number] - start))


@contextmanager
def writing_keyring(
    target: Sink,
    recipients: Sequence[Recipient],
    *,
    header: KeyringHeader,
    randomness: Randomness,
    armored: bool = False,
) -> Iterator[KeyringWriter]:
    """Open a keyring for writing; it reaches ``target`` encrypted, and is whole when the block ends well.

    Raises:
        RecipientsRefused: see :func:`archiver.sealing.age.encrypting`.
    """
    with encrypting(target, recipients, randomness=randomness, armored=armored) as inner:
        yield KeyringWriter(inner, header)


def read_keyring(
    source: BinaryIO, identities: Sequence[Identity], *, commitment: Digest
) -> tuple[KeyringHeader, Iterator[KeyringEntry]]:
    """Open a keyring and yield its entries; the last step of the iteration checks the commitment.

    Raises:
        WrongKey, WrongPassphrase, SealBroken, LimitExceeded: as :func:`archiver.sealing.age.decrypt`.
        KeyUnreadable: what is inside is not a keyring; that it names a unit twice, at the end of the iteration.
        CommitmentMismatch: at the end of the iteration.
    """
    plain = decrypting(source, identities)
    header = read_header_line(_next_line(plain))
    return header, (entry for entry, _ in _entries(plain, header, commitment))


def open_keyring(
    source: BinaryIO,
    identities: Sequence[Identity],
    *,
    commitment: Digest,
    again: Callable[[], BinaryIO] | None = None,
) -> Keyring:
    """Return the whole keyring, its commitment checked; raises as :func:`read_keyring`.

    With ``again``, which opens ``source`` anew, no entry is held: each is decrypted when it is asked for.
    """
    payload = open_payload(source, identities)
    first = _next_line(payload.stream)
    header = read_header_line(first)
    entries = _entries(payload.stream, header, commitment)
    if again is None or payload.start is None:
        return Keyring(header=header, entries=tuple(entry for entry, _ in entries))
    ends, end = array("Q"), len(first)
    for _, length in entries:
        end += length
        ends.append(end)
    reader = ChunkReader(again, payload.start, payload.key)
    return Keyring(header=header, entries=EntriesOnDemand(reader.read, len(first), ends))


def _entries(
    plain: io.BufferedReader, header: KeyringHeader, commitment: Digest
) -> Iterator[tuple[KeyringEntry, int]]:
    """Yield each entry with the length of its line in bytes."""
    state = hashlib.sha512(header.nonce)
    units = array("Q")
    while line := _next_line(plain):
        state.update(line)
        entry = read_entry_line(line)
        _require_fewer(len(units))
        units.append(int.from_bytes(hashlib.sha256(entry.unit.encode()).digest()[:8]))
        yield entry, len(line)
    if len({*units}) != len(units):
        raise KeyUnreadable(reason=_TWICE)
    if Digest(SHA512, state.digest()) != commitment:
        raise CommitmentMismatch


def _next_line(plain: io.BufferedReader) -> bytes:
    line = plain.readline(MAX_LINE + 1)
    if len(line) > MAX_LINE:
        name = mark("the length of a keyring line in bytes")
        raise LimitExceeded(name=name, found=len(line), limit=MAX_LINE)
    return line


def _require_fewer(count: int) -> None:
    if count == MAX_ENTRIES:
        name = mark("the number of units in the keyring")
        raise LimitExceeded(name=name, found=MAX_ENTRIES + 1, limit=MAX_ENTRIES)
