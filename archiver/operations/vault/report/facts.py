"""What a report of an audit says: gathered copy by copy from the table of checks, the journal, and the evidence.

Nothing is read from the packages: a report states what the checks came to, and when.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from archiver.operations.vault.fixity_coverage import (
    CopyState,
    FixityCoverage,
    copy_state,
    expected_copies,
    total_coverage,
)
from archiver.operations.vault.renewal.due import EvidenceAction, RenewalTerms, evidence_of_vault
from archiver.operations.vault.report.journal_facts import AuditHistory, read_history
from archiver.signing.policy import AlgorithmPolicy
from archiver.vault.catalogue import Catalogue
from archiver.vault.checks import Check, CheckTable
from archiver.vault.journal.read import own_entries
from archiver.vault.open_vault import Vault
from archiver.vault.preservation.stored_profile import find_profile
from formats.errors import Failure

MAX_NAMED = 1000
"""Copies, and records of evidence, that a report names of each kind; it says how many more there are."""
AGE_COLUMNS = 6
"""Parts into which the ages within the fixity interval are counted."""
One = TypeVar("One")


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedCopy:
    """A copy that is not verified: what is known of it, and its last check, or nothing where there was none."""

    object_id: str
    storage: str
    last: Check | None


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceEnd:
    """A record of evidence that ends within the horizon, or does not hold; ``number`` 0 where there is none at all.

    ``algorithm`` is what ends first under it, or nothing where that is a certificate.
    """

    object_id: str
    number: int
    until: datetime | None = None
    algorithm: str = ""
    failure: Failure | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceFacts:
    """The evidence of a vault: how many records last beyond the horizon, those that do not, or why none was read."""

    horizon_days: int = 0
    lasting: int = 0
    ending: Named[EvidenceEnd] | None = None
    failure: Failure | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Named(Generic[One]):
    """The first of many, ``count`` of them in all."""

    listed: tuple[One, ...] = ()
    count: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class StorageFacts:
    """The copies on one storage."""

    name: str
    coverage: FixityCoverage
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditFacts:
    """What is known of a vault ``at`` a moment.

    ``ages`` counts copies by how long ago they were last found whole: by parts of the fixity interval, then what is
    beyond it; ``never`` those that never were. ``unverified`` names copies, the longest ago first.
    """

    at: datetime
    coverage: FixityCoverage
    storages: tuple[StorageFacts, ...]
    ages: tuple[int, ...]
    never: int
    unverified: dict[CopyState, Named[NamedCopy]]
    history: AuditHistory | Failure
    evidence: EvidenceFacts


def gather_facts(
    vault: Vault,
    catalogue: Catalogue,
    table: CheckTable,
    policy: AlgorithmPolicy,
    *,
    at: datetime,
) -> AuditFacts:
    """Return what is known of ``vault``, by the ``policy`` of the algorithms."""
    names = [one.name for one in vault.whole_replicas]
    counts = {one: Counter[CopyState]() for one in names}
    sizes, oldest = Counter[str](), dict[str, str]()
    ages, never = [0] * (AGE_COLUMNS + 1), 0
    longest = {one: _Longest() for one in CopyState if one is not CopyState.VERIFIED}
    days = vault.description.fixity_days
    for object_id, storage in expected_copies(vault, catalogue):
        last = table.find(object_id, storage)
        state = copy_state(last, days=days, at=at)
        ok_at = last.ok_at if last else ""
        counts[storage][state] += 1
        sizes[storage] += last.size if last else 0
        oldest[storage] = min(oldest.get(storage, ok_at), ok_at)
        if ok_at:
            ages[_age_column(ok_at, days, at)] += 1
        else:
            never += 1
        if state is not CopyState.VERIFIED:
            longest[state].add(NamedCopy(object_id=object_id, storage=storage, last=last))
    storages = tuple(
        StorageFacts(name=one, coverage=total_coverage(counts[one], oldest.get(one, "")), size=sizes[one])
        for one in names
    )
    total = Counter[CopyState]()
    for each in counts.values():
        total.update(each)
    return AuditFacts(
        at=at,
        coverage=total_coverage(total, min(oldest.values(), default="")),
        storages=storages,
        ages=tuple(ages),
        never=never,
        unverified={state: one.named() for state, one in longest.items()},
        history=_history(vault),
        evidence=_evidence(vault, catalogue, policy, at),
    )


class _Longest:
    """The copies that were found whole the longest ago, those that never were first."""

    def __init__(self) -> None:
        self._heap: list[tuple[_Reversed, NamedCopy]] = []
        self._count = 0

    def add(self, copy: NamedCopy) -> None:
        self._count += 1
        key = _Reversed((copy.last.ok_at if copy.last else "", copy.object_id, copy.storage))
        if len(self._heap) < MAX_NAMED:
            heapq.heappush(self._heap, (key, copy))
        else:
            heapq.heappushpop(self._heap, (key, copy))

    def named(self) -> Named[NamedCopy]:
        listed = tuple(copy for _, copy in sorted(self._heap, reverse=True))
        return Named(listed=listed, count=self._count)


@dataclass(frozen=True, slots=True)
class _Reversed:
    """A key that comes before those that it comes after."""

    key: tuple[str, str, str]

    def __lt__(self, other: _Reversed) -> bool:
        return other.key < self.key


def _age_column(ok_at: str, days: int, at: datetime) -> int:
    """Return the part of the interval that a check of ``ok_at`` falls into; one yet to come counts as just done."""
    age = max(at - datetime.fromisoformat(ok_at), timedelta(0))
    return min(int(age / timedelta(days=days) * AGE_COLUMNS), AGE_COLUMNS)


def _history(vault: Vault) -> AuditHistory | Failure:
    try:
        return read_history(own_entries(vault.folder))
    except Failure as failure:
        return failure


def _evidence(vault: Vault, catalogue: Catalogue, policy: AlgorithmPolicy, at: datetime) -> EvidenceFacts:
    """Return what ends within the horizon of the vault's preservation profile."""
    try:
        profile = find_profile(vault)
        if profile is None:
            return EvidenceFacts()
        terms = RenewalTerms(profile=profile, policy=profile.policy(policy), at=at, horizon=profile.horizon)
        lasting, count, listed = 0, 0, list[EvidenceEnd]()
        for one in _evidence_states(vault, catalogue, terms):
            if one is None:
                lasting += 1
                continue
            count += 1
            if len(listed) < MAX_NAMED:
                listed.append(one)
    except Failure as failure:
        return EvidenceFacts(failure=failure)
    return EvidenceFacts(
        horizon_days=profile.horizon.days, lasting=lasting, ending=Named(listed=tuple(listed), count=count)
    )


def _evidence_states(vault: Vault, catalogue: Catalogue, terms: RenewalTerms) -> Iterator[EvidenceEnd | None]:
    """Yield each record that ends or does not hold, and nothing for each that lasts."""
    for each in evidence_of_vault(vault, catalogue, terms):
        for task in each.tasks:
            if task.replaced:
                continue
            if task.failure is None and task.action is EvidenceAction.NONE:
                yield None
                continue
            yield EvidenceEnd(
                object_id=task.object_id,
                number=task.number if task.stored or task.failure else 0,
                until=task.stamp.until if task.stamp else None,
                algorithm=task.stamp.algorithm if task.stamp else "",
                failure=task.failure,
            )
