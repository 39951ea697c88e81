"""Units of a package that may be destroyed while the rest stays: each named, each due, none held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from archiver.vault.deposit_receipt import ReadReceipt
from archiver.vault.disposal.destruction import MAX_UNITS, RequestedPackage, RequestedUnit
from archiver.vault.disposal.due import PackageTerm
from archiver.vault.disposal.errors import (
    DestructionNotDue,
    DestructionOfWhole,
    DestructionUnitUnknown,
)
from archiver.vault.disposal.unit_terms import UnitTerm
from formats.errors import LimitExceeded
from formats.words import mark


def due_part(
    term: PackageTerm,
    receipts: Sequence[ReadReceipt],
    units: Mapping[str, UnitTerm],
    wanted: Iterable[str],
    on: date,
) -> RequestedPackage:
    """Return the units that are ``wanted`` of a package, all of which may be destroyed ``on`` a day.

    The practice's unit has the latest term of its package, and nobody without a key knows which it is: where all of a
    package is due, all of it is named.

    Raises:
        DestructionUnitUnknown, DestructionNotDue, DestructionOfWhole: why they are not.
        LimitExceeded: when there are too many.
    """
    names = tuple(dict.fromkeys(wanted))
    if len(names) > MAX_UNITS:
        name = mark("the number of units of one destruction")
        raise LimitExceeded(where=term.package, name=name, found=len(names), limit=MAX_UNITS)
    only = tuple(_due(term.package, units.get(name), name, on) for name in names)
    if len(names) == len(units) or all(_ends(one, on) for one in units.values()):
        raise DestructionOfWhole(package=term.package)
    for volume in dict.fromkeys(one.volume for one in only):
        inside = {name: one for name, one in units.items() if one.volume == volume}
        if all(_ends(one, on) for one in inside.values()) and not inside.keys() <= set(names):
            raise DestructionOfWhole(package=f"{term.package}, {volume}")
    return RequestedPackage(
        object_id=term.object_id,
        package=term.package,
        sender=term.sender,
        revisions=tuple(sorted(one.revision for one in receipts)),
        destroy_from=max(one.destroy_from for one in only),
        units=len(only),
        files=len({one.volume for one in only}),
        size=sum(one.size for one in only),
        only=only,
    )


def due_names(units: Mapping[str, UnitTerm], on: date) -> list[str]:
    """Return the units whose term has ended on a day, by identifier."""
    return [name for name, one in units.items() if _ends(one, on)]


def _ends(one: UnitTerm, on: date) -> bool:
    """Tell whether a term has ended; what the manifests hold, a person has lifted in the vault by then."""
    return one.destroy_from is not None and one.destroy_from <= on


def _due(package: str, one: UnitTerm | None, name: str, on: date) -> RequestedUnit:
    if one is None:
        raise DestructionUnitUnknown(package=package, unit=name)
    if one.destroy_from is None or one.destroy_from > on:
        stated = one.destroy_from.isoformat() if one.destroy_from else mark("no term is stated for all of it")
        raise DestructionNotDue(package=f"{package}, {name}", term=stated)
    return RequestedUnit(
        unit=name,
        package=one.package,
        volume=one.volume,
        size=one.size,
        sha256=one.digest,
        destroy_from=one.destroy_from.isoformat(),
    )
