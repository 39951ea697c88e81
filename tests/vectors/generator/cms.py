"""Detached CAdES signatures and time-stamp tokens, each part replaceable (RFC 5652, 5035, 3161)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed448, ed25519, mldsa, padding, rsa

from tests.vectors.generator.der import (
    explicit,
    general_time,
    integer,
    octets,
    oid,
    seq,
    set_of,
    tlv,
    utc_time,
)
from tests.vectors.generator.people import SIGNED, Person, signer, stamper

DATA, SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_TIME, SIGNING_CERTIFICATE = "1.2.840.113549.1.9.5", "1.2.840.113549.1.9.16.2.47"
STAMP = "1.2.840.113549.1.9.16.2.14"
COUNTERSIGNATURE = "1.2.840.113549.1.9.6"
DIGESTS = {
    "md5": ("1.2.840.113549.2.5", hashes.MD5()),  # noqa: S303 - the downgrade
    "sha1": ("1.3.14.3.2.26", hashes.SHA1()),  # noqa: S303 - the downgrade
    "sha224": ("2.16.840.1.101.3.4.2.4", hashes.SHA224()),
    "sha256": ("2.16.840.1.101.3.4.2.1", hashes.SHA256()),
    "sha512": ("2.16.840.1.101.3.4.2.3", hashes.SHA512()),
    "shake256": ("2.16.840.1.101.3.4.2.12", hashes.SHAKE256(64)),
    "nobody's": ("1.3.6.1.4.1.32473.2", hashes.SHA256()),
}
ECDSA = {
    "sha1": "1.2.840.10045.4.1",
    "sha224": "1.2.840.10045.4.3.1",
    "sha256": "1.2.840.10045.4.3.2",
    "sha512": "1.2.840.10045.4.3.4",
}
RSA = {"sha256": "1.2.840.113549.1.1.11"}
ED25519, ED448, ML_DSA_65, PSS = (
    "1.3.101.112",
    "1.3.101.113",
    "2.16.840.1.101.3.4.3.18",
    "1.2.840.113549.1.1.10",
)
KEYED = {
    ed25519.Ed25519PrivateKey: ED25519,
    ed448.Ed448PrivateKey: ED448,
    mldsa.MLDSA65PrivateKey: ML_DSA_65,
}
"""Signatures whose key alone says how they are made."""
NOBODYS = "1.3.6.1.4.1.32473.1"
"""An object identifier that names no algorithm (RFC 5612: for examples)."""
PSS_PARAMETERS = seq(
    explicit(0, seq(oid(DIGESTS["sha256"][0]))),
    explicit(1, seq(oid("1.2.840.113549.1.1.8"), seq(oid(DIGESTS["sha256"][0])))),
    explicit(2, integer(32)),
)
"""SHA-256, MGF1 with it, and a salt as long (RFC 4055, 3.1)."""


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What goes into a signature; honest unless told otherwise."""

    by: Person = field(default_factory=signer)
    named: Person | None = None
    vouched: Person | None = None
    digest: str = "sha256"
    stated_digest: str = ""
    signed_at: datetime | None = SIGNED
    content: bytes | None = None
    content_type: str = DATA
    stated_content_type: str = ""
    message_digest: bytes | None = None
    certificates: Sequence[bytes] | None = None
    crls: Sequence[bytes] = ()
    left_out: Sequence[str] = ()
    doubled: Sequence[str] = ()
    attributes: Sequence[bytes] = ()
    unsigned: Sequence[bytes] = ()
    stamp: bool = True
    stamp_over: bytes | None = None
    stamp_by: Person | None = None
    stamping: Mapping[str, Any] = field(default_factory=dict)
    signers: int = 1
    version: int = 1
    spoiled: bool = False
    pss: bool = False
    stated_algorithm: str = ""


def signature(data: bytes, **fields: Any) -> bytes:
    """Return a signature over ``data``, or what ``fields`` makes of it, in DER."""
    return content_info(Signature(**fields), data)


def content_info(made: Signature, data: bytes) -> bytes:
    """Return the ContentInfo."""
    algorithm = seq(oid(DIGESTS[made.stated_digest or made.digest][0]))
    one = _signer_info(made, data, algorithm)
    others = [
        _signer_info(replace(made, signed_at=made.by.certificate.not_valid_before_utc), data, algorithm)
    ]
    signers = {0: [], 1: [one], 2: [one, *others]}[made.signers]
    content = seq(oid(made.content_type), *([explicit(0, octets(made.content))] if made.content else []))
    certificates = [made.by.der] if made.certificates is None else list(made.certificates)
    body = [integer(made.version), set_of(algorithm), content]
    body += [tlv(0xA0, b"".join(sorted(certificates)))] if certificates else []
    body += [tlv(0xA1, b"".join(sorted(made.crls)))] if made.crls else []
    return seq(oid(SIGNED_DATA), explicit(0, seq(*body, set_of(*signers))))


def _signer_info(made: Signature, data: bytes, algorithm: bytes) -> bytes:
    attributes = _attributes(made, data)
    value = _value(made, set_of(*attributes))
    if made.spoiled:
        value = value[:-1] + bytes([value[-1] ^ 1])
    unsigned = list(made.unsigned)
    if made.stamp:
        over = value if made.stamp_over is None else made.stamp_over
        unsigned.append(attribute(STAMP, token(over, **{"by": made.stamp_by or stamper(), **made.stamping})))
    named = made.named or made.by
    return seq(
        integer(1),
        seq(_issuer(named), integer(named.certificate.serial_number)),
        algorithm,
        tlv(0xA0, b"".join(sorted(attributes))),
        _algorithm(made),
        octets(value),
        *([tlv(0xA1, b"".join(sorted(unsigned)))] if unsigned else []),
    )


def _value(made: Signature, attributes: bytes) -> bytes:
    if made.pss and isinstance(made.by.key, rsa.RSAPrivateKey):
        salted = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
        return made.by.key.sign(attributes, salted, hashes.SHA256())
    return made.by.sign(attributes, DIGESTS[made.digest][1])


def _algorithm(made: Signature) -> bytes:
    if made.stated_algorithm:
        return seq(oid(made.stated_algorithm))
    if made.pss:
        return seq(oid(PSS), PSS_PARAMETERS)
    keyed = next((name for kind, name in KEYED.items() if isinstance(made.by.key, kind)), "")
    if keyed:
        return seq(oid(keyed))
    if isinstance(made.by.key, rsa.RSAPrivateKey):
        return seq(oid(RSA[made.digest]), tlv(5, b""))
    return seq(oid(ECDSA[_hashed_with(made.digest)]))


def _issuer(named: Person) -> bytes:
    return named.certificate.issuer.public_bytes()


def attribute(kind: str, *values: bytes) -> bytes:
    """Return one attribute."""
    return seq(oid(kind), set_of(*values))


def _attributes(made: Signature, data: bytes) -> list[bytes]:
    digest = _digest(made.digest, data) if made.message_digest is None else made.message_digest
    vouched = seq(seq(seq(octets(hashlib.sha256((made.vouched or made.by).der).digest()))))
    values = {
        CONTENT_TYPE: oid(made.stated_content_type or made.content_type),
        MESSAGE_DIGEST: octets(digest),
        SIGNING_CERTIFICATE: vouched,
    }
    if made.signed_at:
        values[SIGNING_TIME] = utc_time(made.signed_at)
    present = {kind: value for kind, value in values.items() if kind not in made.left_out}
    doubled = [attribute(kind, values[kind]) for kind in made.doubled]
    return [*(attribute(kind, value) for kind, value in present.items()), *doubled, *made.attributes]


def token(
    over: bytes,
    *,
    by: Person | None = None,
    at: datetime = SIGNED,
    digest: str = "sha256",
    imprint: bytes | None = None,
    nonce: int | None = 7,
    imprinted: str = "",
    **changes: Any,
) -> bytes:
    """Return a time-stamp token over ``over``, or over the digest ``imprint`` (RFC 3161).

    ``digest`` is that of its signature, and of what it is over unless ``imprinted`` says another.
    """
    under, digest = digest, imprinted or digest
    stamped = hashlib.new(_hashed_with(digest), over).digest() if imprint is None else imprint
    fields = [integer(1), oid("1.2.3.4.1"), seq(seq(oid(DIGESTS[digest][0])), octets(stamped)), integer(1)]
    info = seq(*fields, general_time(at), *([] if nonce is None else [integer(nonce)]))
    signed_by = by or stamper()
    made = Signature(by=signed_by, content=info, content_type=TST_INFO, version=3, signed_at=at, stamp=False)
    made = replace(made, digest=under)
    return content_info(replace(made, **changes), info)


def _digest(digest: str, data: bytes) -> bytes:
    if digest == "shake256":
        return hashlib.shake_256(data).digest(64)
    return hashlib.new(_hashed_with(digest), data).digest()


def _hashed_with(digest: str) -> str:
    return "sha256" if digest == "nobody's" else digest
