"""Terms of what a vault holds: of each package, over all its revisions, the day from which all of it may be destroyed.

The longest of the revisions wins. A package of which one unit states no term has none, and is kept: nobody can tell
(archive-format-1.md §6.2). A hold suspends every term.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby

from archiver.vault.catalogue import Catalogue
from archiver.vault.deposit_receipt import ReadReceipt, TermCount
from archiver.vault.disposal.holds import HoldsInForce, HoldStatement, holds_in_force, read_hold
from archiver.vault.disposal.unit_tombstone import read_unit_tombstone
from formats.words import mark


class TermState(StrEnum):
    """How the term of a package stands on a day."""

    ENDED = "ended"
    PARTLY = "partly-ended"
    RUNNING = "running"
    UNSTATED = "unstated"
    SUSPENDED = "suspended"


STATE_WORDS = {
    TermState.ENDED: mark("term ended"),
    TermState.PARTLY: mark("ended for a part"),
    TermState.RUNNING: mark("term not ended"),
    TermState.UNSTATED: mark("no term stated"),
    TermState.SUSPENDED: mark("under a hold"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageTerm:
    """The term of a package: ``destroy_from`` is the day from which all of it may go, nothing where nobody can tell.

    ``units`` and ``terms`` count the units of its last revision that are there; ``holds`` are those in force.
    ``destroyed`` counts the units that were lawfully destroyed.
    """

    object_id: str
    package: str
    sender: str
    revisions: int
    units: int
    destroy_from: date | None
    terms: tuple[TermCount, ...]
    holds: HoldsInForce
    destroyed: int = 0

    def state(self, on: date) -> TermState:
        """Return how the term stands on a day."""
        if self.holds:
            return TermState.SUSPENDED
        if self.destroy_from is not None and self.destroy_from <= on:
            return TermState.ENDED
        if self.due_units(on):
            return TermState.PARTLY
        return TermState.RUNNING if self.destroy_from is not None else TermState.UNSTATED

    def due_units(self, on: date) -> int:
        """Return of how many units the term has ended on a day; under a hold of none."""
        if self.holds:
            return 0
        return sum(
            one.units for one in self.terms if one.destroy_from and date.fromisoformat(one.destroy_from) <= on
        )


def package_term(
    object_id: str,
    receipts: Iterable[ReadReceipt],
    statements: Iterable[HoldStatement],
    destroyed: Counter[str] | None = None,
) -> PackageTerm:
    """Return the term of a package by the receipts of its deposits; there has to be one at least.

    ``destroyed`` counts the units that were taken out of it, by the day from which they could be (ISO 8601).
    """
    gone = destroyed or Counter[str]()
    each = sorted(receipts, key=lambda one: one.revision)
    last = each[-1]
    days = [date.fromisoformat(one.destroy_from) if one.destroy_from else None for one in each]
    stated = [one for one in days if one is not None]
    return PackageTerm(
        object_id=object_id,
        package=last.package,
        sender=last.sender,
        revisions=len(each),
        units=last.units - gone.total(),
        destroy_from=max(stated) if len(stated) == len(days) else None,
        terms=tuple(_terms_left(last.terms, gone)),
        holds=holds_in_force(statements, max(one.holds for one in each)),
        destroyed=gone.total(),
    )


def _terms_left(terms: Iterable[TermCount], gone: Counter[str]) -> Iterator[TermCount]:
    """Yield how many units of each term are left; a later revision never states an earlier day than one before it."""
    for one in terms:
        yield replace(one, units=one.units - gone[one.destroy_from])


def package_terms(catalogue: Catalogue, object_id: str = "") -> Iterator[PackageTerm]:
    """Yield the term of each package in the catalogue, or of one, by its object's identifier.

    Raises:
        VaultStatementInvalid: when a statement about a hold is none.
    """
    entries = catalogue.entries(object_id) if object_id else catalogue.entries_by_object()
    there = (one for one in entries if not one.destroyed)
    for name, each in groupby(there, key=lambda one: one.object_id):
        receipts = [one.receipt for one in each]
        holds = [
            read_hold(text, f"{name}: {path}") for _, path, text in catalogue.statements("holds/%", name)
        ]
        gone = Counter[str]()
        for _, path, text in catalogue.statements("destruction/units-%", name):
            tombstone = read_unit_tombstone(text, f"{name}: {path}")
            gone.update(one.destroy_from for one in tombstone.units)
        yield package_term(name, receipts, holds, gone)
