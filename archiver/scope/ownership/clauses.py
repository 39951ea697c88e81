"""Clauses by which a practitioner may call a patient their own: what each makes of the evidence.

What they are called, and where they stand, say the rules (``archiver.scope.ownership.rules``).
"""

from __future__ import annotations

from datetime import date

from archiver.scope.ownership.evidence import ExclusivePeriod, PersonEvidence
from archiver.scope.ownership.months import add_months, whole_months
from archiver.scope.ownership.practitioners import NOBODY
from archiver.scope.ownership.rulings import (
    RuleAnswer,
    RuleTerms,
    answer_disputed,
    answer_not_theirs,
    answer_theirs,
)
from formats.errors import Fact
from formats.words import BilingualText, Words, mark, plural


def attending(found: PersonEvidence, practitioner: str, terms: RuleTerms) -> RuleAnswer:
    """Clause “attending”: the practice states the practitioner as attending."""
    stated = [one for one in found.attending if one != NOBODY]
    if not stated:
        return answer_disputed(mark("The practice states nobody as attending."))
    if len(stated) > 1:
        names = terms.names(stated)
        return answer_disputed(
            mark("Records of this person state several as attending: {names}."), names=names
        )
    other = terms.claimants.get(stated[0])
    name = terms.name(stated[0])
    if stated[0] == practitioner:
        return answer_theirs(mark("The practice states {name} as attending."), name=name)
    if other is not None and not other.claims:
        sentence = mark("The practice states {name} as attending, who can have no patients of their own.")
        return answer_disputed(sentence, name=name)
    return answer_not_theirs(mark("The practice states {name} as attending."), name=name)


def booked_with(found: PersonEvidence, practitioner: str, terms: RuleTerms) -> RuleAnswer:
    """Clause “booked-with”: the patient booked directly with the practitioner, and with nobody else."""
    mine, name = found.of(practitioner), terms.name(practitioner)
    others = sum(care.bookings for one, care in found.care.items() if one != practitioner)
    if not mine.bookings:
        if (mine.acts or mine.visits) and not others:
            return answer_disputed(mark("No booking is recorded, though {name} saw the patient."), name=name)
        return answer_not_theirs(mark("No booking is with {name}."), name=name)
    if found.first_booked != (practitioner,):
        sentence = mark(
            "The first booking was not with {name} (but: {others}); no record says whether the patient came to "
            "{name} by themselves later or was entrusted."
        )
        return answer_disputed(sentence, name=name, others=terms.names(found.first_booked) or "?")
    if others:
        sentence = plural(
            "The first booking was with {name}; {count} booking is with somebody else.",
            "The first booking was with {name}; {count} bookings are with somebody else.",
        )
        return answer_disputed(sentence, name=name, count=others)
    sentence = plural("{count} booking, with {name}.", "{count} bookings, all of them with {name}.")
    return answer_theirs(sentence, name=name, count=mine.bookings)


def treated_by(found: PersonEvidence, practitioner: str, terms: RuleTerms) -> RuleAnswer:
    """Clause “treated-by”: the practitioner alone has done acts."""
    mine, name = found.of(practitioner), terms.name(practitioner)
    if not mine.acts:
        return answer_not_theirs(mark("{name} has done no act."), name=name)
    doing = [one for one, care in found.care.items() if care.acts and one != practitioner]
    others = [one for one in doing if one in terms.claimants and terms.claimants[one].claims]
    if others:
        sentence = mark("{name} has done acts, and so have: {others}.")
        return answer_disputed(sentence, name=name, others=terms.names(others))
    unknown = sum(care.acts for one, care in found.care.items() if _is_nobody(one, terms))
    if unknown:
        sentence = plural(
            "{name} has done acts, and of {count} act no record says who did it.",
            "{name} has done acts, and of {count} acts no record says who did them.",
        )
        return answer_disputed(sentence, name=name, count=unknown)
    sentence = plural(
        "{count} act done by {name}, none by another who can have patients of their own.",
        "{count} acts done by {name}, none by another who can have patients of their own.",
    )
    return answer_theirs(sentence, name=name, count=mine.acts)


def _is_nobody(practitioner: str, terms: RuleTerms) -> bool:
    """Tell whether a record that names ``practitioner`` names no person: nobody, or a column of the diary."""
    known = terms.claimants.get(practitioner)
    return practitioner == NOBODY or (known is not None and not known.claims and not known.replacement)


def exclusive(found: PersonEvidence, practitioner: str, terms: RuleTerms) -> RuleAnswer:
    """Clause “exclusive-N-months”: the practitioner alone has seen the patient for more than these months."""
    period = found.exclusive
    if not found.of(practitioner).visits:
        return answer_not_theirs(mark("{name} has not seen the patient."), name=terms.name(practitioner))
    if period is None:
        seen = terms.names([one for one, care in found.care.items() if care.visits])
        return answer_not_theirs(mark("Several saw the patient on the last day: {names}."), names=seen)
    if period.practitioner != practitioner:
        since = day_text(date.fromisoformat(period.first))
        other = terms.name(period.practitioner)
        return answer_not_theirs(mark("{name} has seen the patient since {first}."), name=other, first=since)
    return _alone(period, terms)


def _alone(period: ExclusivePeriod, terms: RuleTerms) -> RuleAnswer:
    """Return what the months ask of a practitioner who has been the only one."""
    first, last = date.fromisoformat(period.first), date.fromisoformat(period.last)
    facts: dict[str, Fact] = {
        "name": terms.name(period.practitioner),
        "first": day_text(first),
        "last": day_text(last),
        "months": whole_months(first, last),
    }
    enough = add_months(first, terms.months)
    if not enough < terms.on:
        return answer_not_theirs(
            mark("{name} alone since {first}, the last time on {last}: too short."), **facts
        )
    if period.unsure:
        sentence = plural(
            "{name} alone since {first}, but for {count} visit of which no record says with whom or when.",
            "{name} alone since {first}, but for {count} visits of which no record says with whom or when.",
        )
        return answer_disputed(sentence, count=period.unsure, **facts)
    if not enough < last:
        unclear = mark(
            "{name} alone since {first}, the last time on {last}: long enough up to the day of the split, "
            "not up to the last visit; the contract must say which counts."
        )
        return answer_disputed(unclear, **facts)
    return answer_theirs(mark("{name} alone from {first} to {last} ({months} months)."), **facts)


def day_text(day: date) -> BilingualText:
    """Return a day as a sentence of either language has it."""
    return BilingualText(Words(f"{day:%d/%m/%Y}", day.isoformat()))


def explicit(found: PersonEvidence, practitioner: str, terms: RuleTerms) -> RuleAnswer:
    """Clause “explicit”: the roster that both settled says so."""
    named, name = terms.roster.get(found.person, frozenset()), terms.name(practitioner)
    if practitioner not in named:
        return answer_not_theirs(mark("The roster does not let the patient leave with {name}."), name=name)
    if len(named) > 1:
        return answer_disputed(mark("The roster names several: {names}."), names=terms.names(sorted(named)))
    return answer_theirs(mark("The roster lets the patient leave with {name}."), name=name)
