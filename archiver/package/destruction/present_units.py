"""Units that are in a package: those of its keyring, but for what its keeper destroyed by law."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence

from archiver.package.layout import unit_member
from archiver.sealing.keyring import EntriesOnDemand, KeyringEntry
from archiver.verdict import Verdict


def destroyed_members(verdict: Verdict) -> frozenset[str]:
    """Return the members that were lawfully destroyed, as a statement says that is believed."""
    return frozenset(name for one in verdict.destroyed if one.believed for name in one.members)


def divide_entries(
    entries: Sequence[KeyringEntry], gone: frozenset[str]
) -> tuple[Sequence[KeyringEntry], tuple[KeyringEntry, ...]]:
    """Return the entries of the units that are there, and those of the members that are ``gone``."""
    if not gone:
        return entries, ()
    places, missing = array("I"), list[KeyringEntry]()
    for place, entry in enumerate(entries):
        if unit_member(entry.unit) in gone:
            missing.append(entry)
        else:
            places.append(place)
    if isinstance(entries, EntriesOnDemand):
        return entries.at_places(places), tuple(missing)
    return tuple(entries[place] for place in places), tuple(missing)


def counts_of(entries: Sequence[KeyringEntry]) -> Counter[str]:
    """Return what the keyring says that units hold, in all; sums of money besides, which no manifest tells."""
    total: Counter[str] = Counter()
    for entry in entries:
        if entry.patient is not None:
            total.update({**entry.counts, "patients": 1})
    return total
