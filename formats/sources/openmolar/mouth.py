"""Teeth of OpenMolar: a column for each of 32 places, and a bit for each that says whether its primary tooth is there.

``dent0`` … ``dent3`` are signed bytes, the upper right, upper left, lower left and lower right quarter. Their bits
go through the places as a dentist sees them: from the midline in the upper right and the lower left quarter, to the
midline in the others (openmolar1, ``patient_class.py`` and ``dec_perm.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from formats.databases.tables import Value

_QUADRANTS = {"ur": 1, "ul": 2, "ll": 3, "lr": 4}
_QUARTERS = {"dent0": "ur", "dent1": "ul", "dent2": "ll", "dent3": "lr"}
_FROM_MIDLINE = frozenset({"ur", "ll"})
_TOOTH = re.compile(r"(?P<place>[ul][lr][1-8])(?:st|pl|cmp)?")
PRIMARY_PLACES = 5
"""Primary teeth of a quarter; behind them a bit says that nothing has come through yet."""
_BYTE = range(-128, 256)
"""A byte, by databases that know its sign and by those that do not."""


def tooth_place(column: str) -> str:
    """Return the place (``ur5``) that a column such as ``ur5``, ``ur5st`` or ``ur5pl`` is of, or an empty text."""
    match = _TOOTH.fullmatch(column.casefold())
    return match["place"] if match else ""


def is_quarter(column: str) -> bool:
    """Tell whether ``column`` holds the primary teeth of a quarter."""
    return column.casefold() in _QUARTERS


def permanent_tooth(place: str) -> str:
    """Return the FDI number of the permanent tooth of ``place``."""
    return f"{_QUADRANTS[place[:2]]}{place[2]}"


def primary_tooth(place: str) -> str:
    """Return the FDI number of the primary tooth of ``place``."""
    return f"{_QUADRANTS[place[:2]] + 4}{place[2]}"


def primary_places(cells: Mapping[str, Value]) -> dict[str, str]:
    """Return the places whose bit is set, each with the column that says so.

    Raises:
        ValueError: with the name of a column that holds no byte.
    """
    found: dict[str, str] = {}
    for column, value in cells.items():
        quarter = _QUARTERS.get(column.casefold())
        if quarter and value not in (None, ""):
            found |= dict.fromkeys(_places(quarter, column, value), column)
    return found


def _places(quarter: str, column: str, value: Value) -> Iterable[str]:
    try:
        number = int(str(value))
    except ValueError as fault:
        raise ValueError(column) from fault
    if number not in _BYTE:
        raise ValueError(column)
    bits = f"{number & 0xFF:08b}"
    for index, bit in enumerate(bits):
        if bit == "1":
            yield f"{quarter}{index + 1 if quarter in _FROM_MIDLINE else 8 - index}"
