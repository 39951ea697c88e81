"""Writes tables of dBase and FoxPro with the library ``dbf``, from JSON on standard input.

It runs as a process of its own: the library leaves files open, and flushes them when the process ends.
"""

from __future__ import annotations

import gc
import json
import sys
import warnings
from datetime import date
from typing import Any


def write(path: str, kind: str, specs: list[str], rows: list[list[Any]]) -> None:
    """Write one table; its first row is marked as deleted."""
    import dbf

    table = dbf.Table(path, "; ".join(specs), codepage="cp1252", dbf_type=kind)
    days = [spec.split()[1] == "D" for spec in specs]
    with table.open(mode=dbf.READ_WRITE):
        for row in rows:
            cells = zip(row, days, strict=True)
            table.append(tuple(date.fromisoformat(cell) if cell and day else cell for cell, day in cells))
        dbf.delete(table[0])
    table.close()
    gc.collect()  # closes what the library left open


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for one in json.load(sys.stdin):
        write(**one)
