"""Time-stamps of SIGN.XML: a token over this signature, which its authority made, or the rule is broken."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from archiver.operations.judging.judge_stamp import judge_stamp
from archiver.signing.keys.key_file import SignerName, make_signer
from archiver.signing.xades import sign_files
from formats import xml
from formats.digests import SHA256, Digest
from formats.judging.judgement import Judging, RuleState
from formats.judging.outside import OutsideJudges
from formats.judging.pdlgc.signature.document import SignedDocument
from formats.judging.pdlgc.signature.rules import SIGNATURE_RULES
from formats.judging.pdlgc.signature.stamps import MAX_STAMPS, judge_stamps
from tests.tsa import LocalAuthority

NOW = datetime.now(UTC)
FILES = [("MANIFEST.XML", Digest(SHA256, bytes(32)))]
TOKEN = re.compile(rb"(?<=<xades:EncapsulatedTimeStamp>)[^<]+")
STAMP = re.compile(rb"<xades:SignatureTimeStamp>.*</xades:SignatureTimeStamp>")


@pytest.fixture(scope="module")
def stamped() -> bytes:
    authority = LocalAuthority("TSA Exemple", NOW - timedelta(days=1), NOW + timedelta(days=365))
    signer = make_signer(SignerName(name="Dr Malo Kerbrat"), at=NOW - timedelta(days=1), random=bytes)
    return b"".join(sign_files(FILES, signer, at=NOW, stamp=authority.at(NOW)))


def state(data: bytes) -> RuleState:
    judging = Judging("pdlgc", "a", SIGNATURE_RULES)
    document = SignedDocument(xml.parse(data, what="SIGN.XML", limit=1 << 20))
    with ExitStack() as stack:
        judge_stamps(document, "SIGN.XML", judging, OutsideJudges(stack, stamp=judge_stamp))
    (verdict,) = (one for one in judging.judgement().verdicts if one.rule.id == "sign-stamp")
    return verdict.state


def changed_token(data: bytes) -> bytes:
    """Change the last byte of the token, which is of the authority's signature."""

    def change(found: re.Match[bytes]) -> bytes:
        token = bytearray(base64.b64decode(found[0]))
        token[-1] ^= 1
        return base64.b64encode(bytes(token))

    return TOKEN.sub(change, data)


def other_value(data: bytes) -> bytes:
    return re.sub(rb"(?<=<ds:SignatureValue>)[^<]+", base64.b64encode(bytes(256)), data)


def test_a_time_stamp_is_judged_by_its_signature_and_what_it_stamps(stamped: bytes) -> None:
    assert state(stamped) is RuleState.PASSED
    assert state(STAMP.sub(b"", stamped)) is RuleState.UNEXAMINED


@pytest.mark.parametrize(
    "change",
    [
        changed_token,
        other_value,
        lambda data: TOKEN.sub(b"AAAA", data),
        lambda data: TOKEN.sub(b"?", data),
        lambda data: TOKEN.sub(b"", data),
        lambda data: re.sub(rb"<xades:EncapsulatedTimeStamp>.*</xades:EncapsulatedTimeStamp>", b"", data),
        lambda data: STAMP.sub(lambda found: found[0] * (MAX_STAMPS + 1), data),
        lambda data: STAMP.sub(
            lambda found: found[0].replace(b"xml-exc-c14n#", b"xml-exc-c14n#unknown"), data
        ),
    ],
)
def test_any_other_is_told(stamped: bytes, change: Callable[[bytes], bytes]) -> None:
    assert state(change(stamped)) is RuleState.FAILED
