"""Statements of health as entries: problems, allergies, treatments, habits, history of the family.

"None known" and "nobody asked" are codes of absent and unknown data where CI-SIS has them; of habits and the family
it has none, and ``negationInd`` denies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from formats.cda.codes import LOINC, OTHER_HABIT, SNOMED
from formats.cda.writer.entries.entry import (
    CCD,
    COMPLETED,
    FR,
    PCC,
    EntryContext,
    comment_cell,
    comments,
    problem_status,
    status_cell,
)
from formats.cda.writer.entries.health_codes import HABITS, NONE_CODES, NOT_ASKED_CODES
from formats.cda.writer.entries.treatments import empty_medication, record_code
from formats.cda.writer.values import (
    CdaCode,
    Cell,
    RecordCode,
    code_element,
    id_element,
    narrative_reference,
    null_element,
    shown_date,
    templates,
    text_reference,
    time_interval,
)
from formats.model.health import HealthStatement, HealthStatus, HealthTopic, Presence
from formats.model.observations import LOINC_SYSTEM
from formats.xml_markup import NOTHING, Markup, element

CONDITION_STATUSES = "2.16.840.1.113883.4.642.1.1074"
ALLERGY_STATUSES = "2.16.840.1.113883.4.642.4.1373"
DIAGNOSIS = CdaCode(oid=SNOMED, code="282291009", label="interprétation diagnostique")
ALLERGY = CdaCode(oid=SNOMED, code="420134006", label="propension à des réactions indésirables")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Observed:
    """A kind of observation: its templates, those of the concern around it, its code, the value set of its status."""

    roots: tuple[str, ...]
    code: CdaCode
    concern: tuple[str, ...] = ()
    statuses: str = CONDITION_STATUSES


_NOTHING_KNOWN: Mapping[HealthTopic, str] = {
    HealthTopic.HABIT: "Aucun à signaler",
    HealthTopic.FAMILY: "Aucun antécédent familial connu",
}
_CONDITIONS = _Observed(
    roots=(f"{CCD}.28", f"{PCC}.4.5", f"{FR}.3.37"),
    concern=(f"{CCD}.27", f"{PCC}.4.5.1", f"{PCC}.4.5.2", f"{FR}.3.39"),
    code=DIAGNOSIS,
    statuses=CONDITION_STATUSES,
)
_ALLERGIES = _Observed(
    roots=(f"{CCD}.18", f"{CCD}.28", f"{PCC}.4.5", f"{PCC}.4.6", f"{FR}.3.41"),
    concern=(f"{CCD}.27", f"{PCC}.4.5.1", f"{PCC}.4.5.3", f"{FR}.3.40"),
    code=ALLERGY,
    statuses=ALLERGY_STATUSES,
)
_HABITS = _Observed(
    roots=(f"{CCD}.33", f"{PCC}.4.13", f"{PCC}.4.13.4", f"{FR}.3.52"),
    code=CdaCode(oid=LOINC, code=OTHER_HABIT, label="Autre élément social"),
)
_RELATIVES = _Observed(roots=(f"{CCD}.22", f"{PCC}.4.13", f"{PCC}.4.13.3", f"{FR}.3.51"), code=DIAGNOSIS)
_FAMILY_ORGANIZER = (f"{CCD}.23", f"{PCC}.4.15", f"{FR}.3.59")


HEADS = ("Depuis", "Jusqu'au", "Libellé", "Code", "Statut", "Précisions")


def statement_row(one: HealthStatement, place: str) -> tuple[Cell, ...]:
    """Return what a person reads of a statement, under ``HEADS``."""
    label, negated = one.label, ""
    if one.presence is Presence.NONE:
        label = _none_label(one.topic)
    elif one.presence is Presence.REFUTED:
        negated = "Exclu : "
    return (
        Cell.of(shown_date(one.start)),
        Cell.of(shown_date(one.end)),
        Cell(((negated, ""), (label, place))),
        Cell.of(one.code),
        Cell.of("") if one.presence is Presence.NONE else status_cell(one.status, place),
        comment_cell(one.detail, place),
    )


def _none_label(topic: HealthTopic) -> str:
    found = NONE_CODES.get(topic)
    return found.label if found else _NOTHING_KNOWN.get(topic, "Aucun")


def not_asked_row(topic: HealthTopic, place: str) -> tuple[Cell, ...]:
    """Return what a person reads where nobody asked."""
    return (Cell.of(""), Cell.of(""), Cell.of(NOT_ASKED_CODES[topic].label, place), *(Cell.of(""),) * 3)


# -- problems and allergies ---------------------------------------------------------------


def problem_entry(one: HealthStatement, place: str, context: EntryContext) -> Markup:
    """Return a problem within the concern about it."""
    return _concern(
        _CONDITIONS, one, _statement(_CONDITIONS, one, place, _value(one, place), context), context
    )


def allergy_entry(one: HealthStatement, place: str, context: EntryContext) -> Markup:
    """Return an allergy within the concern about it: the agent is what somebody is allergic to."""
    value, agent = _value(one, place), NOTHING
    if one.presence is not Presence.NONE:
        value = element("value", element("originalText", narrative_reference(place)), xsi_type="CD")
        agent = _agent(record_code(one, place))
    return _concern(_ALLERGIES, one, _statement(_ALLERGIES, one, place, value, context, agent), context)


def _value(one: HealthStatement, place: str) -> Markup:
    if one.presence is Presence.NONE:
        original = element("originalText", narrative_reference(place))
        return code_element("value", NONE_CODES[one.topic], original, xsi_type="CD")
    return record_code(one, place).element("value", xsi_type="CD")


def _agent(fact: RecordCode) -> Markup:
    entity = element("playingEntity", fact.element("code"), classCode="MMAT")
    role = element("participantRole", entity, classCode="MANU")
    return element("participant", role, typeCode="CSM")


def _statement(
    kind: _Observed,
    one: HealthStatement,
    place: str,
    value: Markup,
    context: EntryContext,
    agent: Markup = NOTHING,
) -> Markup:
    """Return the observation of what a statement says; ``value`` denies where a code does, else ``negationInd``."""
    denied_by_code = one.presence is Presence.NONE and one.topic in NONE_CODES
    status = NOTHING
    if one.presence is not Presence.NONE:
        status = problem_status(one.status, place, kind.statuses)
    return _observation(
        kind,
        id_element(one.id.upper()),
        place,
        time_interval(one.start, one.end),
        value,
        context.author(one.practitioner, one.recorded_at),
        agent,
        status,
        comments(one.detail, place),
        negation=_negated(denied=one.presence is not Presence.PRESENT and not denied_by_code),
    )


def _negated(*, denied: bool) -> str:
    return "true" if denied else "false"


def _observation(
    kind: _Observed, own_id: Markup, place: str, *content: Markup, negation: str = "false"
) -> Markup:
    return element(
        "observation",
        templates(*kind.roots),
        own_id,
        code_element("code", kind.code),
        text_reference(place),
        COMPLETED,
        *content,
        classCode="OBS",
        moodCode="EVN",
        negationInd=negation,
    )


def _concern(kind: _Observed, one: HealthStatement, observed: Markup, context: EntryContext) -> Markup:
    over = one.status is HealthStatus.RESOLVED
    when = time_interval(one.start, one.end if over else None, ended=over)
    return _concern_act(kind, context.made_id("concern", one.id), when, observed, over=over)


def _concern_act(
    kind: _Observed, own_id: Markup, when: Markup, observed: Markup, *, over: bool = False
) -> Markup:
    return element(
        "act",
        templates(*kind.concern),
        own_id,
        null_element("code", "NA"),
        element("statusCode", code="completed" if over else "active"),
        when,
        element("entryRelationship", observed, typeCode="SUBJ", inversionInd="false"),
        classCode="ACT",
        moodCode="EVN",
    )


def not_asked_entry(topic: HealthTopic, place: str, context: EntryContext) -> Markup:
    """Return the entry of a topic that nobody asked about: problems, allergies or treatments."""
    own, code = context.made_id("not-asked", topic.value), NOT_ASKED_CODES[topic]
    if topic is HealthTopic.MEDICATION:
        return empty_medication(own, code, place)
    kind = _ALLERGIES if topic is HealthTopic.ALLERGY else _CONDITIONS
    value = code_element("value", code, element("originalText", narrative_reference(place)), xsi_type="CD")
    observed = _observation(kind, own, place, time_interval(None, None), value)
    concern = context.made_id("not-asked-concern", topic.value)
    return _concern_act(kind, concern, time_interval(None, None), observed)


# -- habits and the family ----------------------------------------------------------------


def habit_entry(one: HealthStatement, place: str, context: EntryContext) -> Markup:
    """Return a habit: by the code that CI-SIS has for it, or as the value of the code for all others."""
    kind, code, none = _HABITS, one.code.strip(), one.presence is Presence.NONE
    value = (
        null_element("value", "NA", xsi_type="CD")
        if none
        else record_code(one, place).element("value", xsi_type="CD")
    )
    if code in HABITS and one.code_system == LOINC_SYSTEM and not none:
        kind = replace(kind, code=CdaCode(oid=LOINC, code=code, label=" ".join(one.label.split())))
        value = null_element("value", xsi_type="ST")
    return _statement(kind, one, place, value, context)


def family_entry(one: HealthStatement, place: str, context: EntryContext) -> Markup:
    """Return what is known of the health of relatives; the model does not say of whom."""
    none = one.presence is Presence.NONE
    value = (
        null_element("value", "NA", xsi_type="CD")
        if none
        else record_code(one, place).element("value", xsi_type="CD")
    )
    subject = element(
        "subject",
        templates(f"{PCC}.4.15.2", f"{FR}.3.60"),
        element("relatedSubject", null_element("code"), classCode="PRS"),
        typeCode="SBJ",
    )
    observed = _statement(_RELATIVES, one, place, value, context)
    return element(
        "organizer",
        templates(*_FAMILY_ORGANIZER),
        COMPLETED,
        subject,
        element("component", observed, typeCode="COMP"),
        classCode="CLUSTER",
        moodCode="EVN",
    )
