"""What is noticed about files of tables, and why one is refused."""

from __future__ import annotations

from dataclasses import dataclass, field

from formats.errors import Fact, FormatFailure, TableUnreadable
from formats.findings import Finding, Severity
from formats.words import mark

CHANGED = mark("it changed while it was read")
"""What is wrong with a file of which a row is not where it was a moment ago."""


class NoTable(FormatFailure):
    """A file without rows that could be told from everything else in it; ``name`` is the file."""

    code = "table-rows-unclear"
    sentence = mark("{name} is no table: {reason}.")


class RowsElsewhere(NoTable):
    """A JSON file whose rows stand inside an object that no mapping named."""

    code = "table-rows-elsewhere"
    sentence = mark(
        '{name} is no list of objects, but has one at “{at}”: say so in the mapping, rows = "{at}".'
    )


class ElementsMixed(NoTable):
    """An XML file whose root has elements of several names, of which no mapping named one."""

    code = "table-elements-mixed"
    sentence = mark(
        "{name} has elements of several names ({names}): say in the mapping which is a row, “element”."
    )


class ElementMissing(NoTable):
    """An XML file without the element that the mapping names."""

    code = "table-element-missing"
    sentence = mark("{name} has no element “{element}”, which the mapping says is a row; it has {names}.")


class SheetUnclear(NoTable):
    """A workbook with several sheets, of which no mapping named one."""

    code = "table-sheet-unclear"
    sentence = mark("{name} has several sheets with rows ({names}): say in the mapping which one, “sheet”.")


@dataclass(slots=True)
class FileNotices:
    """Findings about files, until they are handed on."""

    found: list[Finding] = field(default_factory=list)

    def note(self, code: str, where: str, sentence: str, **facts: Fact) -> None:
        """Note something a person should know and need not act upon."""
        self._add(Severity.NOTE, code, where, sentence, **facts)

    def warn(self, code: str, where: str, sentence: str, **facts: Fact) -> None:
        """Note something a person should look at."""
        self._add(Severity.WARNING, code, where, sentence, **facts)

    def refuse(self, code: str, where: str, sentence: str, **facts: Fact) -> None:
        """Note something that was not taken."""
        self._add(Severity.ERROR, code, where, sentence, **facts)

    def _add(self, severity: Severity, code: str, where: str, sentence: str, **facts: Fact) -> None:
        self.found.append(Finding(severity=severity, code=code, where=where, sentence=sentence, facts=facts))


def table_fault(name: str, line: int, reason: str, where: str = "") -> TableUnreadable:
    """Return the refusal of the file ``name``; ``reason`` is a gettext sentence, ``line`` 0 where there is none."""
    return TableUnreadable(name=name, line=line, reason=reason, where=where)
