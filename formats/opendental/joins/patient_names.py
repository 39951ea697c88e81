"""How the patients of a source are called, by number, in little memory: 70 bytes each, where objects have 480."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NAMES = 3
"""Strings of a patient, each of which ends where an entry of ``_ends`` says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonName:
    """How a patient is called where another dossier names them, and the folder of their images."""

    family: str
    given: str
    folder: str


class PatientNames(Mapping[int, PersonName]):
    """Names by number; of two under one number the later counts."""

    __slots__ = ("_ends", "_keys", "_places", "_sorted", "_text")

    def __init__(self) -> None:
        self._keys = array("q")
        self._places = array("I")
        self._ends = array("Q", [0])
        self._text = bytearray()
        self._sorted = True

    def add(self, number: int, name: PersonName) -> None:
        """Know one more; numbers come in any order."""
        self._sorted = self._sorted and (not self._keys or number >= self._keys[-1])
        self._places.append(len(self._keys))
        self._keys.append(number)
        for text in (name.family, name.given, name.folder):
            self._text += text.encode("utf-8", "surrogatepass")
            self._ends.append(len(self._text))

    def __getitem__(self, number: int) -> PersonName:
        place = self._find(number)
        if place < 0:
            raise KeyError(number)
        first = self._places[place] * _NAMES
        family, given, folder = (
            self._text[self._ends[at] : self._ends[at + 1]].decode("utf-8", "surrogatepass")
            for at in range(first, first + _NAMES)
        )
        return PersonName(family=family, given=given, folder=folder)

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self._find(number) >= 0

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return bool(self._keys)

    def __iter__(self) -> Iterator[int]:
        """Yield the numbers in their order, each once."""
        self._sort()
        last: int | None = None
        for number in self._keys:
            if number != last:
                yield number
            last = number

    def _find(self, number: int) -> int:
        self._sort()
        place = bisect_right(self._keys, number) - 1
        return place if place >= 0 and self._keys[place] == number else -1

    def _sort(self) -> None:
        if not self._sorted:
            order = sorted(range(len(self._keys)), key=self._keys.__getitem__)
            self._keys = array("q", (self._keys[at] for at in order))
            self._places = array("I", (self._places[at] for at in order))
            self._sorted = True
