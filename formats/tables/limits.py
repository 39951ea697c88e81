"""What a list may have: the program reads no more, and writes no list that it would not read."""

from __future__ import annotations

MAX_TABLE_BYTES = 64 << 20
"""Bytes of a list; 200 for each of 300,000 lines."""
MAX_LINE = 131_072
"""Characters of one line, and of one cell over several lines; a spreadsheet has 32,767 in a cell."""
MAX_COLUMNS = 256
"""Columns of a list; more than a person keeps in a sheet."""
MAX_TITLE_LINES = 20
"""Lines above the headings that may hold titles; a printed report has three or four."""
MAX_SHEETS = 64
"""Sheets of a workbook that are looked into."""
MAX_WORKBOOK_BYTES = 256 << 20
"""Bytes of a workbook (.xlsx, .ods) when it is unpacked; XML packs to a tenth."""
MAX_WORKBOOK_MEMORY = 1 << 30
"""Bytes of address space of the process that reads a workbook, where the system can limit it."""
MAX_WORKBOOK_SECONDS = 120
"""Processor seconds of the process that reads a workbook, where the system can limit it."""
MAX_TABLES_FILE = 512 << 20
"""Bytes of a workbook whose sheets are tables of a practice; a million rows of twenty columns have some 100 MB."""
MAX_TABLES_UNPACKED = 8 << 30
"""Bytes of such a workbook when it is unpacked."""
MAX_TABLES_MEMORY = 4 << 30
"""Bytes of address space of the process that reads it, where the system can limit it.

A full sheet of 30 columns takes half of it.
"""
MAX_TABLES_SECONDS = 1800
"""Processor seconds of that process, where the system can limit it."""
MAX_TABLES_LENGTH = 8 << 30
"""Characters of all cells of such a workbook."""
MAX_TABLES_SHEETS = 1024
"""Sheets of such a workbook; a software has some 300 tables."""
