"""Cells of a list that is written for people: texts, whole numbers, sums of money, days; and their text in a CSV."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeAlias

Cell: TypeAlias = str | int | Decimal | date | None
"""A ``Decimal`` is a sum of money, ``None`` an empty cell."""


def list_text(cell: Cell, language: str) -> str:
    """Return ``cell`` as a list in ``language`` has it: ISO 8601, and a decimal comma where people write one."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    return text.replace(".", ",") if isinstance(cell, Decimal) and language == "fr" else text


def euros(cents: int) -> Decimal:
    """Return an amount of cents as a sum of money."""
    return Decimal(cents).scaleb(-2)
