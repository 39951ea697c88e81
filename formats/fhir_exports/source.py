"""FHIR exports of other programs as a source, told by the first bytes of the first files at a place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from formats.fhir_exports.places import is_fhir
from formats.reading import Item, SourceDescription
from formats.words import mark


def open_export(place: str, /, *, practice: str | None = None) -> AbstractContextManager[Iterator[Item]]:
    """Give what the FHIR resources at ``place`` say; raises as ``formats.fhir_exports.read.read_export``."""
    from formats.fhir_exports.read import read_export

    return nullcontext(read_export(Path(place), practice=practice))


SOURCE = SourceDescription(
    title=mark("FHIR export"),
    open=open_export,
    recognize=is_fhir,
    holds=frozenset({"dicom", "documents"}),
    outside=True,
)
