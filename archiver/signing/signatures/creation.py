"""Making the CMS SignedData (RFC 5652, 5) of a CAdES signature (ETSI EN 319 122-1, 5 and 6.3): baseline B-B."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from asn1crypto import cms, core, tsp, x509

from archiver.signing.certificates.chain import parse_certificate
from archiver.signing.certificates.reading import roots_of
from archiver.signing.encoding import encode_element, encode_set, encoding_of
from archiver.signing.keys.key_file import Signer
from archiver.signing.revocation.sources import NO_SOURCES, Sources
from archiver.signing.signatures.der import (
    CERTIFICATES,
    EXPLICIT,
    LISTS,
    OTHER,
    SEQUENCE,
    SET,
    SIGNED,
    UNSIGNED,
    der_elements,
)
from archiver.signing.signatures.signed_data import (
    DIGEST,
    MAX_SIGNATURE_BYTES,
    OCSP_RESPONSE,
    STAMP,
    read_signature,
    signature_value,
)
from archiver.signing.validity import Stamping
from formats.digests import Digest
from formats.errors import LimitExceeded
from formats.words import mark

CENTURY_END = 2050
"""First year that a time of two digits cannot say (RFC 5652, 11.3)."""
ALGORITHMS = {"ec": f"{DIGEST.name}_ecdsa", "rsa": f"{DIGEST.name}_rsa"}
"""Signature algorithm (RFC 5754, 3) by the kind of key: what ``Signer.sign`` makes."""
_VERSION, _VERSION_OTHER = b"\x02\x01\x01", b"\x02\x01\x05"
"""CMSVersion of a SignedData (RFC 5652, 5.1): 1, or 5 with revocation information of another format."""


def cades_signature(
    data_digest: Digest,
    signer: Signer,
    *,
    at: datetime,
    stamp: Stamping | None = None,
    sources: Sources = NO_SOURCES,
) -> bytes:
    """Return the signature over the data with this SHA-256, as ``cades.sign_manifest`` makes it over the data itself.

    Raises:
        Failure, LimitExceeded: as ``cades.sign_manifest``.
    """
    signature = _detached_signature(data_digest, signer, at)
    token = None
    if stamp is not None:
        token = stamp(Digest.of(signature_value(signature), algorithm=DIGEST))
    return enclose(signature, token=token, sources=sources)


def _detached_signature(data_digest: Digest, signer: Signer, at: datetime) -> bytes:
    """Return the CAdES B-B signature (DER) of ``signer``, stating ``at`` as its time."""
    own = _own_parts(signer.certificate, tuple(signer.chain))
    attributes = [
        own.content_type,
        own.reference,
        _attribute("message_digest", core.OctetString(data_digest.value).dump()),
        _attribute("signing_time", _time(at)),
    ]
    signer_info = encode_element(
        SEQUENCE,
        _VERSION,
        own.identifier,
        own.hash_identifier,
        encode_set(SIGNED, attributes),
        own.signature_identifier,
        # RFC 5652, 5.4: what is signed has the tag of a SET OF
        core.OctetString(signer.sign(encode_set(SET, attributes))).dump(),
    )
    return _signature(
        _VERSION,
        encode_element(SET, own.hash_identifier),
        encode_element(SEQUENCE, cms.ContentType("data").dump()),
        own.certificates,
        encode_element(SET, signer_info),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _OwnParts:
    """What all signatures of one signer share, in DER: who signs, by which algorithms, and the certificates."""

    identifier: bytes
    hash_identifier: bytes
    signature_identifier: bytes
    certificates: bytes
    content_type: bytes
    reference: bytes


@lru_cache(maxsize=8)
def _own_parts(encoded: bytes, chain: tuple[bytes, ...]) -> _OwnParts:
    """Return the parts of the signer with that certificate; encoding them anew is most of what a signature costs."""
    certificate = parse_certificate(encoded)
    digest = {"algorithm": DIGEST.name}
    number = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    reference = {
        "hash_algorithm": digest,
        "cert_hash": DIGEST.hash_value(encoding_of(certificate)),
        "issuer_serial": {
            "issuer": [x509.GeneralName("directory_name", certificate.issuer)],
            "serial_number": certificate.serial_number,
        },
    }
    algorithm = {"algorithm": ALGORITHMS[certificate.public_key.algorithm]}
    return _OwnParts(
        identifier=cms.IssuerAndSerialNumber(number).dump(),
        hash_identifier=cms.DigestAlgorithm(digest).dump(),
        signature_identifier=cms.SignedDigestAlgorithm(algorithm).dump(),
        certificates=encode_set(CERTIFICATES, _embedded(certificate, chain)),
        content_type=_attribute("content_type", cms.ContentType("data").dump()),
        reference=_attribute(
            "signing_certificate_v2", tsp.SigningCertificateV2({"certs": [reference]}).dump()
        ),
    )


def _attribute(kind: str, value: bytes) -> bytes:
    """Return a signed attribute (RFC 5652, 5.3; EN 319 122-1, 6.3) with the one ``value`` in DER."""
    return encode_element(SEQUENCE, cms.CMSAttributeType(kind).dump(), encode_element(SET, value))


def _time(at: datetime) -> bytes:
    form = "utc_time" if at.astimezone(UTC).year < CENTURY_END else "generalized_time"
    encoded: bytes = cms.Time({form: at}).dump()
    return encoded


def enclose(signature: bytes, *, token: bytes | None, sources: Sources) -> bytes:
    """Return ``signature`` (B-B, DER) with a time-stamp ``token`` (ContentInfo DER) and revocation ``sources`` inside.

    All bytes stay as they are: encoding a token again would sort its certificates and break its signature.

    Raises:
        LimitExceeded: when the result is longer than anybody would read.
        SignatureInvalid: when the token is one that no reader would take.
    """
    (info,) = der_elements(memoryview(signature))
    _, explicit = der_elements(info.content)
    (signed,) = der_elements(explicit.content)
    version, *parts, signers = (bytes(one.whole) for one in der_elements(signed.content))
    if sources.present:
        parts.append(encode_set(LISTS, [*sources.lists, *map(_other, sources.responses)]))
        # RFC 5652, 5.1: with revocation information of another format the version is 5
        version = _VERSION_OTHER if sources.responses else _VERSION
    if token is not None:
        signers = encode_element(SET, _stamped(signers, token))
    enclosed = _signature(version, *parts, signers)
    if len(enclosed) > MAX_SIGNATURE_BYTES:
        name = mark("the size of the signature in bytes")
        raise LimitExceeded(name=name, found=len(enclosed), limit=MAX_SIGNATURE_BYTES)
    read_signature(enclosed)
    return enclosed


def _signature(*parts: bytes) -> bytes:
    """Return the ContentInfo of a SignedData of ``parts``."""
    content = encode_element(EXPLICIT, encode_element(SEQUENCE, *parts))
    return encode_element(SEQUENCE, cms.ContentType("signed_data").dump(), content)


def _stamped(signers: bytes, token: bytes) -> bytes:
    """Return the one SignerInfo of a SET with the ``token`` among its unsigned attributes."""
    (infos,) = der_elements(memoryview(signers))
    (signer,) = der_elements(infos.content)
    attribute = encode_element(SEQUENCE, cms.CMSAttributeType(STAMP).dump(), encode_element(SET, token))
    return encode_element(SEQUENCE, signer.content, encode_element(UNSIGNED, attribute))


def _other(response: bytes) -> bytes:
    """Return an OCSP response as RevocationInfoChoice (RFC 5652, 10.2.1; RFC 5940, 2.1)."""
    return encode_element(OTHER, cms.OtherRevInfoFormatId(OCSP_RESPONSE).dump(), response)


def _embedded(certificate: Any, chain: tuple[bytes, ...]) -> list[bytes]:
    """Return the signer's ``certificate`` and those above it without the roots, which a reader has from elsewhere.

    Neither goes one in that names itself as its issuer and says of no other key that it signed it.
    """
    roots = roots_of(chain)
    above = (one for one in chain if one not in roots)
    return [
        encoding_of(certificate),
        *(one for one in above if parse_certificate(one).self_signed == "no"),
    ]
