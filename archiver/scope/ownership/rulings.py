"""Ruling of a clause about one person and one practitioner: theirs, not theirs, or disputed, with the reason.

Disputed is whatever the records cannot tell: no clause ever guesses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from archiver.scope.ownership.practitioners import Claimants, name_of
from formats.errors import Fact


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


def answer_theirs(sentence: str, **facts: Fact) -> RuleAnswer:
    """Return the answer of a clause: the patient is theirs, and why."""
    return RuleAnswer(ruling=Ruling.THEIRS, sentence=sentence, facts=facts)


def answer_not_theirs(sentence: str, **facts: Fact) -> RuleAnswer:
    """Return the answer of a clause: the patient is not theirs, and why."""
    return RuleAnswer(ruling=Ruling.NOT_THEIRS, sentence=sentence, facts=facts)


def answer_disputed(sentence: str, **facts: Fact) -> RuleAnswer:
    """Return the answer of a clause: the records cannot tell, and why."""
    return RuleAnswer(ruling=Ruling.DISPUTED, sentence=sentence, facts=facts)
