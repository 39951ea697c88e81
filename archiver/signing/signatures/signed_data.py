"""The one shape a signature of a package has: a plain, detached SignedData (RFC 5652, EN 319 122-1).

Beside the signed part it may enclose a signature time-stamp (CAdES B-T, EN
319 122-1, 5.3) and the revocation lists and OCSP responses of the moment of
signing (RFC 5652, 10.2.1; RFC 5940). Anything else is refused, so that every
byte means something.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from asn1crypto import cms, core, ocsp, tsp  # noqa: F401 - tsp registers the time-stamp attribute

from archiver.signing.encoding import encode_element, encoding_of
from archiver.signing.errors import SignatureInvalid
from archiver.signing.revocation.sources import MAX_SOURCES, Sources
from archiver.signing.signatures.der import EXPLICIT, OCTET_STRING, SEQUENCE, require_der
from formats.digests import SHA256
from formats.words import mark

DIGEST = SHA256
"""The digest that is signed with."""
MAX_SIGNATURE_BYTES = 8 << 20
"""A signature with its chain and a time-stamp is under 30 kB; a long revocation list may come along."""
MAX_CERTIFICATES = 16
"""Certificates in one signature; chains are three or four long."""
MAX_TOKEN_CERTIFICATES = 32
"""Certificates in one time-stamp token; the authority's chain and the lists' issuers are fewer than ten."""

Data = bytes | BinaryIO
"""What a detached signature is over: the bytes, or a stream of them that can seek and is hashed piece by piece."""

_SIGNED = frozenset({"content_type", "message_digest", "signing_time", "signing_certificate_v2"})
"""Signed attributes every signature must carry once (EN 319 122-1, clause 6.3)."""
STAMP = "signature_time_stamp_token"
_NUMBER = ("issuer", "serial_number")
OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2"
"""``id-ri-ocsp-response`` (RFC 5940, section 2.1.1)."""
OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1"
"""``id-pkix-ocsp-basic`` (RFC 6960, 4.2.1): the basic response alone, as many authorities put it into their tokens."""
SUCCESSFUL = b"\x0a\x01\x00"
"""OCSPResponseStatus of a response that answers (RFC 6960, 4.2.1)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureParts:
    """A signature taken apart: the parsed SignedData, that of its time-stamp, and its revocation sources."""

    signed: Any
    token: Any | None
    sources: Sources

    @property
    def signer(self) -> Any:
        """The one SignerInfo."""
        return self.signed["signer_infos"][0]

    @property
    def certificates(self) -> list[Any]:
        """The certificates inside."""
        return [one.chosen for one in self.signed["certificates"]]


def read_signature(signature: bytes) -> SignatureParts:
    """Return ``signature`` (DER) taken apart.

    Raises:
        SignatureInvalid: when it has another shape.
    """
    if len(signature) > MAX_SIGNATURE_BYTES:
        raise SignatureInvalid(reason=mark("it is longer than any signature"))
    try:
        require_der(signature)
    except ValueError as fault:
        raise SignatureInvalid(reason=mark("it is not in DER, the one encoding a signature has")) from fault
    content = cms.ContentInfo.load(signature, strict=True)
    if content["content_type"].native != "signed_data":
        raise SignatureInvalid(reason=mark("it is no signature"))
    signed = content["content"]
    if len(signed["signer_infos"]) != 1:
        raise SignatureInvalid(reason=mark("it has not exactly one signer"))
    sources = _sources(signed)
    _plain(signed, sources)
    _attributes(signed["signer_infos"][0])
    return SignatureParts(signed=signed, token=_token(signed["signer_infos"][0]), sources=sources)


def signature_value(signature: bytes) -> bytes:
    """Return the bare signature inside: what a time-stamp is made over."""
    value: bytes = cms.ContentInfo.load(signature)["content"]["signer_infos"][0]["signature"].native
    return value


def response_of(other: Any) -> bytes | None:
    """Return the OCSPResponse (DER) in an OtherRevocationInfoFormat (parsed), or nothing when it is something else.

    Raises:
        ValueError: when what says that it is one cannot be read.
    """
    kind, response = other["other_rev_info_format"].dotted, encoding_of(other["other_rev_info"])
    if kind == OCSP_RESPONSE:
        return response
    if kind != OCSP_BASIC:
        return None
    encoding_of(ocsp.BasicOCSPResponse.load(response, strict=True))
    kind_of_response = core.ObjectIdentifier(OCSP_BASIC).dump()
    basic = encode_element(SEQUENCE, kind_of_response, encode_element(OCTET_STRING, response))
    return encode_element(SEQUENCE, SUCCESSFUL, encode_element(EXPLICIT, basic))


def foreign_revocations(signed: Any) -> str:
    """Return the identifier of the first form of revocation information in a token that nobody here reads."""
    named = [one.chosen["other_rev_info_format"].dotted for one in signed["crls"] if one.name == "other"]
    return next((one for one in named if one not in {OCSP_RESPONSE, OCSP_BASIC}), "")


def _sources(signed: Any, kinds: frozenset[str] = frozenset({OCSP_RESPONSE})) -> Sources:
    """Return the sources inside; with no ``kinds`` of other information, those of any kind may be there."""
    found = list(signed["crls"])
    if len(found) > MAX_SOURCES:
        raise SignatureInvalid(reason=mark("it holds more revocation lists than anybody needs"))
    others = [one.chosen for one in found if one.name != "crl"]
    if kinds and any(one["other_rev_info_format"].dotted not in kinds for one in others):
        raise SignatureInvalid(reason=mark("it holds something that is no revocation list"))
    responses = tuple(one for one in map(response_of, others) if one is not None)
    read = [ocsp.OCSPResponse.load(one, strict=True) for one in responses]
    answered = [one["response_bytes"]["response"].parsed for one in read]
    lists = [one.chosen for one in found if one.name == "crl"]
    inside = [certificate for one in answered for certificate in one["certs"]]
    if not _whole(*(one["signature"] for one in (*answered, *lists))) or not _sound(inside):
        raise SignatureInvalid(reason=mark("it holds something that is no revocation list"))
    return Sources(
        lists=tuple(map(encoding_of, lists)),
        responses=responses,
    )


def _whole(*signatures: Any) -> bool:
    """Say whether every bit of the last byte counts: libraries pass over bits said not to (X.690, 8.6.2)."""
    return all(one.contents[:1] == b"\x00" for one in signatures)


def _sound(certificates: Iterable[Any]) -> bool:
    return _whole(*(one["signature_value"] for one in certificates))


def _plain(signed: Any, sources: Sources) -> None:
    signer = signed["signer_infos"][0]
    certificates = list(signed["certificates"])
    content = signed["encap_content_info"]
    named = [one["algorithm"].native for one in signed["digest_algorithms"]]
    version = "v5" if sources.responses else "v1"
    if content["content_type"].native != "data" or content["content"].native is not None:
        raise SignatureInvalid(reason=mark("it is not detached from what it signs"))
    if signed["version"].native != version or signer["version"].native != "v1":
        raise SignatureInvalid(reason=mark("it is of another version"))
    if signer["sid"].name != "issuer_and_serial_number":
        raise SignatureInvalid(reason=mark("it does not name its certificate by issuer and number"))
    if not 1 <= len(certificates) <= MAX_CERTIFICATES:
        raise SignatureInvalid(reason=mark("its certificates are missing or too many"))
    if any(one.name != "certificate" for one in certificates):
        raise SignatureInvalid(reason=mark("it holds something that is no certificate"))
    if not _sound(one.chosen for one in certificates):
        raise SignatureInvalid(reason=mark("it holds something that is no certificate"))
    if named != [signer["digest_algorithm"]["algorithm"].native]:
        raise SignatureInvalid(reason=mark("it uses a digest that is not accepted"))
    for algorithm in (signed["digest_algorithms"][0], signer["digest_algorithm"]):
        if algorithm["parameters"].native is not None:
            raise SignatureInvalid(reason=mark("it uses a digest that is not accepted"))


def _attributes(signer: Any) -> None:
    types = [attribute["type"].native for attribute in signer["signed_attrs"]]
    if not set(types) >= _SIGNED or len(set(types)) != len(types):
        raise SignatureInvalid(reason=mark("it lacks what a CAdES signature states"))
    if any(len(attribute["values"]) != 1 for attribute in signer["signed_attrs"]):
        raise SignatureInvalid(reason=mark("it states one thing twice"))
    others = [one["type"].native for one in signer["unsigned_attrs"]]
    if others not in ([], [STAMP]) or any(len(one["values"]) != 1 for one in signer["unsigned_attrs"]):
        raise SignatureInvalid(reason=mark("it carries something unsigned besides a time-stamp"))


def _token(signer: Any) -> Any | None:
    """Return the SignedData of the time-stamp, when there is one."""
    attributes = list(signer["unsigned_attrs"])
    if not attributes:
        return None
    content = attributes[0]["values"][0]
    if content["content_type"].native != "signed_data":
        raise SignatureInvalid(reason=mark("its time-stamp is none"))
    signed = content["content"]
    if signed["encap_content_info"]["content_type"].native != "tst_info" or len(signed["signer_infos"]) != 1:
        raise SignatureInvalid(reason=mark("its time-stamp is none"))
    if not 1 <= len(signed["certificates"]) <= MAX_TOKEN_CERTIFICATES:
        raise SignatureInvalid(reason=mark("the certificates of its time-stamp are missing or too many"))
    _sources(signed, kinds=frozenset())
    _plain_token(signed)
    return signed


def _plain_token(signed: Any) -> None:
    """Refuse what no time-stamp has where nothing signs it (RFC 5652, 5.1 and 5.3: the versions).

    With other revocation information the version is 5, and authorities that leave it at 3 are taken as well.
    """
    signer = signed["signer_infos"][0]
    algorithms = [*signed["digest_algorithms"], signer["digest_algorithm"]]
    named = {(one["algorithm"].native, one["parameters"].native) for one in algorithms}
    versions = {"v3", "v5"} if any(one.name == "other" for one in signed["crls"]) else {"v3"}
    by_number = signer["sid"].name == "issuer_and_serial_number"
    if signed["version"].native not in versions or signer["version"].native != ("v1" if by_number else "v3"):
        raise SignatureInvalid(reason=mark("its time-stamp is of another version"))
    if named != {(signer["digest_algorithm"]["algorithm"].native, None)} or len(algorithms) != 2:
        raise SignatureInvalid(reason=mark("its time-stamp uses several digests"))
    if not _sound(one.chosen for one in signed["certificates"]):
        raise SignatureInvalid(reason=mark("its time-stamp holds something that is no certificate"))
    bodies = [one.chosen["tbs_certificate"] for one in signed["certificates"]]
    named_by = [[encoding_of(one[part]) for part in _NUMBER] for one in bodies]
    if by_number and [encoding_of(signer["sid"].chosen[part]) for part in _NUMBER] not in named_by:
        raise SignatureInvalid(reason=mark("its time-stamp names a certificate it does not hold"))
