"""Deadlines of an access request (CSP L1111-7, R1111-1).

1. At the latest eight days after the request: the day on which it came is not counted.
2. Not before forty-eight hours, in which the patient may think again; there are none between practitioners, whose
   patient is in care. They are hours of the clock: a night on which it is put forward is shorter.
3. Two months instead of eight days for information that is older than five years when the request comes. What bears
   no day may be recent, and is taken for it.
4. Days are the practice's. No weekend and no holiday stretches them: no text says so.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from archiver.compliance.request_words import Requester
from archiver.compliance.retention import later
from formats.model.dates import AnyMoment, last_day
from formats.model.dossier import Dossier
from formats.model.record import Record

DAYS = 8
MONTHS_WHEN_OLD = 2
YEARS_OLD = 5
REFLECTION = timedelta(hours=48)


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """When a request came: the day in the practice, and the moment where it is known."""

    day: date
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadlines:
    """Until when to answer: ``recent`` and ``old`` are last days, ``None`` where the dossier has no such information.

    ``not_before`` is when reflection ends.
    """

    not_before: datetime | None
    recent: date | None
    old: date | None

    @property
    def first(self) -> date:
        """The day by which something has to be handed over."""
        return min(day for day in (self.recent, self.old) if day)


def deadlines(
    received: Received, requester: Requester, *, has_recent: bool, has_old: bool, zone: tzinfo
) -> Deadlines:
    """Return the deadlines of a request; of a dossier without any information, the shorter one."""
    return Deadlines(
        not_before=None if requester is Requester.COLLEAGUE else _end_of_reflection(received, zone),
        recent=received.day + timedelta(days=DAYS) if has_recent or not has_old else None,
        old=months_later(received.day, MONTHS_WHEN_OLD) if has_old else None,
    )


def _end_of_reflection(received: Received, zone: tzinfo) -> datetime:
    """Return it; where only the day is known, the request may have come at its very end."""
    moment = received.at or datetime.combine(received.day + timedelta(days=1), time(), tzinfo=zone)
    return (moment.astimezone(UTC) + REFLECTION).astimezone(zone)


def months_later(day: date, months: int) -> date:
    """Return ``day`` so many ``months`` later; where that month has no such day, its last one."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


DATED_BY = {
    "questionnaires": "answered_at",
    "observations": "observed_on",
    "perio_exams": "examined_on",
    "appointments": "starts_at",
    "acts": "performed_on",
    "diagnoses": "recorded_on",
    "notes": "written_at",
    "treatment_plans": "created_on",
    "documents": "created_at",
    "devices": "implanted_on",
    "lab_orders": "ordered_at",
    "quotes": "issued_on",
    "prescriptions": "prescribed_on",
    "image_studies": "studied_at",
    "image_files": "taken_at",
    "consents": "given_on",
    "health_statements": "recorded_at",
    "chart_findings": "recorded_on",
}
"""By kind of record that holds information about health, the field that tells when it was recorded."""


def ages_of_information(dossiers: Iterable[Dossier], received: date) -> tuple[bool, bool]:
    """Tell whether ``dossiers`` have information of the five years before ``received``, and whether older."""
    ages = {_is_old(record, received) for dossier in dossiers for record in _informing(dossier)}
    return False in ages, True in ages


def _informing(dossier: Dossier) -> Iterable[Record]:
    return (record for kind in DATED_BY for record in getattr(dossier, kind))


def _is_old(record: Record, received: date) -> bool:
    found: AnyMoment | None = getattr(record, DATED_BY[record.kind], None)
    return found is not None and later(last_day(found), YEARS_OLD) < received
