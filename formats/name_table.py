"""Table of distinct names, packed, and sets of names that are in it.

Half a million names of members take 100 MB as strings in a dictionary; here they take their bytes and 15 more.
"""

from __future__ import annotations

from array import array

ABSENT = -1
"""The number of a name that a table does not have."""
_FIRST_SLOTS = 64
"""A power of two, like every later number of slots."""


class NameTable:
    """Names by their numbers, from 0 in the order in which they were added, and their numbers by the names.

    It is a hash table with open addressing: a slot holds the number of a name plus one, or 0.
    """

    __slots__ = ("_ends", "_last", "_mask", "_slots", "_text")

    def __init__(self) -> None:
        self._text = bytearray()
        self._ends = array("I", [0])
        self._slots = array("I", bytes(4 * _FIRST_SLOTS))
        self._mask = _FIRST_SLOTS - 1
        self._last = ("", ABSENT)
        """The name asked for last, and its number: whoever compares lists asks each of them for the same name."""

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        name = self._text[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")
        self._last = (name, number)
        return name

    def find(self, name: str) -> int:
        """Return the number of ``name``, or ``ABSENT``."""
        last, number = self._last
        if last == name:
            return number
        slot = self._slot(name.encode("utf-8", "surrogatepass"))
        number = self._slots[slot] - 1
        self._last = (name, number)
        return number

    def add(self, name: str) -> int:
        """Return the number of ``name``, which is the last one where it is new."""
        last, number = self._last
        if last == name and number != ABSENT:
            return number
        raw = name.encode("utf-8", "surrogatepass")
        slot = self._slot(raw)
        number = self._slots[slot] - 1
        if number == ABSENT:
            number = len(self)
            self._text += raw
            self._ends.append(len(self._text))
            self._slots[slot] = number + 1
            if 2 * number > self._mask:
                self._grow()
        self._last = (name, number)
        return number

    def _slot(self, raw: bytes) -> int:
        """Return the slot of ``raw``, or the free one where it belongs."""
        slots, ends, text, mask = self._slots, self._ends, self._text, self._mask
        slot = hash(raw) & mask
        while number := slots[slot]:
            start, end = ends[number - 1], ends[number]
            if end - start == len(raw) and text.startswith(raw, start):
                break
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        self._mask = mask = 2 * self._mask + 1
        self._slots = slots = array("I", bytes(4 * (mask + 1)))
        for number in range(len(self)):
            slot = hash(bytes(self._text[self._ends[number] : self._ends[number + 1]])) & mask
            while slots[slot]:
                slot = (slot + 1) & mask
            slots[slot] = number + 1


class NameSet:
    """Set of names that are in ``names``, a byte for each."""

    __slots__ = ("_flags", "_names")

    def __init__(self, names: NameTable) -> None:
        self._names = names
        self._flags = bytearray(len(names))

    def __contains__(self, name: str) -> bool:
        return self.has(self._names.find(name))

    def has(self, number: int) -> bool:
        """Say whether the name ``number`` of the table is in the set."""
        return 0 <= number < len(self._flags) and bool(self._flags[number])

    def add(self, name: str) -> bool:
        """Add ``name``, to the table as well; return whether it is new in the set."""
        return self.put(self._names.add(name))

    def put(self, number: int) -> bool:
        """Add the name ``number`` of the table; return whether it is new in the set."""
        if number >= len(self._flags):
            self._flags.extend(bytes(len(self._names) - len(self._flags)))
        if self._flags[number]:
            return False
        self._flags[number] = 1
        return True
