"""The units of a manifest, packed: a line takes 50 bytes here, where an object takes 500."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from struct import Struct
from typing import Any, overload

from archiver.package.manifests.json_reading import NOTHING
from formats.name_table import NameTable

_LINE = Struct("<32sQHB")
"""SHA-256, size in bytes, year of the term or 0, hold."""
_ID = slice(len("units/"), -len(".zip"))
"""Where the name of a member has the identifier of its unit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A sealed unit as it lies in the package: size in bytes, SHA-256 in lower-case hexadecimal.

    ``destroy_from`` is the 1 January from which the law allows to destroy it, so that it tells
    a year and no more; where nobody can tell there is none, and the unit is kept. A ``hold``
    (a claim, a judge) suspends every term until a person lifts it.
    """

    id: str
    member: str
    size: int
    sha256: str
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
        for one in units:
            self.append(one)

    def append(self, unit: Unit) -> None:
        """Add ``unit``, which lies where its identifier says."""
        term = unit.destroy_from.year if unit.destroy_from else 0
        self.add(
            unit.member, bytes.fromhex(unit.sha256), unit.size, term, hold=unit.hold, unknown=unit.unknown
        )

    def add(
        self, member: str, sha256: bytes, size: int, term: int, *, hold: bool, unknown: Mapping[str, Any]
    ) -> None:
        """Add the unit that is ``member``; ``term`` is the year of ``destroy_from``, or 0."""
        if unknown:
            self._unknown[len(self)] = unknown
        self._numbers.append(self._names.add(member))
        self._lines += _LINE.pack(sha256, size, term, hold)

    def digests(self) -> Iterator[tuple[int, bytes, int]]:
        """Yield the number of each member's name, and what is said of its bytes: SHA-256 (32 bytes) and size."""
        lines = _LINE.iter_unpack(self._lines)
        return (
            (number, sha256, size) for number, (sha256, size, _, _) in zip(self._numbers, lines, strict=True)
        )

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
        sha256, size, year, hold = _LINE.unpack_from(self._lines, number * _LINE.size)
        member = self._names[self._numbers[number]]
        return Unit(
            id=member[_ID],
            member=member,
            size=size,
            sha256=sha256.hex(),
            destroy_from=date(year, 1, 1) if year else None,
            hold=bool(hold),
            unknown=self._unknown.get(number, NOTHING),
        )
