"""What a reader noticed and a person should know, without stopping the work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from formats.errors import Fact, PlacedSentence, in_english


class Severity(StrEnum):
    """How much a finding matters to the person who reads it."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One observation: ``sentence`` is a gettext message with named ``facts``.

    ``table`` is the table of the row that it is about, where findings of one code in several tables differ.
    """

    severity: Severity
    code: str
    where: str
    sentence: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    table: str = ""

    @property
    def text(self) -> str:
        """The English sentence with its facts in place."""
        return in_english(self.sentence, self.facts)


def as_fact(finding: Finding) -> PlacedSentence:
    """Return ``finding`` as a fact inside another sentence."""
    return PlacedSentence(finding.where, finding.sentence, finding.facts)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return ``findings`` with the errors first and the notes last, otherwise in their order."""
    order = list(reversed(Severity))
    return sorted(findings, key=lambda one: order.index(one.severity))


def by_code(findings: Iterable[Finding]) -> list[tuple[Finding, int]]:
    """Return the first finding of each code, in each table it is said of, the worst first, and how many there are."""
    first: dict[tuple[Severity, str, str], Finding] = {}
    counted: Counter[tuple[Severity, str, str]] = Counter()
    for one in findings:
        first.setdefault((one.severity, one.code, one.table), one)
        counted[one.severity, one.code, one.table] += 1
    return [(one, counted[one.severity, one.code, one.table]) for one in worst_first(first.values())]


def finding_document(finding: Finding) -> dict[str, str]:
    """Return ``finding`` as JSON holds it; the text is English."""
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "where": finding.where,
        "text": finding.text,
    }
