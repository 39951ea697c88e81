"""Acts as procedures: what was done, with its CCAM code, its teeth, who did it; and what is planned."""

from __future__ import annotations

from collections.abc import Iterator

from formats.cda.codes import ABSENT_UNKNOWN, SURFACE_CODES, TOOTH_SYSTEM, system_oid
from formats.cda.writer.entries.entry import (
    CCD,
    FR,
    PCC,
    EntryContext,
    comment_cell,
    comments,
)
from formats.cda.writer.values import (
    CdaCode,
    Cell,
    RecordCode,
    code_element,
    date_stamp,
    id_element,
    null_element,
    shown_date,
    templates,
    text_reference,
)
from formats.model.care import Act, ActStatus
from formats.xml_markup import NOTHING, Markup, element

DONE = frozenset({ActStatus.DONE, ActStatus.EXISTING, ActStatus.EXISTING_ELSEWHERE, ActStatus.CANCELLED})
"""Statuses of what belongs to the history of acts; the others are planned, or no acts."""
NO_ACTS_KNOWN = CdaCode(
    oid=ABSENT_UNKNOWN, code="no-procedure-info", label="Pas d'information sur les actes et interventions"
)
HEADS = ("Date", "Acte", "Code", "Dents et faces", "Praticien", "Précisions")
STATUS_LABELS = {
    ActStatus.EXISTING: "réalisé auparavant",
    ActStatus.EXISTING_ELSEWHERE: "réalisé ailleurs",
    ActStatus.CANCELLED: "annulé",
    ActStatus.PLANNED: "prévu",
    ActStatus.REFERRED: "adressé",
    ActStatus.CONDITION: "constaté",
}


def act_row(one: Act, place: str, context: EntryContext) -> tuple[Cell, ...]:
    """Return what a person reads of an act, under ``HEADS``."""
    status = STATUS_LABELS.get(one.status, "")
    sites = ", ".join(filter(None, (" ".join(one.teeth), "".join(map(str, one.surfaces)))))
    return (
        Cell.of(shown_date(one.performed_on)),
        Cell(((one.label, place), (status, ""))),
        Cell.of(" ".join((one.code, *one.modifiers)).strip()),
        Cell(((sites, ""), (one.area, f"{place}-a"))),
        Cell.of(context.shown_practitioner(one.practitioner)),
        comment_cell(one.note, place),
    )


def no_acts_row(place: str) -> tuple[Cell, ...]:
    """Return what a person reads where no act is recorded."""
    return (Cell.of(""), Cell.of(NO_ACTS_KNOWN.label, place), *(Cell.of(""),) * 4)


def act_entry(one: Act, place: str, context: EntryContext) -> Markup:
    """Return an act as a procedure; in the mood of an intention where it is planned."""
    planned = one.status is ActStatus.PLANNED
    state = "aborted" if one.status is ActStatus.CANCELLED else "active" if planned else "completed"
    when = element("effectiveTime", value=date_stamp(one.performed_on)) if one.performed_on else NOTHING
    fact = RecordCode(system=one.code_system, code=one.code, label=one.label, place=place)
    return element(
        "procedure",
        templates(f"{PCC}.4.19", f"{CCD}.25" if planned else f"{CCD}.29", f"{FR}.3.62"),
        id_element(one.id.upper()),
        fact.element("code"),
        text_reference(place),
        element("statusCode", code=state),
        when or null_element("effectiveTime"),
        *_sites(one, place),
        context.performer(one.practitioner, elsewhere=one.status is ActStatus.EXISTING_ELSEWHERE),
        comments(one.note, place),
        classCode="PROC",
        moodCode="INT" if planned else "EVN",
    )


def _sites(one: Act, place: str) -> Iterator[Markup]:
    for tooth in dict.fromkeys(one.teeth):
        yield code_element("targetSiteCode", CdaCode(oid=TOOTH_SYSTEM, code=tooth))
    for surface in dict.fromkeys(one.surfaces):
        system, code = SURFACE_CODES[surface]
        yield element("targetSiteCode", code=code, codeSystem=system_oid(system), codeSystemName=system)
    if one.area.strip():
        yield RecordCode(place=f"{place}-a").element("targetSiteCode")


def no_acts_entry(place: str, context: EntryContext) -> Markup:
    """Return the entry of a history of which nothing is recorded."""
    return element(
        "procedure",
        templates(f"{PCC}.4.19", f"{CCD}.29", f"{FR}.3.62"),
        context.made_id("not-asked", "acts"),
        code_element("code", NO_ACTS_KNOWN),
        text_reference(place),
        element("statusCode", code="completed"),
        null_element("effectiveTime"),
        classCode="PROC",
        moodCode="EVN",
    )
