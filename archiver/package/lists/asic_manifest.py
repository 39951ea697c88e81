"""The ASiC manifest: what a signature signs, or an evidence record covers (ETSI EN 319 162-1, annex A.4).

A manifest belongs to exactly one signature, so a second signer signs a second
manifest over the same data objects; the two signatures do not depend on each other.
An evidence record has one too, whose digests are those the record begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from archiver.package import layout
from formats.digests import ALGORITHMS, Digest

ASIC = "http://uri.etsi.org/02918/v1.2.1#"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
MIN_SIZE = 28
"""Bytes of the shortest digests in a list: evidence that was built under SHA-224 is read."""
METHODS = {one.uri: one for one in ALGORITHMS.values() if one.size >= MIN_SIZE}
"""Digest methods that a list may use."""
TOGETHER = 256
"""References written at a time: some 75 kB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """One listed data object: its name, media type and digest."""

    name: str
    media_type: str
    digest: Digest


def write_asic_manifest(references: Iterable[Reference], *, target: str = layout.SIGNATURE) -> bytes:
    """Return the XML that lists ``references`` for the signature or evidence record ``target``.

    The same list gives the same bytes.
    """
    return b"".join(asic_manifest_pieces(references, target=target))


def asic_manifest_pieces(
    references: Iterable[Reference], *, target: str = layout.SIGNATURE
) -> Iterator[bytes]:
    """Yield what ``write_asic_manifest`` returns, some references at a time: there may be 500,000."""
    written = BytesIO()
    with etree.xmlfile(written, encoding="UTF-8") as document:
        document.write_declaration()
        with document.element(f"{{{ASIC}}}ASiCManifest", nsmap={None: ASIC, "ds": DSIG}):
            kind = {} if layout.is_evidence(target) else {"MimeType": layout.SIGNATURE_MEDIA_TYPE}
            with document.element(f"{{{ASIC}}}SigReference", {"URI": target, **kind}):
                pass
            for number, reference in enumerate(references, 1):
                document.write("\n")
                _write_reference(document, reference)
                if number % TOGETHER == 0:
                    document.flush()
                    yield written.getvalue()
                    written.seek(0)
                    written.truncate()
            document.write("\n")
    yield written.getvalue()


def _write_reference(document: etree._IncrementalFileWriter, reference: Reference) -> None:
    attributes = {"URI": reference.name, "MimeType": reference.media_type}
    with document.element(f"{{{ASIC}}}DataObjectReference", attributes):
        with document.element(f"{{{DSIG}}}DigestMethod", {"Algorithm": reference.digest.algorithm.uri}):
            pass
        with document.element(f"{{{DSIG}}}DigestValue"):
            document.write(reference.digest.base64)
