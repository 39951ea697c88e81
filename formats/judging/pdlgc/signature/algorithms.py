"""Algorithms of XML-DSig: canonical forms, digests, signature values (RFC 9231; W3C XML Signature 1.1)."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509 import Certificate

from formats import xml
from formats.digests import ALGORITHMS, SHA256, SHA384, SHA512, DigestAlgorithm
from formats.xml import Element

DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DS}enveloped-signature"
CANONICAL = {
    EXCLUSIVE: (True, False),
    f"{EXCLUSIVE}WithComments": (True, True),
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": (False, False),
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments": (False, True),
    "http://www.w3.org/2006/12/xml-c14n11": (False, False),
    "http://www.w3.org/2006/12/xml-c14n11#WithComments": (False, True),
}
"""Canonicalization methods: exclusive or not, with comments or not."""
MIN_DIGEST_BYTES = 32
"""A shorter digest is not relied on any more."""
MIN_RSA_BITS = 2048
_MORE, _MORE_2007 = "http://www.w3.org/2001/04/xmldsig-more#", "http://www.w3.org/2007/05/xmldsig-more#"
_HASHES: dict[DigestAlgorithm, Callable[[], hashes.HashAlgorithm]] = {
    SHA256: hashes.SHA256,
    SHA384: hashes.SHA384,
    SHA512: hashes.SHA512,
}
PREFERRED_METHOD = f"{_MORE}rsa-sha256"
METHODS = {
    **{f"{_MORE}rsa-{one.name}": ("rsa", one) for one in _HASHES},
    **{f"{_MORE_2007}{one.name}-rsa-MGF1": ("pss", one) for one in _HASHES},
    **{f"{_MORE}ecdsa-{one.name}": ("ecdsa", one) for one in _HASHES},
}
"""Signature methods that are verified: how, and with which hash function."""
_BY_URI = {one.uri: one for one in ALGORITHMS.values()}


def algorithm_of_uri(uri: str) -> DigestAlgorithm | None:
    """Return the digest algorithm of a URI, if it is known."""
    return _BY_URI.get(uri)


def canonical_form(node: Element, method: str, prefixes: str = "") -> bytes | None:
    """Return ``node`` in a canonical form; nothing where the method is not known."""
    if method not in CANONICAL:
        return None
    exclusive, comments = CANONICAL[method]
    return xml.canonical_xml(node, exclusive=exclusive, comments=comments, prefixes=prefixes)


def key_is_strong(certificate: Certificate) -> bool:
    """Tell whether the key of a certificate is one that is still relied on."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return False
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= MIN_RSA_BITS
    return isinstance(key, ec.EllipticCurvePublicKey)


def value_holds(certificate: Certificate, method: str, value: bytes, data: bytes) -> bool:
    """Tell whether ``value`` is the signature over ``data`` under a method of ``METHODS``."""
    kind, algorithm = METHODS[method]
    chosen = _HASHES[algorithm]()
    try:
        key = certificate.public_key()
        if kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            half = len(value) // 2
            numbers = (int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big"))
            key.verify(encode_dss_signature(*numbers), data, ec.ECDSA(chosen))
        elif kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(value, data, padding.PKCS1v15(), chosen)
        elif kind == "pss" and isinstance(key, rsa.RSAPublicKey):
            salted = padding.PSS(mgf=padding.MGF1(chosen), salt_length=chosen.digest_size)
            key.verify(value, data, salted, chosen)
        else:
            return False
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True
