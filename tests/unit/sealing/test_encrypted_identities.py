from __future__ import annotations

import io
import secrets
import unicodedata

import pytest

from archiver.errors import KeyUnreadable, WrongPassphrase
from archiver.sealing.age import (
    HybridIdentity,
    PassphraseRecipient,
    X25519Identity,
    are_encrypted,
    decrypt_identities,
    encrypt,
    encrypt_identities,
    identity_file,
    read_identities,
)
from archiver.sealing.age.keys import MAX_KEY_FILE
from archiver.sealing.age.scrypt import MAX_WORK_FACTOR, WORK_FACTOR
from formats.errors import LimitExceeded

KEYS = (HybridIdentity(seed=b"a" * 32), X25519Identity(seed=b"o" * 32))
TEXT = identity_file(KEYS, comments=["Cabinet fictif"])
WORDS = "la clé à molette"


def locked(text: str, *, armored: bool = False) -> bytes:
    """Return ``text`` under :data:`WORDS`, for as little work as is allowed."""
    target = io.BytesIO()
    recipient = PassphraseRecipient(passphrase=WORDS, work_factor=10)
    encrypt(io.BytesIO(text.encode()), target, [recipient], randomness=secrets.token_bytes, armored=armored)
    return target.getvalue()


def test_an_identity_file_comes_back_as_it_was() -> None:
    file = io.BytesIO(encrypt_identities(TEXT, WORDS, randomness=secrets.token_bytes))
    assert f" {WORK_FACTOR}\n".encode() in file.getvalue().split(b"\n---")[0] + b"\n"
    assert are_encrypted(file)
    assert decrypt_identities(file, WORDS).read() == TEXT.encode()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("armored", [False, True])
def test_a_passphrase_may_be_spelt_otherwise(armored: bool, form: str) -> None:
    file = io.BytesIO(locked(TEXT, armored=armored))
    assert are_encrypted(file)
    typed = unicodedata.normalize(form, WORDS)
    assert read_identities(decrypt_identities(file, typed)) == KEYS


def test_another_passphrase_is_wrong() -> None:
    with pytest.raises(WrongPassphrase):
        decrypt_identities(io.BytesIO(locked(TEXT)), "la cle a molette")


@pytest.mark.parametrize("data", [b"", TEXT.encode(), b"age1", b"\xef\xbb\xbf# x\n", b"-----BEGIN X-----\n"])
def test_what_is_not_encrypted_stays_to_be_read(data: bytes) -> None:
    file = io.BytesIO(data)
    assert not are_encrypted(file)
    assert file.read() == data


def test_what_no_passphrase_opens_is_said_before_one_is_asked_for() -> None:
    file = locked(TEXT)
    for data in (file[:40], file.replace(b"/v1", b"/v2"), file.replace(b"scrypt", b"script")):
        with pytest.raises(KeyUnreadable):
            are_encrypted(io.BytesIO(data))
    with pytest.raises(LimitExceeded) as refused:
        are_encrypted(io.BytesIO(file.replace(b" 10\n", b" %d\n" % (MAX_WORK_FACTOR + 1))))
    assert refused.value.where == "" and refused.value.facts["limit"] == MAX_WORK_FACTOR


def test_a_damaged_file_is_no_key() -> None:
    file = bytearray(locked(TEXT))
    file[-1] ^= 1
    with pytest.raises(KeyUnreadable):
        decrypt_identities(io.BytesIO(file), WORDS)


def test_one_longer_than_any_file_of_keys_is_refused() -> None:
    plain = decrypt_identities(io.BytesIO(locked("#" * (4 * MAX_KEY_FILE))), WORDS)
    with pytest.raises(LimitExceeded):
        read_identities(plain)
    assert len(plain.read()) == 0 and plain.seek(0, io.SEEK_END) == MAX_KEY_FILE + 1


@pytest.mark.parametrize("passphrase", ["", "caf\udce9"])
def test_a_passphrase_that_is_none(passphrase: str) -> None:
    with pytest.raises(KeyUnreadable):
        encrypt_identities(TEXT, passphrase, randomness=secrets.token_bytes)
    with pytest.raises(KeyUnreadable):
        decrypt_identities(io.BytesIO(locked(TEXT)), passphrase)
