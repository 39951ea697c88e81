"""Rules of ownership: the clauses by which a practitioner may call a patient their own, as data.

A rule says of one person and one practitioner: theirs, not theirs, or disputed, which is whatever the records
cannot tell. It never guesses. Sources: CSP R4127-262, R4127-264, R4127-275, R4127-276; Ordre national des
chirurgiens-dentistes, disciplinary chamber, 2 February 2016, n° 2291; its model contract of liberal
collaboration of 2018.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from archiver.scope.errors import RuleUnknown
from archiver.scope.ownership.evidence import ExclusivePeriod, PersonEvidence
from archiver.scope.ownership.months import add_months, whole_months
from archiver.scope.ownership.practitioners import NOBODY, Claimants, name_of
from formats.errors import Fact
from formats.words import BilingualText, Words, mark, plural

MAX_MONTHS = 240
"""Months of exclusive care that a clause can ask for; retention itself is twenty years."""


class Ruling(StrEnum):
    THEIRS = "theirs"
    NOT_THEIRS = "not-theirs"
    DISPUTED = "disputed"


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleAnswer:
    """What a rule answers, with the reason: ``sentence`` is a gettext message with named ``facts``."""

    ruling: Ruling
    sentence: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleTerms:
    """What rules need besides the evidence: who can claim, the day, and what the clause leaves open.

    ``roster`` gives the practitioners with whom a settled roster lets each person leave.
    """

    claimants: Claimants
    on: date
    months: int = 0
    roster: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def name(self, practitioner: str) -> str:
        """Return how people call a practitioner."""
        return name_of(self.claimants, practitioner)

    def names(self, practitioners: Sequence[str]) -> str:
        """Return how people call each of several."""
        return ", ".join(filter(None, map(self.name, practitioners)))


Claiming = Callable[[PersonEvidence, str, RuleTerms], RuleAnswer]


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnershipRule:
    """A clause: its ``code`` on the command line, what it is called, what it says, where it stands.

    ``parameter`` is what stands for a number in code and label where a clause leaves one open; the meaning calls it
    ``{months}``.
    """

    code: str
    label: Words
    meaning: str
    source: Words
    claim: Claiming
    parameter: str = ""


def _attending(found: PersonEvidence, practitioner: str, terms: RuleTerms) -> RuleAnswer:
    stated = [one for one in found.attending if one != NOBODY]
    if not stated:
        return _disputed(mark("The practice states nobody as attending."))
    if len(stated) > 1:
        names = terms.names(stated)
        return _disputed(mark("Records of this person state several as attending: {names}."), names=names)
    other = terms.claimants.get(stated[0])
    name = terms.name(stated[0])
    if stated[0] == practitioner:
        return _theirs(mark("The practice states {name} as attending."), name=name)
    if other is not None and not other.claims:
        sentence = mark("The practice states {name} as attending, who can have no patients of their own.")
        return _disputed(sentence, name=name)
    return _not_theirs(mark("The practice states {name} as attending."), name=name)


def _booked_with(found: PersonEvidence, practitioner: str, terms: RuleTerms) -> RuleAnswer:
    mine, name = found.of(practitioner), terms.name(practitioner)
    others = sum(care.bookings for one, care in found.care.items() if one != practitioner)
    if not mine.bookings:
        if (mine.acts or mine.visits) and not others:
            return _disputed(mark("No booking is recorded, though {name} saw the patient."), name=name)
        return _not_theirs(mark("No booking is with {name}."), name=name)
    if found.first_booked != (practitioner,):
        sentence = mark(
            "The first booking was not with {name} (but: {others}); no record says whether the patient came to "
            "{name} by themselves later or was entrusted."
        )
        return _disputed(sentence, name=name, others=terms.names(found.first_booked) or "?")
    if others:
        sentence = plural(
            "The first booking was with {name}; {count} booking is with somebody else.",
            "The first booking was with {name}; {count} bookings are with somebody else.",
        )
        return _disputed(sentence, name=name, count=others)
    sentence = plural("{count} booking, with {name}.", "{count} bookings, all of them with {name}.")
    return _theirs(sentence, name=name, count=mine.bookings)


def _treated_by(found: PersonEvidence, practitioner: str, terms: RuleTerms) -> RuleAnswer:
    mine, name = found.of(practitioner), terms.name(practitioner)
    if not mine.acts:
        return _not_theirs(mark("{name} has done no act."), name=name)
    doing = [one for one, care in found.care.items() if care.acts and one != practitioner]
    others = [one for one in doing if one in terms.claimants and terms.claimants[one].claims]
    if others:
        sentence = mark("{name} has done acts, and so have: {others}.")
        return _disputed(sentence, name=name, others=terms.names(others))
    unknown = sum(care.acts for one, care in found.care.items() if _is_nobody(one, terms))
    if unknown:
        sentence = plural(
            "{name} has done acts, and of {count} act no record says who did it.",
            "{name} has done acts, and of {count} acts no record says who did them.",
        )
        return _disputed(sentence, name=name, count=unknown)
    sentence = plural(
        "{count} act done by {name}, none by another who can have patients of their own.",
        "{count} acts done by {name}, none by another who can have patients of their own.",
    )
    return _theirs(sentence, name=name, count=mine.acts)


def _is_nobody(practitioner: str, terms: RuleTerms) -> bool:
    """Tell whether a record that names ``practitioner`` names no person: nobody, or a column of the diary."""
    known = terms.claimants.get(practitioner)
    return practitioner == NOBODY or (known is not None and not known.claims and not known.replacement)


def _exclusive(found: PersonEvidence, practitioner: str, terms: RuleTerms) -> RuleAnswer:
    period = found.exclusive
    if not found.of(practitioner).visits:
        return _not_theirs(mark("{name} has not seen the patient."), name=terms.name(practitioner))
    if period is None:
        seen = terms.names([one for one, care in found.care.items() if care.visits])
        return _not_theirs(mark("Several saw the patient on the last day: {names}."), names=seen)
    if period.practitioner != practitioner:
        since = day_text(date.fromisoformat(period.first))
        other = terms.name(period.practitioner)
        return _not_theirs(mark("{name} has seen the patient since {first}."), name=other, first=since)
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
        return _not_theirs(mark("{name} alone since {first}, the last time on {last}: too short."), **facts)
    if period.unsure:
        sentence = plural(
            "{name} alone since {first}, but for {count} visit of which no record says with whom or when.",
            "{name} alone since {first}, but for {count} visits of which no record says with whom or when.",
        )
        return _disputed(sentence, count=period.unsure, **facts)
    if not enough < last:
        unclear = mark(
            "{name} alone since {first}, the last time on {last}: long enough up to the day of the split, "
            "not up to the last visit; the contract must say which counts."
        )
        return _disputed(unclear, **facts)
    return _theirs(mark("{name} alone from {first} to {last} ({months} months)."), **facts)


def day_text(day: date) -> BilingualText:
    """Return a day as a sentence of either language has it."""
    return BilingualText(Words(f"{day:%d/%m/%Y}", day.isoformat()))


def _explicit(found: PersonEvidence, practitioner: str, terms: RuleTerms) -> RuleAnswer:
    named, name = terms.roster.get(found.person, frozenset()), terms.name(practitioner)
    if practitioner not in named:
        return _not_theirs(mark("The roster does not let the patient leave with {name}."), name=name)
    if len(named) > 1:
        return _disputed(mark("The roster names several: {names}."), names=terms.names(sorted(named)))
    return _theirs(mark("The roster lets the patient leave with {name}."), name=name)


def _theirs(sentence: str, **facts: Fact) -> RuleAnswer:
    return RuleAnswer(ruling=Ruling.THEIRS, sentence=sentence, facts=facts)


def _not_theirs(sentence: str, **facts: Fact) -> RuleAnswer:
    return RuleAnswer(ruling=Ruling.NOT_THEIRS, sentence=sentence, facts=facts)


def _disputed(sentence: str, **facts: Fact) -> RuleAnswer:
    return RuleAnswer(ruling=Ruling.DISPUTED, sentence=sentence, facts=facts)


RULES: tuple[OwnershipRule, ...] = (
    OwnershipRule(
        code="attending",
        label=Words("Praticien traitant", "Attending practitioner"),
        meaning=mark("The patient is of the practitioner whom the practice states as attending."),
        source=Words(
            "clause du contrat ; CSP R4127-264 (ce que demande la continuité des soins)",
            "clause of the contract; CSP R4127-264 (what continuity of care requires)",
        ),
        claim=_attending,
    ),
    OwnershipRule(
        code="booked-with",
        label=Words("Rendez-vous pris directement", "Booked directly"),
        meaning=mark(
            "The patient is of the practitioner with whom they booked directly; one whom somebody else entrusted "
            "to a collaborator is not the collaborator’s."
        ),
        source=Words(
            "CSP R4127-276 ; Ordre national des chirurgiens-dentistes, chambre disciplinaire, 2 février 2016, n° 2291",
            "CSP R4127-276; Ordre national des chirurgiens-dentistes, disciplinary chamber, 2 February 2016, n° 2291",
        ),
        claim=_booked_with,
    ),
    OwnershipRule(
        code="treated-by",
        label=Words("Actes réalisés", "Acts done"),
        meaning=mark("The patient is of the only practitioner who has done acts."),
        source=Words(
            "clause du contrat ; sans elle, avoir soigné un patient confié n’en fait pas le sien (Ordre, 2 février "
            "2016, n° 2291)",
            "clause of the contract; without one, to have treated an entrusted patient makes nobody theirs (Ordre, "
            "2 February 2016, n° 2291)",
        ),
        claim=_treated_by,
    ),
    OwnershipRule(
        code="exclusive-N-months",
        label=Words("Soins exclusifs pendant plus de N mois", "Exclusive care for more than N months"),
        meaning=mark(
            "The patient is of the practitioner who alone has seen them for more than {months} months."
        ),
        source=Words(
            "contrat type de collaboration libérale de l’Ordre, 2018",
            "model contract of liberal collaboration of the Ordre, 2018",
        ),
        claim=_exclusive,
        parameter="N",
    ),
    OwnershipRule(
        code="explicit",
        label=Words("Liste convenue", "Settled roster"),
        meaning=mark(
            "The patient is of the practitioner with whom the roster that both settled lets them leave."
        ),
        source=Words(
            "liste signée des deux praticiens ; CSP R4127-262, R4127-276",
            "roster signed by both practitioners; CSP R4127-262, R4127-276",
        ),
        claim=_explicit,
    ),
)
"""Every rule, in the order in which reports show them."""

_EXCLUSIVE = re.compile(r"exclusive-([0-9]{1,3})-months")


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenRule:
    """A rule with its number, 0 where it has none; ``code`` is as a person gave it."""

    rule: OwnershipRule
    code: str
    months: int = 0

    @property
    def label(self) -> Words:
        """What the rule is called, its number in place."""
        if not self.months:
            return self.rule.label
        return Words(*(text.replace(" N ", f" {self.months} ") for text in self.rule.label))


def rule_named(code: str) -> ChosenRule:
    """Return the rule that ``code`` names, such as ``attending`` or ``exclusive-18-months``.

    Raises:
        RuleUnknown: when none does.
    """
    found = _EXCLUSIVE.fullmatch(code)
    if found and 0 < int(found[1]) <= MAX_MONTHS:
        return ChosenRule(rule=_by_code("exclusive-N-months"), code=code, months=int(found[1]))
    rule = next((one for one in RULES if one.code == code and not one.parameter), None)
    if rule is None:
        raise RuleUnknown(rule=code, known=", ".join(one.code for one in RULES))
    return ChosenRule(rule=rule, code=code)


def _by_code(code: str) -> OwnershipRule:
    return next(one for one in RULES if one.code == code)
