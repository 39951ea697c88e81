"""The ASiC manifest: what a signature signs, or an evidence record covers (ETSI EN 319 162-1, annex A.4).

A manifest belongs to exactly one signature, so a second signer signs a second
manifest over the same data objects; the two signatures do not depend on each other.
An evidence record has one too, whose digests are those the record begins with.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import NoReturn

from lxml import etree

from archiver.package import layout
from archiver.package.errors import ListInvalid
from formats import xml
from formats.errors import FormatFailure, UnsafeName
from formats.words import mark

ASIC = "http://uri.etsi.org/02918/v1.2.1#"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
METHODS = {
    "sha224": "http://www.w3.org/2001/04/xmldsig-more#sha224",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
    "sha3_256": "http://www.w3.org/2007/05/xmldsig-more#sha3-256",
    "sha3_384": "http://www.w3.org/2007/05/xmldsig-more#sha3-384",
    "sha3_512": "http://www.w3.org/2007/05/xmldsig-more#sha3-512",
}
"""Digest methods by the names of ``hashlib`` (RFC 9231, 2.1)."""
SIGNING = "sha256"
"""The one method of a signed list."""
MAX_ASIC_MANIFEST_BYTES = 192 << 20
"""500,000 references of about 330 bytes are 165 MB, and 185 MB with the longest digests."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """One listed data object: its name, media type and digest."""

    name: str
    media_type: str
    digest: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """The digests of data objects by name, all under one hash function."""

    hash_name: str
    digests: dict[str, bytes]


def write_asic_manifest(
    references: Iterable[Reference], *, target: str = layout.SIGNATURE, hash_name: str = SIGNING
) -> bytes:
    """Return the XML that lists ``references`` for the signature or evidence record ``target``.

    The same list gives the same bytes.
    """
    written = BytesIO()
    with etree.xmlfile(written, encoding="UTF-8") as document:
        document.write_declaration()
        with document.element(f"{{{ASIC}}}ASiCManifest", nsmap={None: ASIC, "ds": DSIG}):
            kind = {} if layout.is_evidence(target) else {"MimeType": layout.SIGNATURE_MEDIA_TYPE}
            with document.element(f"{{{ASIC}}}SigReference", {"URI": target, **kind}):
                pass
            for reference in references:
                document.write("\n")
                _write_reference(document, reference, METHODS[hash_name])
            document.write("\n")
    return written.getvalue()


def _write_reference(document: etree._IncrementalFileWriter, reference: Reference, method: str) -> None:
    attributes = {"URI": reference.name, "MimeType": reference.media_type}
    with document.element(f"{{{ASIC}}}DataObjectReference", attributes):
        with document.element(f"{{{DSIG}}}DigestMethod", {"Algorithm": method}):
            pass
        with document.element(f"{{{DSIG}}}DigestValue"):
            document.write(base64.b64encode(reference.digest).decode("ascii"))


def read_asic_manifest(
    data: bytes, *, where: str = layout.ASIC_MANIFEST, target: str = layout.SIGNATURE
) -> dict[str, bytes]:
    """Return the SHA-256 (32 bytes) of every data object that ``data`` lists for the signature ``target``.

    Raises:
        ListInvalid: when it is no ASiC manifest, signs elsewhere, names a thing twice, uses
            another digest than SHA-256, or carries a critical extension nobody here knows.
    """
    return _Reading(where=where, target=target, methods={SIGNING: METHODS[SIGNING]}).read(data).digests


def read_evidence_manifest(data: bytes, *, where: str, target: str) -> Listed:
    """Return the digest of every data object that ``data`` lists for the evidence record ``target``.

    Raises:
        ListInvalid: as ``read_asic_manifest``, but the digests may be any one kind of ``METHODS``.
    """
    return _Reading(where=where, target=target, methods=METHODS).read(data)


_OBJECT = f"{{{ASIC}}}DataObjectReference"
_METHOD, _VALUE = f"{{{DSIG}}}DigestMethod", f"{{{DSIG}}}DigestValue"


@cache
def _length(hash_name: str) -> int:
    """Return the bytes of a digest; asked for each of up to 500,000 objects, of the few there are in METHODS."""
    return hashlib.new(hash_name).digest_size


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """Reading the manifest at ``where``, which belongs to ``target`` and may use ``methods``."""

    where: str
    target: str
    methods: Mapping[str, str]

    def read(self, data: bytes) -> Listed:
        try:
            root = xml.parse(data, what=self.where, limit=MAX_ASIC_MANIFEST_BYTES)
        except FormatFailure as fault:
            raise ListInvalid(where=fault.where, reason=mark("it is not well-formed XML")) from fault
        if root.tag != f"{{{ASIC}}}ASiCManifest":
            self.refuse(mark("it is not an ASiC manifest"))
        if any(element.get("Critical") in {"true", "1"} for element in root.iter(f"{{{ASIC}}}Extension")):
            self.refuse(mark("it carries a critical extension that is not known here"))
        children = [child for child in root if isinstance(child.tag, str)]
        if not children or children[0].tag != f"{{{ASIC}}}SigReference":
            self.refuse(mark("it does not begin with the reference to its signature"))
        if children[0].get("URI") != self.target:
            self.refuse(mark("it refers to another signature"))
        return self.references(children[1:])

    def references(self, elements: Iterable[etree._Element]) -> Listed:
        digests: dict[str, bytes] = {}
        hash_names: set[str] = set()
        for element in elements:
            if element.tag == f"{{{ASIC}}}ASiCManifestExtensions":
                continue
            if element.tag != _OBJECT:
                self.refuse(mark("it holds an element that does not belong there"), element)
            name = self.name(element)
            if name in digests:
                self.refuse(mark("it names a data object twice"), element)
            hash_name, digests[name] = self.digest(element)
            hash_names.add(hash_name)
        if not digests:
            self.refuse(mark("it lists nothing"))
        if len(hash_names) != 1:
            self.refuse(mark("its digests are of several kinds"))
        return Listed(hash_name=hash_names.pop(), digests=digests)

    def name(self, element: etree._Element) -> str:
        try:
            return layout.judge(element.get("URI", ""))
        except UnsafeName:
            self.refuse(mark("it names what no package holds"), element)

    def digest(self, element: etree._Element) -> tuple[str, bytes]:
        methods = list(element.iterchildren(_METHOD))
        values = list(element.iterchildren(_VALUE))
        said = methods[0].get("Algorithm") if len(methods) == len(values) == 1 else ""
        hash_name = next((one for one, method in self.methods.items() if method == said), "")
        try:
            digest = base64.b64decode(values[0].text or "", validate=True) if hash_name else b""
        except (binascii.Error, ValueError):
            digest = b""
        if not hash_name or len(digest) != _length(hash_name):
            reason = mark("a data object has no SHA-256 digest")
            if len(self.methods) > 1:
                reason = mark("a data object has no digest that is known here")
            self.refuse(reason, element)
        return hash_name, digest

    def refuse(self, reason: str, element: etree._Element | None = None) -> NoReturn:
        line = "" if element is None else f" line {element.sourceline}"
        raise ListInvalid(where=self.where + line, reason=reason)
