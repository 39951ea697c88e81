"""Data types of a clinical document: identifiers, codes, time stamps, and text that lies in the narrative."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from formats.cda.codes import CODE_SYSTEM_NAMES, system_oid
from formats.model.dates import AnyDate, AnyMoment, PartialDate
from formats.xml_markup import NOTHING, Markup, element, text_element, text_markup, writable

MAX_EXTENSION = 64
"""Characters of the extension of an identifier (CI-SIS, *Structuration minimale*)."""
_MINUTE, _LARGEST_OFFSET = timedelta(minutes=1), timedelta(hours=14)


def entry_uuid(*parts: str) -> str:
    """Return the UUID, version 5, of what ``parts`` name: the first is the UUID of whose it is, in capitals."""
    space, *names = parts
    name = "/".join(names).encode("utf-8", "replace")  # a source may hold half a surrogate pair
    found = bytearray(hashlib.sha1(_uuid_bytes(space) + name, usedforsecurity=False).digest()[:16])
    found[6] = found[6] & 0x0F | 0x50  # RFC 9562, 5.5; the standard library makes an object of each
    found[8] = found[8] & 0x3F | 0x80
    text = found.hex().upper()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(64)
def _uuid_bytes(value: str) -> bytes:
    return uuid.UUID(value).bytes


def uuid_oid(value: str) -> str:
    """Return the OID of a UUID (ITU-T X.667): ``2.25.`` and its number."""
    return f"2.25.{uuid.UUID(value).int}"


def id_element(root: str, extension: str = "", name: str = "id", authority: str = "") -> Markup:
    """Return an instance identifier (II)."""
    return element(name, root=root, extension=extension, assigningAuthorityName=authority)


@lru_cache(256)
def null_element(name: str, flavor: str = "UNK", **attributes: str) -> Markup:
    """Return an element that says why its value is missing (HL7 NullFlavor)."""
    return element(name, nullFlavor=flavor, **attributes)


@lru_cache(256)
def templates(*roots: str) -> Markup:
    """Return the templates that something conforms to."""
    return Markup("".join(id_element(root, name="templateId") for root in roots))


# -- times --------------------------------------------------------------------------------


def date_stamp(on: AnyDate) -> str:
    """Return a date as a time stamp (TS), as precise as it is known."""
    if isinstance(on, date):
        return f"{on.year:04}{on.month:02}{on.day:02}"
    return f"{on.year:04}" if on.month is None else f"{on.year:04}{on.month:02}"


def moment_stamp(at: datetime) -> str:
    """Return a moment to the second with its offset; in UTC where XML Schema knows no such offset."""
    offset = at.utcoffset() or timedelta(0)
    if offset % _MINUTE or abs(offset) > _LARGEST_OFFSET:
        try:
            at, offset = at.astimezone(UTC), timedelta(0)
        except OverflowError:  # in the first or the last hours that a calendar has
            offset -= offset % _MINUTE
    sign, minutes = ("-" if offset < timedelta(0) else "+"), abs(offset) // _MINUTE
    clock = f"{at.hour:02}{at.minute:02}{at.second:02}"
    return f"{date_stamp(at.date())}{clock}{sign}{minutes // 60:02}{minutes % 60:02}"


def time_stamp(at: AnyMoment) -> str:
    """Return a moment, or a date without a time of day, as a time stamp (TS)."""
    return moment_stamp(at) if isinstance(at, datetime) else date_stamp(at)


def time_element(name: str, stamp: str, flavor: str = "UNK") -> Markup:
    """Return a point in time, or why it is missing."""
    return element(name, value=stamp) if stamp else null_element(name, flavor)


def time_interval(
    start: AnyDate | None, end: AnyDate | None, *, ended: bool = False, xsi_type: str = ""
) -> Markup:
    """Return an ``effectiveTime`` with its beginning, and its end where there is one, or one must be stated."""
    low = time_element("low", date_stamp(start) if start else "")
    high = time_element("high", date_stamp(end) if end else "") if end or ended else NOTHING
    return element("effectiveTime", low, high, xsi_type=xsi_type)


def shown_date(on: AnyDate | None) -> str:
    """Return a date as a person reads it in French; empty where nobody knows it."""
    if on is None:
        return ""
    if isinstance(on, PartialDate):
        return f"{on.year:04}" if on.month is None else f"{on.month:02}/{on.year:04}"
    return f"{on.day:02}/{on.month:02}/{on.year:04}"


# -- codes --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class CdaCode:
    """A code to write: ``oid`` is its system, ``label`` what the system calls it."""

    oid: str
    code: str
    label: str = ""


def code_element(name: str, code: CdaCode, *inside: Markup, xsi_type: str = "") -> Markup:
    """Return an element with a code of a system of the standard."""
    return _empty_code(name, code, xsi_type) if not inside else _code(name, code, xsi_type, *inside)


@lru_cache(1024)
def _empty_code(name: str, code: CdaCode, xsi_type: str) -> Markup:
    return _code(name, code, xsi_type)


def _code(name: str, code: CdaCode, xsi_type: str, *inside: Markup) -> Markup:
    attributes = {
        "xsi_type": xsi_type,
        "code": code.code,
        "displayName": code.label,
        "codeSystem": code.oid,
        "codeSystemName": CODE_SYSTEM_NAMES.get(code.oid, ""),
    }
    return element(name, *inside, **attributes)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordCode:
    """What a record calls something: a code of the system ``system`` (a URI), a label, and where that lies."""

    system: str = ""
    code: str = ""
    label: str = ""
    place: str = ""

    def element(self, name: str, *, xsi_type: str = "", only: str = "") -> Markup:
        """Return it as a coded value; of a system other than ``only`` the code is a translation.

        Without a code, or with one that has blanks in it, it is something that no code stands for (``OTH``).
        """
        original = element("originalText", narrative_reference(self.place)) if self.place else NOTHING
        system = writable(self.system).strip()
        oid = system_oid(system)
        coded = {
            "code": self.code.strip(),
            "displayName": " ".join(self.label.split()),
            "codeSystem": oid,
            "codeSystemName": CODE_SYSTEM_NAMES.get(oid, system),
        }
        if not coded["code"] or len(coded["code"].split()) > 1:
            return (
                null_element(name, "OTH", xsi_type=xsi_type)
                if not original
                else element(name, original, nullFlavor="OTH", xsi_type=xsi_type)
            )
        if only and oid != only:
            return element(
                name, original, element("translation", **coded), nullFlavor="OTH", xsi_type=xsi_type
            )
        return element(name, original, **coded, xsi_type=xsi_type)


def narrative_reference(place: str) -> Markup:
    """Return a reference to the element of the narrative whose ``ID`` is ``place``."""
    return element("reference", value=f"#{place}")


def text_reference(place: str) -> Markup:
    """Return the text of a statement, which lies in the narrative at ``place``."""
    return element("text", narrative_reference(place))


# -- narrative ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: texts, each with the ``ID`` by which an entry refers to it, or without one."""

    texts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, text: str, place: str = "") -> Cell:
        """Return a cell with one text."""
        return cls(((text, place),))

    def markup(self) -> Markup:
        """Return it as a ``td``; texts stand one below the other."""
        parts = [
            element("content", text_markup(text), ID=place) if place else text_markup(text)
            for text, place in self.texts
            if text or place
        ]
        return Markup(f"<td>{element('br').join(parts)}</td>")


def table_start(*heads: str) -> Markup:
    """Return the beginning of a table, up to its first row."""
    cells = "".join(text_element("th", one) for one in heads)
    return Markup(f'<table border="1"><thead><tr>{cells}</tr></thead><tbody>')


TABLE_END = Markup("</tbody></table>")


def table_row(cells: Iterator[Cell] | tuple[Cell, ...]) -> Markup:
    """Return a row."""
    return Markup(f"<tr>{''.join(one.markup() for one in cells)}</tr>\n")


def text_lines(text: str) -> list[str]:
    """Return the lines of a text that say something, with single blanks, each once."""
    return list(dict.fromkeys(filter(None, (" ".join(line.split()) for line in text.splitlines()))))
