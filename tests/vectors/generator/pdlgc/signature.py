"""SIGN.XML of the archive: XAdES written in the canonical form, so that nothing has to make it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from tests.vectors.generator.pdlgc.people import vendor
from tests.vectors.generator.people import Person

DS, XADES = "http://www.w3.org/2000/09/xmldsig#", "http://uri.etsi.org/01903/v1.3.2#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_NAMES = {SHA256: "sha256", SHA1: "sha1", "http://www.w3.org/2001/04/xmlenc#sha512": "sha512"}


@dataclass(frozen=True, kw_only=True)
class Flaws:
    """What a signature says otherwise than it would honestly."""

    signer: Person | None = None
    shown: Person | None = None
    leave_out: tuple[str, ...] = ()
    more: tuple[tuple[str, bytes], ...] = ()
    wrong: tuple[str, ...] = ()
    method: str = RSA_SHA256
    digest: str = SHA256
    transform: str = ""
    direct: bool = False
    properties: bool = True
    named: Person | None = None
    time: str = "2026-11-28T10:15:00Z"
    certificates: int = 1


def signature(files: Mapping[str, bytes], flaws: Flaws | None = None) -> bytes:
    """Return SIGN.XML about ``files``."""
    chosen = flaws or Flaws()
    signer = chosen.signer or vendor()
    shown = chosen.shown or signer
    references = "".join(
        _reference(name, data, chosen)
        for name, data in (*files.items(), *chosen.more)
        if name not in chosen.leave_out
    )
    manifest = f'<ds:Manifest xmlns:ds="{DS}" Id="manifest">{references}</ds:Manifest>'
    properties = _properties(chosen, chosen.named or shown)
    within = [(f"{DS}Manifest", "#manifest", manifest)]
    if chosen.properties:
        within.append(("http://uri.etsi.org/01903#SignedProperties", "#signedProperties", properties))
    listed = references if chosen.direct else ""
    for kind, uri, text in within[1:] if chosen.direct else within:
        transform = f'<ds:Transforms><ds:Transform Algorithm="{EXCLUSIVE}"></ds:Transform></ds:Transforms>'
        listed += f'<ds:Reference Type="{kind}" URI="{uri}">{transform}{_digest(text.encode(), SHA256)}</ds:Reference>'
    info = (
        f'<ds:SignedInfo xmlns:ds="{DS}"><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{chosen.method}"></ds:SignatureMethod>{listed}</ds:SignedInfo>'
    )
    value = base64.b64encode(signer.sign(info.encode())).decode()
    certificates = "".join(
        f"<ds:X509Certificate>{base64.b64encode(shown.der).decode()}</ds:X509Certificate>"
        for _ in range(chosen.certificates)
    )
    objects = "" if chosen.direct else f"<ds:Object>{manifest}</ds:Object>"
    if chosen.properties:
        objects += (
            f'<ds:Object><xades:QualifyingProperties xmlns:xades="{XADES}" Target="#signature">{properties}'
            "</xades:QualifyingProperties></ds:Object>"
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ds:Signature xmlns:ds="{DS}" Id="signature">{info}'
        f"<ds:SignatureValue>{value}</ds:SignatureValue>"
        f"<ds:KeyInfo><ds:X509Data>{certificates}</ds:X509Data></ds:KeyInfo>{objects}</ds:Signature>\n"
    ).encode()


def _reference(name: str, data: bytes, chosen: Flaws) -> str:
    digested = data + b"!" if name in chosen.wrong else data
    transforms = (
        f'<ds:Transforms><ds:Transform Algorithm="{chosen.transform}"></ds:Transform></ds:Transforms>'
        if chosen.transform
        else ""
    )
    return f'<ds:Reference URI="{name}">{transforms}{_digest(digested, chosen.digest)}</ds:Reference>'


def _digest(data: bytes, method: str) -> str:
    value = base64.b64encode(hashlib.new(_NAMES[method], data, usedforsecurity=False).digest()).decode()
    return f'<ds:DigestMethod Algorithm="{method}"></ds:DigestMethod><ds:DigestValue>{value}</ds:DigestValue>'


def _properties(chosen: Flaws, named: Person) -> str:
    digest = base64.b64encode(hashlib.sha256(named.der).digest()).decode()
    time = f"<xades:SigningTime>{chosen.time}</xades:SigningTime>" if chosen.time else ""
    return (
        f'<xades:SignedProperties xmlns:xades="{XADES}" Id="signedProperties"><xades:SignedSignatureProperties>{time}'
        "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
        f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{SHA256}"></ds:DigestMethod>'
        f'<ds:DigestValue xmlns:ds="{DS}">{digest}</ds:DigestValue></xades:CertDigest></xades:Cert>'
        "</xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties>"
    )
