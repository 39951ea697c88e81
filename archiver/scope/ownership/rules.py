"""Rules of ownership: the clauses by which a practitioner may call a patient their own, as data with their sources.

Sources: CSP R4127-262, R4127-264, R4127-275, R4127-276; Ordre national des chirurgiens-dentistes, disciplinary
chamber, 2 February 2016, n° 2291; its model contract of liberal collaboration of 2018.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from archiver.scope.errors import RuleUnknown
from archiver.scope.ownership import clauses
from archiver.scope.ownership.evidence import PersonEvidence
from archiver.scope.ownership.rulings import RuleAnswer, RuleTerms
from formats.words import Words, mark

MAX_MONTHS = 240
"""Months of exclusive care that a clause can ask for; retention itself is twenty years."""
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


RULES: tuple[OwnershipRule, ...] = (
    OwnershipRule(
        code="attending",
        label=Words("Praticien traitant", "Attending practitioner"),
        meaning=mark("The patient is of the practitioner whom the practice states as attending."),
        source=Words(
            "clause du contrat ; CSP R4127-264 (ce que demande la continuité des soins)",
            "clause of the contract; CSP R4127-264 (what continuity of care requires)",
        ),
        claim=clauses.attending,
    ),
    OwnershipRule(
        code="booked-with",
        label=Words("Rendez-vous pris directement", "Booked directly"),
        meaning=mark(
            "The patient is of the practitioner with whom they booked directly; one whom somebody else entrusted "
            "to a collaborator is not the collaborator’s."
        ),
        source=Words(
            "CSP R4127-276 ; Ordre national des chirurgiens-dentistes, chambre disciplinaire, 2 février 2016, "
            "n°\u00a02291",
            "CSP R4127-276; Ordre national des chirurgiens-dentistes, disciplinary chamber, 2 February 2016, "
            "n°\u00a02291",
        ),
        claim=clauses.booked_with,
    ),
    OwnershipRule(
        code="treated-by",
        label=Words("Actes réalisés", "Acts done"),
        meaning=mark("The patient is of the only practitioner who has done acts."),
        source=Words(
            "clause du contrat ; sans elle, avoir soigné un patient confié n’en fait pas le sien (Ordre, 2 février "
            "2016, n°\u00a02291)",
            "clause of the contract; without one, to have treated an entrusted patient makes nobody theirs (Ordre, "
            "2 February 2016, n°\u00a02291)",
        ),
        claim=clauses.treated_by,
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
        claim=clauses.exclusive,
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
        claim=clauses.explicit,
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
