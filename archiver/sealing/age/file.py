"""A whole age file: header, nonce and payload, binary or armored."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from archiver.errors import WrongPassphrase
from archiver.sealing.age import scrypt
from archiver.sealing.age.armor import BEGIN, ArmorReader, ArmorWriter
from archiver.sealing.age.header import (
    FAMILY,
    MAX_STANZAS,
    AgeHeader,
    Stanza,
    authenticate,
    bind_header,
    read_age_header,
)
from archiver.sealing.age.parts import AgePart, age_failure
from archiver.sealing.age.payload import (
    NONCE,
    PayloadReader,
    PayloadWriter,
    Sink,
    decrypt_chunks,
    payload_key,
    read_up_to,
)
from archiver.sealing.age.scrypt import PassphraseIdentity
from archiver.sealing.age.wrapping import FILE_KEY, Identity, Randomness, Recipient, Strength
from archiver.sealing.errors import RecipientsRefused, WrongKey
from formats.digests import chunks
from formats.words import mark

_FIRST_LINE = 128
"""Bytes looked at to tell an armored file from a binary one."""


@contextmanager
def encrypting(
    target: Sink, recipients: Sequence[Recipient], *, randomness: Randomness, armored: bool = False
) -> Iterator[PayloadWriter]:
    """Open a writer whose plaintext reaches ``target`` encrypted for ``recipients``.

    When the block ends in an exception the file is left without its final
    chunk, so that no reader takes it for whole.

    Raises:
        RecipientsRefused: none, too many, a passphrase beside anything, or a
            classical key beside a post-quantum one.
    """
    _judge(recipients)
    file_key, nonce = randomness(FILE_KEY), randomness(NONCE)
    stanzas = tuple(recipient.wrap(file_key, randomness) for recipient in recipients)
    armor = ArmorWriter(target) if armored else None
    inner: Sink = armor or target
    inner.write(bind_header(stanzas, file_key).encode() + nonce)
    writer = PayloadWriter(inner, payload_key(file_key, nonce))
    yield writer
    writer.finish()
    if armor:
        armor.finish()


def encrypt(
    source: BinaryIO,
    target: Sink,
    recipients: Sequence[Recipient],
    *,
    randomness: Randomness,
    armored: bool = False,
) -> None:
    """Encrypt what is left in ``source`` into ``target``; raises as :func:`encrypting`."""
    with encrypting(target, recipients, randomness=randomness, armored=armored) as writer:
        for piece in chunks(source):
            writer.write(piece)


def decrypt(source: BinaryIO, target: Sink, identities: Sequence[Identity]) -> None:
    """Decrypt an age file, binary or armored, chunk by authenticated chunk.

    What reached ``target`` before a failure is genuine but not whole: the
    caller discards it.

    Raises:
        WrongKey, WrongPassphrase: no identity fits.
        SealBroken: armor, header, MAC or payload, named in ``where``.
        LimitExceeded: the header goes past a named limit.
    """
    for piece in _opened(source, identities):
        target.write(piece)


@dataclass(frozen=True, kw_only=True, slots=True)
class AgePayload:
    """The plaintext as a ``stream``, the ``key`` of its chunks, and where they ``start`` unless it is armored."""

    stream: io.BufferedReader
    key: bytes = field(repr=False)
    start: int | None


def open_payload(source: BinaryIO, identities: Sequence[Identity]) -> AgePayload:
    """Return the payload; header and MAC are checked before it returns.

    Raises:
        The same as :func:`decrypt`; payload failures come while reading.
    """
    binary, key = _payload(source, identities)
    start = source.tell() if binary is source else None
    stream: io.BufferedReader = io.BufferedReader(PayloadReader(decrypt_chunks(binary, key)), 1 << 16)
    return AgePayload(stream=stream, key=key, start=start)


def decrypting(source: BinaryIO, identities: Sequence[Identity]) -> io.BufferedReader:
    """Return the plaintext as a stream; see :func:`open_payload`."""
    return open_payload(source, identities).stream


def read_stanzas(source: BinaryIO) -> tuple[Stanza, ...]:
    """Return for whom an age file, binary or armored, is encrypted; nothing says yet that it is genuine.

    Raises:
        SealBroken: armor or header, named in ``where``.
        LimitExceeded: the header goes past a named limit.
    """
    return read_age_header(*_dearmored(source)).stanzas


def _opened(source: BinaryIO, identities: Sequence[Identity]) -> Iterator[bytes]:
    return decrypt_chunks(*_payload(source, identities))


def _payload(source: BinaryIO, identities: Sequence[Identity]) -> tuple[BinaryIO, bytes]:
    """Return what follows the header, and the key of its chunks."""
    binary, first = _dearmored(source)
    header = read_age_header(binary, first)
    file_key = _file_key(header, identities)
    authenticate(header, file_key)
    nonce = read_up_to(binary, NONCE)
    if len(nonce) != NONCE:
        raise age_failure(AgePart.HEADER, mark("it is cut short"))
    return binary, payload_key(file_key, nonce)


def _dearmored(source: BinaryIO) -> tuple[BinaryIO, bytes]:
    """Return the binary file and what was read of its first line."""
    first = source.readline(_FIRST_LINE)
    if first.startswith(FAMILY) or not (first.isspace() or first.startswith(BEGIN[:5])):
        return source, first
    return cast("BinaryIO", io.BufferedReader(ArmorReader(source, first))), b""


def _file_key(header: AgeHeader, identities: Sequence[Identity]) -> bytes:
    locked = any(stanza.arguments[0] == scrypt.KIND for stanza in header.stanzas)
    if locked and len(header.stanzas) > 1:
        raise age_failure(AgePart.HEADER, mark("a passphrase stands beside another recipient"))
    for identity in identities:
        if file_key := identity.unwrap(header.stanzas):
            return file_key
    if locked and any(isinstance(identity, PassphraseIdentity) for identity in identities):
        raise WrongPassphrase
    raise WrongKey


def _judge(recipients: Sequence[Recipient]) -> None:
    strengths = {recipient.strength for recipient in recipients}
    if not recipients:
        raise RecipientsRefused(reason=mark("there is none"))
    if len(recipients) > MAX_STANZAS:
        raise RecipientsRefused(reason=mark("there are too many"))
    if Strength.PASSPHRASE in strengths and len(recipients) > 1:
        raise RecipientsRefused(reason=mark("a passphrase must be the only one"))
    if len(strengths) > 1:
        raise RecipientsRefused(
            reason=mark("a key without post-quantum protection would undo that of the others")
        )
