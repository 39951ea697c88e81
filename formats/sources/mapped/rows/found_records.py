"""What became of the rows that were read: who the patients are, and which rows became records, and whose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from formats.databases.named_files import NamedFiles
from formats.databases.owners import Owners
from formats.model.record import identity_within
from formats.reading import EarlierRecords
from formats.sources.mapped.language.references import Maker

PRACTICE = -1
"""Number of whoever has what belongs to no patient."""
_DIGITS = 18
"""Digits of a key that is remembered as a number."""
_BITS = 8
"""Power of two of the numbers that share an entry of a set: 60 bytes, and 100 for the entry itself."""


@dataclass(slots=True)
class KeyOwners:
    """The patient, by number, of each key: 16 bytes a key that is a number, some 150 for any other."""

    _numbers: Owners = field(default_factory=Owners)
    _texts: dict[str, int] = field(default_factory=dict)

    def add(self, key: str, owner: int) -> None:
        """Remember that ``key`` is of ``owner``."""
        if _is_number(key):
            self._numbers.add(int(key), owner)
        else:
            self._texts[key] = owner

    def get(self, key: str) -> int | None:
        """Return whose ``key`` is, ``None`` when there is none."""
        return self._numbers.get(int(key)) if _is_number(key) else self._texts.get(key)


@dataclass(slots=True)
class KeySet:
    """A set of the keys of one table: a bit or two for each of those that are numbers, one after the other."""

    _numbers: dict[int, int] = field(default_factory=dict)
    _texts: set[str] = field(default_factory=set)

    def add(self, key: str) -> bool:
        """Add ``key``; return whether it was not there."""
        if not _is_number(key):
            count = len(self._texts)
            self._texts.add(key)
            return len(self._texts) > count
        place, bit = int(key) >> _BITS, 1 << (int(key) & (1 << _BITS) - 1)
        there = self._numbers.get(place, 0)
        if there & bit:
            return False
        self._numbers[place] = there | bit
        return True


def _is_number(key: str) -> bool:
    return key.isdigit() and key.isascii() and len(key) <= _DIGITS and (key[0] != "0" or key == "0")


@dataclass(slots=True)
class FoundRecords:
    """Identities within one practice; ``system`` is the name of the mapping, ``earlier`` what was collected before."""

    system: str
    space: bytes
    zone: ZoneInfo
    files: NamedFiles | None
    patient_ids: list[str] = field(default_factory=list)
    made: dict[Maker, KeyOwners] = field(default_factory=dict)
    rows: dict[str, KeyOwners] = field(default_factory=dict)
    unsought: int = 0
    earlier: EarlierRecords = field(default_factory=EarlierRecords)

    @property
    def practice(self) -> str:
        """The identity of the practice."""
        return identity_within(self.space, "practice", "0")

    def id(self, maker: Maker, key: str) -> str:
        """Return the identity of the record that the row ``key`` becomes."""
        table, name = maker
        label = f"{self.system}/{table}#{name}" if name else f"{self.system}/{table}"
        return identity_within(self.space, label, key)

    def earlier_id(
        self, kind: str, maker: Maker, key: str, patient: str | None, *, anywhere: bool
    ) -> str | None:
        """Return the identity of what the row ``key`` was, if it was collected before, and is of ``patient`` or any."""
        identity = self.id((maker[0], "") if kind == "patients" else maker, key)
        owner = self.earlier.owner(kind, identity)
        return identity if owner is not None and (anywhere or owner == (patient or "")) else None

    def row_id(self, table: str, key: str) -> str:
        """Return the identity of the row itself."""
        return identity_within(self.space, f"{self.system}/source/{table}", key)


def joined_key(parts: Iterable[str]) -> str:
    """Return the parts of a key as one text; an empty part makes an empty key."""
    listed = [part.replace("/", "//") for part in parts]
    return "/".join(listed) if all(listed) else ""
