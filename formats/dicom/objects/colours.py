"""The ICC profile of sRGB (IEC 61966-2-1) as an input device profile (ICC.1:2001), which PS3.3, C.11.15 asks for."""

from __future__ import annotations

import struct
from functools import cache

CURVE_POINTS = 1024
_DATED = (2000, 1, 1, 0, 0, 0)
"""The same in every object, so that the same picture gives the same bytes."""
_WHITE = (0.9642, 1.0, 0.8249)
_PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
"""Red, green and blue of sRGB, adapted to D50."""
_NAME, _RIGHTS = b"sRGB IEC61966-2.1", b"No copyright"


@cache
def srgb_profile() -> bytes:
    """Return the profile."""
    curve = b"curv" + bytes(4) + struct.pack(">L", CURVE_POINTS) + b"".join(map(_level, range(CURVE_POINTS)))
    name = struct.pack(">L", len(_NAME) + 1) + _NAME + b"\0"
    values = [
        (b"desc", b"desc" + bytes(4) + name + bytes(4 + 4 + 2 + 1 + 67)),
        (b"cprt", b"text" + bytes(4) + _RIGHTS + b"\0"),
        (b"wtpt", _xyz(_WHITE)),
        *((tag, _xyz(value)) for tag, value in _PRIMARIES.items()),
    ]
    tags = [b"rTRC", b"gTRC", b"bTRC"]
    place = 128 + 4 + 12 * (len(values) + len(tags))
    table, data = [], b""
    for tag, value in (*values, (tags[0], curve)):
        table.append((tag, place + len(data), len(value)))
        data += value + bytes(-len(value) % 4)
    table += [(tag, *table[-1][1:]) for tag in tags[1:]]
    listed = struct.pack(">L", len(table)) + b"".join(struct.pack(">4sLL", *one) for one in table)
    return _header(128 + len(listed) + len(data)) + listed + data


def _header(size: int) -> bytes:
    head = struct.pack(
        ">L4sL4s4s4s6H4s", size, bytes(4), 0x0240_0000, b"scnr", b"RGB ", b"XYZ ", *_DATED, b"acsp"
    )
    return head + bytes(28) + b"".join(map(_fixed, _WHITE)) + bytes(48)


def _level(point: int) -> bytes:
    """Return the light of a value, of 65535."""
    value = point / (CURVE_POINTS - 1)
    light = value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
    return struct.pack(">H", round(light * 0xFFFF))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(map(_fixed, values))


def _fixed(value: float) -> bytes:
    return struct.pack(">l", round(value * 65536))
