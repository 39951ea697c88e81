"""The agenda of a practice as iCalendar (RFC 5545): one VEVENT for each appointment of a known day, times in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from formats.model.care import Appointment, AppointmentStatus
from formats.model.dictionary.entries import code_words
from formats.model.dossier import Dossier
from formats.model.identity import Traits

PRODUCT = "-//archiver//portability archive//FR"
MAX_OCTETS = 75
"""Bytes of a line before it is folded (3.1)."""
_STATUSES = {
    AppointmentStatus.BROKEN: "CANCELLED",
    AppointmentStatus.CANCELLED: "CANCELLED",
    AppointmentStatus.UNSCHEDULED: "TENTATIVE",
    AppointmentStatus.PLANNED: "TENTATIVE",
}
"""STATUS (3.8.1.11) of what is not CONFIRMED; the practice's own word stands in CATEGORIES."""


def calendar_head() -> bytes:
    """Return what stands in front of the appointments."""
    return _lines(["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"])


def calendar_end() -> bytes:
    """Return what stands behind them."""
    return _lines(["END:VCALENDAR"])


def agenda_events(dossier: Dossier, stamp: datetime) -> Iterator[bytes]:
    """Yield each appointment of a dossier whose day is known, made at the moment ``stamp``."""
    people = {one.id: f"{one.given_name} {one.family_name}".strip() for one in dossier.practitioners}
    who = _who(dossier.patient.traits)
    for one in dossier.appointments:
        if isinstance(one.starts_at, date):  # as every moment is
            yield _lines(_event(one, one.starts_at, people, who, stamp))


def _event(one: Appointment, start: date, people: dict[str, str], who: str, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:urn:uuid:{one.id}"
    yield f"DTSTAMP:{_utc(stamp)}"
    if isinstance(start, datetime):
        yield f"DTSTART:{_utc(start)}"
        if one.minutes:
            yield f"DTEND:{_utc(start + timedelta(minutes=one.minutes))}"
    else:
        yield f"DTSTART;VALUE=DATE:{start:%Y%m%d}"
    yield f"SUMMARY:{_text(' - '.join(filter(None, (who, one.reason))))}"
    yield f"STATUS:{_STATUSES.get(one.status, 'CONFIRMED')}"
    yield f"CATEGORIES:{_text(code_words(one.status).fr)}"
    if one.room:
        yield f"LOCATION:{_text(one.room)}"
    if one.note:
        yield f"DESCRIPTION:{_text(one.note)}"
    for role, identity in (("CHAIR", one.practitioner), ("REQ-PARTICIPANT", one.assistant)):
        if identity:
            name = people.get(identity, "").replace('"', "'")
            yield f'ATTENDEE;ROLE={role};CN="{_plain(name)}":urn:uuid:{identity}'
    yield f"X-PATIENT:urn:uuid:{one.patient}"
    yield "END:VEVENT"


def _who(traits: Traits) -> str:
    family = traits.used_family_name or traits.birth_family_name
    given = traits.used_given_name or next(iter(traits.birth_given_names), "")
    return f"{family.upper()} {given}".strip()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _plain(text: str) -> str:
    return "".join(one for one in text if one.isprintable())


def _text(value: str) -> str:
    """Return a text (3.3.11)."""
    lines = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").splitlines()
    return "\\n".join(map(_plain, lines))


def _lines(lines: Iterator[str] | list[str]) -> bytes:
    return b"".join(_folded(line.encode("utf-8", "replace")) for line in lines)


def _folded(line: bytes) -> bytes:
    """Return a line folded (3.1), never within a character."""
    pieces: list[bytes] = []
    while len(line) > MAX_OCTETS:
        cut = MAX_OCTETS - (1 if pieces else 0)
        while line[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(line[:cut])
        line = line[cut:]
    pieces.append(line)
    return b"\r\n ".join(pieces) + b"\r\n"
