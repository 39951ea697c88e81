"""Sizes as people write them: 700MB, 4GiB, 1.5 GB, 250000."""

from __future__ import annotations

import re

import typer

from archiver.cli.terminal.language import localize
from formats.words import BYTES, Counted, mark

UNITS = {"": 1, "B": 1}
UNITS |= {f"{letter}B": 1000**power for power, letter in enumerate("KMGT", 1)}
UNITS |= {f"{letter}IB": 1024**power for power, letter in enumerate("KMGT", 1)}
_SIZE = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,3}))? ?([A-Za-z]{0,3})")


def bytes_of(text: str, *, least: int, option: str) -> int:
    """Return the bytes that ``text`` says: 0, or ``least`` and more.

    Raises:
        BadParameter: when it says no size, or too small a one.
    """
    found = _SIZE.fullmatch(text.strip())
    unit = UNITS.get(found[3].upper()) if found else None
    if found is None or unit is None:
        reason = localize(mark("a size is a number with B, kB, MB, GB, KiB, MiB or GiB"))
        raise typer.BadParameter(reason, param_hint=option)
    parts = found[2] or ""
    size = int(found[1] + parts) * unit // int("1" + "0" * len(parts))
    if 0 < size < least:
        reason = localize(mark("the smallest size is {least}; 0 never cuts"), least=Counted(least, BYTES))
        raise typer.BadParameter(reason, param_hint=option)
    return size
