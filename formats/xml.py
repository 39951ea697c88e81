"""The one place where an XML parser is made."""

from __future__ import annotations

from io import BytesIO

from lxml import etree

from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark

MAX_XML_BYTES = 256 << 20
"""A manifest of 500,000 objects is about 150 MB; nothing of ours is larger."""


def parser() -> etree.XMLParser:
    """Return a parser that fetches nothing, expands nothing and keeps no DTD."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=False,
        remove_pis=False,
    )


def parse(data: bytes, *, what: str = "XML", limit: int = MAX_XML_BYTES) -> etree._Element:
    """Return the root element of ``data``.

    Raises:
        LimitExceeded: when ``data`` is longer than ``limit`` bytes.
        FormatFailure: when it is not well-formed or carries a DTD.
    """
    if len(data) > limit:
        raise LimitExceeded(
            where=what, name=mark("the size of the XML in bytes"), found=len(data), limit=limit
        )
    try:
        tree = etree.parse(BytesIO(data), parser())
    except etree.XMLSyntaxError as fault:
        raise FormatFailure(where=f"{what}:{fault.lineno}", format="XML") from fault
    if tree.docinfo.internalDTD is not None:
        raise FormatFailure(where=what, format="XML without a DTD")
    return tree.getroot()
