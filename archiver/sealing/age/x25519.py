"""The X25519 recipient type: ``age1…`` and ``AGE-SECRET-KEY-1…`` (age, "The X25519 recipient type")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from archiver.errors import KeyUnreadable
from archiver.sealing.age import bech32, unpadded
from archiver.sealing.age.header import Stanza, hkdf_sha256
from archiver.sealing.age.parts import AgePart, age_failure
from archiver.sealing.age.wrapping import Randomness, Strength, of_kind, open_key, seal_key
from formats.words import mark

KIND = "X25519"
POINT = 32
"""Bytes of a public point, of a share and of a secret scalar."""
RECIPIENT_PREFIX = "age"
IDENTITY_PREFIX = "age-secret-key-"
_INFO = b"age-encryption.org/v1/X25519"


def shared_secret(secret: bytes, point: bytes) -> bytes:
    """Return the shared secret of ``secret`` and ``point`` (RFC 7748 §6.1).

    Raises:
        SealBroken: the point is of low order, so that the secret would be all zero.
    """
    try:
        return X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError as fault:
        raise age_failure(AgePart.HEADER, mark("a recipient's share is of low order")) from fault


def public_point(secret: bytes) -> bytes:
    """Return the point of ``secret``."""
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


@dataclass(frozen=True, kw_only=True, slots=True)
class X25519Recipient:
    """A public X25519 key; quantum computers of the future will open what it protects."""

    strength: ClassVar[Strength] = Strength.CLASSICAL
    point: bytes

    def __post_init__(self) -> None:
        if len(self.point) != POINT:
            raise KeyUnreadable(reason=mark("the key has a wrong size"))

    def __str__(self) -> str:
        return bech32.encode_bech32(RECIPIENT_PREFIX, self.point)

    def wrap(self, file_key: bytes, randomness: Randomness) -> Stanza:
        """Wrap ``file_key`` under a fresh ephemeral secret."""
        secret = randomness(POINT)
        share = public_point(secret)
        key = hkdf_sha256(shared_secret(secret, self.point), salt=share + self.point, info=_INFO)
        return Stanza(arguments=(KIND, unpadded.encode_unpadded(share)), body=seal_key(key, file_key))


@dataclass(frozen=True, kw_only=True, slots=True)
class X25519Identity:
    """A secret X25519 key: 32 bytes."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != POINT:
            raise KeyUnreadable(reason=mark("the key has a wrong size"))

    @classmethod
    def new(cls, randomness: Randomness) -> Self:
        """Make a new identity."""
        return cls(seed=randomness(POINT))

    def secret_text(self) -> str:
        """Return ``AGE-SECRET-KEY-1…``; whoever reads it can open everything."""
        return bech32.encode_bech32(IDENTITY_PREFIX, self.seed).upper()

    def to_recipient(self) -> X25519Recipient:
        """Return the public half."""
        return X25519Recipient(point=public_point(self.seed))

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key of the first stanza that is for this identity."""
        point = public_point(self.seed)
        for stanza in of_kind(stanzas, KIND, arguments=2):
            share = unpadded.decode_unpadded(stanza.arguments[1])
            if len(share) != POINT:
                raise age_failure(AgePart.HEADER, mark("a recipient's share has a wrong size"))
            key = hkdf_sha256(shared_secret(self.seed, share), salt=share + point, info=_INFO)
            if file_key := open_key(key, stanza.body):
                return file_key
        return None
