"""What a breach of personal data is said to be: its natures and its risk, in codes and in words."""

from __future__ import annotations

from enum import StrEnum

from formats.words import mark


class BreachNature(StrEnum):
    """What was lost; a breach may be of several natures."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


NATURE_WORDS = {
    BreachNature.CONFIDENTIALITY: mark("confidentiality: read or taken by somebody who must not"),
    BreachNature.INTEGRITY: mark("integrity: changed"),
    BreachNature.AVAILABILITY: mark("availability: lost, destroyed or out of reach"),
}


class BreachRisk(StrEnum):
    """Risk to the rights and freedoms of the persons, as the controller assesses it."""

    NONE = "none"
    RISK = "risk"
    HIGH = "high"


RISK_WORDS = {
    BreachRisk.NONE: mark("a risk is unlikely: written down, not notified"),
    BreachRisk.RISK: mark("a risk: the CNIL is notified"),
    BreachRisk.HIGH: mark("a high risk: the CNIL is notified, and the persons are told"),
}
