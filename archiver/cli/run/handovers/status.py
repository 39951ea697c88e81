"""What ``handover status`` does: a table of what was sent, received, handed over, and is overdue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.exits import LATE, SUCCESS
from archiver.cli.terminal.console import say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.nouns import PACKAGES
from archiver.operations.receipts.handover_status import (
    CLOCK_WORDS,
    HANDOVER_WORDS,
    OVERDUE,
    HandoverStatus,
    handover_status,
)
from archiver.operations.receipts.receipt_documents import handover_document
from archiver.practice.store import open_store
from archiver.scope.situations import SITUATIONS, SituationCode
from formats.words import mark, plural

HEADING = (
    mark("package"),
    mark("sent on"),
    mark("to"),
    mark("units"),
    mark("acknowledged"),
    mark("left aside"),
    mark("clock"),
    mark("state"),
)
DAY = len("2026-11-29")
"""Characters of the day in a moment."""


def show_handovers(path: Path, *, as_json: bool) -> int:
    """Say where every handover stands, and return the exit status."""
    with open_store(path, reading=True) as store:
        found = list(handover_status(store, at=now()))
    overdue = sum(one.clock in OVERDUE for one in found)
    if as_json:
        show_json({"handovers": 1, "overdue": overdue, "listed": list(map(handover_document, found))})
    else:
        show_table(list(_rows(found)), heading=HEADING)
        say(
            plural(
                "{count} handover, of which {overdue} overdue.",
                "{count} handovers, of which {overdue} overdue.",
            ),
            count=len(found),
            overdue=overdue,
        )
    return LATE if overdue else SUCCESS


def _rows(found: Sequence[HandoverStatus]) -> Iterator[tuple[str | int, ...]]:
    """Yield the rows of a table: the packages of one export of a package for each person have one for each state."""
    groups: dict[tuple[str, ...], list[HandoverStatus]] = {}
    for one in found:
        handover = one.handover
        each = handover.situation in set(SituationCode) and SITUATIONS[SituationCode(handover.situation)].each
        shared = (handover.situation, handover.created.isoformat()[:DAY], one.state.value, one.clock.value)
        groups.setdefault(shared if each else (handover.package,), []).append(one)
    for several in groups.values():
        first = _row(several[0])
        if len(several) == 1:
            yield first
        else:
            packages = localize(PACKAGES.of(len(several)), count=len(several))
            units, acknowledged, left_aside = (
                sum(_counts(one)[place] for one in several) for place in range(3)
            )
            yield (packages, first[1], "", units, acknowledged, left_aside, *first[6:])


def _counts(one: HandoverStatus) -> tuple[int, int, int]:
    return one.units, one.acknowledged, one.left_aside


def _row(one: HandoverStatus) -> tuple[str | int, ...]:
    handover = one.handover
    return (
        handover.package,
        handover.created.isoformat()[:DAY],
        handover.receiver or next((known for known in _receivers(one) if known), ""),
        *_counts(one),
        localize(CLOCK_WORDS[one.clock]),
        localize(HANDOVER_WORDS[one.state]),
    )


def _receivers(one: HandoverStatus) -> Iterator[str]:
    yield from (receipt.receiver for receipt in one.receipts)
    yield from (proof.recipient for proof in one.proofs)
