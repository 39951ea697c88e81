"""What a list may have: the program reads no more, and writes no list that it would not read."""

from __future__ import annotations

MAX_TABLE_BYTES = 64 << 20
"""Bytes of a list; 200 for each of 300,000 lines."""
MAX_LINE = 131_072
"""Characters of one line, and of one cell over several lines; a spreadsheet has 32,767 in a cell."""
MAX_COLUMNS = 256
"""Columns of a list; more than a person keeps in a sheet."""
