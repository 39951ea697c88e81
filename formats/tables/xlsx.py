"""Write a list, or many tables, as a workbook (Office Open XML, ISO/IEC 29500) for people to sort and filter.

A text is written as a text: no spreadsheet computes it, and none makes a number of the digits of a patient. What
is written depends on the cells and the clock alone, and nothing but ``target`` receives any of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from formats.errors import LimitExceeded
from formats.tables.cells import Cell
from formats.tables.write import ESCAPED
from formats.words import mark

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 1_048_576
"""Rows of a sheet (ISO/IEC 29500)."""
MAX_CELL = 32_767
"""Characters of a cell (ISO/IEC 29500)."""
MAX_TITLE = 31
"""Characters of the name of a sheet (ISO/IEC 29500)."""
MAX_NUMBER = 10**15
"""Numbers of more digits are rounded by spreadsheets, which compute in double precision (IEEE 754)."""
MAX_CHOICES = 255
"""Characters of the words of a cell to choose from, with commas between them (ISO/IEC 29500, ``formula1``)."""
_FIRST_DAY = date(1900, 3, 1)
"""Days before it have other numbers in different spreadsheets, or none."""
_NO_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""What XML cannot hold, and the carriage return, which it would change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetColumn:
    """A column: its heading, how wide it is in characters, and the words that may stand in it.

    They are offered where a sheet can hold them: not too many, none with a comma. In one that may
    ``wrap``, long texts and those of several lines are shown whole.
    """

    heading: str
    width: int
    choices: tuple[str, ...] = ()
    wrap: bool = False

    @property
    def offered(self) -> bool:
        """Whether a person may choose from the words."""
        commas = any("," in one for one in self.choices)
        return bool(self.choices) and not commas and len(",".join(self.choices)) <= MAX_CHOICES


def write_xlsx(
    target: BinaryIO,
    title: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[Cell]],
    *,
    at: datetime,
    frozen: int = 4,
) -> int:
    """Write one sheet of ``rows`` under frozen headings with a filter; return how many rows there are.

    So many columns as ``frozen`` stay in sight when a person goes to the right.

    Raises:
        LimitExceeded: for more rows, or a longer text, than a sheet holds.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - a tenth of a second, and few commands write one

    # in_memory: else its parts would lie in a folder for everybody's temporary files
    book = Workbook(target, {"in_memory": True, **_OPTIONS})
    book.set_properties({"created": at.replace(tzinfo=None)})
    sheet = book.add_worksheet(title)
    formats = _formats(book)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, formats["text"])
        sheet.write_string(0, place, column.heading, formats["heading"])
    count = 0
    for count, row in enumerate(rows, 1):
        if count >= MAX_ROWS:
            raise LimitExceeded(name=mark("the number of lines"), found=count + 1, limit=MAX_ROWS)
        for place, cell in enumerate(row):
            text = formats["wrapped" if columns[place].wrap else "text"]
            _write_cell(sheet, count, place, cell, formats | {"text": text})
    _finish(sheet, columns, count, frozen)
    book.close()
    return count


class WorkbookOfTables:
    """Writes tables row by row, each on a sheet of its own; what is written waits in ``folder``, not in memory.

    A table of more rows than a sheet holds goes on upon the next one, with its headings again. A text that is longer
    than a cell is cut, and ``cut`` counts those of each table.
    """

    def __init__(self, target: BinaryIO, folder: Path, *, at: datetime) -> None:
        from xlsxwriter import Workbook  # noqa: PLC0415 - a tenth of a second, and few commands write one

        self._book = Workbook(target, {"constant_memory": True, "tmpdir": str(folder), **_OPTIONS})
        self._book.use_zip64()
        self._book.set_properties({"created": at.replace(tzinfo=None)})
        self._formats = _formats(self._book)
        self._sheets: dict[str, Worksheet] = {}
        self._headings: dict[str, Sequence[str]] = {}
        self._used: Counter[str] = Counter()
        self._titles: set[str] = set()
        self.cut: Counter[str] = Counter()

    @property
    def tables(self) -> Collection[str]:
        """The tables that were begun."""
        return self._sheets.keys()

    def begin(self, table: str, headings: Sequence[str]) -> None:
        """Begin a sheet; sheets come in the order in which they are begun."""
        sheet = self._sheets[table] = self._book.add_worksheet(self._title(table))
        for place, heading in enumerate(headings):
            sheet.set_column(place, place, min(max(len(heading) + 2, 12), 40))
            sheet.write_string(0, place, heading, self._formats["heading"])
        sheet.freeze_panes(1, 0)
        self._headings[table], self._used[table] = headings, 0

    def add(self, table: str, row: Sequence[Cell]) -> None:
        """Add a row to a table that was begun."""
        if self._used[table] + 1 == MAX_ROWS:
            self._finish(table)
            self.begin(table, self._headings[table])
        self._used[table] += 1
        for place, cell in enumerate(row):
            _write_cell(
                self._sheets[table], self._used[table], place, self._fitting(table, cell), self._formats
            )

    def _fitting(self, table: str, cell: Cell) -> Cell:
        """Return a cell as a sheet can hold it: numbers that would be rounded as texts, texts that are too long cut."""
        if isinstance(cell, int) and abs(cell) >= MAX_NUMBER:
            return str(cell)
        if isinstance(cell, str) and len(text := _readable(cell)) > MAX_CELL:
            self.cut[table] += 1
            return f"{text[: MAX_CELL - 1]}…"
        return cell

    def close(self) -> None:
        """Write the workbook.

        Raises:
            OSError: what the disk answered.
        """
        from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415 - as above

        for table in self._sheets:
            self._finish(table)
        try:
            self._book.close()
        except FileCreateError as fault:
            raise fault.args[0] from None

    def _finish(self, table: str) -> None:
        self._sheets[table].autofilter(0, 0, max(self._used[table], 1), len(self._headings[table]) - 1)

    def _title(self, table: str) -> str:
        """Return the name of the next sheet of ``table``, shortened where it is too long."""
        number, title = 1, table[:MAX_TITLE]
        while title.casefold() in self._titles:
            number += 1
            end = f" ({number})"
            title = f"{table[: MAX_TITLE - len(end)]}{end}"
        self._titles.add(title.casefold())
        return title


_OPTIONS = {"default_date_format": "yyyy-mm-dd", "remove_timezone": True}


def _formats(book: Workbook) -> dict[str, Any]:
    return {
        "heading": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E3EDF0", "bottom": 1}
        ),
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        "wrapped": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
        "money": book.add_format({"num_format": "#,##0.00", "valign": "top"}),
        "number": book.add_format({"num_format": "0", "valign": "top"}),
    }


def _finish(sheet: Worksheet, columns: Sequence[SheetColumn], count: int, frozen: int) -> None:
    sheet.freeze_panes(1, frozen)
    sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    for place, column in enumerate(columns):
        if column.offered and count:
            validation = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
            sheet.data_validation(1, place, count, place, validation)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_cell(sheet: Worksheet, row: int, place: int, cell: Cell, formats: dict[str, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(row, place, _text(cell), formats["text"])
    elif isinstance(cell, date):
        if cell < _FIRST_DAY:
            sheet.write_string(row, place, cell.isoformat(), formats["text"])
        else:
            sheet.write_datetime(row, place, cell, formats["day"])
    else:
        sheet.write_number(row, place, cell, formats["money" if isinstance(cell, Decimal) else "number"])


def _text(cell: str) -> str:
    text = _readable(cell)
    if len(text) > MAX_CELL:
        raise LimitExceeded(name=mark("the length of a cell"), found=len(text), limit=MAX_CELL)
    return text


def _readable(cell: str) -> str:
    """Return a text without what XML cannot hold."""
    return _NO_CHARACTER.sub("\ufffd", cell.encode("utf-8", ESCAPED).decode("utf-8"))
