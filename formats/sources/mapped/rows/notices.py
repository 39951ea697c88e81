"""What is noticed about the rows of one table: of each row by itself, and of a column once, with how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.words import plural

SHOWN = 60
"""Characters of a value that a finding repeats."""
MAX_CODES = 100
"""Values of a table that no code table has, each with its count; the others are counted together."""


@dataclass(slots=True)
class Notices:
    """Findings about the rows of one table, until they are handed on."""

    table: str
    waiting: list[Finding] = field(default_factory=list)
    _codes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, row: str, severity: Severity, code: str, sentence: str, **facts: Fact) -> None:
        """Note something about ``row``."""
        self._note(f"{self.table}/{row}", severity, code, sentence, facts)

    def unknown_code(self, column: str, value: str) -> None:
        """Count a value of ``column`` that its code table does not have."""
        alike = column, value[:SHOWN]
        self._codes[alike if alike in self._codes or len(self._codes) < MAX_CODES else (column, "…")] += 1

    def drain(self) -> Iterator[Finding]:
        """Yield what waits, once."""
        if self.waiting:
            waiting, self.waiting = self.waiting, []
            yield from waiting

    def summary(self) -> Iterator[Finding]:
        """Yield what waits, and what is said once of a column, with how often."""
        for (column, value), count in self._codes.items():
            sentence = plural(
                "{column} holds “{value}” in {count} row: its code table does not have it; it stays as it is.",
                "{column} holds “{value}” in {count} rows: its code table does not have it; it stays as it is.",
            )
            facts: dict[str, Fact] = {"column": column, "value": value, "count": count}
            self._note(self.table, Severity.WARNING, "mapped-code-unknown", sentence, facts)
        yield from self.drain()

    def _note(
        self, where: str, severity: Severity, code: str, sentence: str, facts: Mapping[str, Fact]
    ) -> None:
        self.waiting.append(
            Finding(
                severity=severity,
                code=code,
                where=where,
                sentence=sentence,
                facts=facts,
                table=self.table,
            )
        )
