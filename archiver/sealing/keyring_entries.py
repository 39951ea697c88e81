"""The entries of a keyring that was read to its end: each is decrypted again when it is asked for.

A practice of 200,000 dossiers is then some megabytes of places, where its entries would take gigabytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import overload

from archiver.sealing.keyring_lines import KeyringEntry, known_entry


class KeyringEntries(Sequence[KeyringEntry]):
    """Entries whose lines end at ``ends`` (bytes of the plaintext), the first beginning at ``start``.

    ``read`` gives so many bytes of the plaintext from a place on.
    """

    def __init__(self, read: Callable[[int, int], bytes], start: int, ends: array[int]) -> None:
        self._read = read
        self._start = start
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> KeyringEntry: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[KeyringEntry, ...]: ...
    def __getitem__(self, index: int | slice) -> KeyringEntry | tuple[KeyringEntry, ...]:
        if isinstance(index, slice):
            return tuple(map(self._entry, range(*index.indices(len(self)))))
        return self._entry(range(len(self))[index])

    def __iter__(self) -> Iterator[KeyringEntry]:
        return map(self._entry, range(len(self)))

    def _entry(self, number: int) -> KeyringEntry:
        start = self._ends[number - 1] if number else self._start
        return known_entry(self._read(start, self._ends[number] - start))
