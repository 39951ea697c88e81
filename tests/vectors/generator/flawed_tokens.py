"""Time-stamps beside a signature, and what came along about revocations, that lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.vectors.generator import people, responses
from tests.vectors.generator.case import EXISTENCE, PACKAGE, Case, Flaws
from tests.vectors.generator.der import octets, oid, seq, tlv
from tests.vectors.generator.package import package
from tests.vectors.generator.people import SIGNED

INVALID, TOKEN, REVOKED = "signature-invalid", "timestamp-invalid", "certificate-revoked"
YEAR = timedelta(days=365)
OCSP_RESPONSE, BASIC = "1.3.6.1.5.5.7.16.2", "1.3.6.1.5.5.7.48.1.1"


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _tokens()
    yield from _lists()
    yield from _responses()


def _case(family: str, name: str, wrong: str, code: str, signing: dict[str, Any]) -> Case:
    data = package(signing=signing)
    return Case(family=family, name=name, wrong=wrong, reader=PACKAGE, code=code, data=data)


def _tokens() -> Flaws:
    """The token is none, or is not over this signature."""
    tokens: dict[str, tuple[str, str, dict[str, Any]]] = {
        "MD5 stated": ("its signature states MD5", TOKEN, {"stated_digest": "md5"}),
        "short imprint": ("it is over half a digest", TOKEN, {"imprint": bytes(16)}),
        "zero imprint": ("it is over zeros", TOKEN, {"imprint": bytes(32)}),
        "spoiled": ("one bit of it is wrong", TOKEN, {"spoiled": True}),
        "two signers": ("two signed it", INVALID, {"signers": 2}),
        "nobody signed": ("nobody signed it", INVALID, {"signers": 0}),
        "no certificate": ("it brings no certificate", INVALID, {"certificates": []}),
        "other type": ("it says that it is data", INVALID, {"content_type": "1.2.840.113549.1.7.1"}),
        "17 lists": ("it brings 17 revocation lists", INVALID, {"crls": [people.revocation_list()] * 17}),
        "33 certificates": (
            "it brings 33 certificates",
            INVALID,
            {"certificates": [people.stamper().der] * 33},
        ),
    }
    for what, (wrong, code, options) in tokens.items():
        yield _case("token", f"beside {what}", f"a time-stamp: {wrong}", code, {"stamping": options})
    yield from _worthless()


def _worthless() -> Flaws:
    """The token is genuine, and nothing shows that its time is true: whoever asks since when is told why not."""
    fallen = people.impostor_authority()
    ended = people.person("Horodatage Passé", issuer=people.root(), stamps=True, end=SIGNED - YEAR)
    known = people.signer()
    out = people.ocsp_response(people.stamper(), revoked=people.REVOKED)
    stampings: dict[str, tuple[str, str, dict[str, Any]]] = {
        "stranger": ("a stranger's authority made it", "timestamp-untrusted", {"by": fallen}),
        "practitioner": ("a practitioner made it", "timestamp-untrusted", {"by": known}),
        "ended": ("its authority had ended", "timestamp-ended", {"by": ended}),
        "later": ("it is of next year", "timestamp-later", {"at": SIGNED + YEAR}),
        "SHA-1": ("its digest is a SHA-1", "timestamp-algorithm-ended", {"digest": "sha1"}),
        "over a SHA-1": ("it is over a SHA-1", "timestamp-algorithm-ended", {"imprinted": "sha1"}),
        "before the signature": (
            "it is of the day before the signer says",
            "times-contradict",
            {"at": SIGNED - timedelta(days=1)},
        ),
        "unknown response": (
            "a response in it says that its authority is unknown",
            "timestamp-revocation-unclear",
            {"crls": [basic(responses.response(people.stamper(), status=responses.UNKNOWN))], "version": 3},
        ),
        "list": (
            "a list in it revokes its authority",
            "timestamp-authority-revoked",
            {"crls": [people.revocation_list(people.stamper())]},
        ),
        "response": (
            "a response in it revokes its authority",
            "timestamp-authority-revoked",
            {"crls": [response(out)], "version": 5},
        ),
        "more certificates": (
            "it brings somebody else's certificate",
            "timestamp-strangers",
            {"certificates": [people.stamper().der, known.der]},
        ),
    }
    for what, (wrong, code, options) in stampings.items():
        one = _case("token", f"worthless {what}", f"a time-stamp: {wrong}", code, {"stamping": options})
        yield replace(one, reader=EXISTENCE)


def _lists() -> Flaws:
    """The revocation lists that came along."""
    signer, impostor = people.signer(), people.person("autre", called="Racine Exemple", authority=True)
    good = people.revocation_list()
    lists: dict[str, tuple[str, str, list[bytes]]] = {
        "since long": (
            "a list revokes the signer, years before",
            REVOKED,
            [people.revocation_list(signer, since=datetime(2021, 1, 1, tzinfo=UTC))],
        ),
        "published afterwards": (
            "a list of the day after revokes the signer as of the day before",
            REVOKED,
            [
                people.revocation_list(
                    signer, issued=SIGNED - timedelta(hours=1), since=SIGNED - timedelta(days=1)
                )
            ],
        ),
        "good and bad": ("one list knows nothing, the other revokes", REVOKED, [good, people.revocations()]),
        "bad and good": ("one list revokes, the other knows nothing", REVOKED, [people.revocations(), good]),
        "spoiled": ("one bit of the list is wrong", "signer-untrusted", [good[:-1] + bytes([good[-1] ^ 1])]),
        "cut short": ("the list is cut short", INVALID, [good[:-4]]),
        "by the signer": (
            "the signer wrote the list himself",
            "signer-untrusted",
            [people.revocation_list(by=signer)],
        ),
        "by a stranger called alike": (
            "a stranger called like the root wrote the list",
            "signer-untrusted",
            [people.revocation_list(by=impostor)],
        ),
        "changes only": (
            "the list tells changes only",
            "signer-untrusted",
            [people.revocation_list(delta=True)],
        ),
    }
    for what, (wrong, code, crls) in lists.items():
        yield _case("revoked", f"list {what}", wrong, code, {"crls": crls})


def response(inside: bytes) -> bytes:
    """Return an OCSP response as a signature carries it (RFC 5940, 2.1)."""
    return tlv(0xA1, oid(OCSP_RESPONSE) + inside)


def basic(inside: bytes) -> bytes:
    """Return the basic part of an OCSP response as many authorities put it into their tokens (RFC 6960, 4.2.1)."""
    _, response_bytes = elements(inner(inside))
    _, octets = elements(inner(inner(response_bytes)))
    return tlv(0xA1, oid(BASIC) + inner(octets))


def elements(data: bytes) -> list[bytes]:
    """Return the DER elements that ``data`` consists of."""
    found = []
    while data:
        size, header = data[1], 2
        if size & 0x80:
            header += size & 0x7F
            size = int.from_bytes(data[2:header], "big")
        found.append(data[: header + size])
        data = data[header + size :]
    return found


def inner(data: bytes) -> bytes:
    """Return the content of a DER element."""
    return data[2 + (data[1] & 0x7F if data[1] & 0x80 else 0) :]


def _responses() -> Flaws:
    """The OCSP responses that came along."""
    signer = people.signer()
    impostor = people.person("autre", called="Racine Exemple", authority=True)
    good = people.ocsp_response(signer)
    before = SIGNED - timedelta(days=20)
    flaws: dict[str, tuple[str, str, bytes]] = {
        "revoked": (
            "a response says the signer is revoked",
            REVOKED,
            people.ocsp_response(signer, revoked=before),
        ),
        "by a stranger": (
            "a stranger called like the root answered",
            "signer-untrusted",
            people.ocsp_response(signer, by=impostor),
        ),
        "by the signer": (
            "the signer answered about himself",
            "signer-untrusted",
            people.ocsp_response(signer, by=signer),
        ),
        "spoiled": (
            "one bit of the response is wrong",
            "signer-untrusted",
            good[:-1] + bytes([good[-1] ^ 1]),
        ),
        "refusal": ("the authority refused to answer", INVALID, seq(tlv(0x0A, b"\6"))),
        "nothing inside": (
            "the response holds nothing",
            INVALID,
            seq(tlv(0x0A, b"\0"), tlv(0xA0, seq(oid(BASIC), octets(b"")))),
        ),
        "cut short": ("the response is cut short", INVALID, good[:-5]),
    }
    flaws["unknown"] = (
        "the authority says that it does not know the signer",
        "signer-untrusted",
        responses.response(signer, status=responses.UNKNOWN),
    )
    for what, (wrong, code, inside) in flaws.items():
        yield _case("revoked", f"response {what}", wrong, code, {"crls": [response(inside)], "version": 5})
    unknown = tlv(0xA1, oid("1.2.3.4") + seq())
    yield _case(
        "revoked",
        "response under version 1",
        "a response came along in a structure that has no room for it",
        INVALID,
        {"crls": [response(good)]},
    )
    yield _case(
        "revoked",
        "other kind",
        "something else about revocation came along",
        INVALID,
        {"crls": [unknown], "version": 5},
    )
