"""Whether the values of a column are what the field takes for which a mapping names it.

Nothing of what a row holds is said: a value that is not of the form is shown by its shape (9 for a digit, a for a
letter).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from formats.databases.tables import OversizedValue, SourceTable
from formats.databases.text_order import cell_as_text
from formats.sources.mapped.columns import actual_column
from formats.sources.mapped.language.declarations import MappingDeclaration, Scalar
from formats.sources.mapped.language.faults import MappingFaults
from formats.sources.mapped.language.references import ColumnPlace
from formats.sources.mapped.language.targets import Form
from formats.sources.mapped.rows.clocks import day_converter
from formats.sources.mapped.rows.conversions import (
    KIND_WORDS,
    CodeUnknownError,
    PartlyReadError,
    converter,
)
from formats.words import Counted, mark, plural

SHAPE = 24
"""Characters of a shape that are shown."""
VALUES = plural("{count} value", "{count} values")
_ANY_FORM = frozenset({Form.TEXT, Form.TEXTS, Form.REFERENCE, Form.FILE})
"""Forms of which every text may be a value, or of which another table decides."""


@dataclass(slots=True)
class ColumnLook:
    """Values of a column while they are looked at: how many there are, and which shapes the unfit ones have."""

    column: str
    value: Scalar
    convert: Callable[[Any], Any]
    empty: frozenset[str]
    filled: int = 0
    unfit: int = 0
    shapes: Counter[str] = field(default_factory=Counter)

    def note(self, cell: Any) -> None:
        """Look at one cell."""
        text = "" if isinstance(cell, bytes | OversizedValue) else cell_as_text(cell)
        if text in self.empty:
            return
        self.filled += 1
        try:
            self.convert(cell if isinstance(cell, int | float) else text)
        except (PartlyReadError, CodeUnknownError):
            return
        except ValueError:
            self.unfit += 1
            if len(self.shapes) < SHAPE:
                self.shapes[shape_of(text)] += 1

    def tell(self, faults: MappingFaults) -> None:
        """Note a column of which no value is of the form that the field takes."""
        if not self.filled or self.unfit < self.filled:
            return
        sentence = mark(
            "{field}: {kind} is expected, and none of {values} of {column} is one; they look like “{shape}”."
        )
        faults.add(
            "mapping-column-unfit",
            self.value.path,
            sentence,
            field=self.value.target.named,
            kind=KIND_WORDS[self.value.target.form],
            values=Counted(self.filled, VALUES),
            column=self.column,
            shape=self.shapes.most_common(1)[0][0],
        )


def look_at(
    mapping: MappingDeclaration, table: SourceTable, value: Scalar, place: ColumnPlace
) -> ColumnLook | None:
    """Return what looks at the values of ``place``, where their form can be told from one column, and is no fault."""
    form = value.target.form
    alone = len(value.columns) == 1 or form is Form.MONEY or "first_of" in value.options
    beside = {one.name for one in (value.clock, value.content) if one is not None}
    computed = value.since is not None or "if_filled" in value.options
    if form in _ANY_FORM or not alone or computed or place.column in beside:
        return None
    options = {**mapping.defaults, **value.options}
    try:
        zone = ZoneInfo(mapping.time_zone)
        convert = day_converter(options) if value.clock else converter(value.target, options, zone)
    except (ValueError, OSError):  # a word or a pattern that is a fault already
        return None
    return ColumnLook(
        column=actual_column(table, place.column),
        value=replace(value, path=place.path),
        convert=convert,
        empty=frozenset({"", *options.get("empty", ())}),
    )


def shape_of(text: str) -> str:
    """Return ``text`` with every digit as 9 and every letter as a, which tells its form and not what it says."""
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", text))[:SHAPE]
