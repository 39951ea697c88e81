"""Columns of a source by the names that a mapping gives them."""

from __future__ import annotations

import re

from formats.databases.tables import SourceTable
from formats.names import comparable

_CREDENTIALS = re.compile(
    r"password|passwd|mot.?de.?passe|\bmdp\b|_mdp|secret(?!a[ir])|token|apikey", re.IGNORECASE
)
"""SECRETAIRE and SECRETARIAT are people."""


def actual_column(table: SourceTable, name: str) -> str:
    """Return the column of ``table`` that ``name`` means, without regard to case and accents, or an empty text."""
    if name in table.columns:
        return name
    return next((one for one in table.columns if comparable(one) == comparable(name)), "")


def credential_columns(table: SourceTable) -> frozenset[str]:
    """Return the columns of ``table`` that are named like passwords and keys of access."""
    return frozenset(one for one in table.columns if _CREDENTIALS.search(one))
