"""Answers of time-stamping authorities and evidence records that prove something else, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.x509 import ocsp

from tests.vectors.generator import people
from tests.vectors.generator.case import ANSWER, RECORD, Case, Flaws
from tests.vectors.generator.cms import ECDSA, signature, token
from tests.vectors.generator.der import explicit, integer, octets, oid, seq, tlv
from tests.vectors.generator.flawed_tokens import BASIC, response
from tests.vectors.generator.package import base_units
from tests.vectors.generator.people import SIGNED
from tests.vectors.generator.records import archive_stamp, joined, record

ROOT = hashlib.sha256(b"what was sent").digest()
"""The digest a reader of answers asked a time-stamp for, with the nonce 7."""
INVALID, UNREADABLE, REVOKED = "token-invalid", "evidence-unreadable", "evidence-authority-revoked"
YEAR = timedelta(days=365)


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _answers()
    yield from _answer_bytes()
    yield from _records()
    yield from _record_bytes()


def answer(*tokens: bytes, status: int = 0) -> bytes:
    """Return the answer of an authority (RFC 3161, 2.4.2)."""
    return seq(seq(integer(status)), *tokens)


def honest_answer() -> bytes:
    """Return the answer to what was asked."""
    return answer(token(b"", imprint=ROOT))


def _answer(name: str, wrong: str, data: bytes) -> Case:
    return Case(
        family="token",
        name=f"answer {name}",
        wrong=f"an authority's answer: {wrong}",
        reader=ANSWER,
        code=INVALID,
        data=data,
    )


def _answers() -> Flaws:
    good = token(b"", imprint=ROOT)
    ended = people.person("Horodatage Passé", issuer=people.root(), stamps=True, end=SIGNED - YEAR)
    fallen = people.impostor_authority()
    alike, certificates = people.alike(15, stamps=True)
    tokens: dict[str, tuple[str, dict[str, Any]]] = {
        "wrong nonce": ("it returns another random number", {"nonce": 8}),
        "no nonce": ("it returns no random number", {"nonce": None}),
        "negative nonce": ("it returns a number below zero", {"nonce": -7}),
        "other digest": ("it is over another digest", {"imprint": bytes(32)}),
        "short digest": ("it is over half a digest", {"imprint": ROOT[:16]}),
        "other algorithm": ("it calls the digest SHA-512", {"digest": "sha512"}),
        "SHA-1 called": ("it calls the digest SHA-1", {"digest": "sha1"}),
        "of a stranger": ("its authority is not accepted", {"by": fallen}),
        "of a practitioner": ("a practitioner made it", {"by": people.signer()}),
        "of an ended authority": ("its authority had ended", {"by": ended}),
        "spoiled": ("one bit of its signature is wrong", {"spoiled": True}),
        "authorities of one name": (
            "each of its fifteen authorities may have issued every other",
            {"by": alike, "certificates": certificates},
        ),
        "no certificate": ("it holds no certificate", {"certificates": []}),
        "other certificate": ("it holds another certificate", {"certificates": [people.signer().der]}),
        "two signers": ("two signed it", {"signers": 2}),
        "no signer": ("nobody signed it", {"signers": 0}),
        "other type": ("it says that it is data", {"content_type": "1.2.840.113549.1.7.1"}),
    }
    for what, (wrong, options) in tokens.items():
        yield _answer(what, wrong, answer(token(b"", **{"imprint": ROOT, **options})))
    yield _answer("refused", "it refuses", answer(status=2))
    yield _answer("refused with token", "it refuses and brings a token", answer(good, status=2))
    yield _answer("granted without token", "it grants nothing", answer())
    yield _answer("two tokens", "it brings two tokens", answer(good, good))
    yield _answer("waiting", "it says to wait", answer(good, status=3))
    yield _answer("unknown status", "its status is unknown", answer(good, status=99))
    yield _answer("signature", "it brings a plain signature", answer(signature(ROOT, stamp=False)))


def _answer_bytes() -> Flaws:
    good = honest_answer()
    changed: dict[str, bytes] = {
        "empty": b"",
        "text": b"<html>Bonjour</html>",
        "cut short": good[:-5],
        "half": good[: len(good) // 2],
        "bytes behind": good + b"evil",
        "token alone": token(b"", imprint=ROOT),
        "indefinite length": b"\x30\x80" + good[4:] + b"\0\0",
        "vast length": b"\x30\x84\xff\xff\xff\xff" + good[4:],
        "depth": b"\x30\x80" * 20_000,
        "large": answer(token(b"", imprint=ROOT) + bytes(2 << 20)),
        "many parts": answer(token(b"", imprint=ROOT), *[b"\x05\0"] * 400_000),
    }
    for what, data in changed.items():
        yield _answer(f"bytes {what}", what, data)


# -- evidence records ---------------------------------------------------------------------


def leaves() -> list[bytes]:
    """Return the digests of the units a record speaks of."""
    return sorted(hashlib.sha256(data).digest() for data in base_units().values())


def first_stamp(values: Sequence[bytes] | None = None, **options: Any) -> bytes:
    """Return the first archive time-stamp over ``values``."""
    hashes = leaves() if values is None else values
    return archive_stamp(token(b"", **{"imprint": joined(hashes), **options}), [hashes])


def later_stamp(before: bytes | None = None, **options: Any) -> bytes:
    """Return a time-stamp that renews the one with the token ``before``, a year later."""
    covered = [hashlib.sha256(before or token(b"", imprint=joined(leaves()))).digest()]
    return archive_stamp(later_token(before, **options), [[*covered, ROOT]])


def later_token(before: bytes | None = None, **options: Any) -> bytes:
    """Return the token of ``later_stamp``."""
    covered = hashlib.sha256(before or token(b"", imprint=joined(leaves()))).digest()
    return token(b"", **{"imprint": joined([covered, ROOT]), "at": SIGNED + YEAR, **options})


def honest_records() -> dict[str, bytes]:
    """Return records that prove what they say."""
    return {"first": record([first_stamp()]), "renewed": record([first_stamp(), later_stamp()])}


def _record(name: str, wrong: str, code: str, data: bytes) -> Case:
    return Case(
        family="evidence",
        name=name,
        wrong=f"an evidence record: {wrong}",
        reader=RECORD,
        code=code,
        data=data,
    )


def _records() -> Flaws:
    others = [hashlib.sha256(b"another package").digest(), ROOT]
    ended = people.person("Horodatage Passé", issuer=people.root(), stamps=True, end=SIGNED - YEAR)
    weak = [hashlib.sha1(data).digest() for data in base_units().values()]  # noqa: S324 - the downgrade
    out = people.ocsp_response(people.stamper(), revoked=people.REVOKED)
    found: dict[str, tuple[str, str, bytes]] = {
        "another package": (
            "it speaks of another package",
            "evidence-object-missing",
            record([first_stamp(others)]),
        ),
        "one unit only": (
            "it speaks of one unit of two",
            "evidence-object-missing",
            record([first_stamp([leaves()[0], ROOT])]),
        ),
        "other root": (
            "its token is over another root",
            "evidence-imprint-mismatch",
            record([first_stamp(imprint=ROOT)]),
        ),
        "unit put in": (
            "a unit was put into its tree afterwards",
            "evidence-imprint-mismatch",
            record([archive_stamp(token(b"", imprint=joined(others)), [[*others, *leaves()]])]),
        ),
        "token spoiled": (
            "one bit of its token is wrong",
            "evidence-token-invalid",
            record([first_stamp(spoiled=True)]),
        ),
        "17 lists": (
            "its token brings 17 revocation lists",
            "evidence-token-invalid",
            record([first_stamp(crls=[people.revocation_list()] * 17)]),
        ),
        "33 certificates": (
            "its token brings 33 certificates",
            "evidence-token-invalid",
            record([first_stamp(certificates=[people.stamper().der] * 33)]),
        ),
        "revoked by a list": (
            "a list in its token revokes its authority",
            REVOKED,
            record([first_stamp(crls=[people.revocation_list(people.stamper())])]),
        ),
        "revoked by a response": (
            "a response in its token revokes its authority",
            REVOKED,
            record([first_stamp(crls=[response(out)], version=5)]),
        ),
        "revoked for an unknown reason": (
            "a response in its token revokes its authority, for a reason that nobody knows",
            REVOKED,
            record([first_stamp(crls=[response(_of_unknown_reason())], version=5)]),
        ),
        "token is a signature": (
            "its token is a signature",
            "evidence-token-invalid",
            record([archive_stamp(signature(ROOT, stamp=False), [leaves()])]),
        ),
        "practitioner as authority": (
            "a practitioner made its token",
            "timestamp-untrusted",
            record([first_stamp(by=people.signer())]),
        ),
        "ended authority": (
            "its authority had ended",
            "evidence-authority-ended",
            record([first_stamp(by=ended)]),
        ),
        "from the future": (
            "its token is of next century",
            "evidence-later",
            record([first_stamp(at=SIGNED + 23 * YEAR)]),
        ),
        "renewed over another": (
            "its renewal is over another token",
            "evidence-link-broken",
            record([first_stamp(), later_stamp(token(b"x"))]),
        ),
        "renewed before": (
            "its renewal is older than it",
            "evidence-order-wrong",
            record([first_stamp(), later_stamp(at=SIGNED - YEAR)]),
        ),
        "SHA-1": (
            "its tree is made with SHA-1",
            "evidence-algorithm-ended",
            record(
                [
                    archive_stamp(
                        token(b"", digest="sha1", imprint=joined(weak, "sha1")), [weak], digest="sha1"
                    )
                ],
                digest="sha1",
            ),
        ),
        "lists of several lengths": (
            "its hashes have several lengths",
            UNREADABLE,
            record([archive_stamp(token(b""), [[ROOT, b"x"]])]),
        ),
        "65 lists": ("it has 65 lists", "limit-exceeded", record([archive_stamp(token(b""), [[ROOT]] * 65)])),
        "300 time-stamps": ("it has 300 time-stamps", "limit-exceeded", record([seq(token(b""))] * 300)),
        "40 chains": ("it has 40 chains", "limit-exceeded", record(*[[seq(token(b""))]] * 40)),
        "no chain": ("it has no chain", UNREADABLE, record()),
        "empty chain": ("its chain is empty", UNREADABLE, record([])),
        "empty time-stamp": ("its time-stamp is empty", UNREADABLE, record([seq()])),
        "empty list": ("its list is empty", UNREADABLE, record([archive_stamp(token(b""), [[]])])),
        "hash function not named": (
            "it announces a hash function and does not name it",
            UNREADABLE,
            seq(integer(1), seq(seq()), seq(seq(first_stamp()))),
        ),
        "version 2": ("it is of version 2", UNREADABLE, record([first_stamp()], version=2)),
    }
    for what, (wrong, code, data) in found.items():
        yield _record(what, wrong, code, data)


def _of_unknown_reason() -> bytes:
    """Return a response of the root that revokes the authority for reason 7, which RFC 5280 leaves free."""
    harmless = people.ocsp_response(
        people.stamper(), revoked=people.REVOKED, reason=x509.ReasonFlags.superseded
    )
    tbs = ocsp.load_der_ocsp_response(harmless).tbs_response_bytes.replace(tlv(0x0A, b"\4"), tlv(0x0A, b"\7"))
    signed = tlv(3, b"\0" + people.root().sign(tbs))
    basic = seq(tbs, seq(oid(ECDSA["sha256"])), signed)
    return seq(tlv(0x0A, b"\0"), tlv(0xA0, seq(oid(BASIC), octets(basic))))


def _record_bytes() -> Flaws:
    good = record([first_stamp()])
    changes: dict[str, Callable[[bytes], bytes]] = {
        "empty": lambda _: b"",
        "text": lambda _: b"Bonjour",
        "cut short": lambda data: data[:-3],
        "half": lambda data: data[: len(data) // 2],
        "bytes behind": lambda data: data + b"\0",
        "indefinite length": lambda data: b"\x30\x80" + data[4:] + b"\0\0",
        "vast length": lambda data: b"\x30\x84\xff\xff\xff\xff" + data[4:],
        "padded length": lambda data: b"\x30\x83\0" + data[2:],
        "depth": lambda _: b"\x30\x80" * 20_000,
        "long tag": lambda data: b"\x3f\x81" + data[1:],
        "something besides": lambda _: seq(
            integer(1), seq(seq(oid("1.2.3"))), explicit(5, octets(b"x")), seq(seq(first_stamp()))
        ),
    }
    for what, change in changes.items():
        yield _record(f"bytes {what}", what, UNREADABLE, change(good))
