"""Where the handovers of a practice stand: what was sent, what was acknowledged, and by when it should have been.

The clocks are those of GP2GP: received within three days, within eight days, or not. Whoever sent may stop keeping
the dossiers only after the whole was acknowledged; what the law asks them to keep is another question. A patient, a
judge and whoever keeps an archive without a key send no receipt: no clock runs, and a proof of delivery is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from archiver.practice.registers.handovers import (
    DeliveryProof,
    ExportRecord,
    RecordedReceipt,
    count_exported_units,
    handovers,
    proofs_of_delivery,
    receipts,
)
from archiver.practice.store import PracticeStore
from archiver.scope.practice_days import practice_zone
from archiver.scope.situations import Acknowledgement, acknowledgement_of
from formats.words import mark

SOON, LAST = timedelta(days=3), timedelta(days=8)
"""Within what time a receipt is expected, and after what time it is missing."""


class HandoverState(StrEnum):
    """How far a handover is."""

    ACKNOWLEDGED = "acknowledged"
    WAITING = "waiting"
    INCOMPLETE = "incomplete"
    DIFFERENT = "different"
    UNPROVEN = "unproven"
    AWAITED = "awaited"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


HANDOVER_WORDS = {
    HandoverState.ACKNOWLEDGED: mark("acknowledged: you may stop keeping, as far as the law lets you"),
    HandoverState.WAITING: mark(
        "received as it was sent: at the receiver’s, a person must still answer or look"
    ),
    HandoverState.INCOMPLETE: mark("acknowledged in part"),
    HandoverState.DIFFERENT: mark("a receipt came that is not of what was sent: ask the receiver"),
    HandoverState.UNPROVEN: mark("a receipt came, signed by nobody whom you accept"),
    HandoverState.AWAITED: mark("no receipt yet"),
    HandoverState.DELIVERED: mark("handed over: no receipt comes, and its proof is written down"),
    HandoverState.UNDELIVERED: mark("to be handed over: no receipt comes, and no proof is written down yet"),
}


class ReceiptClock(StrEnum):
    """When a receipt said that the package was received, or by what day it was missing."""

    WITHIN_3_DAYS = "within-3-days"
    WITHIN_8_DAYS = "within-8-days"
    LATER = "later"
    NOT_YET = "not-yet"
    OVERDUE_3_DAYS = "overdue-3-days"
    OVERDUE_8_DAYS = "overdue-8-days"
    NONE = "none"


CLOCK_WORDS = {
    ReceiptClock.WITHIN_3_DAYS: mark("received within 3 days"),
    ReceiptClock.WITHIN_8_DAYS: mark("received within 8 days"),
    ReceiptClock.LATER: mark("received after more than 8 days"),
    ReceiptClock.NOT_YET: mark("to be received within 3 days"),
    ReceiptClock.OVERDUE_3_DAYS: mark("not received for more than 3 days"),
    ReceiptClock.OVERDUE_8_DAYS: mark("not received for more than 8 days"),
    ReceiptClock.NONE: mark("no receipt is asked for"),
}
OVERDUE = frozenset({ReceiptClock.OVERDUE_3_DAYS, ReceiptClock.OVERDUE_8_DAYS})


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverStatus:
    """A handover with its receipts and proofs: ``acknowledged`` of ``units`` are with the receiver as they were sent.

    ``left_aside`` counts those that the receiver left aside on purpose, by the receipt that acknowledges most.
    ``soon`` and ``last`` are the days until which it should be received, where a receipt is asked for.
    """

    handover: ExportRecord
    receipts: tuple[RecordedReceipt, ...]
    proofs: tuple[DeliveryProof, ...]
    units: int
    acknowledged: int
    left_aside: int
    state: HandoverState
    clock: ReceiptClock
    soon: date | None
    last: date | None

    @property
    def may_stop_keeping(self) -> bool:
        """Whether the receiver has acknowledged everything: before, the sender has to keep it."""
        return self.state is HandoverState.ACKNOWLEDGED


def handover_status(store: PracticeStore, *, at: datetime) -> Iterator[HandoverStatus]:
    """Yield where every handover stands at the moment ``at``."""
    zone = practice_zone(store)
    for one in handovers(store):
        came = tuple(receipts(store, one.package))
        proven = [receipt for receipt in came if receipt.accepted]
        best = max(proven, key=lambda receipt: receipt.acknowledged, default=None)
        proofs = tuple(proofs_of_delivery(store, one.package))
        units = count_exported_units(store, one.package)
        asked = acknowledgement_of(one.situation, one.ground) is Acknowledgement.RECEIPT
        yield HandoverStatus(
            handover=one,
            receipts=came,
            proofs=proofs,
            units=units,
            acknowledged=best.acknowledged if best else 0,
            left_aside=best.left_aside if best else 0,
            state=_state(came, proven, units) if asked or came else _delivery_state(proofs),
            clock=_clock(one, proven, at) if asked or proven else ReceiptClock.NONE,
            soon=_day(one.created + SOON, zone) if asked else None,
            last=_day(one.created + LAST, zone) if asked else None,
        )


def _state(came: tuple[RecordedReceipt, ...], proven: list[RecordedReceipt], units: int) -> HandoverState:
    if any(one.whole for one in proven):
        return HandoverState.ACKNOWLEDGED
    agreeing = [one for one in proven if not one.differences]
    if any(one.acknowledged == units for one in agreeing):
        return HandoverState.WAITING
    if proven:
        return HandoverState.INCOMPLETE if agreeing else HandoverState.DIFFERENT
    return HandoverState.UNPROVEN if came else HandoverState.AWAITED


def _delivery_state(proofs: tuple[DeliveryProof, ...]) -> HandoverState:
    return HandoverState.DELIVERED if proofs else HandoverState.UNDELIVERED


def _clock(handover: ExportRecord, proven: list[RecordedReceipt], at: datetime) -> ReceiptClock:
    """Return the clock of a handover; only a receipt that somebody accepted signed stops it."""
    if proven:
        after = min(datetime.fromisoformat(one.received_at) for one in proven) - handover.created
        if after <= SOON:
            return ReceiptClock.WITHIN_3_DAYS
        return ReceiptClock.WITHIN_8_DAYS if after <= LAST else ReceiptClock.LATER
    waited = at - handover.created
    if waited <= SOON:
        return ReceiptClock.NOT_YET
    return ReceiptClock.OVERDUE_3_DAYS if waited <= LAST else ReceiptClock.OVERDUE_8_DAYS


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()
