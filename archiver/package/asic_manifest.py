"""The ASiC manifest: what the signature signs (ETSI EN 319 162-1, clause 4.4 and annex A.4).

A manifest belongs to exactly one signature, so a second signer signs a second
manifest over the same data objects; the two signatures do not depend on each other.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import NoReturn

from lxml import etree

from archiver.errors import ListInvalid
from archiver.package import layout
from formats import xml
from formats.errors import FormatFailure, UnsafeName
from formats.words import mark

ASIC = "http://uri.etsi.org/02918/v1.2.1#"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
MAX_ASIC_MANIFEST_BYTES = 192 << 20
"""500,000 references of about 330 bytes are 165 MB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """One signed data object: its name, media type and SHA-256 (32 bytes)."""

    name: str
    media_type: str
    sha256: bytes


def write_asic_manifest(references: Iterable[Reference], *, signature: str = layout.SIGNATURE) -> bytes:
    """Return the XML that lists ``references`` for ``signature``, the same bytes for the same list."""
    target = BytesIO()
    with etree.xmlfile(target, encoding="UTF-8") as document:
        document.write_declaration()
        with document.element(f"{{{ASIC}}}ASiCManifest", nsmap={None: ASIC, "ds": DSIG}):
            signed_by = {"URI": signature, "MimeType": layout.SIGNATURE_MEDIA_TYPE}
            with document.element(f"{{{ASIC}}}SigReference", signed_by):
                pass
            for reference in references:
                document.write("\n")
                _write_reference(document, reference)
            document.write("\n")
    return target.getvalue()


def _write_reference(document: etree._IncrementalFileWriter, reference: Reference) -> None:
    attributes = {"URI": reference.name, "MimeType": reference.media_type}
    with document.element(f"{{{ASIC}}}DataObjectReference", attributes):
        with document.element(f"{{{DSIG}}}DigestMethod", {"Algorithm": SHA256}):
            pass
        with document.element(f"{{{DSIG}}}DigestValue"):
            document.write(base64.b64encode(reference.sha256).decode("ascii"))


def read_asic_manifest(data: bytes, *, signature: str = layout.SIGNATURE) -> dict[str, bytes]:
    """Return the SHA-256 (32 bytes) of every data object that ``data`` lists for ``signature``.

    Raises:
        ListInvalid: when it is no ASiC manifest, signs elsewhere, names a thing twice, uses
            another digest than SHA-256, or carries a critical extension nobody here knows.
    """
    try:
        root = xml.parse(data, what=layout.ASIC_MANIFEST, limit=MAX_ASIC_MANIFEST_BYTES)
    except FormatFailure as fault:
        raise ListInvalid(where=fault.where, reason=mark("it is not well-formed XML")) from fault
    if root.tag != f"{{{ASIC}}}ASiCManifest":
        _refuse(mark("it is not an ASiC manifest"))
    if any(element.get("Critical") in {"true", "1"} for element in root.iter(f"{{{ASIC}}}Extension")):
        _refuse(mark("it carries a critical extension that is not known here"))
    children = [child for child in root if isinstance(child.tag, str)]
    if not children or children[0].tag != f"{{{ASIC}}}SigReference":
        _refuse(mark("it does not begin with the reference to its signature"))
    if children[0].get("URI") != signature:
        _refuse(mark("it refers to another signature"))
    return _references(children[1:])


def _references(elements: Iterable[etree._Element]) -> dict[str, bytes]:
    digests: dict[str, bytes] = {}
    for element in elements:
        if element.tag == f"{{{ASIC}}}ASiCManifestExtensions":
            continue
        if element.tag != f"{{{ASIC}}}DataObjectReference":
            _refuse(mark("it holds an element that does not belong there"), element)
        name = _name(element)
        if name in digests:
            _refuse(mark("it names a data object twice"), element)
        digests[name] = _digest(element)
    if not digests:
        _refuse(mark("it lists nothing"))
    return digests


def _name(element: etree._Element) -> str:
    try:
        return layout.judge(element.get("URI", ""))
    except UnsafeName:
        _refuse(mark("it names what no package holds"), element)


def _digest(element: etree._Element) -> bytes:
    methods = element.findall(f"{{{DSIG}}}DigestMethod")
    values = element.findall(f"{{{DSIG}}}DigestValue")
    if len(methods) != 1 or len(values) != 1 or methods[0].get("Algorithm") != SHA256:
        _refuse(mark("a data object has no SHA-256 digest"), element)
    try:
        digest = base64.b64decode(values[0].text or "", validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != 32:
        _refuse(mark("a data object has no SHA-256 digest"), element)
    return digest


def _refuse(reason: str, element: etree._Element | None = None) -> NoReturn:
    line = "" if element is None else f" line {element.sourceline}"
    raise ListInvalid(where=layout.ASIC_MANIFEST + line, reason=reason)
