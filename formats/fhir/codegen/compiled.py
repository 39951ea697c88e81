"""Compiled descriptions: the straight-line writer and reader of each, made once enough records have come.

Until then, and for every record that is not plain, the description itself writes and
reads. Both give the same bytes and the same values: the tests hold one against the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from formats.errors import Failure
from formats.fhir.codegen.names import Names
from formats.fhir.codegen.plain import NotPlain
from formats.fhir.codes import BASE, KIND
from formats.fhir.kinds import RESOURCES, resource_for
from formats.fhir.layout import BundleLine, bundle_line
from formats.fhir.resources import Resource
from formats.mapping.parts import Setting
from formats.model.record import Record

INTERPRETED = 32
"""Records of a kind for which compiling, about a millisecond, would cost more than it saves."""

_OPENING = re.compile(
    rf'{{"fullUrl":"{re.escape(BASE)}/(\w+)/[\w.-]+","resource":{{"resourceType":"\w+","id":"[\w.-]+",'
    rf'"meta":{{"tag":\[{{"system":"{re.escape(KIND)}","code":"(\w+)"',
    re.ASCII,
)
_SCAN: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(parse_float=str).scan_once  # type: ignore[attr-defined]  # not in typeshed
"""Reads JSON; a number with a point stays its text."""

_UNLIKE = (
    NotPlain,
    Failure,
    LookupError,
    TypeError,
    AttributeError,
    ValueError,
    ArithmeticError,
    RecursionError,
    StopIteration,
)
"""What a straight-line reader raises at a line that we have not written."""


class CompiledResource:
    """The description of one kind, and what it compiles to."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self._seen = 0

    def ready(self) -> bool:
        """Count a record, and say whether there have been enough to compile the description."""
        self._seen += 1
        return self._seen > INTERPRETED

    @cached_property
    def write(self) -> Callable[[Record, Setting], str]:
        """The writer: a record as its line."""
        made: Callable[[Record, Setting], str] = self._run("write")
        return made

    @cached_property
    def read(self) -> Callable[[Any], Record]:
        """The reader: a record from the resource of a line."""
        made: Callable[[Any], Record] = self._run("read")
        return made

    def source(self, function: str, names: Names) -> str:
        """Return the source of ``write`` or ``read``; what it calls by name is added to ``names``."""
        # Imported late: a few records are not worth compiling. Loading record_rules registers its rules.
        from formats.fhir.codegen import readers, record_rules, writers  # noqa: F401, PLC0415

        generate = {"write": writers.writer_source, "read": readers.reader_source}[function]
        return generate(self.resource, names)

    def _run(self, function: str) -> Any:
        names = Names()
        source = self.source(function, names)
        code = compile(source, f"<{function} {self.resource.record.kind}: {self.resource.name}>", "exec")
        exec(code, names.namespace)  # noqa: S102 – nothing but our own tables is in the source
        return names.namespace[function]


COMPILED = {(one.name, one.record.kind): CompiledResource(one) for one in RESOURCES}
"""Every description that can be compiled, by the type of its resource and the kind of its record."""


def write_line(record: Record, setting: Setting) -> BundleLine:
    """Return ``record`` as a line of a bundle.

    Raises:
        FormatFailure: when its identity is no FHIR id.
    """
    resource = resource_for(record)
    compiled = COMPILED[resource.name, record.kind]
    if compiled.ready():
        try:
            return f"{resource.name}/{record.id}", compiled.write(record, setting)
        except NotPlain:
            pass
    return bundle_line(resource.write(record, setting))


def read_line(line: bytes, setting: Setting) -> Record | None:
    """Return the record of which ``line`` is exactly what we write, or nothing where the description must tell."""
    try:
        text = line.decode()
        opening = _OPENING.match(text)
        compiled = COMPILED[opening[1], opening[2]] if opening else None
        if compiled is None or not compiled.ready():
            return None
        record = compiled.read(_SCAN(text, 0)[0]["resource"])
        return record if compiled.write(record, setting) == text else None
    except _UNLIKE:
        return None
