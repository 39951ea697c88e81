"""What can set the end of a retention period: the codes, what each is called, and where it stands."""

from __future__ import annotations

from enum import StrEnum

from formats.words import mark


class Rule(StrEnum):
    """What set the end of a retention period; the value is its stable code in the list of the practice's unit."""

    AFTER_CARE = "after-care"
    UNTIL_28 = "until-28"
    UNTIL_28_BIRTH_UNKNOWN = "until-28-birth-unknown"
    AFTER_DEATH = "after-death"
    BEFORE_2002 = "before-2002"
    SUSPENSION = "suspension"
    CONSOLIDATION = "consolidation"
    DECISION = "decision"
    STATED = "stated"
    UNKNOWN = "unknown"


RULES = {
    Rule.AFTER_CARE: (mark("twenty years from the last care"), "CSP R1112-7"),
    Rule.UNTIL_28: (mark("until the 28th birthday"), "CSP R1112-7"),
    Rule.UNTIL_28_BIRTH_UNKNOWN: (
        mark("28 years from the first care, as the birth date is not known for sure"),
        "CSP R1112-7",
    ),
    Rule.AFTER_DEATH: (mark("ten years from the death"), "CSP R1112-7"),
    Rule.BEFORE_2002: (mark("care given before 5 March 2002"), "loi 2002-303, art. 101"),
    Rule.SUSPENSION: (
        mark("the term, later by as long as a claim or an appeal suspended it"),
        "CSP R1112-7",
    ),
    Rule.CONSOLIDATION: (mark("ten years from the consolidation of the damage"), "CSP L1142-28"),
    Rule.DECISION: (mark("decision of the practice"), ""),
    Rule.STATED: (mark("stated by whoever handed the dossier over"), ""),
    Rule.UNKNOWN: (mark("no date of care is known"), ""),
}
"""What each rule is called, and where it stands."""
