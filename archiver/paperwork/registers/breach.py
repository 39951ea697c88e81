"""The sheet of a personal data breach: what the notification says (GDPR article 33(3)), and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Annotated

from archiver.compliance.breach_clock import STEP_WORDS, breach_clock
from archiver.compliance.breach_words import NATURE_WORDS, RISK_WORDS, BreachNature, BreachRisk
from archiver.paperwork.departure import PlaceData
from archiver.paperwork.meaning import FieldMeaning
from archiver.paperwork.store_facts import place_data
from archiver.paperwork.transfer import CodeData
from archiver.practice.registers.breaches import Breach
from formats.model.people import Practice
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class BreachData:
    """Facts of a breach; what nobody filled in is empty, and a line to fill in."""

    made: Annotated[datetime, FieldMeaning(mark("Moment at which the document is made."))]
    practice: Annotated[PlaceData, FieldMeaning(mark("The practice that answers for the data."))]
    number: Annotated[int, FieldMeaning(mark("Number of the breach in the register."))]
    step: Annotated[CodeData, FieldMeaning(mark("What the breach asks for next."))]
    natures: Annotated[tuple[CodeData, ...], FieldMeaning(mark("What was lost."))]
    known: Annotated[str, FieldMeaning(mark("When the practice became aware: a day, or a moment."))]
    notify_by: Annotated[datetime, FieldMeaning(mark("Seventy-two hours later."))]
    late: Annotated[bool, FieldMeaning(mark("Whether the notification was later, or is not made by then."))]
    happened: Annotated[str, FieldMeaning(mark("When it happened, as far as it is known, or empty."))]
    facts: Annotated[str, FieldMeaning(mark("What happened."))]
    persons: Annotated[str, FieldMeaning(mark("About how many persons, or empty."))]
    records: Annotated[str, FieldMeaning(mark("About how many records, or empty."))]
    data: Annotated[str, FieldMeaning(mark("Which persons, and which of their data, or empty."))]
    consequences: Annotated[str, FieldMeaning(mark("Likely consequences, or empty."))]
    measures: Annotated[str, FieldMeaning(mark("Measures taken or proposed, or empty."))]
    risk: Annotated[CodeData | None, FieldMeaning(mark("The risk; `null` until it is assessed."))]
    risk_reason: Annotated[str, FieldMeaning(mark("Why this risk, or empty."))]
    notified: Annotated[datetime | None, FieldMeaning(mark("When the CNIL was notified, or `null`."))]
    notification: Annotated[str, FieldMeaning(mark("Number of the notification, or empty."))]
    delay_reason: Annotated[str, FieldMeaning(mark("Why it was notified later, or empty."))]
    informed: Annotated[datetime | None, FieldMeaning(mark("When the persons were told, or `null`."))]
    informing: Annotated[str, FieldMeaning(mark("How they were told, or empty."))]
    uninformed_reason: Annotated[str, FieldMeaning(mark("Why they need not be told, or empty."))]
    closed: Annotated[datetime | None, FieldMeaning(mark("When the breach was closed, or `null`."))]
    closing_remark: Annotated[str, FieldMeaning(mark("Why it was closed or opened again, or empty."))]


def breach_data(breach: Breach, practice: Practice | None, made: datetime, zone: tzinfo) -> BreachData:
    """Return the facts of ``breach`` at the moment ``made``."""
    clock = breach_clock(breach, made, zone)
    risk = BreachRisk(breach.risk) if breach.risk else None
    return BreachData(
        made=made,
        practice=place_data(practice),
        number=breach.id,
        step=CodeData(code=clock.step.value, words=STEP_WORDS[clock.step]),
        natures=tuple(
            CodeData(code=one, words=NATURE_WORDS[BreachNature(one)]) for one in breach.natures.split()
        ),
        known=breach.known_at,
        notify_by=clock.notify_by,
        late=clock.late,
        happened=breach.happened,
        facts=breach.facts,
        persons=breach.persons,
        records=breach.records,
        data=breach.data,
        consequences=breach.consequences,
        measures=breach.measures,
        risk=CodeData(code=risk.value, words=RISK_WORDS[risk]) if risk else None,
        risk_reason=breach.risk_reason,
        notified=_moment(breach.notified_at, zone),
        notification=breach.notification,
        delay_reason=breach.delay_reason,
        informed=_moment(breach.informed_at, zone),
        informing=breach.informing,
        uninformed_reason=breach.uninformed_reason,
        closed=_moment(breach.closed_at, zone),
        closing_remark=breach.closing_remark,
    )


def _moment(text: str, zone: tzinfo) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(zone).replace(microsecond=0) if text else None
