"""Making the CMS SignedData (RFC 5652, 5) of a CAdES signature (ETSI EN 319 122-1, 5 and 6.3): baseline B-B."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, tsp, x509

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
    certificate = parse_certificate(signer.certificate)
    digest = {"algorithm": DIGEST.name}
    attributes = _signed_attributes(data_digest, certificate, at)
    number = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer_info = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": number},
        "digest_algorithm": digest,
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": ALGORITHMS[certificate.public_key.algorithm]},
        "signature": signer.sign(attributes.dump()),
    }
    return _signature(
        _VERSION,
        encode_element(SET, cms.DigestAlgorithm(digest).dump()),
        encode_element(SEQUENCE, cms.ContentType("data").dump()),
        encode_set(CERTIFICATES, _embedded(certificate, signer)),
        encode_element(SET, cms.SignerInfo(signer_info).dump()),
    )


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


def _signed_attributes(data_digest: Digest, certificate: Any, at: datetime) -> Any:
    """Return what is signed (EN 319 122-1, 6.3): of what, by which certificate, when; DER sorts them."""
    reference = {
        "hash_algorithm": {"algorithm": DIGEST.name},
        "cert_hash": DIGEST.hash_value(encoding_of(certificate)),
        "issuer_serial": {
            "issuer": [x509.GeneralName("directory_name", certificate.issuer)],
            "serial_number": certificate.serial_number,
        },
    }
    form = "utc_time" if at.astimezone(UTC).year < CENTURY_END else "generalized_time"
    values = {
        "content_type": "data",
        "message_digest": data_digest.value,
        "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [reference]}),
        "signing_time": cms.Time({form: at}),
    }
    return cms.CMSAttributes([{"type": name, "values": [value]} for name, value in values.items()])


def _embedded(certificate: Any, signer: Signer) -> list[bytes]:
    """Return the signer's ``certificate`` and those above it without the roots, which a reader has from elsewhere.

    Neither goes one in that names itself as its issuer and says of no other key that it signed it.
    """
    roots = roots_of(signer.chain)
    above = (one for one in signer.chain if one not in roots)
    return [
        encoding_of(certificate),
        *(one for one in above if parse_certificate(one).self_signed == "no"),
    ]
