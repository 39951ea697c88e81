"""The units of a manifest, packed: a line takes 50 bytes here, where an object takes 500."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from struct import Struct
from typing import Any, overload

from archiver.package.manifests.json_reading import NOTHING
from formats.digests import SHA256, Digest
from formats.name_table import ABSENT, NameTable

_LINE = Struct("<32sQHB")
"""SHA-256, size in bytes, year of the term or 0, hold."""
_ID = slice(len("units/"), -len(".zip"))
"""Where the name of a member has the identifier of its unit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A sealed unit as it lies in the package: size in bytes, SHA-256.

    ``destroy_from`` is the 1 January from which the law allows to destroy it, so that it tells
    a year and no more; where nobody can tell there is none, and the unit is kept. A ``hold``
    (a claim, a judge) suspends every term until a person lifts it.
    """

    id: str
    member: str
    size: int
    digest: Digest
    destroy_from: date | None = None
    hold: bool = False
    unknown: Mapping[str, Any] = field(default_factory=dict)


class UnitTable(Sequence[Unit]):
    """Units in the order of the manifest; ``names`` has those of their members, and others."""

    def __init__(self, units: Iterable[Unit] = (), *, names: NameTable | None = None) -> None:
        self._names = NameTable() if names is None else names
        self._numbers = array("I")
        self._lines = bytearray()
        self._unknown: dict[int, Mapping[str, Any]] = {}
        self._places = array("I")
        """The place of each member's unit plus one, by the number of its name, once somebody asks."""
        for one in units:
            self.append(one)

    def append(self, unit: Unit) -> None:
        """Add ``unit``, which lies where its identifier says."""
        term = unit.destroy_from.year if unit.destroy_from else 0
        self.add(unit.member, unit.digest, unit.size, term, hold=unit.hold, unknown=unit.unknown)

    def add(
        self, member: str, digest: Digest, size: int, term: int, *, hold: bool, unknown: Mapping[str, Any]
    ) -> None:
        """Add the unit that is ``member``; ``term`` is the year of ``destroy_from``, or 0."""
        if unknown:
            self._unknown[len(self)] = unknown
        self._numbers.append(self._names.add(member))
        self._lines += _LINE.pack(digest.value, size, term, hold)

    def digests(self) -> Iterator[tuple[int, Digest, int]]:
        """Yield the number of each member's name, and what is said of its bytes: SHA-256 and size."""
        lines = _LINE.iter_unpack(self._lines)
        for number, (value, size, _, _) in zip(self._numbers, lines, strict=True):
            yield number, Digest(SHA256, value), size

    def of_member(self, name: str) -> Unit:
        """Return the unit that is the member ``name``.

        Raises:
            KeyError: when there is none.
        """
        if len(self._places) != len(self._names):
            self._places = array("I", bytes(4 * len(self._names)))
            for place, number in enumerate(self._numbers, 1):
                self._places[number] = place
        number = self._names.find(name)
        if number == ABSENT or not self._places[number]:
            raise KeyError(name)
        return self._unit(self._places[number] - 1)

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Unit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Unit, ...]: ...
    def __getitem__(self, index: int | slice) -> Unit | tuple[Unit, ...]:
        if isinstance(index, slice):
            return tuple(map(self._unit, range(*index.indices(len(self)))))
        return self._unit(range(len(self))[index])

    def __iter__(self) -> Iterator[Unit]:
        return map(self._unit, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(map(Unit.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def _unit(self, number: int) -> Unit:
        value, size, year, hold = _LINE.unpack_from(self._lines, number * _LINE.size)
        member = self._names[self._numbers[number]]
        return Unit(
            id=member[_ID],
            member=member,
            size=size,
            digest=Digest(SHA256, value),
            destroy_from=date(year, 1, 1) if year else None,
            hold=bool(hold),
            unknown=self._unknown.get(number, NOTHING),
        )
