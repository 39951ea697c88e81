"""What never leaves the database: passwords, tokens, and the accounts they open."""

from __future__ import annotations

import re
from collections.abc import Mapping

from formats.databases.tables import Cells, SourceTable

_COLUMN = re.compile(r"password|passcode|secret|token|apikey|webpin|resetcode", re.IGNORECASE)
"""Columns of credentials: of users, of the patient portal, of payment services, of mail accounts."""
_PREFERENCE = re.compile(
    r"passw|pwd|token|secret|key|hash|salt|credential|certificate|license|pin$", re.IGNORECASE
)
"""Settings that open something elsewhere; « key » also catches harmless ones, rather than miss one."""

ONLY: Mapping[str, frozenset[str]] = {"userod": frozenset({"UserNum", "UserName"})}
"""Tables of which these columns alone travel."""

SETTING_NAME, SETTING_VALUE = "PrefName", "ValueString"


def redacted_columns(table: SourceTable) -> frozenset[str]:
    """Return the columns of ``table`` that stay behind."""
    only = ONLY.get(table.name.lower())
    if only is not None:
        return frozenset(table.columns) - only
    return frozenset(column for column in table.columns if _COLUMN.search(column))


def is_secret_setting(cells: Cells) -> bool:
    """Tell whether a row of ``preference`` holds a value that stays behind."""
    return bool(_PREFERENCE.search(str(cells.get(SETTING_NAME) or ""))) and bool(cells.get(SETTING_VALUE))
