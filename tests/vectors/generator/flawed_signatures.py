"""Signatures that are not the signer's, not over this manifest, or not of today."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.vectors.generator import people
from tests.vectors.generator.case import EXISTENCE, PACKAGE, Case, Flaws
from tests.vectors.generator.cms import (
    CONTENT_TYPE,
    COUNTERSIGNATURE,
    MESSAGE_DIGEST,
    NOBODYS,
    SIGNING_CERTIFICATE,
    SIGNING_TIME,
    STAMP,
    attribute,
    signature as signed,
    token,
)
from tests.vectors.generator.der import octets, oid, seq, tlv
from tests.vectors.generator.package import ASIC, SIGNATURE, package, whole_parts

INVALID = "signature-invalid"


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _signers()
    yield from _over_something_else()
    yield from _shapes()
    yield from _bytes()
    yield from _stamps()
    yield from _unknown()


def _case(family: str, name: str, wrong: str, code: str, *, reader: str = PACKAGE, **fields: Any) -> Case:
    return Case(family=family, name=name, wrong=wrong, reader=reader, code=code, data=package(**fields))


def _signers() -> Flaws:
    impostor, named = people.impostor(), people.signer()
    brief = people.person("Dr Bref", issuer=people.root(), end=datetime(2030, 1, 1, tzinfo=UTC))
    yield _case(
        "another-key",
        "stranger of the same name",
        "a stranger called like the signer signed, under a root called like ours",
        "signer-untrusted",
        signing={"by": impostor},
    )
    yield _case(
        "another-key",
        "stranger with root inside",
        "the stranger brought his root along",
        "signer-untrusted",
        signing={"by": impostor, "certificates": [impostor.der, people.der_of(impostor.above[0])]},
    )
    self_made = people.person("Dr Seul")
    yield _case(
        "another-key",
        "self-made",
        "the signer vouches for himself",
        "signer-untrusted",
        signing={"by": self_made},
    )
    leaf = people.leaf_under_leaf()
    yield _case(
        "another-key",
        "issued by a signer",
        "a signer who may not issue certificates issued one",
        "signer-untrusted",
        signing={"by": leaf, "certificates": [leaf.der, named.der]},
    )
    yield _case(
        "another-key",
        "key of a stranger",
        "the certificate is the signer's and the key is not",
        INVALID,
        signing={"by": impostor, "named": named, "vouched": named, "certificates": [named.der]},
    )
    yield _case(
        "another-key",
        "certificate substituted",
        "another certificate with the same name is inside",
        INVALID,
        signing={"certificates": [impostor.der]},
    )
    for name, called, wrong in (
        ("another practitioner", "Dr Paule Autre", "somebody else whom the root certified"),
        ("with one name more", "Dr Anne Exemple Autre", "somebody whose name begins like the expected one"),
        ("with one name less", "Dr Anne", "somebody whose name is part of the expected one"),
    ):
        other = people.person(called, issuer=people.root())
        yield _case("unexpected", name, f"{wrong} signed", "signer-unexpected", signing={"by": other})
    yield _case(
        "expired",
        "certificate ended",
        "the certificate ended two years before",
        "certificate-ended",
        signing={"by": people.expired()},
    )
    yield _case(
        "expired",
        "back-dated",
        "the certificate ended, and the signature states a time before its end",
        "certificate-ended",
        signing={"by": people.expired(), "signed_at": datetime(2023, 5, 1, tzinfo=UTC), "stamp": False},
    )
    yield _case(
        "expired",
        "not yet",
        "the certificate begins in four years",
        "certificate-ended",
        signing={"by": people.unborn()},
    )
    yield _case(
        "expired",
        "signed before the certificate",
        "the stated time lies before the certificate",
        "certificate-ended",
        signing={"signed_at": datetime(2015, 5, 1, tzinfo=UTC), "stamp": False},
    )
    yield _case(
        "expired",
        "signed in the future",
        "the stated time lies behind the certificate",
        "certificate-ended",
        signing={"signed_at": datetime(2049, 12, 31, tzinfo=UTC), "stamp": False, "by": brief},
    )
    yield _case(
        "revoked",
        "listed inside",
        "a list inside says the certificate is revoked",
        "certificate-revoked",
        signing={"crls": [people.revocations()]},
    )
    yield _case(
        "revoked",
        "list that is none",
        "the list that came along is no list",
        INVALID,
        signing={"crls": [seq(oid("1.2.3"))]},
    )
    yield _case(
        "revoked",
        "list by a stranger",
        "the list that came along is not the root's",
        "signer-untrusted",
        signing={
            "crls": [
                people.revocations(
                    lists_signer=False, by=people.person("autre", called="Racine Exemple", authority=True)
                )
            ]
        },
    )


def _over_something_else() -> Flaws:
    other = whole_parts(first=None, pages={"docs/other.md": b"another package"})
    yield _case(
        "other-manifest",
        "signature of another package",
        "the signature is that of another package of the same signer",
        INVALID,
        signature=lambda _: other[SIGNATURE],
    )
    yield _case(
        "other-manifest",
        "list of another package",
        "list and signature are those of another package",
        "digest-mismatch",
        parts=lambda parts: {**parts, ASIC: other[ASIC], SIGNATURE: other[SIGNATURE]},
    )
    yield _case(
        "other-manifest",
        "list changed afterwards",
        "a space was added to the list after signing",
        INVALID,
        parts=lambda parts: {**parts, ASIC: parts[ASIC] + b"\n"},
    )
    yield _case(
        "other-manifest",
        "list reordered afterwards",
        "the list's lines were exchanged",
        INVALID,
        parts=lambda parts: {
            **parts,
            ASIC: parts[ASIC].replace(b"DataObjectReference>", b"DataObjectReference >"),
        },
    )
    yield _case(
        "other-manifest",
        "digest of something else",
        "the signed digest is not that of the list",
        INVALID,
        signing={"message_digest": bytes(32)},
    )
    yield _case(
        "other-manifest",
        "digest empty",
        "the signed digest is empty",
        INVALID,
        signing={"message_digest": b""},
    )
    yield _case(
        "other-manifest",
        "list carried inside",
        "the signature carries another list inside itself",
        INVALID,
        signing={"content": b"<evil/>"},
    )


def _shapes() -> Flaws:
    signer = people.signer()
    foreign = people.impostor()
    shapes: dict[str, tuple[str, dict[str, Any]]] = {
        "no signer": ("nobody signed", {"signers": 0}),
        "two signers": ("two signed", {"signers": 2}),
        "no certificate": ("no certificate is inside", {"certificates": []}),
        "foreign certificate": (
            "a certificate of nobody's chain is inside",
            {"certificates": [signer.der, foreign.der]},
        ),
        "seventeen certificates": (
            "seventeen certificates are inside",
            {"certificates": [signer.der, *(people.person(f"n{n}").der for n in range(16))]},
        ),
        "version 3": ("it is of version 3", {"version": 3}),
        "no signing time": ("it states no time", {"left_out": [SIGNING_TIME]}),
        "no signing certificate": ("it does not bind its certificate", {"left_out": [SIGNING_CERTIFICATE]}),
        "no message digest": ("it has no digest", {"left_out": [MESSAGE_DIGEST]}),
        "no content type": ("it has no content type", {"left_out": [CONTENT_TYPE]}),
        "two digests": ("it states its digest twice", {"doubled": [MESSAGE_DIGEST]}),
        "two signing times": ("it states its time twice", {"doubled": [SIGNING_TIME]}),
        "other signing certificate": ("it binds another certificate", {"vouched": foreign}),
        "other content type": ("it signs something that is no data", {"content_type": "1.2.3.4"}),
        "content types differ": ("its two content types differ", {"stated_content_type": "1.2.3.4"}),
        "named by another": ("it names another certificate", {"named": foreign}),
        "digests differ": ("it states another digest than it uses", {"stated_digest": "sha512"}),
        "MD5 stated": ("it states MD5", {"stated_digest": "md5"}),
        "signature value": ("one bit of its value is wrong", {"spoiled": True}),
        "unsigned attribute": (
            "it carries something unsigned",
            {"stamp": False, "unsigned": [attribute("1.2.3.4", octets(b"evil"))]},
        ),
        "countersignature": (
            "it carries a countersignature",
            {"unsigned": [attribute(COUNTERSIGNATURE, seq())]},
        ),
        "foreign format of certificate": (
            "it holds something that is no certificate",
            {"certificates": [signer.der, tlv(0xA3, oid("1.2.3"))]},
        ),
    }
    alike, certificates = people.alike(15)
    stamper, stampers = people.alike(31, stamps=True)
    shapes["fifteen authorities of one name"] = (
        "each of fifteen authorities may have issued every other",
        {"by": alike, "certificates": certificates},
    )
    yield _case(
        "token",
        "of one of 31 authorities of one name",
        "each of 31 authorities of a time-stamp may have issued every other",
        "timestamp-untrusted",
        reader=EXISTENCE,
        signing={"stamping": {"by": stamper, "certificates": stampers}},
    )
    for what, (wrong, options) in shapes.items():
        family = "downgrade" if what in {"MD5 stated", "digests differ"} else "signature"
        yield _case(family, f"signature {what}", wrong, INVALID, signing=options)


def _padded(data: bytes) -> bytes:
    """Return the signature with 0x0001 for version 1, and every length around it right (all of two bytes)."""
    at = data.index(b"\x02\x01\x01\x31")
    longer = bytearray(data[:at] + b"\x02\x02\0\x01" + data[at + 3 :])
    for place in (2, 17, 21):
        assert longer[place - 1] == 0x82
        longer[place : place + 2] = (int.from_bytes(longer[place : place + 2], "big") + 1).to_bytes(2, "big")
    return bytes(longer)


def _unknown() -> Flaws:
    """Algorithms and forms that no reader knows yet: nobody can tell, and nothing is false."""
    what = "is one that no reader knows"
    made: dict[str, tuple[str, dict[str, Any]]] = {
        "algorithm": (f"its algorithm {what}", {"stated_algorithm": NOBODYS}),
        "digest": (f"its digest {what}", {"digest": "nobody's"}),
    }
    for name, (wrong, options) in made.items():
        yield _case("unknown", f"signature {name}", wrong, "signature-algorithm-unknown", signing=options)
        yield _case(
            "unknown",
            f"token {name}",
            f"a time-stamp: {wrong}",
            "timestamp-algorithm-unknown",
            reader=EXISTENCE,
            signing={"stamping": options},
        )
    form = tlv(0xA1, oid("1.2.3.4") + seq())
    yield _case(
        "unknown",
        "token form of revocations",
        f"a time-stamp: the form of what it tells about revocations {what}",
        "timestamp-algorithm-unknown",
        reader=EXISTENCE,
        signing={"stamping": {"crls": [form], "version": 5}},
    )


def _bytes() -> Flaws:
    changes: dict[str, tuple[str, str, Any]] = {
        "empty": ("the signature is empty", INVALID, lambda _: b""),
        "text": ("the signature is a text", INVALID, lambda _: b"Bonjour"),
        "cut short": ("the signature is cut short", INVALID, lambda data: data[:-10]),
        "half": ("half of the signature is missing", INVALID, lambda data: data[: len(data) // 2]),
        "bytes behind": ("bytes follow the signature", INVALID, lambda data: data + b"evil"),
        "PEM": (
            "the signature is in PEM",
            INVALID,
            lambda _: b"-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n",
        ),
        "depth": ("the signature is nested too deep", INVALID, lambda _: b"\x30\x80" * 20_000),
        "length lies": (
            "the signature claims four gigabytes",
            INVALID,
            lambda data: b"\x30\x84\xff\xff\xff\xff" + data[4:],
        ),
        "indefinite length": (
            "the signature is in BER, of indefinite length",
            INVALID,
            lambda data: b"\x30\x80" + data[4:] + b"\0\0",
        ),
        "longer length": (
            "the signature is in BER, its length longer than it need be",
            INVALID,
            lambda data: b"\x30\x83\0" + data[2:],
        ),
        "padded version": (
            "the signature is in BER, its version has a byte too many",
            INVALID,
            _padded,
        ),
        "only data": ("it is data, not a signature", INVALID, lambda _: seq(oid("1.2.840.113549.1.7.1"))),
        "enveloped": (
            "it is an envelope",
            INVALID,
            lambda data: data.replace(
                bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010703"), 1
            ),
        ),
        "large": ("the signature has ten megabytes", "limit-exceeded", lambda data: data + bytes(10 << 20)),
    }
    for what, (wrong, code, change) in changes.items():
        yield _case("signature", f"bytes {what}", wrong, code, signature=change)


def _stamps() -> Flaws:
    stamper = people.stamper()
    yield _case(
        "token",
        "for another digest",
        "the time-stamp is over something else",
        "timestamp-invalid",
        signing={"stamp_over": b"another signature"},
    )
    yield _case(
        "token",
        "of another package",
        "the time-stamp is that of another signature",
        "timestamp-invalid",
        signing={"stamp_over": signed(b"other")},
    )
    two = attribute(STAMP, token(b"a", by=stamper), token(b"b", by=stamper))
    yield _case(
        "token",
        "two in one",
        "two tokens stand in one attribute",
        INVALID,
        signing={"stamp": False, "unsigned": [two]},
    )
    yield _case(
        "token",
        "two attributes",
        "two attributes carry a token",
        INVALID,
        signing={"unsigned": [attribute(STAMP, token(b"b", by=stamper))]},
    )
    yield _case(
        "token",
        "not one",
        "the token is no token",
        INVALID,
        signing={"stamp": False, "unsigned": [attribute(STAMP, seq(oid("1.2.3")))]},
    )
    yield _case(
        "token",
        "signature as token",
        "the token is a plain signature",
        INVALID,
        signing={"stamp": False, "unsigned": [attribute(STAMP, signed(b"x", stamp=False))]},
    )
