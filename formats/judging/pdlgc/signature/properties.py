"""Properties of a XAdES signature (ETSI EN 319 132-1): of which certificate, when; whom the certificate names."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, Name, NameOID

from formats.digests import Digest, DigestMalformed
from formats.judging.judgement import ABSENT, Judging
from formats.judging.pdlgc.signature.algorithms import algorithm_of_uri
from formats.judging.pdlgc.signature.document import SignedDocument, ds
from formats.judging.values import components
from formats.names import comparable
from formats.xml import Element

XADES = "http://uri.etsi.org/01903/v1.3.2#"
_ISSUERS = ("IGC SANTE", "IGC-SANTE", "GIP-CPS", "ASIP-SANTE", "AGENCE DU NUMERIQUE EN SANTE")


def xades(name: str) -> str:
    """Return a name of XAdES with its namespace."""
    return f"{{{XADES}}}{name}"


def judge_properties(
    document: SignedDocument, certificate: Certificate | None, where: str, judging: Judging
) -> None:
    """Judge the signed properties, and the time they state."""
    properties = None
    for one, _ in document.references():
        target = document.target(one)
        if target is not None and target.tag == xades("SignedProperties"):
            properties = target
    if properties is None or certificate is None:
        judging.check("sign-properties", properties is not None, where, "SignedProperties")
        judging.leave(("sign-time",), ABSENT)
        return
    named = list(properties.iter(xades("SigningCertificateV2")))
    holds = len(named) == 1 and _names(named[0], certificate)
    judging.check("sign-properties", holds, f"{where}:{properties.sourceline}", "SigningCertificateV2")
    text = _signing_time(properties)
    at = _moment(text)
    valid = at is not None and certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    judging.check("sign-time", valid, where, text or "SigningTime")


def _names(node: Element, certificate: Certificate) -> bool:
    """Tell whether the first certificate that is named is ``certificate``, by its digest."""
    first = node.find(f"{xades('Cert')}/{xades('CertDigest')}")
    method, value = (
        first.find(ds(name)) if first is not None else None for name in ("DigestMethod", "DigestValue")
    )
    algorithm = algorithm_of_uri(method.get("Algorithm", "")) if method is not None else None
    if algorithm is None or value is None:
        return False
    try:
        stated = Digest.from_base64("".join((value.text or "").split()), algorithm)
    except DigestMalformed:
        return False
    return Digest.of(certificate.public_bytes(Encoding.DER), algorithm=algorithm) == stated


def stated_time(document: SignedDocument) -> datetime | None:
    """Return the time that a signature states; nothing where it states none."""
    return next((_moment(_signing_time(one)) for one in document.root.iter(xades("SignedProperties"))), None)


def _signing_time(properties: Element) -> str:
    stated = properties.find(f".//{xades('SigningTime')}")
    return (stated.text or "").strip() if stated is not None else ""


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def judge_names(certificate: Certificate, institution: str, where: str, judging: Judging) -> None:
    """Judge whether the certificate names the vendor, and is of the authority that the guide wants."""
    names = _values(certificate.subject, NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    parts = components(institution)
    vendor, number = comparable(parts[0]), parts[-1] if len(parts) > 1 else ""
    numbers = _values(
        certificate.subject,
        NameOID.ORGANIZATIONAL_UNIT_NAME,
        NameOID.SERIAL_NUMBER,
        NameOID.ORGANIZATION_IDENTIFIER,
    )
    same = any(comparable(one) == vendor for one in names) or (
        number and any(number in one for one in numbers)
    )
    if institution:
        judging.check("sign-author", same, where, " / ".join(names))
    else:
        judging.leave(("sign-author",), ABSENT)
    issuer = " ".join(
        _values(
            certificate.issuer,
            NameOID.ORGANIZATION_NAME,
            NameOID.ORGANIZATIONAL_UNIT_NAME,
            NameOID.COMMON_NAME,
        )
    )
    judging.check(
        "sign-issuer", any(comparable(one) in comparable(issuer) for one in _ISSUERS), where, issuer
    )


def _values(name: Name, *kinds: object) -> list[str]:
    return [str(one.value) for one in name if one.oid in kinds]
