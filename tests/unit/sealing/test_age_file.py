from __future__ import annotations

import io
import secrets
from collections.abc import Sequence

import pytest

from archiver.errors import KeyUnreadable, WrongPassphrase
from archiver.sealing.age import (
    HybridIdentity,
    Identity,
    PassphraseIdentity,
    PassphraseRecipient,
    Recipient,
    X25519Identity,
    decrypt,
    decrypting,
    encrypt,
    encrypting,
)
from archiver.sealing.age.header import MAX_HEADER, MAX_STANZAS, Stanza, signed_part
from archiver.sealing.age.parts import AgePart
from archiver.sealing.age.payload import CHUNK
from archiver.sealing.age.scrypt import MAX_WORK_FACTOR
from archiver.sealing.errors import RecipientsRefused, SealBroken, WrongKey
from formats.errors import LimitExceeded

ANNE, PAUL = HybridIdentity(seed=b"a" * 32), HybridIdentity(seed=b"p" * 32)
OLD = X25519Identity(seed=b"o" * 32)
WORDS = "trois petits chats"


def sealed(data: bytes, recipients: Sequence[Recipient], *, armored: bool = False) -> bytes:
    target = io.BytesIO()
    encrypt(io.BytesIO(data), target, recipients, randomness=secrets.token_bytes, armored=armored)
    return target.getvalue()


def opened(data: bytes, identities: Sequence[Identity]) -> bytes:
    target = io.BytesIO()
    decrypt(io.BytesIO(data), target, identities)
    return target.getvalue()


def test_each_of_several_recipients_opens_the_file_alone() -> None:
    file = sealed(b"dossier", [ANNE.to_recipient(), PAUL.to_recipient()])
    assert opened(file, [ANNE]) == opened(file, [PAUL]) == opened(file, [OLD, PAUL]) == b"dossier"


def test_a_classical_key_alone_works_too() -> None:
    assert opened(sealed(b"dossier", [OLD.to_recipient()]), [OLD]) == b"dossier"


def test_a_passphrase_opens_what_it_closed() -> None:
    file = sealed(b"dossier", [PassphraseRecipient(passphrase=WORDS, work_factor=10)])
    assert opened(file, [ANNE, PassphraseIdentity(passphrase=WORDS)]) == b"dossier"
    with pytest.raises(WrongPassphrase):
        opened(file, [PassphraseIdentity(passphrase="trois petits chiens")])
    with pytest.raises(WrongKey):
        opened(file, [ANNE])


def test_a_strangers_key_is_the_wrong_key() -> None:
    file = sealed(b"dossier", [ANNE.to_recipient()])
    for identities in ([PAUL], [OLD], [PassphraseIdentity(passphrase=WORDS)], []):
        with pytest.raises(WrongKey):
            opened(file, identities)


@pytest.mark.parametrize(
    "recipients",
    [
        [],
        [ANNE.to_recipient(), OLD.to_recipient()],
        [PassphraseRecipient(passphrase=WORDS), ANNE.to_recipient()],
        [PassphraseRecipient(passphrase=WORDS)] * 2,
        [ANNE.to_recipient()] * (MAX_STANZAS + 1),
    ],
)
def test_recipients_that_weaken_each_other_are_refused_before_a_byte_is_written(
    recipients: list[Recipient],
) -> None:
    target = io.BytesIO()
    with pytest.raises(RecipientsRefused):
        encrypt(io.BytesIO(b"x"), target, recipients, randomness=secrets.token_bytes)
    assert target.getvalue() == b""


def test_the_largest_number_of_recipients_fits_the_header() -> None:
    file = sealed(b"dossier", [PAUL.to_recipient()] * (MAX_STANZAS - 1) + [ANNE.to_recipient()])
    assert len(file) < MAX_HEADER and opened(file, [ANNE]) == b"dossier"


def test_a_passphrase_recipient_has_sane_limits() -> None:
    for wrong in ("", "half a letter \udcff"):
        with pytest.raises(KeyUnreadable):
            PassphraseRecipient(passphrase=wrong)
        with pytest.raises(KeyUnreadable):
            PassphraseIdentity(passphrase=wrong)
    with pytest.raises(LimitExceeded):
        PassphraseRecipient(passphrase=WORDS, work_factor=MAX_WORK_FACTOR + 1)
    assert WORDS not in repr(PassphraseRecipient(passphrase=WORDS)) + repr(
        PassphraseIdentity(passphrase=WORDS)
    )


def test_a_broken_off_writer_leaves_no_readable_file() -> None:
    target = io.BytesIO()

    def interrupted() -> None:
        with encrypting(target, [ANNE.to_recipient()], randomness=secrets.token_bytes) as writer:
            writer.write(b"half" * CHUNK)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with pytest.raises(SealBroken) as caught:
        opened(target.getvalue(), [ANNE])
    assert caught.value.where == AgePart.PAYLOAD


def test_a_stream_reads_lines_and_keeps_failing_once_broken() -> None:
    file = bytearray(sealed(b"line\n" * CHUNK, [ANNE.to_recipient()], armored=False))
    stream = decrypting(io.BytesIO(bytes(file)), [ANNE])
    assert stream.readline() == b"line\n" and len(stream.read()) == 5 * CHUNK - 5
    file[-1] ^= 1
    stream = decrypting(io.BytesIO(bytes(file)), [ANNE])
    assert stream.readline() == b"line\n"
    for _ in range(2):
        with pytest.raises(SealBroken):
            stream.read()


def test_nothing_leaves_before_its_chunk_is_authenticated() -> None:
    file = bytearray(sealed(bytes(2 * CHUNK), [ANNE.to_recipient()]))
    file[-CHUNK] ^= 1
    released = io.BytesIO()
    with pytest.raises(SealBroken):
        decrypt(io.BytesIO(bytes(file)), released, [ANNE])
    assert len(released.getvalue()) == CHUNK


class Trickle(io.RawIOBase):
    """A source that gives seven bytes at a time and cannot seek, as a pipe may."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray, /) -> int:
        piece = self._data.read(min(7, len(buffer)))
        buffer[: len(piece)] = piece
        return len(piece)


@pytest.mark.parametrize("armored", [False, True])
def test_a_source_may_come_in_drops(armored: bool) -> None:
    file = sealed(b"dossier" * 20_000, [ANNE.to_recipient()], armored=armored)
    target = io.BytesIO()
    decrypt(Trickle(file), target, [ANNE])
    assert target.getvalue() == b"dossier" * 20_000


def test_an_armored_file_is_text_in_lines_of_64() -> None:
    file = sealed(b"dossier", [ANNE.to_recipient()], armored=True)
    lines = file.decode("ascii").splitlines()
    assert (lines[0], lines[-1]) == (
        "-----BEGIN AGE ENCRYPTED FILE-----",
        "-----END AGE ENCRYPTED FILE-----",
    )
    assert all(len(line) == 64 for line in lines[1:-2])
    assert opened(b"\n \r\n" + file + b" \n", [ANNE]) == b"dossier"
    for wrong in (b"\n" * 1100 + file, file + b" " * 1100, file + b"x", b"x\n" + file):
        with pytest.raises(SealBroken):
            opened(wrong, [ANNE])


@pytest.mark.parametrize("data", [b"", b"age", b"PK\x03\x04" + bytes(300), b"\n", b"age-encryption.org/v2\n"])
def test_another_file_is_told_from_an_age_file(data: bytes) -> None:
    with pytest.raises(SealBroken) as caught:
        opened(data, [ANNE])
    assert caught.value.where in (AgePart.HEADER, AgePart.ARMOR)


def test_a_header_has_limits() -> None:
    one = Stanza(arguments=("example.com/x",), body=b"")
    with pytest.raises(LimitExceeded):
        opened(signed_part((one,) * (MAX_STANZAS + 1)), [ANNE])
    with pytest.raises(LimitExceeded):
        opened(signed_part((Stanza(arguments=("example.com/x",), body=bytes(MAX_HEADER)),)), [ANNE])
    with pytest.raises(LimitExceeded):
        opened(b"age-encryption.org/v1\n-> " + b"a" * MAX_HEADER, [ANNE])


def test_unknown_stanzas_are_passed_over_and_a_foreign_work_factor_costs_nothing() -> None:
    grease = Stanza(arguments=("9-grease", "x"), body=bytes(48))
    with pytest.raises(WrongKey):
        opened(signed_part((grease,)) + b" " + b"A" * 43 + b"\n" + bytes(32), [ANNE])
    costly = Stanza(arguments=("scrypt", "A" * 22, "9" * 100_000), body=bytes(32))
    with pytest.raises(LimitExceeded):
        opened(
            signed_part((costly,)) + b" " + b"A" * 43 + b"\n" + bytes(32),
            [PassphraseIdentity(passphrase="x")],
        )
