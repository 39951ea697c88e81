"""The decoder ``openmolar-chart``: charts and treatments of OpenMolar, each code with the tooth that it stands on.

It reads the columns of teeth (``ur8`` … ``lr8``, with ``st``, ``pl`` or ``cmp`` behind), the primary teeth
(``dent0`` … ``dent3``), ``chart`` of the day book, where each code stands behind the name of its tooth, and the columns
of what is on no tooth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from formats.databases.tables import OversizedValue, Value
from formats.sources.decoder import DecodedPart, Decoder, UnreadCell
from formats.sources.openmolar.code_lists import ITEMS, PERMANENT_TOO
from formats.sources.openmolar.codes import Group, read_code
from formats.sources.openmolar.mouth import (
    PRIMARY_PLACES,
    is_quarter,
    permanent_tooth,
    primary_places,
    primary_tooth,
    tooth_place,
)
from formats.words import mark

MAX_CHART = 65_535
"""Bytes of a chart: what a BLOB of MySQL holds."""
_CHART = "chart"
OTHER = "other"
"""The group of what is on no tooth."""
_SIDES = ("pl", "cmp")
_WIDE = frozenset(
    {
        "xray",
        "perio",
        "anaes",
        "other",
        "ndu",
        "ndl",
        "odu",
        "odl",
        "custom",
        "exam",
        "examt",
        "diagn",
        "misc",
    }
)
"""Columns of what is on no tooth, those of a course with ``pl`` or ``cmp`` behind."""
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "column": mark("The column that it stands in."),
        "tooth": mark("The tooth, in FDI notation; nothing for what is on no tooth."),
        "code": mark("The code as it is written."),
        "group": mark("What the code tells, in one word; other for what is on no tooth."),
        "item": mark("What it is, in one word; of what is on no tooth, its column."),
        "surfaces": mark("The surfaces, in English letters."),
        "material": mark("The material, as it is written."),
        "text": mark("The words of a remark."),
    }
)


def _takes(column: str) -> bool:
    name = column.casefold()
    return bool(tooth_place(name)) or is_quarter(name) or name == _CHART or _wide(name) in _WIDE


def _wide(name: str) -> str:
    """Return a column of no tooth without what says whether it is planned or completed."""
    return next((name.removesuffix(one) for one in _SIDES if name.endswith(one)), name)


def decode_chart(cells: Mapping[str, Value]) -> Iterator[DecodedPart | UnreadCell]:
    """Yield what the cells say of each tooth; codes that are in none of OpenMolar's lists are told besides."""
    try:
        primary = primary_places(cells)
    except ValueError as fault:
        column = str(fault)
        yield UnreadCell(column=column, value=cells[column], partly=False)
        primary = {}
    own = not any(name.casefold().endswith(_SIDES) or name.casefold() == _CHART for name in cells)
    if own:
        for place, column in primary.items():
            yield from _primary_tooth(place, column, _text_of(cells, place))
    seen: Counter[str] = Counter()
    for column, value in cells.items():
        if is_quarter(column):
            continue
        try:
            written = list(_written(column, _text(value)))
        except ValueError:
            yield UnreadCell(column=column, value=value, partly=False)
            continue
        for place, code in written:
            name = f"{place if column.casefold() == _CHART else column.casefold()}/{code}"
            seen[name] += 1
            made = _cells(column, place, code, primary)
            yield DecodedPart(key=name if seen[name] == 1 else f"{name}#{seen[name]}", cells=made)
            if made["group"] == Group.UNKNOWN:
                yield UnreadCell(column=column, value=code)


def _primary_tooth(place: str, column: str, written: str) -> Iterator[DecodedPart]:
    """Yield that ``place`` has its primary tooth, and not its permanent one, unless that is written there too."""
    teeth = {"primary": primary_tooth(place)} if int(place[2]) <= PRIMARY_PLACES else {}
    if PERMANENT_TOO not in written.upper().split():
        teeth["no-tooth"] = permanent_tooth(place)
    for item, tooth in teeth.items():
        cells = {"column": column, "tooth": tooth, "group": Group.STATUS.value, "item": item}
        yield DecodedPart(key=f"{place}/{item}", cells=cells)


def _text_of(cells: Mapping[str, Value], place: str) -> str:
    """Return what is written on ``place``, where that is a text."""
    found = (value for column, value in cells.items() if tooth_place(column) == place)
    return next((value for value in found if isinstance(value, str)), "")


def _text(value: Value) -> str:
    """Return the text of a cell, which may be bytes with zeros behind it.

    Raises:
        ValueError: when it is none, or too long for one.
    """
    if isinstance(value, OversizedValue):
        raise ValueError(value)
    text = value.decode("utf-8") if isinstance(value, bytes) else "" if value is None else str(value)
    if len(text) > MAX_CHART:
        raise ValueError(len(text))
    return text.strip("\0 ")


def _written(column: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield each code with the place of its tooth, or with nothing where it stands on none.

    Raises:
        ValueError: for a chart that does not begin with a tooth.
    """
    place = tooth_place(column)
    for word in text.split():
        if column.casefold() != _CHART:
            yield place, word
        elif named := tooth_place(word):
            place = named
        elif place:
            yield place, word
        else:
            raise ValueError(text)


def _cells(column: str, place: str, code: str, primary: Mapping[str, str]) -> dict[str, str]:
    """Return what ``code`` says at ``place``, or on no tooth."""
    cells = {"column": column, "code": code}
    if not place:
        return cells | {"group": OTHER, "item": _wide(column.casefold())}
    read = read_code(code)
    cells |= {"group": read.group.value, "item": read.item, "surfaces": read.surfaces}
    return cells | {"tooth": _tooth(place, read.item, primary), "material": read.material, "text": read.text}


def _tooth(place: str, item: str, primary: Mapping[str, str]) -> str:
    """Return the tooth that stands at ``place``: the primary tooth where it is there, unless the code means another."""
    if item == "supernumerary":
        return f"{permanent_tooth(place)}S"
    is_primary = place in primary and int(place[2]) <= PRIMARY_PLACES and item != "permanent-too"
    return primary_tooth(place) if is_primary else permanent_tooth(place)


CHART = Decoder(
    version=1,
    meaning=mark("Dental charts, planned and completed treatments of OpenMolar: a row for each code."),
    reads=mark(
        "ur8 … lr8, also with st, pl or cmp behind; dent0 … dent3; chart; xray, perio … also with pl or cmp"
    ),
    content=mark("a code of OpenMolar"),
    takes=_takes,
    columns=COLUMNS,
    words={"group": (*(one.value for one in Group), OTHER), "item": (*ITEMS, *sorted(_WIDE))},
    decode=decode_chart,
)
