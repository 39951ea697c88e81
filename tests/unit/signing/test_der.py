"""One signature has one encoding: BER of the same value is refused, and what others signed stays theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from archiver.signing.revocation.sources import Sources
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.signatures.der import der_elements, require_der
from archiver.signing.signatures.signed_data import read_signature
from archiver.signing.trust.anchors import Trust
from tests.authorities import practitioners
from tests.packages import SIGNED
from tests.tsa import authority

DATA = b"<the list/>"
Change = Callable[[bytes], bytes]


def signature() -> bytes:
    """Return a signature with two certificates, a revocation list and a time-stamp."""
    return sign_manifest(
        DATA,
        practitioners().signer(),
        at=SIGNED,
        stamp=authority().at(SIGNED + timedelta(minutes=5)),
        sources=Sources(lists=(practitioners().revocations(at=SIGNED),)),
    )


def encoded(tag: int, content: bytes) -> bytes:
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content


def changed(data: bytes, path: Sequence[int], change: Change) -> bytes:
    """Return ``data`` whose element at ``path`` was encoded otherwise, every length around it made right."""
    first, *rest = path
    parts = [(one.tag, bytes(one.content), bytes(one.whole)) for one in der_elements(memoryview(data))]
    tag, content, whole = parts[first]
    other = encoded(tag, changed(content, rest, change)) if rest else change(whole)
    return b"".join(other if place == first else part[2] for place, part in enumerate(parts))


def indefinite(whole: bytes) -> bytes:
    (one,) = der_elements(memoryview(whole))
    return bytes((one.tag, 0x80)) + bytes(one.content) + b"\x00\x00"


def long_length(whole: bytes) -> bytes:
    (one,) = der_elements(memoryview(whole))
    return bytes((one.tag, 0x84)) + len(one.content).to_bytes(4, "big") + bytes(one.content)


def padded(whole: bytes) -> bytes:
    (one,) = der_elements(memoryview(whole))
    return encoded(one.tag, b"\x00" + bytes(one.content))


def reversed_set(whole: bytes) -> bytes:
    (one,) = der_elements(memoryview(whole))
    parts = [bytes(each.whole) for each in der_elements(one.content)]
    return encoded(one.tag, b"".join(parts[::-1]))


def in_pieces(whole: bytes) -> bytes:
    """Return an OCTET STRING as BER lets it be: constructed of two."""
    (one,) = der_elements(memoryview(whole))
    content = bytes(one.content)
    return encoded(0x24, encoded(0x04, content[:5]) + encoded(0x04, content[5:]))


SIGNED_DATA = (0, 1, 0)
INFO = (*SIGNED_DATA, 5, 0)
"""Its parts: version, signer, digest, signed attributes, algorithm, signature, unsigned attributes."""
BER = {
    "the whole of indefinite length": ((0,), indefinite),
    "the whole with a length longer than it need be": ((0,), long_length),
    "the certificates of indefinite length": ((*SIGNED_DATA, 3), indefinite),
    "the certificates in another order": ((*SIGNED_DATA, 3), reversed_set),
    "the version with a byte too many": ((*SIGNED_DATA, 0), padded),
    "the signer's version with a byte too many": ((*INFO, 0), padded),
    "the signed attributes in another order": ((*INFO, 3), reversed_set),
    "the signature's value in pieces": ((*INFO, 5), in_pieces),
    "the unsigned attributes of indefinite length": ((*INFO, 6), indefinite),
}


def test_what_is_written_is_der() -> None:
    require_der(signature())
    trust = Trust(at=SIGNED, roots=practitioners().signer().roots)
    assert answer_signature(signature(), DATA, trust, where="x").signed_by.code == "signed"


@pytest.mark.parametrize("name", BER)
def test_the_same_signature_in_ber_is_refused(name: str) -> None:
    path, change = BER[name]
    other = changed(signature(), path, change)
    assert other != signature()
    trust = Trust(at=SIGNED, roots=practitioners().signer().roots)
    found = answer_signature(other, DATA, trust, where="x").signed_by
    assert (found.code, str(found.facts["reason"])) == (
        "signature-invalid",
        "it is not in DER, the one encoding a signature has",
    )


def test_the_token_stays_as_its_authority_encoded_it() -> None:
    token = (*INFO, 6, 0, 1, 0)
    require_der(changed(signature(), (*token, 1), long_length))


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x03\x02\x01", b"\x02\x01\x01", b"\x30\x00\x30\x00", b"\x3f\x00"]
)
def test_what_is_no_element_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it is, it is not DER
        require_der(data)


def test_the_parts_are_where_the_paths_say() -> None:
    parts = read_signature(signature())
    assert len(parts.certificates) > 1 and parts.token is not None and parts.sources.present
