"""Data of the register of processing (GDPR article 30) and of the notice in the waiting room (article 13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from archiver.paperwork.departure import PlaceData, PractitionerData
from archiver.paperwork.meaning import FieldMeaning
from archiver.paperwork.transfer import CodeData, CountData
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class HostData:
    """Who hosts health data, with the certificate."""

    name: Annotated[str, FieldMeaning(mark("Name of the host."))]
    service: Annotated[str, FieldMeaning(mark("What it keeps."))]
    certificate: Annotated[str, FieldMeaning(mark("Number of the certificate (HDS), or empty."))]
    scope: Annotated[str, FieldMeaning(mark("Activities that the certificate covers, or empty."))]
    until: Annotated[date | None, FieldMeaning(mark("Last day of the certificate, or `null`."))]
    over: Annotated[bool, FieldMeaning(mark("Whether the certificate is over."))]
    certified: Annotated[bool, FieldMeaning(mark("Whether there is a certificate, and it is in force."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceData:
    """Where dossiers came from."""

    origin: Annotated[CodeData, FieldMeaning(mark("What was collected, or who signed the package."))]
    day: Annotated[date, FieldMeaning(mark("When, the last time."))]
    dossiers: Annotated[int | None, FieldMeaning(mark("How many dossiers of packages; `null` of a program."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class RecipientData:
    """To whom packages were handed over, by the record of exports."""

    name: Annotated[
        str,
        FieldMeaning(mark("The receiver as exports name it; empty of a patient, or where none is named.")),
    ]
    ground: Annotated[CodeData, FieldMeaning(mark("Legal ground of the exports."))]
    day: Annotated[date, FieldMeaning(mark("When, the last time."))]
    packages: Annotated[int, FieldMeaning(mark("How many packages and sets."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasureData:
    """A measure of security."""

    measure: Annotated[CodeData, FieldMeaning(mark("The measure."))]
    count: Annotated[int | None, FieldMeaning(mark("How many lines a journal has, or `null`."))]
    since: Annotated[date | None, FieldMeaning(mark("Since when, or `null`."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityData:
    """An activity of the register."""

    activity: Annotated[CodeData, FieldMeaning(mark("The activity."))]
    purposes: Annotated[tuple[CodeData, ...], FieldMeaning(mark("What it is for."))]
    basis: Annotated[CodeData, FieldMeaning(mark("Legal basis that is proposed (article 6)."))]
    sensitive: Annotated[CodeData, FieldMeaning(mark("Exception for health data (article 9)."))]
    people: Annotated[tuple[CountData, ...], FieldMeaning(mark("Categories of persons, with how many."))]
    data: Annotated[tuple[CountData, ...], FieldMeaning(mark("Categories of data, with how many records."))]
    recipients: Annotated[tuple[CodeData, ...], FieldMeaning(mark("Categories of recipients."))]
    retention: Annotated[
        tuple[CodeData, ...], FieldMeaning(mark("How long: rules, their source as the code."))
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessingData:
    """Facts of the register that the store shows; what only a person knows is a line to fill in."""

    made: Annotated[datetime, FieldMeaning(mark("Moment at which the document is made."))]
    practice: Annotated[PlaceData, FieldMeaning(mark("The practice that answers for the data."))]
    legal_form: Annotated[str, FieldMeaning(mark("Legal form of the practice, or empty."))]
    practitioners: Annotated[tuple[PractitionerData, ...], FieldMeaning(mark("Who practises there now."))]
    former: Annotated[int, FieldMeaning(mark("How many practitioners are former ones."))]
    activities: Annotated[tuple[ActivityData, ...], FieldMeaning(mark("Activities that the store shows."))]
    hosts: Annotated[tuple[HostData, ...], FieldMeaning(mark("Who hosts health data."))]
    receivers: Annotated[
        tuple[RecipientData, ...], FieldMeaning(mark("To whom packages were handed over, by their exports."))
    ]
    sources: Annotated[tuple[SourceData, ...], FieldMeaning(mark("Where dossiers came from."))]
    measures: Annotated[tuple[MeasureData, ...], FieldMeaning(mark("Measures that this program takes."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeData:
    """Facts of the notice in the waiting room."""

    made: Annotated[datetime, FieldMeaning(mark("Moment at which the document is made."))]
    practice: Annotated[PlaceData, FieldMeaning(mark("The practice that answers for the data."))]
    practitioners: Annotated[tuple[PractitionerData, ...], FieldMeaning(mark("Who practises there now."))]
    hosts: Annotated[tuple[HostData, ...], FieldMeaning(mark("Who hosts health data."))]
