"""Resources at a place: of a Bundle or one resource in JSON, of NDJSON (one a line), or of a folder of such files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from formats.errors import Failure, FormatFailure, LimitExceeded, not_found
from formats.fhir.elements import Element
from formats.fhir.layout import (
    MAX_ENTRIES,
    MAX_ENTRY_BYTES,
    MAX_WHOLE_BYTES,
    decode_bundle,
    read_bundle_entries,
    read_moment,
)
from formats.fhir_exports.moments import stated_moment
from formats.findings import Finding
from formats.folders import as_finding, files_below, relative_text
from formats.outside_files.archives import OutsideFile
from formats.regular_files import open_regular
from formats.words import mark

MAX_LINES = 5_000_000
"""Lines of one NDJSON file; the largest practices have a million resources of one kind."""
_HEAD = 64 << 10
_PASSED_OVER = 1 << 20
_LOOKED_AT = 500
_RESOURCE = re.compile(rb'"resourceType"\s*:\s*"[A-Z]')


class NotFhir(FormatFailure):
    """A place where no FHIR resources lie."""

    code = "not-fhir"
    sentence = mark("There are no FHIR resources here (R4, in JSON or NDJSON).")


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedResource:
    """A resource and where it lies; ``address`` is what a bundle calls it, empty elsewhere.

    ``bundled`` is the moment of that bundle, if it states one, ``file`` the place of the file it lies in.
    """

    place: str
    address: str
    node: Element
    bundled: datetime | None = None
    file: str = ""


def files_at(place: Path) -> Iterator[OutsideFile | Path | Finding]:
    """Yield the files of resources at ``place``; every other file as its path, and a finding for what is none.

    Raises:
        FileNotFound, NotFhir: when there is none.
    """
    if not place.exists():
        raise not_found(place)
    if not place.is_dir():
        if not holds_resources(place):
            raise NotFhir(where=place.name)
        yield OutsideFile(name=place.name, place=place.name, open=partial(open_regular, place))
        return
    found = False
    for path in files_below(place):
        if isinstance(path, Finding):
            yield path
            continue
        where = relative_text(path, place)
        if holds_resources(path):
            found = True
            yield OutsideFile(name=where, place=where, open=partial(open_regular, path))
        else:
            yield path
    if not found:
        raise NotFhir(where=str(place))


def holds_resources(path: Path) -> bool:
    """Tell by its first bytes whether the file at ``path`` holds resources.

    Raises:
        NotARegularFile: when it is a device or a pipe.
    """
    try:
        with open_regular(path) as stream:
            head = stream.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError:
        return False
    return head.startswith(b"{") and bool(_RESOURCE.search(head))


def is_fhir(place: str) -> bool:
    """Tell whether resources lie at ``place``, by its first files."""
    path = Path(place)
    try:
        if not path.is_dir():
            return path.is_file() and holds_resources(path)
        return any(
            isinstance(one, Path) and holds_resources(one) for one in islice(files_below(path), _LOOKED_AT)
        )
    except Failure:
        return False


def resources_in(file: OutsideFile) -> Iterator[PlacedResource | Finding]:
    """Yield every resource of ``file``; a line that is none is a finding, and the others are read.

    Raises:
        LimitExceeded: naming the limit.
        FormatFailure: when a file that is not read line by line is no JSON, or a Bundle that is none.
    """
    for one in _resources_in(file):
        yield one if isinstance(one, Finding) else replace(one, file=file.place)


def _resources_in(file: OutsideFile) -> Iterator[PlacedResource | Finding]:
    with file.open() as stream:
        first = stream.readline(MAX_ENTRY_BYTES + 1)
        if _is_line(first):
            if not cast("BufferedReader", stream).peek(
                1
            ):  # a file of one line is that resource or Bundle, or is refused as a whole
                yield from _of_value(decode_bundle(first, file.place), file.place)
                return
            yield from _of_line(first, f"{file.place}:1")
            yield from _further_lines(stream, file.place)
            return
    if b'"Bundle"' in first or not first.rstrip().endswith(b"}"):
        with file.open() as stream:
            whole = stream.read(MAX_WHOLE_BYTES + 1) if not first.endswith(b"[\n") else b""
        if whole and len(whole) <= MAX_WHOLE_BYTES:
            yield from _of_value(decode_bundle(whole, file.place), file.place)
            return
    with file.open() as stream:
        bundled = _moment_of_lines(stream)
    with file.open() as stream:
        for place, entry in read_bundle_entries(stream):
            address = entry.get("fullUrl")
            yield PlacedResource(
                place=f"{file.place}: {place}",
                address=address if isinstance(address, str) else "",
                node=entry["resource"],
                bundled=bundled,
            )


def _moment_of_lines(stream: BinaryIO) -> datetime | None:
    try:
        return read_moment(stream)
    except FormatFailure:
        return None


def _further_lines(stream: BinaryIO, place: str) -> Iterator[PlacedResource | Finding]:
    """Yield the resources of all lines but the first; a line that is too long is passed over, and named.

    Raises:
        LimitExceeded: when there are more lines than a file may have.
    """
    number = 1
    while line := stream.readline(MAX_ENTRY_BYTES + 2):
        number += 1
        if number > MAX_LINES:
            name = mark("the number of lines")
            raise LimitExceeded(where=place, name=name, found=number, limit=MAX_LINES)
        where = f"{place}:{number}"
        if len(line.rstrip(b"\r\n")) > MAX_ENTRY_BYTES:
            length = len(line)
            while not line.endswith(b"\n") and (line := stream.readline(_PASSED_OVER)):
                length += len(line)
            name = mark("the length of a line in bytes")
            yield as_finding(
                LimitExceeded(where=where, name=name, found=length, limit=MAX_ENTRY_BYTES), where
            )
        elif line.strip():
            yield from _of_line(line, where)


def _is_line(first: bytes) -> bool:
    """Tell whether a first line is a whole resource, as every line of NDJSON is."""
    if not first.rstrip().endswith(b"}"):
        return False
    try:
        return isinstance(decode_bundle(first, "").get("resourceType"), str)
    except Failure:
        return False


def _of_line(line: bytes, place: str) -> Iterator[PlacedResource | Finding]:
    try:
        yield from _of_value(decode_bundle(line, place), place)
    except Failure as fault:
        yield as_finding(fault, place)


def _of_value(value: Element, place: str) -> Iterator[PlacedResource | Finding]:
    """Yield the resource that ``value`` is, or those of the Bundle that it is; an entry without one is named.

    Raises:
        FormatFailure, LimitExceeded: when it is neither.
    """
    if not isinstance(value.get("resourceType"), str):
        raise FormatFailure(where=place, format=mark("a FHIR resource in JSON"))
    entries = value.get("entry", [])
    if value["resourceType"] != "Bundle":
        yield PlacedResource(place=place, address="", node=value)
        return
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
        raise FormatFailure(where=place, format=mark("a FHIR Bundle in JSON"))
    bundled = stated_moment(value, "timestamp")
    for number, entry in enumerate(entries):
        node = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(node, dict) or not isinstance(node.get("resourceType"), str):
            fault = FormatFailure(format="FHIR R4")
            yield as_finding(fault, f"{place}: entry {number}")
            continue
        address = entry.get("fullUrl")
        yield PlacedResource(
            place=f"{place}: entry {number}",
            address=address if isinstance(address, str) else "",
            node=node,
            bundled=bundled,
        )
