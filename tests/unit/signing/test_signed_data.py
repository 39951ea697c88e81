"""A time-stamp and revocation lists go into a signature as they are, whatever its lengths end in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

import pytest
from asn1crypto import cms

from archiver.signing.revocation.sources import Sources
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.signatures.der import SEQUENCE, SET, UNSIGNED, der_elements
from archiver.signing.signatures.signed_data import enclose
from tests.packages import SIGNED, signer
from tests.tsa import authority
from tests.vectors.watch import watching

STAMP = bytes.fromhex("060b2a864886f70d010910020e")
"""``id-aa-timeStampToken`` (RFC 3161, appendix A) in DER."""


def element(tag: int, *parts: bytes) -> bytes:
    """Return an element in DER."""
    content = b"".join(parts)
    count = (len(content).bit_length() + 7) // 8
    short = len(content) < 0x80
    length = bytes([len(content)]) if short else bytes([0x80 | count]) + len(content).to_bytes(count, "big")
    return bytes([tag]) + length + content


def split(data: bytes) -> list[bytes]:
    """Return the parts of the one element that ``data`` is."""
    (whole,) = der_elements(memoryview(data))
    return [bytes(one.whole) for one in der_elements(whole.content)]


def stamped(signature: bytes, token: bytes) -> bytes:
    """Return ``signature`` with the time-stamp put in byte by byte."""
    kind, explicit = split(signature)
    *before, signers = split(split(explicit)[0])
    parts = split(split(signers)[0])
    attribute = element(SEQUENCE, STAMP, element(SET, token))
    info = element(SEQUENCE, *parts, element(UNSIGNED, attribute))
    return element(SEQUENCE, kind, element(0xA0, element(SEQUENCE, *before, element(SET, info))))


@cache
def genuine() -> bytes:
    return sign_manifest(b"<the list/>", signer(), at=SIGNED)


@cache
def lengthened(count: int) -> bytes:
    """Return a signature whose value is ``count`` bytes of nothing: nobody has to believe it here."""
    content = cms.ContentInfo.load(genuine())
    content["content"]["signer_infos"][0]["signature"] = bytes(count)
    whole: bytes = content.dump()
    return whole


def ends_in_80(signature: bytes) -> Iterator[str]:
    """Yield the parts of a signature that the time-stamp lengthens and whose length ends in the byte 80."""
    _, explicit = split(signature)
    signed = split(explicit)[0]
    signers = split(signed)[-1]
    levels = {"content": signature, "signed": signed, "signers": signers, "signer": split(signers)[0]}
    for name, data in levels.items():
        header = data[: 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)]
        if header.endswith(b"\x80"):
            yield name


@pytest.mark.parametrize("level", ["content", "signed", "signers", "signer"])
def test_a_length_that_ends_in_80_is_not_taken_for_an_indefinite_one(level: str) -> None:
    token = authority().at(datetime(2026, 3, 1, 10, tzinfo=UTC))(bytes(32), "sha256")
    special = next(count for count in range(64, 64 + 256) if level in ends_in_80(lengthened(count)))
    steps = []
    for count in (special + 1, special):
        with watching() as watch:
            found = enclose(lengthened(count), token=token, sources=Sources())
        assert found == stamped(lengthened(count), token)
        steps.append(watch.steps)
    assert steps[1] < 2 * steps[0]
