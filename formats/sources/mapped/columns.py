"""Columns of a source by the names that a mapping gives them."""

from __future__ import annotations

from formats.databases.tables import SourceTable
from formats.names import comparable


def actual_column(table: SourceTable, name: str) -> str:
    """Return the column of ``table`` that ``name`` means, without regard to case and accents, or an empty text."""
    if name in table.columns:
        return name
    return next((one for one in table.columns if comparable(one) == comparable(name)), "")
