"""The ASiC manifest: what a signature signs, or an evidence record covers (ETSI EN 319 162-1, annex A.4).

A manifest belongs to exactly one signature, so a second signer signs a second
manifest over the same data objects; the two signatures do not depend on each other.
An evidence record has one too, whose digests are those the record begins with.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from archiver.package import layout
from archiver.package.member_table import DigestTable

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """One listed data object: its name, media type and digest."""

    name: str
    media_type: str
    digest: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedDigests:
    """The digests of data objects by name, all under one hash function."""

    hash_name: str
    digests: DigestTable


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
