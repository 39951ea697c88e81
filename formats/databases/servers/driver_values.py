"""How drivers are told to give values: numbers as numbers, everything else as the text or bytes the server has."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

_OFFSET = re.compile(rb"[+-]\d\d(?::?\d\d){0,2}$")
_AS_THEY_ARE = ("bool", "int2", "int4", "int8", "oid", "float4", "float8", "numeric", "bytea")
"""Types of PostgreSQL that the driver turns into Python's; of all others the text is taken."""


def mysql_readers(driver: Any, zone: ZoneInfo) -> dict[Any, Callable[..., Any]]:
    """Return how values are read by type: numbers as numbers, everything else as the text or bytes it is.

    Dates are text as the server writes them, ``0000-00-00`` included. Moments (TIMESTAMP) are read as UTC, which the
    session speaks where it does not know the time zone; where it does, ``SqlSession`` takes their reader away.
    """
    kinds = driver.constants.FIELD_TYPE
    whole = (kinds.TINY, kinds.SHORT, kinds.LONG, kinds.LONGLONG, kinds.INT24, kinds.YEAR)
    return {
        **driver.converters.encoders,  # how Python's values are written, which the driver expects here as well
        **dict.fromkeys(whole, int),
        kinds.FLOAT: float,
        kinds.DOUBLE: float,
        kinds.DECIMAL: Decimal,
        kinds.NEWDECIMAL: Decimal,
        kinds.TIMESTAMP: lambda text: _from_utc(text, zone),
    }


def _from_utc(text: str, zone: ZoneInfo) -> str:
    """Return a moment in UTC as the date and time of ``zone``; one that is none stays as it is."""
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return text
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(" ")


def take_text(driver: Any, connection: Any) -> None:
    """Take the text of every type that is no number: dates far away, infinity and lists stay what they are."""

    class Local(driver.types.string.TextLoader):  # type: ignore[misc]  # the driver may not be installed
        """A moment as the date and time of the session's time zone."""

        def load(self, data: Any) -> str:
            return str(super().load(_OFFSET.sub(b"", bytes(data))))

    adapters = connection.adapters
    for kind in adapters.types:
        if kind.name not in _AS_THEY_ARE:
            moment = kind.name == "timestamptz"
            adapters.register_loader(kind.oid, Local if moment else driver.types.string.TextLoader)
        if kind.array_oid:
            adapters.register_loader(kind.array_oid, driver.types.string.TextLoader)
