"""What a breach of personal data asks for, and by when (GDPR articles 33 and 34).

1. Every breach is written down: facts, effects, remedy (33(5)).
2. Unless it is unlikely to result in a risk, the CNIL is notified within seventy-two hours of becoming aware (33(1)).
   They are hours of the clock, nights and Sundays included. Where only the day is known, they run from its beginning.
3. A later notification comes with the reasons for the delay (33(1)).
4. Where the risk is high, the persons are told without undue delay (34(1)), unless one of the three reasons of 34(3)
   holds, which is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from archiver.compliance.breach_words import BreachRisk
from archiver.practice.registers.breaches import Breach
from formats.words import mark

NOTIFY_WITHIN = timedelta(hours=72)


class BreachStep(StrEnum):
    """What a breach asks for next."""

    ASSESS = "assess"
    NOTIFY = "notify"
    INFORM = "inform"
    CLOSE = "close"
    NOTHING = "nothing"


RUNNING = frozenset({BreachStep.ASSESS, BreachStep.NOTIFY})
"""Steps during which the seventy-two hours run."""
STEP_WORDS = {
    BreachStep.ASSESS: mark("assess the risk"),
    BreachStep.NOTIFY: mark("notify the CNIL"),
    BreachStep.INFORM: mark("tell the persons, without undue delay"),
    BreachStep.CLOSE: mark("close it"),
    BreachStep.NOTHING: mark("closed"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class BreachClock:
    """What a breach asks for next, until when the CNIL is to be notified, and whether that is or was late."""

    step: BreachStep
    notify_by: datetime
    late: bool

    @property
    def running(self) -> bool:
        """Whether the CNIL is not notified yet, and nobody says that it need not be."""
        return self.step in RUNNING


def breach_clock(breach: Breach, at: datetime, zone: tzinfo) -> BreachClock:
    """Return where ``breach`` stands at the moment ``at``; ``zone`` is the practice's."""
    by = notify_by(breach.known_at, zone)
    step = _step(breach)
    late = at > by if step in RUNNING else _was_late(breach, by)
    return BreachClock(step=step, notify_by=by, late=late)


def notify_by(known_at: str, zone: tzinfo) -> datetime:
    """Return seventy-two hours after the practice became aware, a day or a moment, in its zone."""
    moment = datetime.fromisoformat(known_at)
    if len(known_at) == len("2026-11-29"):
        moment = datetime.combine(date.fromisoformat(known_at), time(), tzinfo=zone)
    return (moment.astimezone(UTC) + NOTIFY_WITHIN).astimezone(zone)


def _step(breach: Breach) -> BreachStep:
    if breach.closed_at:
        return BreachStep.NOTHING
    if not breach.risk:
        return BreachStep.ASSESS
    if breach.risk != BreachRisk.NONE and not breach.notified_at:
        return BreachStep.NOTIFY
    if breach.risk == BreachRisk.HIGH and not (breach.informed_at or breach.uninformed_reason):
        return BreachStep.INFORM
    return BreachStep.CLOSE


def _was_late(breach: Breach, by: datetime) -> bool:
    return bool(breach.notified_at) and datetime.fromisoformat(breach.notified_at) > by
