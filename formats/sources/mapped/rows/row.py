"""A row while it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from formats.databases.tables import Cells, OversizedValue, Value
from formats.errors import Fact
from formats.findings import Severity
from formats.reading import FileBody
from formats.sources.mapped.rows.notices import SHOWN, Notices
from formats.words import BYTES, Counted, mark


@dataclass(slots=True)
class MappedRow:
    """A row: its ``cells``, the rows its joins lead to, its ``children`` by place of the list they are for.

    ``parts`` are what decoders found in it, by their names: rows like this one, whose ``joined`` has the part.

    ``patient`` is the identity of the patient whose row it is, ``owner`` their number; ``unread`` says of which
    columns the content is missing, and why.
    """

    key: str
    cells: Cells
    notices: Notices
    patient: str | None = None
    owner: int = -1
    joined: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    parts: Mapping[str, tuple[MappedRow, ...]] = field(default_factory=dict)
    children: list[tuple[MappedRow, ...]] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    bodies: list[FileBody] = field(default_factory=list)

    def made_from(self, each: str) -> tuple[MappedRow, ...]:
        """Return what a record is made of: the row itself, or each part that the decoder ``each`` found."""
        return self.parts.get(each, ()) if each else (self,)

    def notice(self, severity: Severity, code: str, sentence: str, **facts: Fact) -> None:
        """Note something a person should know about this row."""
        self.notices.add(self.key, severity, code, sentence, **facts)

    def unreadable(self, column: str, value: Any, kind: str, *, partly: bool = False) -> None:
        """Note a value that is not, or not wholly, of the ``kind`` (a gettext sentence) that the field takes."""
        if partly:
            sentence = mark(
                "Not all of “{value}” in {column} could be read as {kind}; it travels as it stands."
            )
        else:
            sentence = mark("{column} holds “{value}”, which is not {kind}; it travels as it stands.")
        shown: Fact = str(value)[:SHOWN]
        if isinstance(value, OversizedValue | bytes):
            shown = Counted(len(value) if isinstance(value, bytes) else value.size, BYTES)
        code = "mapped-value-unreadable"
        self.notice(Severity.WARNING, code, sentence, column=column, value=shown, kind=kind)
