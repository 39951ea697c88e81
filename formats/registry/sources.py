"""Registry of sources: for each name the module that describes it, imported when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files as resource_files

from formats.reading import Reader, SourceDescription

SOURCE_MODULES: Mapping[str, str] = {
    "opendental": "formats.opendental.source",
    "mapped": "formats.sources.mapped.source",
    "dicom": "formats.imaging_folders.source",
    "bridges": "formats.imaging_folders.bridge_files.source",
    "documents": "formats.papers.source",
    "cda": "formats.cda.source",
    "xdm": "formats.xdm.source",
    "archive": "formats.plain_archives.source",
    "pdlgc": "formats.portability.source",
    "fhir": "formats.fhir_exports.source",
}
"""Where each source is described, by its name, which is that of its ``collect`` command."""
SOURCES = tuple(SOURCE_MODULES)
"""Names of what can be collected."""


def source_named(name: str) -> SourceDescription:
    """Return the description of the source ``name``.

    Raises:
        LookupError: when there is none.
    """
    found: SourceDescription = import_module(SOURCE_MODULES[name]).SOURCE
    return found


def source_title(system: str) -> str:
    """Return the sentence, to translate, that says what the records of ``system`` in a store came from.

    The name of a mapping's software, which no source has, is returned as it is.
    """
    every = {(one.system or name): one.title for name in SOURCES for one in (source_named(name),)}
    return every.get(system, system)


def reader_for(name: str) -> Reader:
    """Return the reader of the source ``name``.

    Raises:
        LookupError: when there is none.
    """
    return source_named(name).open


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceCoverage:
    """How many of the ``of`` fields of the model a source can fill, and in which kinds of record."""

    fields: int
    of: int
    kinds: tuple[str, ...]


def coverage_of(name: str) -> SourceCoverage:
    """Return what the source ``name`` can fill, as ``reference/coverage.md`` has it field by field.

    Raises:
        LookupError: when there is none.
    """
    every = json.loads(resource_files("formats.registry").joinpath("coverage.json").read_text("utf-8"))
    found = every["sources"][name]
    return SourceCoverage(fields=found["fields"], of=every["fields"], kinds=tuple(found["kinds"]))


def recognize(place: str) -> tuple[str, ...]:
    """Return the sources that lie at ``place`` by its content; what one of them holds is not another besides."""
    sources = {name: source_named(name) for name in SOURCES}
    found = [name for name, one in sources.items() if one.recognize and one.recognize(place)]
    within = {each for name in found for each in sources[name].holds}
    return tuple(name for name in found if name not in within)
