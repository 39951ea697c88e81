"""Rules as data: what an archive or a document has to be, by clause, in French and English, and how much it matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from formats.words import Words


class Obligation(StrEnum):
    """How much a rule matters (RFC 2119): only what must be, and is not, refuses conformity."""

    MUST = "must"
    SHOULD = "should"
    REMARK = "remark"


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgingRule:
    """One rule: ``clause`` is where it comes from, ``words`` what holds where it is kept.

    ``profiles`` are those that have it, all where there is none; ``note`` says what else there is to know, such as
    that the text contradicts itself. A rule that is ``outside`` is examined only with what a person brings.
    """

    id: str
    obligation: Obligation
    words: Words
    clause: str = ""
    profiles: frozenset[str] = field(default=frozenset())
    note: Words | None = None
    outside: bool = False


RuleTable = Mapping[str, JudgingRule]
"""Rules by identifier, in the order in which they are shown."""


def must(
    rule: str, fr: str, en: str, note: Words | None = None, *, profiles: frozenset[str] = frozenset()
) -> JudgingRule:
    """Return a rule without which nothing conforms."""
    return JudgingRule(id=rule, obligation=Obligation.MUST, words=Words(fr, en), note=note, profiles=profiles)


def should(
    rule: str, fr: str, en: str, note: Words | None = None, *, profiles: frozenset[str] = frozenset()
) -> JudgingRule:
    """Return a rule that is advised."""
    return JudgingRule(
        id=rule, obligation=Obligation.SHOULD, words=Words(fr, en), note=note, profiles=profiles
    )


def remark(
    rule: str, fr: str, en: str, note: Words | None = None, *, profiles: frozenset[str] = frozenset()
) -> JudgingRule:
    """Return a rule of which a person should know where it is not kept."""
    return JudgingRule(
        id=rule, obligation=Obligation.REMARK, words=Words(fr, en), note=note, profiles=profiles
    )


def outside_rule(rule: str, fr: str, en: str, note: Words) -> JudgingRule:
    """Return a rule that is examined only with what a person brings; ``note`` says with what."""
    words = Words(fr, en)
    return JudgingRule(id=rule, obligation=Obligation.MUST, words=words, note=note, outside=True)


def rule_table(clause: str, *rules: JudgingRule) -> dict[str, JudgingRule]:
    """Return ``rules`` of one clause by identifier."""
    return {one.id: replace(one, clause=one.clause or clause) for one in rules}
