from __future__ import annotations

import io
import secrets

import pytest
from hypothesis import given, settings, strategies as st

from archiver.errors import KeyUnreadable
from archiver.sealing.age import (
    HybridIdentity,
    PassphraseIdentity,
    PassphraseRecipient,
    X25519Identity,
    decrypt,
    encrypting,
)
from archiver.sealing.age.armor import ArmorReader, ArmorWriter
from archiver.sealing.age.bech32 import decode_bech32, encode_bech32
from archiver.sealing.age.header import Stanza, bind_header, read_age_header
from archiver.sealing.age.payload import CHUNK
from formats.errors import Failure

HYBRID, CLASSICAL = HybridIdentity(seed=b"h" * 32), X25519Identity(seed=b"x" * 32)
LOCK, WORDS = (
    PassphraseRecipient(passphrase="trois chats", work_factor=4),
    PassphraseIdentity(passphrase="trois chats"),
)
PAIRS = [(HYBRID.to_recipient(), HYBRID), (CLASSICAL.to_recipient(), CLASSICAL), (LOCK, WORDS)]

sizes = st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK - 1]) | st.integers(
    0, 300_000
)
arguments = st.lists(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1), min_size=1, max_size=4
)
stanzas = st.lists(
    st.builds(Stanza, arguments=arguments.map(tuple), body=st.binary(max_size=200)), min_size=1, max_size=5
)


def sealed(data: bytes, recipient: object, cuts: list[int], *, armored: bool) -> bytes:
    target = io.BytesIO()
    with encrypting(target, [recipient], randomness=secrets.token_bytes, armored=armored) as writer:
        start = 0
        for cut in sorted(cuts):
            writer.write(data[start:cut])
            start = min(cut, len(data))
        writer.write(data[start:])
    return target.getvalue()


@given(sizes, st.lists(st.integers(0, 300_000), max_size=5), st.sampled_from(PAIRS), st.booleans())
@settings(max_examples=60, deadline=None)
def test_whatever_is_encrypted_comes_back(
    size: int, cuts: list[int], pair: tuple[object, object], armored: bool
) -> None:
    data, target = secrets.token_bytes(size), io.BytesIO()
    decrypt(io.BytesIO(sealed(data, pair[0], cuts, armored=armored)), target, [pair[1]])
    assert target.getvalue() == data


@given(st.data(), st.sampled_from(PAIRS))
@settings(max_examples=150, deadline=None)
def test_a_flipped_bit_or_a_cut_is_always_noticed(data: st.DataObject, pair: tuple[object, object]) -> None:
    plain = bytes(2 * CHUNK + 5)
    file = sealed(plain, pair[0], [], armored=False)
    at = data.draw(st.integers(0, len(file) - 1) | st.integers(0, 300))
    flipped = bytearray(file)
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    for wrong in (bytes(flipped), file[:at]):
        released = io.BytesIO()
        with pytest.raises(Failure):
            decrypt(io.BytesIO(wrong), released, [pair[1]])
        assert plain.startswith(released.getvalue()) and released.getvalue() != plain


@given(stanzas, st.binary(min_size=16, max_size=16))
def test_any_header_reads_back(many: list[Stanza], file_key: bytes) -> None:
    header = bind_header(tuple(many), file_key)
    assert read_age_header(io.BytesIO(header.encode() + b"rest")) == header


@given(st.binary(max_size=400))
def test_no_garbage_does_anything_but_fail(garbage: bytes) -> None:
    for file in (
        garbage,
        b"age-encryption.org/v1\n" + garbage,
        b"-----BEGIN AGE ENCRYPTED FILE-----\n" + garbage,
    ):
        with pytest.raises(Failure):
            decrypt(io.BytesIO(file), io.BytesIO(), [HYBRID, CLASSICAL])


@given(st.binary(max_size=500), st.integers(1, 200))
def test_armor_comes_back_and_is_canonical(data: bytes, step: int) -> None:
    target = io.BytesIO()
    writer = ArmorWriter(target)
    for start in range(0, len(data), step):
        writer.write(data[start : start + step])
    writer.finish()
    assert ArmorReader(io.BytesIO(target.getvalue())).readall() == data


@given(st.binary(max_size=100), st.sampled_from(["age", "age-secret-key-", "x"]), st.data())
def test_bech32_comes_back_and_notices_a_changed_letter(raw: bytes, prefix: str, data: st.DataObject) -> None:
    text = encode_bech32(prefix, raw)
    assert decode_bech32(text) == decode_bech32(text.upper()) == (prefix, raw)
    at = data.draw(st.integers(len(prefix) + 1, len(text) - 1))
    other = data.draw(
        st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l").filter(lambda letter: letter != text[at])
    )
    with pytest.raises(KeyUnreadable):
        decode_bech32(text[:at] + other + text[at + 1 :])
