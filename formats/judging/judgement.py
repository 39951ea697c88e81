"""What became of each rule: kept, broken where, or not examined and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from formats.errors import Fact, Failure, failure_in_words
from formats.judging.rules import JudgingRule, Obligation, RuleTable
from formats.words import Words, translate

MAX_PLACES = 50
"""Places of one rule that are kept; the others are counted."""
MAX_SHOWN = 200
"""Characters of what was found that are kept."""

NOTHING_THERE = Words("rien de tel dans ce qui est examiné", "nothing of this kind is in what is examined")
OTHER_PROFILE = Words(
    "le profil choisi n’a pas cette règle", "the profile that is chosen does not have this rule"
)
ABSENT = Words("ce qui serait examiné manque", "what would be examined is missing")
UNREADABLE = Words("ce qui serait examiné est illisible", "what would be examined cannot be read")


class RuleState(StrEnum):
    """What became of a rule."""

    PASSED = "passed"
    FAILED = "failed"
    UNEXAMINED = "not-examined"


class Conformity(StrEnum):
    """What all rules together come to."""

    CONFORMS = "conforms"
    BROKEN = "does-not-conform"
    UNEXAMINED = "not-examined"


@dataclass(frozen=True, kw_only=True, slots=True)
class RulePlace:
    """Where a rule is broken, and what stands there."""

    where: str
    found: Fact = ""


@dataclass(slots=True)
class RuleVerdict:
    """What became of one rule: how often it was examined, broken, and not examined, and ``reason`` why not."""

    rule: JudgingRule
    examined: int = 0
    failed: int = 0
    unexamined: int = 0
    places: list[RulePlace] = field(default_factory=list)
    reason: Words = NOTHING_THERE

    @property
    def state(self) -> RuleState:
        """Broken anywhere; else kept where all of it was examined."""
        if self.failed:
            return RuleState.FAILED
        return RuleState.PASSED if self.examined and not self.unexamined else RuleState.UNEXAMINED


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What was judged: ``kind`` of thing, ``profile`` judged by, ``likely`` the one it seems to follow."""

    kind: str
    name: str
    profile: str
    likely: str
    verdicts: tuple[RuleVerdict, ...]
    opened: bool

    @property
    def conformity(self) -> Conformity:
        """Whether everything that must be is, as far as it was examined."""
        if not self.opened:
            return Conformity.UNEXAMINED
        broken = any(one.failed and one.rule.obligation is Obligation.MUST for one in self.verdicts)
        return Conformity.BROKEN if broken else Conformity.CONFORMS

    def count(self, state: RuleState) -> int:
        """Return how many rules came to ``state``."""
        return sum(one.state is state for one in self.verdicts)


class Judging:
    """Rules under examination: whoever looks at something says here what of it holds.

    ``profile`` is the one that is judged by: rules that it does not have are not examined.
    """

    def __init__(self, kind: str, name: str, rules: RuleTable, *, profile: str = "") -> None:
        self.kind, self.name, self.profile = kind, name, profile
        self.likely = profile
        self.opened = True
        self._verdicts: Mapping[str, RuleVerdict] = {
            one.id: RuleVerdict(rule=one, reason=self._reason(one)) for one in rules.values()
        }

    def _reason(self, rule: JudgingRule) -> Words:
        """Return why a rule is not examined where nobody says otherwise."""
        if not self.has(rule):
            return OTHER_PROFILE
        return rule.note if rule.outside and rule.note else NOTHING_THERE

    def has(self, rule: JudgingRule) -> bool:
        """Tell whether the profile has ``rule``."""
        return not rule.profiles or not self.profile or self.profile in rule.profiles

    def check(self, rule: str, holds: object, where: str, found: Fact = "") -> bool:
        """Note whether ``rule`` holds at ``where``, where ``found`` stands; return it."""
        verdict = self._verdicts[rule]
        if not self.has(verdict.rule):
            return bool(holds)
        verdict.examined += 1
        if holds:
            return True
        verdict.failed += 1
        if len(verdict.places) < MAX_PLACES:
            verdict.places.append(RulePlace(where=where, found=_shortened(found)))
        return False

    def leave(self, rules: Iterable[str], reason: Words = ABSENT) -> None:
        """Note that ``rules`` could not be examined at one more place."""
        for one in rules:
            verdict = self._verdicts[one]
            if self.has(verdict.rule):
                verdict.unexamined += 1
                verdict.reason = reason

    def judgement(self) -> Judgement:
        """Return what became of each rule."""
        return Judgement(
            kind=self.kind,
            name=self.name,
            profile=self.profile,
            likely=self.likely,
            verdicts=tuple(self._verdicts.values()),
            opened=self.opened,
        )


def _shortened(found: Fact) -> Fact:
    """Return a text of the archive on one line, and no more of it than a person reads."""
    if isinstance(found, str):
        text = " ".join(found.split())
        return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
    return found


def judgement_document(judgement: Judgement) -> dict[str, Any]:
    """Return ``judgement`` as JSON holds it; sentences are English."""
    return {
        "judged": 1,
        "kind": judgement.kind,
        "name": judgement.name,
        "profile": judgement.profile or None,
        "likely_profile": judgement.likely or None,
        "result": judgement.conformity.value,
        "counts": {one.value: judgement.count(one) for one in RuleState},
        "rules": [_rule_document(one) for one in judgement.verdicts],
    }


def _rule_document(verdict: RuleVerdict) -> dict[str, Any]:
    rule = verdict.rule
    return {
        "id": rule.id,
        "clause": rule.clause,
        "obligation": rule.obligation.value,
        "state": verdict.state.value,
        "text": rule.words.en,
        "examined": verdict.examined,
        "failed": verdict.failed,
        "unexamined": verdict.unexamined,
        "reason": verdict.reason.en if verdict.state is RuleState.UNEXAMINED else None,
        "places": [{"where": one.where, "found": _english(one.found)} for one in verdict.places],
    }


def _english(found: Fact) -> str:
    if isinstance(found, Failure):
        return failure_in_words(found, lambda text: translate(text, "en"))
    return str(found)
