"""Content of a clinical document of other software (CDA R2): what its author signed, or the file that it wraps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archiver.twins.errors import CopyRefused
from archiver.twins.nodes import Node, breakable, text_node
from archiver.twins.request import StandIn
from formats.cda.codes import NAMESPACE
from formats.cda.document import MAX_DOCUMENT_BYTES
from formats.cda.elements import elements_at
from formats.cda.files import embedded_file
from formats.cda.narrative import plain_lines, title_of
from formats.reading import FileBody
from formats.xml import Element, parse

_ROOT = f"{{{NAMESPACE}}}ClinicalDocument"
LEVELS = (2, 3, 4)
"""Headings of a section and of those within it; CI-SIS has no deeper ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicalContent:
    """Nodes of the sections of a document (level 2 and 3), or the file that it wraps (level 1)."""

    nodes: list[Node]
    file: FileBody | None = None


def clinical_content(data: bytes) -> ClinicalContent:
    """Return what a clinical document says.

    Raises:
        LimitExceeded: when it is longer than one may be.
        FormatFailure: when it is no XML.
        CopyRefused: when it is no clinical document, or says nothing, or the file it wraps is damaged.
    """
    root = parse(data, what="CDA", limit=MAX_DOCUMENT_BYTES, bare=True, long_texts=True)
    if root.tag != _ROOT:
        raise CopyRefused(StandIn.FORMAT)
    for one in elements_at(root, "component/nonXMLBody/text"):
        file = embedded_file(one, unreadable="", changed="").body
        if file is None:
            raise CopyRefused(StandIn.DAMAGED)
        return ClinicalContent(nodes=[], file=file)
    sections = elements_at(root, "component/structuredBody/component/section")
    nodes = [node for one in sections for node in _section(one, 0)]
    if not nodes:
        raise CopyRefused(StandIn.FORMAT)
    return ClinicalContent(nodes=nodes)


def _section(section: Element, depth: int) -> Iterator[Node]:
    if title := title_of(section):
        yield {"h": LEVELS[min(depth, len(LEVELS) - 1)], "c": [breakable(title)]}
    for one in elements_at(section, "text"):
        yield text_node(plain_lines(one))
    for inner in elements_at(section, "component/section"):
        yield from _section(inner, depth + 1)
