"""Rows of a list as they stand in a file, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formats.findings import Finding

ROW, CELLS, SHEET, REFUSED, PLACE = "row", "cells", "sheet", "refused", "place"
"""Keys of the lines in which the process that reads workbooks answers."""
TABLES_ARGUMENT = "tables"
"""Its argument where sheets are tables of a practice and not lists."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListRow:
    """A row that is not empty: where it starts in the file, from 1, and its cells."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetRow:
    """A row of a workbook, typed: ``number`` as a spreadsheet shows it; the first one of a sheet has no cells."""

    sheet: str
    number: int = 0
    cells: Sequence[str | int | float] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A table of rows, which are read once; ``name`` is empty in a file that has one only."""

    rows: Iterator[ListRow]
    name: str = ""
    findings: tuple[Finding, ...] = ()
