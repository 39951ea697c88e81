"""Plain values: what straight-line code calls to write one value as JSON, and to read it.

A value that FHIR cannot show whole is not plain; the description writes it, with its exact text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring as quote
from typing import Any

from formats.fhir import extensions
from formats.fhir.decimals import CENTS, Cents, Exact, Number
from formats.fhir.elements import Element, unknown_element
from formats.fhir.exact import Primitive
from formats.fhir.layout import as_json
from formats.fhir.parts import CURRENCY
from formats.fhir.primitives import (
    CODE,
    SURELY_FITS,
    TEXT,
    UNSIGNED,
    URI,
    Code,
    DateTime,
    Day,
    Id,
    Instant,
    Moment,
    ReferenceText,
    Text,
    Truth,
    Uri,
)
from formats.fhir.records.agenda import PARTICIPANTS
from formats.fhir.records.mouth import tooth_coding
from formats.fhir.records.papers import FILE_URL, SHA256
from formats.mapping.absence import Absent
from formats.model.dates import AnyDate, parse_date, parse_moment
from formats.model.documents import Attachment
from formats.model.mouth import is_fdi

Conversion = Callable[[Any], Any]

LARGE_SUM = 10**12
"""Cents; a smaller sum is its digits with a point before the last two."""

CACHED = 4096
"""Codes, references and teeth whose JSON is remembered; a dossier says few of them, many times."""

UNKNOWN = as_json(unknown_element())[1:-1]
"""The members of an object whose content nobody knows."""


class NotPlain(Exception):
    """A value, or an element, that straight-line code does not know."""


def write_string(value: str) -> str:
    """Return a ``string`` as JSON."""
    plain = value.isprintable() and value.strip() and len(value) <= SURELY_FITS  # nearly every text
    if plain or TEXT.encode(value)[1]:
        return quote(value)
    raise NotPlain


def write_day(value: AnyDate) -> str:
    """Return a ``date`` as JSON."""
    return f'"{value.isoformat()}"'


def write_truth(value: bool) -> str:
    """Return a ``boolean`` as JSON."""
    return "true" if value else "false"


def write_cents(value: int) -> str:
    """Return integer cents as a decimal with two digits."""
    if 0 <= value < LARGE_SUM:
        return f"{value // 100}.{value % 100:02}"
    shown, whole = CENTS.encode(value)
    if not whole:
        raise NotPlain
    return str(shown)


@lru_cache
def writer_of(primitive: Primitive[Any]) -> Conversion:
    """Return what writes a value of ``primitive`` as JSON, or raises ``NotPlain``."""
    known: dict[type, Conversion] = {
        Text: write_string,
        Day: write_day,
        Truth: write_truth,
        Cents: write_cents,
    }
    if type(primitive) in known:
        return known[type(primitive)]
    encode = primitive.encode

    def write(value: Any) -> str:
        shown, whole = encode(value)
        if not whole:
            raise NotPlain
        return quote(shown) if isinstance(shown, str) else str(shown)

    return lru_cache(CACHED)(write) if isinstance(primitive, Code | Uri | ReferenceText) else write


@lru_cache
def reader_of(primitive: Primitive[Any]) -> Conversion | None:
    """Return what reads a value of ``primitive``, or nothing where it is what JSON holds.

    It need not judge: what it reads is written again and compared.
    """
    if isinstance(primitive, ReferenceText):
        start = len(primitive.resource) + 1
        return lambda raw: raw[start:]
    if type(primitive) in {Text, Code, Id}:
        return None
    known: dict[type, Conversion] = {
        Day: parse_date,
        DateTime: parse_moment,
        Instant: parse_moment,
        Moment: datetime.fromisoformat,
        Cents: read_cents,
        Number: float,
        Exact: Decimal,
    }
    return known.get(type(primitive)) or _decoder(primitive)


def _decoder(primitive: Primitive[Any]) -> Conversion:
    decode = primitive.decode

    def read(raw: Any) -> Any:
        value = decode(raw)
        if isinstance(value, Absent):
            raise NotPlain
        return value

    return read


def read_cents(raw: str) -> int:
    """Return a decimal with two digits as cents; numbers with a point come as their text."""
    return int(raw.replace(".", ""))


def read_source_code(codings: list[Element]) -> tuple[str, str]:
    """Return the system and the code of the source; codings added for other readers say that they are not its own."""
    coding = codings[0]
    if "userSelected" in coding:
        return "", ""
    system = coding.get("system")
    return "" if system is None else read_system(system), coding.get("code", "")


@lru_cache(CACHED)
def read_system(raw: str) -> str:
    """Return a ``uri`` as the model has it."""
    value = URI.decode(raw)
    if isinstance(value, Absent):
        raise NotPlain
    return value


def read_file(file: Element) -> Attachment | None:
    """Return the file of an Attachment; one without a digest names none."""
    if "size" not in file:
        return None
    return Attachment(
        sha256=file["extension"][0]["valueString"], size=file["size"], media_type=file.get("contentType", "")
    )


_PARTS = {
    code: (place, path.split("."), reader_of(primitive))
    for place, (code, path, primitive) in enumerate(PARTICIPANTS.values())
}


def read_participants(participants: list[Element], *found: Any) -> list[Any]:
    """Return who and what takes part in an appointment, in the order of ``PARTICIPANTS``."""
    values = list(found)
    for participant in participants:
        place, (outer, inner), convert = _PARTS[participant["type"][0]["coding"][0]["code"]]
        raw = participant[outer][inner]
        values[place] = convert(raw) if convert else raw
    return values


@lru_cache(CACHED)
def write_tooth(tooth: str) -> str:
    """Return the Coding of a tooth as JSON; what is no tooth is left to the description, which reads none."""
    if not is_fdi(tooth):
        raise NotPlain
    return as_json(tooth_coding(tooth))


def write_file(file: Attachment) -> str:
    """Return the members of an Attachment as JSON, each with its comma."""
    kind = f',"contentType":{_write_media_type(file.media_type)}' if file.media_type else ""
    url = f',"url":"{FILE_URL}{file.sha256}"' if SHA256.fullmatch(file.sha256) else ""
    digest = f'"extension":[{{"url":"{_DIGEST}","valueString":{write_string(file.sha256)}}}]'
    return f'{kind}{url},"size":{_write_size(file.size)},{digest}'


_write_media_type, _write_size = writer_of(CODE), writer_of(UNSIGNED)
_DIGEST = extensions.url("sha256")


@lru_cache
def write_currency(currency: str) -> str:
    """Return the member of a Money that says its currency, where that is one."""
    return f',"currency":"{currency}"' if CURRENCY.fullmatch(currency) else ""


def write_opaque(node: Element, known: frozenset[str], *others: Element) -> tuple[str, str]:
    """Return what a part of rules of its own has put: its members, and the extensions, each with its comma.

    Raises:
        NotPlain: when other parts put members of the same names, or the order is another.
    """
    members = [f',"{key}":{as_json(value)}' for key, value in node.items() if key != "extension"]
    extensions = node.get("extension", ())
    if not known.isdisjoint(node) or (extensions and members and next(reversed(node)) != "extension"):
        raise NotPlain
    if any(key in other for other in others for key in node if key != "extension"):
        raise NotPlain
    return "".join(members), "".join([f",{as_json(one)}" for one in extensions])
