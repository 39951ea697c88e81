"""Medical devices on the dental chart: whether one is a dental implant, and its sign at the root of its tooth.

The sign of an implant is a drawn screw; that of any other device is the symbol *medical device* of ISO 15223-1
(5.7.7), the letters MD in a frame. Both are black, on paper and in any colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from formats.model.devices import EMDN_SYSTEM, MedicalDevice
from formats.pdlgc.page.markup import Html, both, flat
from formats.words import Words

COLUMN_WIDTH = 42
"""Width of the column of a tooth, in units of the drawing: what is wider is drawn smaller."""
ROOT_HEIGHT = 28
"""Height of the band between square and signs in which a device is drawn, in units of the drawing."""
_SCREW = (
    "M-5 0H5V3L3.2 4.5 5 6.5 3 8 4.7 10 2.8 11.5 4.4 13.5 2.5 15 4 17 2.2 18.5 3.3 20.5 0 25"
    "-3.3 20.5-2.2 18.5-4 17-2.5 15-4.4 13.5-2.8 11.5-4.7 10-3 8-5 6.5-3.2 4.5-5 3z"
)
_SYMBOL_HEIGHT = 13
_FRAME = f"M-9 0H9V{_SYMBOL_HEIGHT}H-9z"

_IMPLANT_CODE = "P01020101"
"""EMDN: *dental implants*; their accessories, such as abutments, are P01020180."""
_IMPLANT = re.compile(
    r"implants?(?![\w-])"
    r"|(?:(?:dental|endosseous|endosteal|oral|titanium|zirconia)\s+)+implants?\s*(?:system|fixture|body)?\s*(?:$|[^\w\s])",
    re.IGNORECASE,
)
_NOT_IMPLANT = re.compile(
    r"(?<![\w-])(?:abutment|analog(?:ue)?|bar|bridge|cap|coping|cover|crown|drill|driver|healing|kit|plug|replica|screw"
    r"|suprastructure|transfer|bone|collag\w*|comblement|graft|membrane|osseux|r(?:é|e\u0301?)sorbable|substitute?)s?(?![\w-])",
    re.IGNORECASE,
)
"""Parts that go onto an implant, in English, where the noun comes last; graft materials, which are implanted too."""


class DeviceSign(StrEnum):
    """How a device in place is drawn: as a dental implant, or as a medical device of which no more is known."""

    IMPLANT = "implant"
    OTHER = "device"


IN_PLACE: Mapping[DeviceSign, Words] = {
    DeviceSign.IMPLANT: Words("implant en place", "implant in place"),
    DeviceSign.OTHER: Words("dispositif médical en place", "medical device in place"),
}
_SHAPES: Mapping[DeviceSign, Words] = {
    DeviceSign.IMPLANT: Words("vis", "screw"),
    DeviceSign.OTHER: Words("MD encadré", "MD in a frame"),
}
_DRAWINGS: Mapping[DeviceSign, str] = {
    DeviceSign.IMPLANT: f'<path d="{_SCREW}"/>',
    DeviceSign.OTHER: f'<path d="{_FRAME}"/><text x="0" y="9.5">MD</text>',
}
_WIDTHS: Mapping[DeviceSign, int] = {DeviceSign.IMPLANT: 12, DeviceSign.OTHER: 20}
_LEGEND_BOXES: Mapping[DeviceSign, str] = {
    DeviceSign.IMPLANT: 'width="11" height="22" viewBox="-6.5 -.5 13 26"',
    DeviceSign.OTHER: 'width="20" height="15" viewBox="-10 -1 20 15"',
}


def device_sign(device: MedicalDevice) -> DeviceSign:
    """Return the sign of a device: that of an implant only where its record says that it is a dental implant.

    A code of the EMDN (OID 1.2.250.1.213.2.68, as the CI-SIS has it) decides alone: P01020101, *dental implants*, and
    what is below it. Without one, the words of the source do: ``label`` begins with *implant*, or is an English
    *dental implant*, and names neither a part that goes onto one (*implant abutment*) nor a graft material. The
    act that put it in does not decide: a membrane is put in by the same act.
    """
    if device.code and device.code_system.removeprefix("urn:oid:") == EMDN_SYSTEM:
        found = device.code.startswith(_IMPLANT_CODE)
    else:
        label = " ".join(device.label.split())  # a run of spaces would be tried in every way to share it out
        found = bool(_IMPLANT.match(label)) and not _NOT_IMPLANT.search(label)
    return DeviceSign.IMPLANT if found else DeviceSign.OTHER


def device_drawing(
    own: Mapping[DeviceSign, int], extra: Mapping[DeviceSign, int], middle: float, crown: int, *, upper: bool
) -> Iterator[Html]:
    """Yield the devices of a tooth, beside each other; how many there are of a kind stands beside its sign.

    ``own`` and ``extra`` count those of the tooth and of a supernumerary one beside it, ``middle`` and ``crown`` are
    where its column has its middle and its square ends. What the column has no room for is drawn smaller.
    """
    notes = {
        sign: _notes(own.get(sign, 0), extra.get(sign, 0))
        for sign in DeviceSign
        if sign in own or sign in extra
    }
    width = sum(_WIDTHS[sign] + _notes_width(each) for sign, each in notes.items())
    if width <= COLUMN_WIDTH:
        yield from _side_by_side(notes, middle - width / 2, crown, upper=upper)
        return
    yield Html(f'<g transform="translate({middle:g} {crown}) scale({COLUMN_WIDTH / width:.2g})">')
    yield from _side_by_side(notes, -width / 2, 0, upper=upper)
    yield Html("</g>")


def _side_by_side(
    notes: Mapping[DeviceSign, Sequence[str]], x: float, crown: int, *, upper: bool
) -> Iterator[Html]:
    """Yield each sign with its ``notes``, the first from ``x`` on."""
    for sign, own in notes.items():
        centre = x + _WIDTHS[sign] / 2
        if sign is DeviceSign.IMPLANT:
            place = f"translate({centre:g} {crown + (-1 if upper else 1)})" + (
                " scale(1 -1)" if upper else ""
            )
        else:
            y = crown + (7 - ROOT_HEIGHT if upper else 7)
            place = f"translate({centre:g} {y})"
        yield Html(f'<g class="{sign}" transform="{place}">{_DRAWINGS[sign]}</g>')
        x += _WIDTHS[sign] + _notes_width(own)
        start = crown - 16 if upper else crown + 12
        for line, note in enumerate(own):
            middle = x - _notes_width(own) / 2
            yield Html(f'<text class="many" x="{middle:g}" y="{start + 10 * line}">{note}</text>')


def _notes_width(notes: Sequence[str]) -> int:
    """Return the room that notes take beside a sign: two letters at least."""
    return max((max(16, 6 * len(one) + 4) for one in notes), default=0)


def _notes(own: int, extra: int) -> list[str]:
    """Return how many devices there are where there are several, and whether of a supernumerary tooth."""
    count = [f"×{own + extra}"] if own + extra > 1 else []
    return [*count, *(["+S" if own else "S"] if extra else [])]


def device_legend(signs: Iterable[DeviceSign]) -> str:
    """Return what the signs of devices mean, an entry each."""
    return "".join(
        f'<span><i class="{sign}">{_alone(sign)}</i> {both(IN_PLACE[sign])}</span>' for sign in signs
    )


def _alone(sign: DeviceSign) -> str:
    """Return a sign as a drawing of its own."""
    start = f'<svg class="{sign}" {_LEGEND_BOXES[sign]} role="img" aria-label="{flat(_SHAPES[sign])}"'
    return f'{start} xmlns="http://www.w3.org/2000/svg">{_DRAWINGS[sign]}</svg>'
