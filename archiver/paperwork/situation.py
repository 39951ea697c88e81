"""Why a practitioner is not there any more, as the letters about it put it."""

from __future__ import annotations

from enum import StrEnum

from formats.words import mark


class Situation(StrEnum):
    """A practitioner practises elsewhere, is succeeded, or stops without a successor."""

    DEPARTURE = "departure"
    SUCCESSION = "succession"
    CESSATION = "cessation"


SITUATION_WORDS = {
    Situation.DEPARTURE: mark("goes on practising elsewhere"),
    Situation.SUCCESSION: mark("stops, and a successor takes over"),
    Situation.CESSATION: mark("stops without a successor"),
}
