"""To whom the rows of a table belong, by their keys, in little memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field

from formats.databases.tables import Value


@dataclass(slots=True)
class Owners:
    """The patient of every row of one table: 16 bytes a row, however many rows there are."""

    _keys: array[int] = field(default_factory=lambda: array("q"))
    _patients: array[int] = field(default_factory=lambda: array("q"))
    _sorted: bool = True

    def add(self, key: int, patient: int) -> None:
        """Remember that row ``key`` belongs to ``patient``; keys come in any order."""
        if self._keys and key < self._keys[-1]:
            self._sorted = False
        self._keys.append(key)
        self._patients.append(patient)

    def get(self, key: int) -> int | None:
        """Return the patient of row ``key``, ``None`` when there is no such row."""
        if not self._sorted:
            self._sort()
        place = bisect_left(self._keys, key)
        return self._patients[place] if place < len(self._keys) and self._keys[place] == key else None

    def __len__(self) -> int:
        return len(self._keys)

    def _sort(self) -> None:
        order = sorted(range(len(self._keys)), key=self._keys.__getitem__)
        self._patients = array("q", (self._patients[place] for place in order))
        self._keys = array("q", (self._keys[place] for place in order))
        self._sorted = True


def key_number(value: Value) -> int:
    """Return a cell as a whole number, 0 when it holds none; for tables whose keys are numbers."""
    if type(value) is int:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.strip().lstrip("-").isascii() and value.strip().lstrip("-").isdigit():
        return int(value)
    return 0
