"""What a reader noticed and a person should know, without stopping the work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from formats.errors import Fact, in_english


class Severity(StrEnum):
    """How much a finding matters to the person who reads it."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One observation: ``sentence`` is a gettext message with named ``facts``."""

    severity: Severity
    code: str
    where: str
    sentence: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The English sentence with its facts in place."""
        return in_english(self.sentence, self.facts)


def finding_document(finding: Finding) -> dict[str, str]:
    """Return ``finding`` as JSON holds it; the text is English."""
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "where": finding.where,
        "text": finding.text,
    }
