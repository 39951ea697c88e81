"""The decoder ``openmolar-perio``: periodontal charts, which OpenMolar took over as bytes from the program before it.

45 signed bytes a tooth, 127 where nothing was measured: six each of recession, pocket, plaque, bleeding and a value
whose meaning nobody wrote down, four of furcation, one of mobility, six of suppuration, four without a meaning. Of six
the first three are vestibular, and both rows go from left to right as the screen showed them, from the patient's
right. The teeth go round the mouth, from the upper right to the lower right: so they stood on OpenMolar's screen; the
names that its reader gave to the lower ones go the other way, and its screen took that back (openmolar1 before
a6ef0238, ``perio.py`` and ``perioChartWidget.py``). Held against no installation.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from formats.databases.tables import Value
from formats.sources.decoder import DecodedPart, Decoder, UnreadCell
from formats.sources.openmolar.mouth import permanent_tooth
from formats.words import mark

BYTES_A_TOOTH = 45
NOT_MEASURED = 127
MAX_MILLIMETRES = 20
"""Largest depth, recession or grade that is taken for one."""
_PLACES = tuple(
    f"{quarter}{number}"
    for quarter, numbers in (
        ("ur", range(8, 0, -1)),
        ("ul", range(1, 9)),
        ("ll", range(8, 0, -1)),
        ("lr", range(1, 9)),
    )
    for number in numbers
)
CHART_BYTES = BYTES_A_TOOTH * len(_PLACES)
_SIX = {"gingival-margin": 0, "probing": 6, "plaque": 12, "bleeding": 18, "suppuration": 35}
"""Where the six values of each measure begin."""
_FLAGS = frozenset({"plaque", "bleeding", "suppuration"})
"""Measures of which 0 is “no”: nothing that a chart shows."""
_FURCATION, _MOBILITY = 30, 34
_FURCATION_PLACES = (0, 2, 3, 5)
_WITHOUT_MEANING = (*range(24, 30), *range(41, 45))
_TEXT = "base64:"
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "tooth": mark("The tooth, in FDI notation; nothing for what is on no tooth."),
        "measure": mark("What was measured, in the words of PerioKind."),
        "site": mark("Where, in the words of PerioSite."),
        "value": mark("The value."),
    }
)


def decode_perio(cells: Mapping[str, Value]) -> Iterator[DecodedPart | UnreadCell]:
    """Yield every value that was measured; what has no known meaning is told."""
    for column, value in cells.items():
        if value in (None, "", b""):
            continue
        data = _bytes(value)
        if data is None or len(data) < CHART_BYTES:
            yield UnreadCell(column=column, value=value, partly=False)
            continue
        strange = any(data[CHART_BYTES:])
        for place, taken in zip(
            _PLACES, struct.iter_unpack(f"{BYTES_A_TOOTH}b", data[:CHART_BYTES]), strict=True
        ):
            strange = strange or any(taken[one] not in {0, NOT_MEASURED} for one in _WITHOUT_MEANING)
            for part in _tooth(place, taken):
                if -MAX_MILLIMETRES <= int(part.cells["value"]) <= MAX_MILLIMETRES:
                    yield part
                else:
                    strange = True
        if strange:
            yield UnreadCell(column=column, value=value)


def _bytes(value: Value) -> bytes | None:
    """Return the bytes of a cell, also of one that travelled as text; nothing where it is neither."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str) and value.startswith(_TEXT):
        try:
            return base64.b64decode(value.removeprefix(_TEXT), validate=True)
        except binascii.Error:
            return None
    return None


def _tooth(place: str, taken: tuple[int, ...]) -> Iterator[DecodedPart]:
    sites = _sites(place)
    for measure, first in _SIX.items():
        for site, value in zip(sites, taken[first : first + 6], strict=True):
            if value != NOT_MEASURED and (value or measure not in _FLAGS):
                yield _part(place, measure, site, value)
    for position, value in zip(_FURCATION_PLACES, taken[_FURCATION:_MOBILITY], strict=True):
        if value not in {0, NOT_MEASURED}:
            yield _part(place, "furcation", sites[position], value)
    if taken[_MOBILITY] not in {0, NOT_MEASURED}:
        yield _part(place, "mobility", "T", taken[_MOBILITY])


def _sites(place: str) -> tuple[str, ...]:
    """Return the six sites as a row of the screen shows them: the patient's right is on the left."""
    left, right = ("D", "M") if place[1] == "r" else ("M", "D")
    return (f"{left}B", "B", f"{right}B", f"{left}L", "L", f"{right}L")


def _part(place: str, measure: str, site: str, value: int) -> DecodedPart:
    tooth = permanent_tooth(place)
    cells = {"tooth": tooth, "measure": measure, "site": site, "value": str(value)}
    return DecodedPart(key=f"{tooth}/{measure}/{site}", cells=cells)


PERIO = Decoder(
    version=1,
    meaning=mark("Periodontal charts of OpenMolar: a row for each value that was measured."),
    reads=mark("chartdata"),
    content=mark("a periodontal chart of OpenMolar"),
    takes=lambda column: column.casefold() == "chartdata",
    columns=COLUMNS,
    words={},
    decode=decode_perio,
)
