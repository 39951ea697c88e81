"""Signature over files beside it: XAdES baseline B-B or B-T, detached through a ds:Manifest (ETSI EN 319 132-1).

The form that the French portability guide asks for (PDLGC 0.1.0, *SIGN.XML*): ds:SignedInfo has two references, to a
ds:Manifest within that lists every signed file by name and SHA-256, and to the signed properties.

What is hashed is written in canonical form here already (exclusive C14N 1.0, no comments): a file list of 99,999 lines
is hashed as it is written, and nothing is parsed again. ``tests/interop`` has xmlsec1 check every digest.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from archiver.errors import KeyUnreadable
from archiver.signing.certificates.loading import load_certificate
from archiver.signing.encoding import encode_element, encoding_of
from archiver.signing.keys.key_file import Signer
from archiver.signing.validity import Stamping
from formats.digests import SHA256, Digest
from formats.words import mark
from formats.xml_markup import DECLARATION

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
PROPERTIES_TYPE = "http://uri.etsi.org/01903#SignedProperties"
MANIFEST_TYPE = f"{DS}Manifest"
MANIFEST_ID, PROPERTIES_ID, SIGNATURE_ID = "manifest", "signedProperties", "signature"
_SEQUENCE, _DIRECTORY_NAME = 0x30, 0xA4
_SEPARATORS = frozenset("%#?&<>\"' ")


def sign_files(
    files: Iterable[tuple[str, Digest]], signer: Signer, *, at: datetime, stamp: Stamping | None = None
) -> Iterator[bytes]:
    """Yield the signature of ``signer`` over ``files`` in pieces, stating ``at`` as its time.

    ``files`` lie beside the signature: the name of each, a relative URI, and its SHA-256. They are asked for
    twice, once for their digest: it is a list, or gives the same again. With ``stamp`` a time-stamp of the
    signature is in it (SignatureTimeStamp, level B-T).

    Raises:
        KeyFailure: as ``signer`` signs; NoTimestampAuthority: as ``stamp`` stamps.
        ValueError: for a name that would have to be escaped in a URI.
    """
    certificate = signer.certificate
    state = SHA256.new()
    for piece in _manifest(files):
        state.update(piece)
    properties = _properties(certificate, at)
    references = (
        _reference(f"#{MANIFEST_ID}", Digest(SHA256, state.digest()), kind=MANIFEST_TYPE, canonical=True)
        + _reference(f"#{PROPERTIES_ID}", Digest.of(properties), kind=PROPERTIES_TYPE, canonical=True)
    ).encode()
    public = load_certificate(certificate).public_key()
    method = RSA if isinstance(public, rsa.RSAPublicKey) else ECDSA
    signed = _signed_info(method, references, namespace=True)
    value = _raw(signer.sign(signed), public)
    text = base64.b64encode(value).decode()
    unsigned = _time_stamp(text, stamp) if stamp else b""
    yield DECLARATION.encode()
    yield f'<ds:Signature xmlns:ds="{DS}" Id="{SIGNATURE_ID}">'.encode()
    yield _signed_info(method, references, namespace=False)
    yield f"<ds:SignatureValue>{text}</ds:SignatureValue>".encode()
    yield b"<ds:KeyInfo><ds:X509Data>"
    for one in (certificate, *signer.chain):
        yield f"<ds:X509Certificate>{base64.b64encode(one).decode()}</ds:X509Certificate>".encode()
    yield b"</ds:X509Data></ds:KeyInfo><ds:Object>"
    yield from _manifest(files)
    yield b"</ds:Object><ds:Object>"
    yield f'<xades:QualifyingProperties xmlns:xades="{XADES}" Target="#{SIGNATURE_ID}">'.encode()
    yield properties
    yield unsigned
    yield b"</xades:QualifyingProperties></ds:Object></ds:Signature>\n"


def _time_stamp(value: str, stamp: Stamping) -> bytes:
    """Return the unsigned properties: a time-stamp over ds:SignatureValue in canonical form (EN 319 132-1, 5.3)."""
    canonical = f'<ds:SignatureValue xmlns:ds="{DS}">{value}</ds:SignatureValue>'
    token = base64.b64encode(stamp(Digest.of(canonical.encode()))).decode()
    return (
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp>"
        f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"></ds:CanonicalizationMethod>'
        f"<xades:EncapsulatedTimeStamp>{token}</xades:EncapsulatedTimeStamp>"
        "</xades:SignatureTimeStamp></xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    ).encode()


def _raw(signature: bytes, key: object) -> bytes:
    """Return a signature as XML-DSig has it: of ECDSA the two numbers one after the other (RFC 6931, 2.3.6).

    Raises:
        KeyUnreadable: for a key that is neither RSA nor EC.
    """
    if isinstance(key, rsa.RSAPublicKey):
        return signature
    if isinstance(key, ec.EllipticCurvePublicKey):
        length = (key.curve.key_size + 7) // 8
        return b"".join(one.to_bytes(length) for one in decode_dss_signature(signature))
    raise KeyUnreadable(reason=mark("it lacks a certificate with an RSA or EC key"))


def _signed_info(method: str, references: bytes, *, namespace: bool) -> bytes:
    declared = f' xmlns:ds="{DS}"' if namespace else ""
    head = (
        f"<ds:SignedInfo{declared}>"
        f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{method}"></ds:SignatureMethod>'
    )
    return head.encode() + references + b"</ds:SignedInfo>"


def _reference(uri: str, digest: Digest, *, kind: str = "", canonical: bool = False) -> str:
    typed = f' Type="{kind}"' if kind else ""
    transforms = (
        f'<ds:Transforms><ds:Transform Algorithm="{EXCLUSIVE}"></ds:Transform></ds:Transforms>'
        if canonical
        else ""
    )
    return (
        f'<ds:Reference{typed} URI="{uri}">{transforms}<ds:DigestMethod Algorithm="{SHA256.uri}"></ds:DigestMethod>'
        f"<ds:DigestValue>{digest.base64}</ds:DigestValue></ds:Reference>"
    )


def _manifest(files: Iterable[tuple[str, Digest]]) -> Iterator[bytes]:
    """Yield the list of signed files in canonical form, which is how it stands in the document as well."""
    yield f'<ds:Manifest xmlns:ds="{DS}" Id="{MANIFEST_ID}">'.encode()
    for name, digest in files:
        if _SEPARATORS & {*name} or not name.isascii():
            raise ValueError(name)
        yield _reference(name, digest).encode()
    yield b"</ds:Manifest>"


def _properties(certificate: bytes, at: datetime) -> bytes:
    """Return the signed properties in canonical form: when, and by which certificate (SigningCertificateV2)."""
    known = x509.Certificate.load(certificate)
    # IssuerSerialV2 is the DER of IssuerSerial (RFC 5035, 5.4.1.1; EN 319 132-1, 5.2.2)
    name = encode_element(_SEQUENCE, encode_element(_DIRECTORY_NAME, encoding_of(known.issuer)))
    number = encoding_of(known["tbs_certificate"]["serial_number"])
    issuer_serial = encode_element(_SEQUENCE, name, number)
    digest = Digest.of(certificate).base64
    moment = at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return (
        f'<xades:SignedProperties xmlns:xades="{XADES}" Id="{PROPERTIES_ID}"><xades:SignedSignatureProperties>'
        f"<xades:SigningTime>{moment}</xades:SigningTime>"
        "<xades:SigningCertificateV2><xades:Cert>"
        f'<xades:CertDigest><ds:DigestMethod xmlns:ds="{DS}" Algorithm="{SHA256.uri}"></ds:DigestMethod>'
        f'<ds:DigestValue xmlns:ds="{DS}">{digest}</ds:DigestValue></xades:CertDigest>'
        f"<xades:IssuerSerialV2>{base64.b64encode(issuer_serial).decode()}</xades:IssuerSerialV2>"
        "</xades:Cert></xades:SigningCertificateV2>"
        "</xades:SignedSignatureProperties></xades:SignedProperties>"
    ).encode()
