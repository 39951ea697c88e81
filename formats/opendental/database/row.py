"""One row while it is read: its cells by kind, and what was wrong with them."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from formats.databases.clock_changes import SENTENCES, clock_change
from formats.databases.owners import key_number
from formats.databases.tables import Cells, OversizedValue, Value
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.model.dates import AnyDate, AnyMoment
from formats.model.missing import MissingReason
from formats.model.provenance import Cell
from formats.opendental.database import values
from formats.words import BYTES, Counted, mark

SHOWN = 60
"""Characters of a source value that a finding repeats."""
_PLAIN = frozenset({str, int, float, type(None)})
"""Kinds of values that travel as they are."""


@dataclass(slots=True)
class Row:
    """A row of ``table`` under ``key``; a cell that cannot be read as asked gives nothing and a notice.

    ``replaced`` are cells whose verbatim copy is something shorter, by column; ``unread`` says of
    which columns the content is missing, and why.
    """

    table: str
    key: str
    cells: Cells
    zone: ZoneInfo
    notices: list[Finding] = field(default_factory=list)
    replaced: dict[str, Cell] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """Table and key, as findings name a row."""
        return f"{self.table}/{self.key}"

    def text(self, column: str) -> str:
        """Return a cell as text without blanks around it; a missing column is empty."""
        found = self.cells.get(column)
        if isinstance(found, str):
            return found.strip()
        if found is None:
            return ""
        if isinstance(found, bytes | OversizedValue):
            self.unreadable(column, found, mark("text"))
            return ""
        return str(found)

    def number(self, column: str) -> int:
        """Return a cell as a whole number; a missing column, an empty and an unreadable cell are 0."""
        found = self.cells.get(column)
        if type(found) is int:
            return found
        number = key_number(found)
        if not number and found not in {None, "", "0", 0} and str(found).strip("0. "):
            self.unreadable(column, found, mark("a whole number"))
        return number

    def real(self, column: str) -> float | None:
        """Return a cell as a finite number, ``None`` when it holds none."""
        found = self.cells.get(column)
        if not isinstance(found, int | float | str) or not str(found).strip():
            return None
        try:
            number = float(found)
        except (ValueError, OverflowError):
            number = math.nan
        if math.isfinite(number):
            return number
        self.unreadable(column, found, mark("a number"))
        return None

    def day(self, column: str) -> AnyDate | None:
        """Return a cell as a date; the many ways to leave one out are ``None``."""
        try:
            return values.source_date(self.text(column))
        except ValueError:
            self.unreadable(column, self.cells.get(column), mark("a date"))
            return None

    def moment(self, column: str) -> AnyMoment | None:
        """Return a cell as a moment on the clock of the practice, or as the date that is all it holds."""
        try:
            found = values.source_time(self.text(column), self.zone)
        except ValueError:
            self.unreadable(column, self.cells.get(column), mark("a time"))
            return None
        if change := clock_change(found):
            sentence, value = SENTENCES[change], self.text(column)
            self.notice(Severity.WARNING, "opendental-clock-change", sentence, column=column, value=value)
        return found

    def cents(self, column: str) -> int:
        """Return an amount in cents, 0 when there is none; what had to be rounded is noticed."""
        found = self.cells.get(column)
        if not found and not isinstance(found, bytes):
            return 0
        try:
            amount, exact = values.cents(found if isinstance(found, int | float | str) else "")
        except ValueError:
            self.unread[column] = MissingReason.AMOUNT_UNREAD.value
            self.unreadable(column, found, mark("an amount"))
            return 0
        if not exact:
            self.notice(
                Severity.NOTE,
                "opendental-amount-rounded",
                mark("The amount {value} in {column} was rounded to whole cents."),
                value=str(found),
                column=column,
            )
        return amount

    def notice(self, severity: Severity, code: str, sentence: str, **facts: Fact) -> None:
        """Remember something a person should know about this row."""
        self.notices.append(
            Finding(severity=severity, code=code, where=self.where, sentence=sentence, facts=facts)
        )

    def verbatim(self, redacted: frozenset[str] = frozenset()) -> Mapping[str, Cell]:
        """Return the cells as they travel: bytes as ``base64:…``, without ``redacted`` columns.

        A value too large to be read is left out, with a finding of severity ERROR.
        """
        if not redacted and not self.replaced and _PLAIN.issuperset(map(type, self.cells.values())):
            return self.cells  # type: ignore[return-value]  # as was just seen
        travelling: dict[str, Cell] = {}
        for column, value in self.cells.items():
            if column in redacted:
                continue
            if isinstance(value, OversizedValue):
                self._oversized(column, value)
            elif isinstance(value, bytes):
                travelling[column] = f"base64:{base64.b64encode(value).decode('ascii')}"
            else:
                travelling[column] = value
        return travelling | self.replaced

    def _oversized(self, column: str, value: OversizedValue) -> None:
        self.notice(
            Severity.ERROR,
            "opendental-cell-too-large",
            mark("The value in {column} has {size}; it was left in the database."),
            column=column,
            size=Counted(value.size, BYTES),
        )

    def unreadable(self, column: str, value: Value, kind: str) -> None:
        """Notice a value that is not of the ``kind`` (a gettext sentence) that was asked for."""
        shown = Counted(value.size, BYTES) if isinstance(value, OversizedValue) else str(value)[:SHOWN]
        self.notice(
            Severity.WARNING,
            "opendental-value-unreadable",
            mark("{column} holds “{value}”, which is not {kind}; it travels as it stands."),
            column=column,
            value=shown,
            kind=kind,
        )
