"""RosterDecision in a line of a roster: whether the patient is of the practitioner whom the line names."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from formats.names import comparable
from formats.words import Words


class RosterDecision(StrEnum):
    YES = "yes"
    NO = "no"
    TO_DECIDE = "to-decide"


DECISION_WORDS: Mapping[RosterDecision, Words] = {
    RosterDecision.YES: Words("oui", "yes"),
    RosterDecision.NO: Words("non", "no"),
    RosterDecision.TO_DECIDE: Words("à décider", "to decide"),
}
"""What a person reads and writes."""
_BY_TEXT = {"": RosterDecision.YES} | {
    comparable(text): decision for decision, words in DECISION_WORDS.items() for text in words
}


def read_decision(text: str) -> RosterDecision | None:
    """Return the decision that a cell holds, ``YES`` where it is empty, ``None`` for another word."""
    return _BY_TEXT.get(comparable(text)) if comparable(text) or not text.strip() else None
