"""Making the CMS SignedData (RFC 5652, 5) of a CAdES signature (ETSI EN 319 122-1, 5 and 6.3): baseline B-B."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, tsp, x509

from archiver.signing.certificates.chain import parse_certificate
from archiver.signing.certificates.reading import roots_of
from archiver.signing.keys.key_file import Signer
from archiver.signing.signatures.signed_data import DIGEST

CENTURY_END = 2050
"""First year that a time of two digits cannot say (RFC 5652, 11.3)."""
ALGORITHMS = {"ec": f"{DIGEST}_ecdsa", "rsa": f"{DIGEST}_rsa"}
"""Signature algorithm (RFC 5754, 3) by the kind of key: what ``Signer.sign`` makes."""


def detached_signature(data: bytes, signer: Signer, at: datetime) -> bytes:
    """Return the CAdES B-B signature of ``signer`` over ``data`` (DER), stating ``at`` as its time."""
    certificate = parse_certificate(signer.certificate)
    digest = {"algorithm": DIGEST}
    attributes = _signed_attributes(data, certificate, at)
    number = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer_info = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": number},
        "digest_algorithm": digest,
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": ALGORITHMS[certificate.public_key.algorithm]},
        "signature": signer.sign(attributes.dump()),
    }
    signed = {
        "version": "v1",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "data"},
        "certificates": [
            cms.CertificateChoices("certificate", one) for one in _embedded(certificate, signer)
        ],
        "signer_infos": [signer_info],
    }
    signature: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return signature


def _signed_attributes(data: bytes, certificate: Any, at: datetime) -> Any:
    """Return what is signed (EN 319 122-1, 6.3): of what, by which certificate, when; DER sorts them."""
    reference = {
        "hash_algorithm": {"algorithm": DIGEST},
        "cert_hash": hashlib.new(DIGEST, certificate.dump()).digest(),
        "issuer_serial": {
            "issuer": [x509.GeneralName("directory_name", certificate.issuer)],
            "serial_number": certificate.serial_number,
        },
    }
    form = "utc_time" if at.astimezone(UTC).year < CENTURY_END else "generalized_time"
    values = {
        "content_type": "data",
        "message_digest": hashlib.new(DIGEST, data).digest(),
        "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [reference]}),
        "signing_time": cms.Time({form: at}),
    }
    return cms.CMSAttributes([{"type": name, "values": [value]} for name, value in values.items()])


def _embedded(certificate: Any, signer: Signer) -> Iterator[Any]:
    """Yield the signer's ``certificate`` and those above it without the roots, which a reader has from elsewhere.

    Neither goes one in that names itself as its issuer and says of no other key that it signed it.
    """
    yield certificate
    roots = roots_of(signer.chain)
    above = (parse_certificate(one) for one in signer.chain if one not in roots)
    yield from (one for one in above if one.self_signed == "no")
