"""FHIR's primitive types, and how the model's values become them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from formats.fhir.codes import OID
from formats.fhir.exact import EXACT_PIECE, Primitive
from formats.mapping.absence import ABSENT, Absent
from formats.model.dates import AnyDate, AnyMoment, parse_date

MAX_STRING_BYTES = 1 << 20
"""UTF-8 bytes of a FHIR string (R4, datatypes: at most 1 MB)."""
MAX_INTEGER = (1 << 31) - 1
"""FHIR integers have 32 bits (R4, datatypes)."""

SURELY_FITS = MAX_STRING_BYTES // 4
"""Characters that fit whatever they are: none has more than four bytes."""
_UNSEEN = "\N{REPLACEMENT CHARACTER}"
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SOLID = "[^\\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+"
_CODE = re.compile(f"{_SOLID}(?: {_SOLID})*")
_URI = re.compile(f"[A-Za-z][A-Za-z0-9+.-]*:{_SOLID}")
_DOTTED = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?|[0-9]{4}(?:-[0-9]{2})?")
_DATE_TIME = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2}))?)?)?")
_OFFSET = re.compile(r"([0-9T:.\-]+)([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{6}))?)?")
_WIDEST_OFFSET = timedelta(hours=14)


class Text(Primitive[str]):
    """A ``string`` or ``markdown``: not blank, no control characters, at most 1 MB."""

    name = "string"

    def encode(self, value: str) -> tuple[str | None, bool]:
        if value.isprintable() and value.strip() and len(value) <= SURELY_FITS:  # nearly every text
            return value, True
        shown = _UNFIT.sub(_UNSEEN, value) if value.strip() else _UNSEEN * bool(value)
        if not _fits(shown):
            shown = f"{shown[:EXACT_PIECE]}…"
        return shown or None, shown == value != ""

    def decode(self, raw: Any) -> str | Absent:
        return _text(raw)

    def spell(self, value: str) -> str:
        return value

    def unspell(self, text: str) -> str:
        return text


class Code(Text):
    """A ``code``: no blanks at the ends, single blanks inside."""

    name = "code"

    def encode(self, value: str) -> tuple[str | None, bool]:
        fits = bool(_CODE.fullmatch(value)) and _fits(value)
        return (value, True) if fits else (None, False)


class Uri(Text):
    """A ``uri``; the model writes OIDs as bare dots, FHIR as ``urn:oid:``."""

    name = "uri"

    def encode(self, value: str) -> tuple[str | None, bool]:
        if _DOTTED.fullmatch(value):
            return OID + value, True
        fits = bool(_URI.fullmatch(value)) and self.decode(value) == value and _fits(value)
        return (value, True) if fits else (None, False)

    def decode(self, raw: Any) -> str | Absent:
        text = _text(raw)
        dotted = text.removeprefix(OID)
        return dotted if _DOTTED.fullmatch(dotted) else text


class Id(Text):
    """An ``id``: at most 64 letters, digits, hyphens and dots."""

    name = "id"

    def encode(self, value: str) -> tuple[str | None, bool]:
        return (value, True) if _ID.fullmatch(value) else (None, False)


@dataclass(frozen=True, slots=True)
class ReferenceText(Text):
    """The text of a ``Reference`` to a resource of one type in the same bundle."""

    resource: str

    name = "reference"

    def encode(self, value: str) -> tuple[str | None, bool]:
        return (f"{self.resource}/{value}", True) if _ID.fullmatch(value) else (None, False)

    def decode(self, raw: Any) -> str | Absent:
        text = _text(raw)
        if text.startswith("urn:uuid:"):
            return text.removeprefix("urn:uuid:")
        kind, _, key = text.rpartition("/")
        return key if kind.rpartition("/")[2] == self.resource else ABSENT


class Day(Primitive[AnyDate]):
    """A ``date``, whole or partial, or the date of a ``dateTime``."""

    name = "date"

    def encode(self, value: AnyDate) -> tuple[str, bool]:
        return value.isoformat(), True

    def decode(self, raw: Any) -> AnyDate:
        match = _DATE.fullmatch(_text(raw))
        if not match:
            raise ValueError(raw)
        return parse_date(match.group(1) or match.group(0))

    def unspell(self, text: str) -> AnyDate:
        return parse_date(text)


class Moment(Primitive[datetime]):
    """A ``dateTime`` or ``instant`` where nothing less will do, with its zone offset; without a time it is absent."""

    name = "dateTime"

    def encode(self, value: datetime) -> tuple[str | None, bool]:
        if value.tzinfo is UTC:
            return value.isoformat(), True
        offset = value.utcoffset() or timedelta()
        if offset % timedelta(minutes=1) or abs(offset) > _WIDEST_OFFSET:
            return _in_utc(value), False
        return value.isoformat(), True

    def decode(self, raw: Any) -> datetime | Absent:
        text = _text(raw)
        match = _DATE_TIME.fullmatch(text)
        if not match:
            raise ValueError(raw)
        return datetime.fromisoformat(text) if match.group(1) else ABSENT

    def spell(self, value: datetime) -> str:
        return value.isoformat()

    def unspell(self, text: str) -> datetime:
        # datetime.fromisoformat loses fractions of a second in the offset (CPython 3.11)
        match = _OFFSET.fullmatch(text)
        if not match:
            raise ValueError(text)
        moment, sign, hours, minutes, seconds, fraction = match.groups("0")
        offset = timedelta(
            hours=int(hours), minutes=int(minutes), seconds=int(seconds), microseconds=int(fraction)
        )
        return datetime.fromisoformat(moment).replace(tzinfo=timezone(-offset if sign == "-" else offset))


class DateTime(Primitive[AnyMoment]):
    """A ``dateTime``: a moment, or a date of which the time of day is unknown."""

    name = "dateTime"

    def encode(self, value: AnyMoment) -> tuple[str | None, bool]:
        return MOMENT.encode(value) if isinstance(value, datetime) else (value.isoformat(), True)

    def decode(self, raw: Any) -> AnyMoment:
        found = MOMENT.decode(raw)
        return parse_date(raw) if isinstance(found, Absent) else found

    def spell(self, value: AnyMoment) -> str:
        return value.isoformat()

    def unspell(self, text: str) -> AnyMoment:
        return MOMENT.unspell(text) if "T" in text else parse_date(text)


class Instant(DateTime):
    """An ``instant``, which has a time of day: a date can only be told beside it."""

    name = "instant"

    def encode(self, value: AnyMoment) -> tuple[str | None, bool]:
        return super().encode(value) if isinstance(value, datetime) else (None, False)


@dataclass(frozen=True, slots=True)
class Whole(Primitive[int]):
    """An ``integer``, ``unsignedInt`` or ``positiveInt``, by its lowest value."""

    lowest: int = -MAX_INTEGER - 1

    name = "integer"

    def encode(self, value: int) -> tuple[int | None, bool]:
        return (value, True) if self.lowest <= value <= MAX_INTEGER else (None, False)

    def decode(self, raw: Any) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise TypeError(raw)
        return raw

    def unspell(self, text: str) -> int:
        return int(text)


class Truth(Primitive[bool]):
    """A ``boolean``."""

    name = "boolean"

    def encode(self, value: bool) -> tuple[bool, bool]:
        return value, True

    def decode(self, raw: Any) -> bool:
        if not isinstance(raw, bool):
            raise TypeError(raw)
        return raw

    def unspell(self, text: str) -> bool:
        raise ValueError(text)


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError(raw)
    return raw


def _fits(value: str) -> bool:
    return len(value) <= SURELY_FITS or len(value.encode("utf-8", "surrogatepass")) <= MAX_STRING_BYTES


def _in_utc(value: datetime) -> str | None:
    try:
        return value.astimezone(UTC).isoformat()
    except OverflowError:  # the first or last hours of the calendar
        return None


TEXT = Text()
CODE = Code()
URI = Uri()
ID = Id()
DAY = Day()
MOMENT = Moment()
DATE_TIME = DateTime()
INSTANT = Instant()
INTEGER = Whole()
UNSIGNED = Whole(0)
POSITIVE = Whole(1)
TRUTH = Truth()
PRACTITIONER = ReferenceText("Practitioner")
PATIENT = ReferenceText("Patient")
ORGANIZATION = ReferenceText("Organization")
PROCEDURE = ReferenceText("Procedure")
APPOINTMENT = ReferenceText("Appointment")
DOCUMENT = ReferenceText("DocumentReference")
COVERAGE = ReferenceText("Coverage")
