"""Digests in SIGN.XML of a portability archive: what the signature is about, without a word on who made it.

The signature itself is not judged here: it proves what its certificate proves, on the day it is asked.
"""

from __future__ import annotations

from urllib.parse import unquote

from formats import xml
from formats.digests import ALGORITHMS, Digest, DigestMalformed
from formats.errors import LimitExceeded
from formats.words import mark

DS = "http://www.w3.org/2000/09/xmldsig#"
MAX_SIGNATURE_BYTES = 64 << 20
"""A reference takes some 300 bytes; as many as archives of a manifest."""
MAX_REFERENCES = 110_000
"""References of one signature: 99,999 patients, and what is beside them."""
_METHODS = {one.uri: one for one in ALGORITHMS.values()}


def read_signed_digests(data: bytes, what: str) -> dict[str, Digest]:
    """Return the digest of every file that a signature names, by its base name in capitals.

    References within the document, by external address, or with another hash function name no file.

    Raises:
        LimitExceeded: when it is longer, or names more, than any.
        FormatFailure: when it is not well-formed or carries a DTD.
    """
    root = xml.parse(data, what=what, limit=MAX_SIGNATURE_BYTES, bare=True)
    found: dict[str, Digest] = {}
    for count, one in enumerate(root.iter(f"{{{DS}}}Reference"), 1):
        if count > MAX_REFERENCES:
            name = mark("the number of references of the signature")
            raise LimitExceeded(where=what, name=name, found=count, limit=MAX_REFERENCES)
        uri = unquote(one.get("URI", "")).strip()
        method, value = one.find(f"{{{DS}}}DigestMethod"), one.find(f"{{{DS}}}DigestValue")
        if not uri or uri.startswith("#") or "://" in uri or method is None or value is None:
            continue
        algorithm = _METHODS.get(method.get("Algorithm", ""))
        if algorithm is None:
            continue
        try:
            digest = Digest.from_base64("".join((value.text or "").split()), algorithm)
        except DigestMalformed:
            continue
        found[uri.replace("\\", "/").rsplit("/", 1)[-1].upper()] = digest
    return found
