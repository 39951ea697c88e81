"""Data of the letters about a departure: to patients, to the council of the Order, to the regional health agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from archiver.paperwork.meaning import FieldMeaning
from archiver.paperwork.transfer import CodeData, NumberData
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class PractitionerData:
    """Who leaves."""

    name: Annotated[str, FieldMeaning(mark("Given name and family name, with Dr in front."))]
    rpps: Annotated[str, FieldMeaning(mark("RPPS number; empty when the store has none."))]
    specialty: Annotated[str, FieldMeaning(mark("Specialty in the words of the source, or empty."))]
    role: Annotated[
        CodeData | None, FieldMeaning(mark("How the practitioner works there; `null` when nobody knows."))
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceData:
    """The practice that is left."""

    name: Annotated[str, FieldMeaning(mark("Name of the practice, or empty."))]
    address: Annotated[tuple[str, ...], FieldMeaning(mark("Lines of the address; empty when unknown."))]
    telephone: Annotated[str, FieldMeaning(mark("Telephone, or empty."))]
    email: Annotated[str, FieldMeaning(mark("Electronic address, or empty."))]
    numbers: Annotated[
        tuple[NumberData, ...], FieldMeaning(mark("Numbers that authorities gave to the practice."))
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class DepartureData:
    """Facts of a departure; what the store does not hold and nobody stated is empty, and a line to fill in."""

    made: Annotated[datetime, FieldMeaning(mark("Moment at which the document is made."))]
    situation: Annotated[
        CodeData, FieldMeaning(mark("Why the practitioner leaves: `departure`, `succession`, `cessation`."))
    ]
    practitioner: Annotated[PractitionerData, FieldMeaning(mark("Who leaves."))]
    practice: Annotated[PlaceData, FieldMeaning(mark("The practice that is left."))]
    last_day: Annotated[
        date | None,
        FieldMeaning(mark("Day from which the practitioner is not there any more; `null` unless stated.")),
    ]
    notice_by: Annotated[
        date | None,
        FieldMeaning(mark("Six months before (article L4113-15 CSP); `null` without a last day.")),
    ]
    late: Annotated[bool, FieldMeaning(mark("Whether the document is made after that day."))]
    successor: Annotated[str, FieldMeaning(mark("Who takes over, or empty."))]
    new_practice: Annotated[str, FieldMeaning(mark("Where the practitioner goes on, or empty."))]
    keeper: Annotated[str, FieldMeaning(mark("Who keeps the records without a successor, or empty."))]
