"""SignerInfo (RFC 5652, 5.3): whose certificate it names, and whether that certificate's key signed the content.

Trust is no matter here; see ``archiver.signing.certificates.certification_path``. Broken bytes make the parsers raise
whatever they raise, and what is no signature of its kind is a ``ValueError``: the callers translate both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from asn1crypto import core, tsp, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko_certvalidator.errors import AlgorithmNotSupported
from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator, SignatureValidationContext

from archiver.signing.algorithms import digest_algorithm
from archiver.signing.encoding import encoding_of
from archiver.signing.errors import AlgorithmUnknown
from archiver.signing.signatures.signed_data import Data
from formats.digests import Digest, DigestAlgorithm

SHAKE256 = "shake256"
SHAKE256_BYTES = 64
"""Bytes of a message digest by SHAKE256 (RFC 8702, 3.1)."""
PIECE = 1 << 18
"""Bytes hashed at a time."""
SIGNATURES = frozenset(
    {"rsassa_pkcs1v15", "rsassa_pss", "ecdsa", "ed25519", "ed448", "mldsa44", "mldsa65", "mldsa87"}
)
"""Signature algorithms that are verified here: RFC 8017, RFC 5753, RFC 8419, RFC 9882."""
KEYS = frozenset({"rsa", "rsassa_pss", "ec", "ed25519", "ed448", "mldsa44", "mldsa65", "mldsa87"})
"""Kinds of keys with which they are verified."""
ML_DSA_DIGESTS = {
    "mldsa44": {"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512", "shake256"},
    "mldsa65": {"sha384", "sha512", "sha3_384", "sha3_512", "shake256"},
    "mldsa87": {"sha512", "sha3_512", "shake256"},
}
"""Digests of the content as strong as the signature (RFC 9882, table 1)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignerInfoCheck:
    """A SignerInfo held against its content.

    ``intact``: its message digest is the content's; ``valid``: the key of ``certificate`` (parsed) signed
    the attributes; ``others`` are the certificates (parsed) beside that one.
    """

    intact: bool
    valid: bool
    certificate: Any
    others: tuple[Any, ...]


def verify_signer_info(signed: Any, digest: Digest) -> SignerInfoCheck:
    """Verify the one SignerInfo of ``signed`` (a parsed SignedData) over the content whose digest is ``digest``.

    1. The certificate it names is enclosed, and is the one its signed attributes name (RFC 5035).
    2. Its content type is that of the content, its algorithms are those it protects (RFC 6211).
    3. Its message digest is the content's, and the key signed the attributes (RFC 5652, 5.4 and 5.6).

    Raises:
        ValueError: when one of the first two does not hold, or an attribute is missing or there twice.
        AlgorithmUnknown: when the algorithm, or the kind of key, is not known here.
    """
    (signer,) = signed["signer_infos"]
    certificate, others = _certificates(signed, signer)
    attributes = signer["signed_attrs"]
    if attributes is core.VOID:
        raise ValueError("no signed attributes")
    # before anything else looks at it: the bytes as they are, under the tag they were signed with (5.4)
    message = encoding_of(attributes.untag())
    _protected(signer)
    if _single(attributes, "content_type").native != signed["encap_content_info"]["content_type"].native:
        raise ValueError("another type of content")
    return SignerInfoCheck(
        intact=_single(attributes, "message_digest").native == digest.value,
        valid=_signed_by(certificate, signer, message),
        certificate=certificate,
        others=others,
    )


def data_digest(data: Data, algorithm: DigestAlgorithm) -> Digest:
    """Return the digest of ``data`` under ``algorithm``; a stream is hashed from its beginning.

    Raises:
        AlgorithmUnknown: when the hash function is not known here.
    """
    by_shake = algorithm.name == SHAKE256
    if not algorithm.known and not by_shake:
        raise AlgorithmUnknown(algorithm=algorithm.name)
    state = hashlib.new("shake_256") if by_shake else algorithm.new()
    stream = BytesIO(data) if isinstance(data, bytes) else data
    stream.seek(0)
    while piece := stream.read(PIECE):
        state.update(piece)
    value = state.digest(SHAKE256_BYTES) if by_shake else state.digest()  # type: ignore[call-arg]
    return Digest(algorithm, value)


def has_fitting_digest(signer: Any) -> bool:
    """Say whether the digest of the content is that of the signature (RFC 8933), or fits it (RFC 8419, RFC 9882)."""
    digest, algorithm = signer["digest_algorithm"]["algorithm"].native, signer["signature_algorithm"]
    name = algorithm["algorithm"].native
    if name in ML_DSA_DIGESTS:
        return digest in ML_DSA_DIGESTS[name]
    if name == "ed448":
        return digest in {"shake256", "shake256_len"}
    try:
        return bool(algorithm.hash_algo == digest)
    except ValueError:  # the algorithm implies none
        return True


def _certificates(signed: Any, signer: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return the certificate that made the signature, and the others."""
    enclosed = [one.chosen.untag() for one in signed["certificates"] if one.name == "certificate"]
    named = [one for one in enclosed if _is_named(signer["sid"], one)]
    if not named:
        raise ValueError("the signer's certificate is not enclosed")
    found = next((one for one in named if _is_stated(signer["signed_attrs"], one)), None)
    if found is None:
        raise ValueError("the signed attributes name another certificate")
    return found, tuple(one for one in enclosed if one is not found)


def _is_named(identifier: Any, certificate: Any) -> bool:
    if identifier.name == "subject_key_identifier":
        return bool(certificate.key_identifier == identifier.chosen.native)
    return _is_issued(identifier.chosen["issuer"], identifier.chosen["serial_number"], certificate)


def _is_issued(issuer: Any, number: Any, certificate: Any) -> bool:
    try:
        same = encoding_of(issuer) == encoding_of(certificate.issuer) or issuer == certificate.issuer
    except ValueError:  # a name with letters that RFC 4518 knows no way to compare
        return False
    return bool(same and number == certificate["tbs_certificate"]["serial_number"])


def _is_stated(attributes: Any, certificate: Any) -> bool:
    """Say whether the signing certificate attribute, where there is one, names ``certificate`` (RFC 5035, 5.4)."""
    for name, parser in (
        ("signing_certificate_v2", tsp.SigningCertificateV2),
        ("signing_certificate", tsp.SigningCertificate),
    ):
        value = _single(attributes, name, required=False)
        if value is not None:
            # parsed from a copy: reading further into the attributes would have them encoded again
            return _identifies(parser.load(encoding_of(value))["certs"][0], certificate)
    return True


def _identifies(identifier: Any, certificate: Any) -> bool:
    first = isinstance(identifier, tsp.ESSCertID)
    name = "sha1" if first else identifier["hash_algorithm"]["algorithm"].native
    if hashlib.new(name, encoding_of(certificate)).digest() != identifier["cert_hash"].native:
        return False
    stated = identifier["issuer_serial"]
    if not stated:
        return True
    issuer = stated["issuer"]
    if isinstance(issuer, x509.GeneralNames):
        if len(issuer) != 1 or issuer[0].name != "directory_name":
            return False
        issuer = issuer[0].chosen
    return _is_issued(issuer, stated["serial_number"], certificate)


def _protected(signer: Any) -> None:
    """Refuse algorithms that are not those the CMS algorithm protection attribute names (RFC 6211)."""
    stated = _single(signer["signed_attrs"], "cms_algorithm_protection", required=False)
    if stated is None:
        return
    for name in ("digest_algorithm", "signature_algorithm"):
        if stated[name].native != signer[name].native:
            raise ValueError("other algorithms than the signed attributes name")


def _signed_by(certificate: Any, signer: Any, message: bytes) -> bool:
    digest = signer["digest_algorithm"]["algorithm"].native
    _refuse_unknown(signer["signature_algorithm"])
    try:
        DefaultSignatureValidator().validate_signature(
            signer["signature"].native,
            message,
            certificate.public_key,
            signer["signature_algorithm"],
            context=SignatureValidationContext(contextual_md_algorithm=digest),
        )
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, AlgorithmNotSupported) as fault:  # a curve, a kind of key
        raise AlgorithmUnknown(algorithm=certificate.public_key.algorithm) from fault
    return True


def unknown_of(certificate: Any) -> str:
    """Return what of ``certificate`` (parsed) nobody here knows: how it was signed, or its key; else nothing."""
    try:
        _refuse_unknown(certificate["signature_algorithm"])
    except AlgorithmUnknown as fault:
        return str(fault.facts["algorithm"])
    kind = str(certificate.public_key.algorithm)
    return "" if kind in KEYS else kind


def _refuse_unknown(algorithm: Any) -> None:
    name = algorithm["algorithm"].native
    try:
        kind = algorithm.signature_algo
    except ValueError:  # it has no name but its own
        kind = name
    if kind not in SIGNATURES:
        raise AlgorithmUnknown(algorithm=name)
    if kind == "rsassa_pss":
        inner = digest_algorithm(algorithm["parameters"]["hash_algorithm"])
        if not inner.known:
            raise AlgorithmUnknown(algorithm=inner.name)


def _single(attributes: Sequence[Any], name: str, *, required: bool = True) -> Any:
    """Return the one value of the attribute ``name``; ``None`` when it is not required and not there."""
    found = [value for one in attributes if one["type"].native == name for value in one["values"]]
    if len(found) > 1 or (required and not found):
        raise ValueError(f"{name} is missing or there twice")
    return found[0] if found else None
