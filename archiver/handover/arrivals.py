"""What became of every unit of an import, spooled and counted as the units come: there may be 200,000."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from archiver.identity.known_people import PatientIdentity
from archiver.practice.registers.degraded_entries import DegradedEntry
from archiver.practice.registers.dossier_states import DossierState
from archiver.spooled_list import SpooledList
from formats.errors import Failure
from formats.findings import Finding
from formats.model.missing import Missing, MissingReason


class UnitOutcome(StrEnum):
    """What became of one unit."""

    CAME_IN = "came-in"
    ALREADY_THERE = "already-there"
    LEFT_ASIDE = "left-aside"
    REFUSED = "refused"


_STATES_OF_OUTCOMES: Mapping[UnitOutcome, DossierState] = {
    UnitOutcome.REFUSED: DossierState.REFUSED,
    UnitOutcome.LEFT_ASIDE: DossierState.LEFT_ASIDE,
}
"""State of a dossier of which nothing came in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One unit: whose dossier (no traits for the practice as a whole), and how it was received.

    ``who`` was ``read`` in the dossier; of one that could not be read it is what the sender's keyring says.
    ``destroy_from`` and ``hold`` are what the sender's manifest says of it: the 1 January from which
    the law lets it be destroyed (nothing when nobody can tell), and whether a person suspended that.
    ``left_aside`` counts what of it was left aside on purpose, by kind; ``counts`` is what came.
    ``newer_here`` is how many of its records are newer here, and stay as they are.
    ``degraded`` are its entries that could not be taken as they were sent.
    ``page_compared`` is false where the page is of another version, so that it could not be made again.
    """

    unit: str
    outcome: UnitOutcome
    who: Mapping[str, str]
    counts: Mapping[str, int]
    read: bool = True
    identity: PatientIdentity = PatientIdentity.NEW
    candidates: tuple[str, ...] = ()
    reason: str = ""
    refusal: Failure | None = None
    remarks: tuple[Finding, ...] = ()
    missing: Missing = field(default_factory=Counter)
    destroy_from: date | None = None
    hold: bool = False
    page_compared: bool = True
    newer_here: int = 0
    degraded: tuple[DegradedEntry, ...] = ()
    left_aside: Mapping[str, int] = field(default_factory=dict)

    @property
    def state(self) -> DossierState | None:
        """What became of the dossier: the first that applies; nothing of the practice as a whole."""
        if not self.who:
            return None
        if self.outcome in _STATES_OF_OUTCOMES:
            return _STATES_OF_OUTCOMES[self.outcome]
        if self.identity is PatientIdentity.QUESTION:
            return DossierState.WAITING
        if self.left_aside:
            return DossierState.PARTIAL
        if self.degraded_entries:
            return DossierState.DEGRADED
        return DossierState.PLACEHOLDER if self.placeholders else DossierState.INTEGRATED

    @property
    def degraded_entries(self) -> int:
        """How many of its entries are not as they were sent, amounts that could not be read included."""
        return len(self.degraded) + sum(
            count for (_, reason), count in self.missing.items() if reason is MissingReason.AMOUNT_UNREAD
        )

    @property
    def placeholders(self) -> int:
        """How many of its documents and images are there without their content."""
        return sum(
            count for (_, reason), count in self.missing.items() if reason is not MissingReason.AMOUNT_UNREAD
        )

    @property
    def unread_allergies(self) -> tuple[DegradedEntry, ...]:
        """Its allergies that could not be taken as they were sent, and at which nobody has looked."""
        return tuple(one for one in self.degraded if one.unread_allergy)

    @property
    def name(self) -> str:
        """Family name, given name, birth date; empty for the practice as a whole."""
        shown = (self.who.get(trait, "") for trait in ("family", "given", "birth_date"))
        return " ".join(filter(None, shown))


def _is_dossier(one: Arrival) -> bool:
    return bool(one.who)


GROUPS: Mapping[str, Callable[[Arrival], bool]] = MappingProxyType(
    {
        "came_in": lambda one: _is_dossier(one) and one.outcome is UnitOutcome.CAME_IN,
        "already_there": lambda one: _is_dossier(one) and one.outcome is UnitOutcome.ALREADY_THERE,
        "refused": lambda one: one.outcome is UnitOutcome.REFUSED,
        "recognised": lambda one: one.identity is PatientIdentity.SAME,
        "waiting": lambda one: one.identity is PatientIdentity.QUESTION,
        "without_content": lambda one: _is_dossier(one) and bool(one.missing),
        "on_hold": lambda one: _is_dossier(one) and one.hold,
        "without_term": lambda one: _is_dossier(one) and one.destroy_from is None,
        "pages_not_compared": lambda one: (
            _is_dossier(one) and not (one.page_compared or one.outcome is UnitOutcome.REFUSED)
        ),
        "left_aside": lambda one: one.outcome is UnitOutcome.LEFT_ASIDE,
        "in_part": lambda one: bool(one.left_aside) and one.outcome is not UnitOutcome.LEFT_ASIDE,
        "newer_here": lambda one: one.newer_here > 0,
        "unread_allergies": lambda one: bool(one.unread_allergies),
        "changed": lambda one: one.outcome is UnitOutcome.CAME_IN,
    }
)
"""Which arrivals are counted together; ``Receipt`` says what each group is."""


class Arrivals:
    """The arrivals of an import in their order; what memory has no place for lies encrypted near ``folder``."""

    def __init__(self, arrivals: Iterable[Arrival] = (), *, folder: Path | None = None) -> None:
        self._arrivals = SpooledList[Arrival](folder=folder)
        self._counts: Counter[str] = Counter()
        self.states: Counter[DossierState] = Counter()
        """How many dossiers are in each state; every dossier is in one."""
        self.degraded = 0
        """Entries of all dossiers that could not be taken as they were sent."""
        self.placeholders = 0
        """Documents and images of all dossiers that came without their content."""
        self.destroy_from: date | None = None
        """When the law lets the first dossier be destroyed, where anybody can tell of one."""
        for one in arrivals:
            self.append(one)

    def append(self, arrival: Arrival) -> None:
        """Add ``arrival``, and count it.

        Raises:
            DiskFull, DiskFault: what the disk answered.
        """
        self._arrivals.append(arrival)
        for name, belongs in GROUPS.items():
            if belongs(arrival):
                self._counts[name] += 1
        if arrival.state is not None:
            self.states[arrival.state] += 1
        self.degraded += arrival.degraded_entries
        self.placeholders += arrival.placeholders
        if arrival.who and arrival.destroy_from:
            self.destroy_from = min(self.destroy_from or arrival.destroy_from, arrival.destroy_from)

    def __len__(self) -> int:
        return len(self._arrivals)

    def __iter__(self) -> Iterator[Arrival]:
        return iter(self._arrivals)

    def group(self, name: str) -> ArrivalGroup:
        """Return the arrivals of the group ``name``."""
        return ArrivalGroup(self, GROUPS[name], self._counts[name])


class ArrivalGroup(Collection[Arrival]):
    """Those of ``arrivals`` that belong together, ``count`` of them, looked for whenever they are asked for."""

    def __init__(self, arrivals: Arrivals, belongs: Callable[[Arrival], bool], count: int) -> None:
        self._arrivals, self._belongs, self._count = arrivals, belongs, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Arrival]:
        return filter(self._belongs, self._arrivals) if self._count else iter(())

    def __contains__(self, arrival: object) -> bool:
        return any(one == arrival for one in self)
