"""Sentences, days and names of a proposal in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archiver.scope.ownership.decision import Outcome
from archiver.scope.ownership.rulings import RuleAnswer, RuleTerms
from archiver.scope.rosters.roster_decision import DECISION_WORDS, RosterDecision
from formats.errors import Fact, in_words
from formats.words import Words, translate

_SPACE = "\u00a0"
_THOUSANDS = "\u202f"
TIME_LENGTH = len("2025-07-13T09:30")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """One language, ``fr`` or ``en``."""

    language: str

    @property
    def colon(self) -> str:
        """What stands between a name and what is said of it."""
        return f"{_SPACE}: " if self.language == "fr" else ": "

    def label(self, words: Words) -> str:
        """Return a label."""
        return words.fr if self.language == "fr" else words.en

    def say(self, sentence: str, facts: Mapping[str, Fact] | None = None) -> str:
        """Return a sentence of the catalogue with its facts in place."""
        return in_words(
            sentence, facts or {}, lambda one: translate(one, self.language, "archiver", "formats")
        )

    def reason(self, claim: RuleAnswer) -> str:
        """Return why a rule answers as it does."""
        return self.say(claim.sentence, claim.facts)

    def decision(self, decision: RosterDecision) -> str:
        """Return what a roster has in the column."""
        return self.label(DECISION_WORDS[decision])

    def outcome(self, outcome: Outcome, terms: RuleTerms) -> str:
        """Return whose a person is, as a table shows it."""
        if outcome.decision is RosterDecision.YES:
            return terms.name(outcome.practitioner)
        return "—" if outcome.decision is RosterDecision.NO else self.decision(outcome.decision)

    def day(self, at: str) -> str:
        """Return a date or a time as people write it; of a partial date as much as is known."""
        day, time = at[:10], at[11:16]
        if self.language == "fr":
            day = "/".join(reversed(day.split("-")))
        return f"{day} {time}" if len(at) >= TIME_LENGTH else day

    def money(self, cents: int, currency: str) -> str:
        """Return a sum of money."""
        whole, part = divmod(abs(cents), 100)
        sign = "−" if cents < 0 else ""
        if self.language == "fr":
            return f"{sign}{whole:,}".replace(",", _THOUSANDS) + f",{part:02}{_SPACE}{currency}"
        return f"{sign}{whole:,}.{part:02}{_SPACE}{currency}"
