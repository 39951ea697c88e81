"""A Bundle on disk: our own one-entry-per-line layout, and anybody's JSON.

A bundle of ours is one JSON text whose first line opens the Bundle, whose last
line closes it, and whose lines between are one entry each; so one resource at a
time is in memory on either side. The header says so in a tag.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO, Protocol

from formats.errors import FormatFailure, LimitExceeded
from formats.fhir.codes import BASE, LAYOUT
from formats.fhir.elements import Element
from formats.fhir.exact import put_primitive, take_or
from formats.fhir.primitives import MOMENT
from formats.words import mark

MAX_BUNDLE_BYTES = 256 << 20
"""Bytes of a bundle; a long dossier with many periodontal charts is about 20 MiB."""
MAX_ENTRY_BYTES = 16 << 20
"""Bytes of one line; a study of 30,000 instances is about 15 MB."""
MAX_WHOLE_BYTES = 32 << 20
"""Bytes of a bundle in another layout, which must be held whole; in memory it takes ten times that."""
MAX_ENTRIES = 500_000
"""Entries of a bundle; the longest dossiers have some ten thousand records."""
MAX_DEPTH = 64
"""Objects and lists inside each other; a FHIR resource without nested answers needs about twelve."""

_FORMAT = mark("a FHIR Bundle in JSON")
_LINES = "one-entry-per-line"
_CLOSING = b"]}"
_SEPARATOR = b",\n"
_NUMBER = "\ud800"
"""Begins the stand-in of a decimal; no text of a bundle holds a lone surrogate, so none is mistaken."""
_STAND_IN = re.compile(f'"{_NUMBER}([^"]*)"')


BundleLine = tuple[str, str]
"""Where an entry is (for messages), and the entry as one line of JSON."""


class BundleSink(Protocol):
    """What a bundle is written to."""

    def write(self, data: bytes, /) -> int: ...


def bundle_line(resource: Element) -> BundleLine:
    """Return the line of a bundle that holds ``resource``."""
    place = _place(resource)
    return place, as_json({"fullUrl": f"{BASE}/{place}", "resource": resource})


def write_lines(
    lines: Iterable[BundleLine],
    target: BundleSink,
    written_at: datetime,
    *,
    head: Element | None = None,
    profiles: Sequence[str] = (),
) -> None:
    """Write ``lines`` as a Bundle of type collection, or of what ``head`` says; it names its ``profiles``.

    Raises:
        LimitExceeded: when an entry or the bundle would be too large to be read again.
    """
    header: Element = {
        "resourceType": "Bundle",
        "meta": {"tag": [{"system": LAYOUT, "code": _LINES}]},
        **(head or {"type": "collection"}),
    }
    if profiles:
        header["meta"]["profile"] = list(profiles)
    put_primitive(header, "timestamp", MOMENT, written_at)
    total = target.write(as_json(header).encode()[:-1] + b',"entry":[\n')
    ending = b""
    for count, (place, text) in enumerate(lines, 1):
        line = text.encode()
        length = len(line)
        total += length + len(_SEPARATOR)
        if length > MAX_ENTRY_BYTES or total > MAX_BUNDLE_BYTES or count > MAX_ENTRIES:
            _limit(mark("the length of a line in bytes"), length, MAX_ENTRY_BYTES, place)
            _limit(mark("the size of the bundle in bytes"), total, MAX_BUNDLE_BYTES, place)
            _limit(mark("the number of entries"), count, MAX_ENTRIES, place)
        target.write(ending + line)
        ending = _SEPARATOR
    target.write(b"\n" + _CLOSING + b"\n")


def as_json(value: Any) -> str:
    """Return ``value`` as one line of JSON; decimals keep their digits, as FHIR demands."""
    # The C encoder knows no decimals: they pass as marked texts and lose their quotes after.
    text = _JSON_TEXT(value)
    return _STAND_IN.sub(r"\1", text) if _NUMBER in text else text


def _stand_in(value: object) -> str:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is not JSON")
    return f"{_NUMBER}{value}"


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=_stand_in, allow_nan=False, check_circular=False
)


def _json_text() -> Callable[[Any], str]:
    """Return what encodes with ``_ENCODER``: the C encoder behind it made once, not for every value."""
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # an interpreter without it
        return _ENCODER.encode
    encode = make(None, _stand_in, json.encoder.encode_basestring, None, ":", ",", False, False, False)
    return lambda value: "".join(encode(value, 0))


_JSON_TEXT = _json_text()


def read_bundle_entries(source: BinaryIO) -> Iterator[tuple[str, Element]]:
    """Yield the place (for messages) and the entry of each resource in the bundle ``source``.

    Raises:
        LimitExceeded: naming the limit.
        FormatFailure: when it is not JSON, or not a Bundle.
    """
    for place, line in read_bundle_lines(source):
        yield entry_of(line, place)


def read_moment(source: BinaryIO) -> datetime | None:
    """Return when the bundle in ``source`` was written, if its first line says so, as it does in our layout.

    Raises:
        FormatFailure: when that line is no Bundle.
    """
    first = source.readline(MAX_WHOLE_BYTES + 1)
    return (
        take_or(decode_bundle(first + _CLOSING, "Bundle"), "timestamp", MOMENT, None)
        if _opens_lines(first)
        else None
    )


def read_bundle_lines(source: BinaryIO) -> Iterator[tuple[str, bytes | Element]]:
    """Yield the place of each entry, and its line in our layout, or the entry itself in another.

    In another layout than ours the Organization comes first, as it does in ours.

    Raises:
        LimitExceeded: naming the limit.
        FormatFailure: when it is not JSON, or not a Bundle.
    """
    first = source.readline(MAX_WHOLE_BYTES + 1)
    return _read_lines(source, len(first)) if _opens_lines(first) else _read_whole(first, source)


def entry_of(line: bytes | Element, place: str) -> tuple[str, Element]:
    """Return the place of an entry, its resource named, and the entry.

    Raises:
        LimitExceeded: when it is nested too deeply.
        FormatFailure: when it is no entry that holds a resource.
    """
    entry = decode_bundle(line, place) if isinstance(line, bytes) else line
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(resource, dict):
        raise FormatFailure(where=place, format=_FORMAT)
    if not isinstance(resource.get("resourceType"), str):
        raise FormatFailure(where=f"{place} resourceType", format=_FORMAT)
    return f"{place} {_place(resource)}", entry


def _opens_lines(line: bytes) -> bool:
    if not line.endswith(b"[\n") or len(line) > MAX_ENTRY_BYTES:
        return False
    header = decode_bundle(line + _CLOSING, "Bundle")
    return _is_bundle(header) and {"system": LAYOUT, "code": _LINES} in _tags(header)


def _tags(header: Element) -> list[Any]:
    meta = header.get("meta")
    tags = meta.get("tag") if isinstance(meta, dict) else None
    return tags if isinstance(tags, list) else []


def _read_lines(source: BinaryIO, total: int) -> Iterator[tuple[str, bytes]]:
    index = 0
    while line := source.readline(MAX_ENTRY_BYTES + 3):
        total += len(line)
        text = line.strip()
        if text == _CLOSING:
            if source.read(1):
                raise FormatFailure(where="after the Bundle", format=_FORMAT)
            return
        place = f"entry {index}"
        _limit(mark("the length of a line in bytes"), len(text), MAX_ENTRY_BYTES + 1, place)
        _limit(mark("the size of the bundle in bytes"), total, MAX_BUNDLE_BYTES, place)
        _limit(mark("the number of entries"), index + 1, MAX_ENTRIES, place)
        if text:
            yield place, text.removesuffix(b",")
            index += 1
    raise FormatFailure(where=f"entry {index}", format=_FORMAT)


def _read_whole(first: bytes, source: BinaryIO) -> Iterator[tuple[str, Element]]:
    data = first + source.read(MAX_WHOLE_BYTES + 1 - len(first))
    _limit(mark("the size of the bundle in bytes"), len(data), MAX_WHOLE_BYTES, "Bundle")
    bundle = decode_bundle(data, "Bundle")
    entries = bundle.get("entry", [])
    if not _is_bundle(bundle) or not isinstance(entries, list):
        raise FormatFailure(where="Bundle", format=_FORMAT)
    _limit(mark("the number of entries"), len(entries), MAX_ENTRIES, "Bundle")
    for index, entry in enumerate(entries):
        entry_of(entry, f"entry {index}")
    found = [(f"entry {index}", entry) for index, entry in enumerate(entries)]
    yield from sorted(found, key=lambda pair: pair[1]["resource"]["resourceType"] != "Organization")


def _is_bundle(bundle: Element) -> bool:
    return bundle.get("resourceType") == "Bundle"


def _place(resource: Element) -> str:
    return f"{resource.get('resourceType')}/{resource.get('id')}"[:200]


def decode_bundle(data: bytes, place: str) -> Element:
    """Return the JSON object that ``data`` holds; numbers with a point are exact.

    Raises:
        LimitExceeded: when it is nested too deeply.
        FormatFailure: when it is not UTF-8, not JSON, not an object, or names a member twice.
    """
    try:
        value = _DECODER.decode(data.decode("utf-8-sig"))
    except RecursionError as fault:
        raise LimitExceeded(
            where=place, name=mark("the depth of nesting"), found=MAX_DEPTH + 1, limit=MAX_DEPTH
        ) from fault
    except (ValueError, ArithmeticError) as fault:
        raise FormatFailure(where=place, format=_FORMAT) from fault
    if not isinstance(value, dict):
        raise FormatFailure(where=place, format=_FORMAT)
    if data.count(b"{") + data.count(b"[") > MAX_DEPTH:  # with fewer it cannot be that deep
        _limit(mark("the depth of nesting"), _depth(value), MAX_DEPTH, place)
    return value


def _once(pairs: list[tuple[str, Any]]) -> Element:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _refuse(constant: str) -> float:
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_once)


def _depth(value: Any) -> int:
    """Return how deep ``value`` is nested, level by level: a recursion could itself be the attack."""
    level, depth = [value], 0
    while level:
        depth += 1
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return depth


def _limit(name: str, found: int, limit: int, place: str) -> None:
    if found > limit:
        raise LimitExceeded(where=place, name=name, found=found, limit=limit)
