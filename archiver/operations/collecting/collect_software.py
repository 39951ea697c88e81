"""Collect what a practice software holds, unless it is as it was when it was collected last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime

from archiver import __version__
from archiver.ingest.counts import KindCount
from archiver.operations.collecting.collect import collect
from archiver.operations.collecting.outcome import CollectOutcome
from archiver.practice.registers.collected_states import CollectedState, note_collected, unchanged_state
from archiver.practice.registers.gone_records import gone_counts, gone_rows
from archiver.practice.store import PracticeStore
from formats.reading import SourceItems


def collect_software(
    store: PracticeStore,
    items: SourceItems,
    *,
    system: str,
    again: bool = False,
    whole: bool = True,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> CollectOutcome:
    """Put everything a practice software holds into ``store``, as ``collect``; what is unchanged is not read.

    With ``again`` it is read all the same. What a ``whole`` source gave once and does not any more is gone.
    """
    digest = items.digest()
    known = None if again or digest is None else unchanged_state(store, system, digest)
    if known is not None:
        at, found = known
        outcome = _as_before(found, store.counts(), at)
        return replace(outcome, gone=gone_counts(store, system), gone_rows=gone_rows(store, system))
    with store.changing(savepoint=False):
        reading = f"{items.reading} {__version__}" if whole else None
        outcome = collect(store, items, system=system, reading=reading, clock=clock, progress=progress)
        if digest is not None:
            note_collected(store, system, digest, _found(outcome), at=clock())
    return outcome


def _found(outcome: CollectOutcome) -> CollectedState:
    kinds, tables = (
        {name: asdict(count) for name, count in counts.items()} for counts in (outcome.kinds, outcome.tables)
    )
    return CollectedState(kinds=kinds, tables=tables, missing=outcome.content, findings=outcome.findings)


def _as_before(found: CollectedState, stored: Mapping[str, int], at: datetime) -> CollectOutcome:
    """Return the outcome of a collection that would find everything stored; ``stored`` counts by kind."""
    nothing = {"added": 0, "updated": 0}
    return CollectOutcome(
        kinds={
            kind: KindCount(**{**count, **nothing, "stored": stored.get(kind, 0)})
            for kind, count in found.kinds.items()
        },
        tables={table: KindCount(**{**count, **nothing}) for table, count in found.tables.items()},
        findings=found.findings,
        content=found.missing,
        unchanged_since=at,
    )
