"""The units of one patient of a package that was opened, found by what a person types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType

from archiver.handover.errors import UnitAmbiguous, UnitUnknown
from archiver.handover.opening import OpenedHandover, UnlockedPackage
from archiver.sealing.keyring import KeyringEntry
from formats.errors import Failure
from formats.names import comparable
from formats.words import mark

NEAR = 5
"""Names that are suggested at most."""

OpenedUnit = tuple[UnlockedPackage, KeyringEntry]


def units_of(received: OpenedHandover, wanted: str) -> list[OpenedUnit]:
    """Return the one unit that ``wanted`` tells, and the units of other records of the same person behind it.

    A unit is told by its name, its file, or the number, identifier or name of its patient in the list of the sender.

    Raises:
        UnitUnknown: when it tells none; UnitAmbiguous: when it tells several.
    """
    found = [one for one in received.entries() if _is(one[1], wanted)]
    if len(found) != 1:
        shown = found or received.entries()
        raise _not_one(wanted, [entry for _, entry in shown], len(found))
    linked = set((found[0][1].patient or {}).get("linked", "").split())
    if not linked:
        return found
    return [*found, *(one for one in received.entries() if (one[1].patient or {}).get("id") in linked)]


def patient_words(traits: Mapping[str, str], unit: str) -> str:
    """Return a patient as a list shows one; in place of a number that is missing, the name of the ``unit``."""
    name = f"{traits.get('used_family') or traits.get('family', '')} {traits.get('given', '')}".strip()
    number = traits.get("number") or unit
    return f"{name} ({number})" if name else number


def _not_one(wanted: str, entries: Sequence[KeyringEntry], count: int) -> Failure:
    """Return the failure of what tells nobody, or several of ``entries``, with those who are meant perhaps."""
    if count:
        numbers = Counter((one.patient or {}).get("number", "") for one in entries)
        listed = _listed(_shown(one, numbers) for one in entries)
        return UnitAmbiguous(wanted=wanted, count=count, near=listed)
    names = {comparable(name): _shown(one) for one in entries for name in _names(one)}
    near = [names[one] for one in get_close_matches(comparable(wanted), names, n=NEAR)]
    return UnitUnknown(wanted=wanted, near=_listed(near) or mark("none"))


def _listed(people: Iterable[str]) -> str:
    return ", ".join(list(dict.fromkeys(people))[:NEAR])


def _shown(entry: KeyringEntry, numbers: Mapping[str, int] = MappingProxyType({})) -> str:
    """Return a patient as a list shows one, but without a number that several of ``numbers`` have."""
    traits = entry.patient or {}
    if numbers.get(traits.get("number", ""), 0) > 1:
        traits = {name: value for name, value in traits.items() if name != "number"}
    return patient_words(traits, entry.unit)


def _names(entry: KeyringEntry) -> set[str]:
    traits = entry.patient or {}
    names = {traits.get("family", ""), traits.get("used_family", "")} - {""}
    return names | {f"{name} {traits.get('given', '')}" for name in names}


def _is(entry: KeyringEntry, wanted: str) -> bool:
    traits = entry.patient or {}
    if wanted in {entry.unit, entry.member, traits.get("id"), traits.get("number")}:
        return True
    return comparable(wanted) in set(map(comparable, _names(entry))) - {""}
