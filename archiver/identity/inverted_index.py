"""Inverted index: under a key the numbers of what has it, packed."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from formats.name_table import ABSENT, NameTable


class InvertedIndex:
    """Numbers by keys, in the order in which they were added (posting lists).

    Most keys have one number, which takes four bytes and the bytes of the key with some twenty more.
    """

    __slots__ = ("_first", "_keys", "_several")

    def __init__(self) -> None:
        self._keys = NameTable()
        self._first = array("I")
        self._several: dict[int, array[int]] = {}

    def add(self, key: str, number: int) -> None:
        """Note that what has ``number`` has ``key``; said again, it changes nothing."""
        place = self._keys.add(key)
        if place == len(self._first):
            self._first.append(number)
        elif (several := self._several.get(place)) is not None:
            if number not in several[-1:]:
                several.append(number)
        elif number != self._first[place]:
            self._several[place] = array("I", (self._first[place], number))

    def numbers(self, key: str) -> Sequence[int]:
        """Return the numbers of everything that has ``key``."""
        place = self._keys.find(key)
        if place == ABSENT:
            return ()
        return self._several.get(place) or (self._first[place],)
