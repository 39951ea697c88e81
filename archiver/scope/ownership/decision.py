"""Decide by one clause or several whose patient a person is, and leave open what they do not decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archiver.scope.ownership.evidence import PersonEvidence, seen_by
from archiver.scope.ownership.rules import RULES, ChosenRule
from archiver.scope.ownership.rulings import RuleAnswer, RuleTerms, Ruling
from archiver.scope.rosters.roster_decision import RosterDecision
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """Whose a person is: ``practitioner`` with ``YES``; with ``TO_DECIDE`` the one who was asked about, or nobody.

    With ``NO`` nobody's: the patient stays with the practice.
    """

    decision: RosterDecision
    practitioner: str
    reason: RuleAnswer


def decide(found: PersonEvidence, rules: Sequence[ChosenRule], terms: RuleTerms, *, about: str) -> Outcome:
    """Return whose the person is when each of ``rules`` gives patients, as clauses of one contract do.

    ``about`` is the practitioner who leaves, or empty when everybody is asked about. The patient is of the only
    practitioner to whom a rule gives them; where rules give them to several, or dispute it, a person decides.
    """
    asked = dict.fromkeys((about, *_claimants(found, terms)) if about else _claimants(found, terms))
    claims = {one: _claim(found, rules, terms, one) for one in asked}
    owners = [one for one, claim in claims.items() if claim.ruling is Ruling.THEIRS]
    if len(owners) == 1 and (not about or owners[0] == about or not _open(claims[about])):
        return Outcome(decision=RosterDecision.YES, practitioner=owners[0], reason=claims[about or owners[0]])
    if len(owners) > 1:
        sentence, names = mark("Rules give the patient to several: {names}."), terms.names(owners)
        reason = RuleAnswer(ruling=Ruling.DISPUTED, sentence=sentence, facts={"names": names})
        return Outcome(decision=RosterDecision.TO_DECIDE, practitioner=about, reason=reason)
    if about:
        if _open(claims[about]):
            return Outcome(decision=RosterDecision.TO_DECIDE, practitioner=about, reason=claims[about])
        return Outcome(decision=RosterDecision.NO, practitioner="", reason=claims[about])
    disputed = next((claim for claim in claims.values() if _open(claim)), None)
    if disputed is not None:
        return Outcome(decision=RosterDecision.TO_DECIDE, practitioner="", reason=disputed)
    nothing = RuleAnswer(ruling=Ruling.NOT_THEIRS, sentence=mark("Nothing tells of any practitioner."))
    return Outcome(decision=RosterDecision.NO, practitioner="", reason=next(iter(claims.values()), nothing))


def _open(claim: RuleAnswer) -> bool:
    return claim.ruling is Ruling.DISPUTED


def _claim(
    found: PersonEvidence, rules: Sequence[ChosenRule], terms: RuleTerms, practitioner: str
) -> RuleAnswer:
    """Return what the rules answer together: the first that gives the patient, else the first that disputes it."""
    if practitioner in terms.claimants and not terms.claimants[practitioner].claims:
        sentence = mark("{name} can have no patients of their own (CSP R4127-275, or no person).")
        if terms.claimants[practitioner].former:
            sentence = mark(
                "{name} practised elsewhere, where the dossiers came from, and has no patients here."
            )
        return RuleAnswer(
            ruling=Ruling.NOT_THEIRS, sentence=sentence, facts={"name": terms.name(practitioner)}
        )
    claims = [
        one.rule.claim(found, practitioner, replace(terms, months=one.months) if one.months else terms)
        for one in rules
    ]
    return min(claims, key=lambda claim: _ORDER.index(claim.ruling))


_ORDER = (Ruling.THEIRS, Ruling.DISPUTED, Ruling.NOT_THEIRS)


def _claimants(found: PersonEvidence, terms: RuleTerms) -> tuple[str, ...]:
    """Return who may claim the person: a claimant whom any record, or the roster, names."""
    named = dict.fromkeys((*seen_by(found), *sorted(terms.roster.get(found.person, ()))))
    return tuple(one for one in named if one in terms.claimants and terms.claimants[one].claims)


def rivals(found: PersonEvidence, terms: RuleTerms, *, about: str) -> tuple[str, ...]:
    """Return the practitioners who can claim the person, where they are two or more, ``about`` among them."""
    claiming = _claimants(found, terms)
    return claiming if len(claiming) > 1 and (not about or about in claiming) else ()


def other_rules(chosen: Sequence[ChosenRule], terms: RuleTerms) -> tuple[ChosenRule, ...]:
    """Return every rule that can be asked: those chosen, and each other one that needs neither number nor roster."""
    codes = {one.rule.code for one in chosen}
    needing = {"explicit"} if not terms.roster else set()
    others = (one for one in RULES if one.code not in codes | needing and not one.parameter)
    return (*chosen, *(ChosenRule(rule=one, code=one.code) for one in others))
