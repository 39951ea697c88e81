"""What wraps a file key for someone, and what unwraps it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from archiver.sealing.age.header import Stanza
from archiver.sealing.age.parts import AgePart, age_failure
from formats.words import mark

Randomness = Callable[[int], bytes]
"""Returns as many unpredictable bytes as asked."""

FILE_KEY = 16
"""Bytes of a file key."""
TAG = 16
"""Bytes ChaCha20-Poly1305 adds to what it encrypts."""
WRAPPED = FILE_KEY + TAG
"""Bytes of the body of every native stanza; checked before decrypting (partitioning oracles)."""

_ZERO_NONCE = bytes(12)


class Strength(StrEnum):
    """What it takes to open a stanza; the weakest stanza decides for the whole file."""

    POST_QUANTUM = "post-quantum"
    CLASSICAL = "classical"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind, not a secret


class Recipient(Protocol):
    """Someone a file is encrypted for."""

    @property
    def strength(self) -> Strength: ...

    def wrap(self, file_key: bytes, randomness: Randomness) -> Stanza:
        """Return the stanza that only this recipient's identity opens."""
        ...


class Identity(Protocol):
    """The secret that opens what was encrypted for one recipient."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key, or nothing when no stanza is for this identity.

        Raises:
            SealBroken: a stanza of this identity's kind is malformed.
        """
        ...


def seal_key(wrap_key: bytes, file_key: bytes) -> bytes:
    """Return ``file_key`` encrypted; the zero nonce is safe because each wrap key is used once."""
    return ChaCha20Poly1305(wrap_key).encrypt(_ZERO_NONCE, file_key, None)


def open_key(wrap_key: bytes, body: bytes) -> bytes | None:
    """Return the file key in ``body``, or nothing when ``wrap_key`` is not its key."""
    try:
        return ChaCha20Poly1305(wrap_key).decrypt(_ZERO_NONCE, body, None)
    except InvalidTag:
        return None


def of_kind(stanzas: Sequence[Stanza], kind: str, *, arguments: int) -> list[Stanza]:
    """Return the stanzas of ``kind``, each with exactly ``arguments`` arguments and a wrapped key.

    Raises:
        SealBroken: one of them has more or fewer, or a body of another size.
    """
    found = [stanza for stanza in stanzas if stanza.arguments[0] == kind]
    for stanza in found:
        if len(stanza.arguments) != arguments:
            raise age_failure(AgePart.HEADER, mark("a recipient has a wrong number of arguments"))
        if len(stanza.body) != WRAPPED:
            raise age_failure(AgePart.HEADER, mark("a wrapped key has a wrong size"))
    return found
