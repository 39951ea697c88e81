"""Fields of a record of dBase III, IV or FoxPro: from their bytes to a cell.

What a field cannot hold by its type (a date of no calendar, a number of stars) comes as it stands, as text.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from formats.databases.files.dbase.memo import MemoFile
from formats.databases.files.row_spool import number_cell
from formats.databases.tables import OversizedValue, Value

MEMOS = frozenset("MGPW")
"""Types whose content lies in the memo file; ``B`` is one as well, but in Visual FoxPro."""
KNOWN = MEMOS | frozenset("CNFDLITYB@+VQ0")
"""Types that are read; the bytes of any other travel as they are."""
SYSTEM, NULLABLE, BINARY = 0x01, 0x02, 0x04
"""Flags of a field in Visual FoxPro."""
_JULIAN = 1_721_425
"""Day of the Julian period on which the calendar of Python begins, less one."""
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
_DAY_MILLISECONDS = 86_400_000


@dataclass(frozen=True, kw_only=True, slots=True)
class DbaseField:
    """A field: its name, type and flags, and where its bytes stand in a record."""

    name: str
    type: str
    start: int
    length: int
    flags: int = 0
    visual: bool = False

    @property
    def is_memo(self) -> bool:
        """Whether its content lies in the memo file."""
        return self.type in MEMOS or (self.type == "B" and not self.visual)

    @property
    def is_binary(self) -> bool:
        """Whether its content is bytes and no text."""
        return self.type in "GPWQB" or bool(self.flags & BINARY)


class FieldValues:
    """Values of fields; ``decode`` makes text of bytes, ``memo`` is the memo file, if the table has one."""

    def __init__(self, encoding: str, memo: MemoFile | None) -> None:
        self._encoding, self._memo = encoding, memo
        self._readers: dict[str, Callable[[bytes], Value]] = {
            "N": _number,
            "F": _number,
            "D": _day,
            "L": _yes_or_no,
            "I": lambda data: int(struct.unpack("<i", data)[0]),
            "+": lambda data: int(struct.unpack("<i", data)[0]),
            "T": _moment,
            "@": _moment,
            "Y": _currency,
        }

    def value(self, field: DbaseField, data: bytes) -> Value:
        """Return what ``data`` holds, the bytes of ``field``.

        Raises:
            UnicodeDecodeError: when a text is not of the encoding.
            TableUnreadable: when its memo cannot be read.
        """
        if field.is_memo:
            return self._of_memo(field, data)
        if field.type == "B":
            return number_cell(struct.unpack("<d", data)[0]) if len(data) == 8 else data
        if field.type in "CVQ":
            return data if field.is_binary else data.rstrip(b" \0").decode(self._encoding)
        if field.type not in self._readers:
            return data
        try:
            return self._readers[field.type](data)
        except (struct.error, ValueError, ArithmeticError):
            return data.decode("latin-1").strip(" \0")

    def _of_memo(self, field: DbaseField, data: bytes) -> Value:
        if len(data) == 4:
            number = struct.unpack("<I", data)[0]
        else:
            digits = data.strip(b" \0")
            if digits and not digits.isdigit():
                return digits.decode("latin-1")
            number = int(digits or b"0")
        if not number or self._memo is None:
            return None
        content = self._memo.read(number)
        if isinstance(content, OversizedValue) or field.is_binary:
            return content
        return content.decode(self._encoding)


def _number(data: bytes) -> Value:
    text = data.replace(b"\0", b"").strip().decode("latin-1")
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        return text
    exact = Decimal(text.replace(",", "."))
    return decimal_cell(exact, text)


def decimal_cell(exact: Decimal, text: str) -> Value:
    """Return an exact number as a number where a binary one has all its digits, else as its ``text``."""
    if exact == exact.to_integral_value():
        return number_cell(int(exact)) if exact.adjusted() < 20 else text
    near = float(exact)
    return near if Decimal(repr(near)) == exact else text


def _currency(data: bytes) -> Value:
    exact = Decimal(struct.unpack("<q", data)[0]).scaleb(-4)
    return decimal_cell(exact, str(exact))


def _day(data: bytes) -> Value:
    text = data.decode("latin-1").strip(" \0")
    if not text.strip("0"):
        return None
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdecimal() else text


def _yes_or_no(data: bytes) -> Value:
    letter = data.decode("latin-1").strip(" \0?")
    return {"T": "true", "Y": "true", "F": "false", "N": "false", "": None}.get(letter.upper(), letter)


def _moment(data: bytes) -> Value:
    day, milliseconds = struct.unpack("<II", data)
    if not day:
        return None
    if milliseconds >= _DAY_MILLISECONDS:
        raise ValueError(milliseconds)
    shown = date.fromordinal(day - _JULIAN).isoformat()
    # Visual FoxPro keeps 59.999 where 0 of the next minute was meant
    seconds = timedelta(seconds=round(milliseconds / 1000))
    if not seconds:
        return shown
    if seconds.days:
        return date.fromordinal(day - _JULIAN + 1).isoformat()
    minutes, rest = divmod(seconds.seconds, 60)
    clock = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{shown} {clock}:{rest:02}" if rest else f"{shown} {clock}"
