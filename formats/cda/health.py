"""Statements of health: problems, allergies, treatments, habits, history of the family; and that there is none.

"None known" is an answer and "not asked" is none: the codes of absent and unknown data, ``negationInd`` and
``nullFlavor`` say which (HL7 IPS; IHE PCC TF-2, 6.3.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from formats.cda.codes import (
    ABSENT_UNKNOWN,
    ENTIRE_TOPIC,
    KIND_REFUTED,
    NONE_KNOWN,
    NOT_ASKED,
    OTHER_HABIT,
    STATUSES,
    UNSPECIFIC,
    SectionCode,
    SectionKind,
)
from formats.cda.elements import (
    Coded,
    Interval,
    attribute,
    child,
    first_interval,
    local_name,
    plain,
)
from formats.cda.medication import directions, product
from formats.cda.reading import Reading, Unrecorded
from formats.model.dates import surely_before, without_time
from formats.model.health import HealthStatement, HealthStatus, HealthTopic, Presence
from formats.xml import Element


@dataclass(frozen=True, kw_only=True, slots=True)
class _Meaning:
    """What a statement says: the ``fact``, the code that may deny it, and what else is told of it."""

    fact: Coded
    tested: Coded
    denied: bool
    status: HealthStatus
    lines: Iterable[str] = ()


HealthAnswer: TypeAlias = "HealthStatement | Unrecorded"


def read_health(statement: Element, section: SectionCode, reading: Reading) -> Iterator[HealthAnswer]:
    """Yield what ``statement``, the entry of a section about health, says."""
    kind, name = section.kind, local_name(statement)
    if kind is SectionKind.MEDICATION and name == "substanceAdministration":
        yield _medication(statement, section, reading)
    elif kind is SectionKind.FAMILY and name == "organizer":
        yield from _family(statement, section, reading)
    elif name == "observation":
        yield _observed(statement, section, reading)
    elif name == "act":
        observed = [one for one in reading.below(statement) if local_name(one) == "observation"]
        if observed:
            reading.read(statement)
        concern = attribute(child(statement, "statusCode"), "code")
        for one in observed:
            yield _observed(one, section, reading, concern)


def _observed(one: Element, section: SectionCode, reading: Reading, concern: str = "") -> HealthAnswer:
    """Return what the observation of a problem, an allergy or a habit says; ``concern`` is the status of its act."""
    reading.read(one)
    value, kind = reading.coded(child(one, "value")), reading.coded(child(one, "code"))
    wording = Coded(label=reading.text(child(one, "text")))
    status = _status(reading.status(one), concern, section, first_interval(one), reading)
    lines: list[str] = []
    if section.kind is SectionKind.HABIT:
        fact, lines = kind or wording, [reading.value_text(child(one, "value"))]
        if kind.code == OTHER_HABIT:
            fact, lines = value or wording, []
    elif section.kind is SectionKind.ALLERGY:
        agent = _agent(one, reading)
        fact = agent or value or wording or kind
        lines = [_specific_label(each) for each in (kind, value) if each.label != fact.label]
    else:
        fact = value or wording
    meaning = _Meaning(
        fact=fact,
        tested=value or kind,
        denied=attribute(one, "negationInd") == "true",
        status=status,
        lines=(*lines, *reading.details(one)),
    )
    return _statement(one, ENTIRE_TOPIC[section.kind], meaning, reading)


def _agent(one: Element, reading: Reading) -> Coded:
    """Return what somebody is allergic to."""
    entity = child(one, "participant/participantRole/playingEntity")
    coded = reading.coded(child(entity, "code"))
    return replace(coded, label=coded.label or plain(child(entity, "name")))


def _medication(one: Element, section: SectionCode, reading: Reading) -> HealthAnswer:
    reading.read(one)
    fact, kind = product(one, reading), reading.coded(child(one, "code"))
    meaning = _Meaning(
        fact=fact or Coded(label=reading.text(child(one, "text"))),
        tested=fact if fact.code in {*NONE_KNOWN, *NOT_ASKED} else kind,
        denied=attribute(one, "negationInd") == "true",
        status=_status(reading.status(one), "", section, first_interval(one), reading),
        lines=directions(one, reading),
    )
    return _statement(one, HealthTopic.MEDICATION, meaning, reading)


def _family(organizer: Element, section: SectionCode, reading: Reading) -> Iterator[HealthAnswer]:
    """Yield what is said of the health of a relative."""
    reading.read(organizer)
    relative = reading.coded(child(organizer, "subject/relatedSubject/code"))
    for one in reading.below(organizer):
        if local_name(one) != "observation":
            continue
        reading.read(one)
        value = reading.coded(child(one, "value"))
        meaning = _Meaning(
            fact=value or Coded(label=reading.text(child(one, "text"))),
            tested=value or reading.coded(child(one, "code")),
            denied=attribute(one, "negationInd") == "true",
            status=STATUSES.get(reading.status(one), section.status),
            lines=(relative.label, *reading.details(one)),
        )
        yield _statement(one, HealthTopic.FAMILY, meaning, reading)


# -- what is said, denied or unknown ------------------------------------------------------


def _statement(one: Element, entire: HealthTopic, meaning: _Meaning, reading: Reading) -> HealthAnswer:
    judged = _presence(entire, meaning)
    if isinstance(judged, Unrecorded):
        return judged
    topic, presence = judged
    when = first_interval(one)
    lines = [line for line in dict.fromkeys(meaning.lines) if line]
    base = {**reading.base(), "topic": topic, "presence": presence, "start": when.low}
    base |= {"recorded_at": reading.written_at(one), "practitioner": reading.who(one)}
    if presence is Presence.NONE:
        heard = [_specific_label(meaning.tested), *lines]
        return HealthStatement(**base, detail="\n".join(filter(None, heard)))
    fact = meaning.fact or meaning.tested
    return HealthStatement(
        **base,
        status=meaning.status,
        code_system=fact.system,
        code=fact.code,
        label=fact.label,
        detail="\n".join(lines),
        end=when.high,
    )


def _presence(topic: HealthTopic, meaning: _Meaning) -> tuple[HealthTopic, Presence] | Unrecorded:
    code = meaning.tested.code
    if code in NOT_ASKED:
        return Unrecorded.NOT_ASKED
    if code in NONE_KNOWN:
        empty = NONE_KNOWN[code]
        return Unrecorded.NO_PLACE if empty is None else (empty, Presence.NONE)
    if code in KIND_REFUTED:
        return topic, Presence.REFUTED
    if not meaning.fact:
        return Unrecorded.NOT_ASKED
    if not meaning.denied:
        return topic, Presence.PRESENT
    fact = meaning.fact
    general = not (fact.code or fact.other) or fact.code in UNSPECIFIC
    return topic, Presence.NONE if general else Presence.REFUTED


def _specific_label(coded: Coded) -> str:
    """Return the label of a code that says more than that there is something, or nothing, or that nobody knows."""
    return "" if coded.oid == ABSENT_UNKNOWN or coded.code in UNSPECIFIC else coded.label


def _status(
    stated: str, concern: str, section: SectionCode, when: Interval, reading: Reading
) -> HealthStatus:
    """Return the status that is stated, or what the end, the act around and the section say, in this order."""
    if stated in STATUSES:
        return STATUSES[stated]
    made = without_time(reading.made_at) if reading.made_at else None
    if when.high is not None and made is not None and surely_before(when.high, made):
        return HealthStatus.RESOLVED
    if concern == "active":
        return HealthStatus.ACTIVE
    return section.status
