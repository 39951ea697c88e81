"""The post-quantum recipient type: ``age1pq1…`` and ``AGE-SECRET-KEY-PQ-1…``.

ML-KEM-768 and X25519 together (X-Wing), through HPKE in base mode: RFC 9180,
draft-ietf-hpke-pq-03 (KEM 0x647a), age "The MLKEM768-X25519 recipient type".
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from archiver.errors import KeyUnreadable
from archiver.sealing.age import bech32, unpadded
from archiver.sealing.age.header import Stanza
from archiver.sealing.age.parts import AgePart, age_failure
from archiver.sealing.age.wrapping import FILE_KEY, Randomness, Strength, of_kind
from archiver.sealing.age.x25519 import POINT, shared_secret
from formats.words import mark

KIND = "mlkem768x25519"
SEED = 32
"""Bytes of an identity: the whole key on paper."""
KEM_SEED = 64
"""Bytes of the ML-KEM seed, the first part of the expanded identity (FIPS 203, d ‖ z)."""
KEM_KEY = 1184
"""Bytes of the ML-KEM-768 encapsulation key, the first part of a recipient."""
KEM_CIPHERTEXT = 1088
"""Bytes of the ML-KEM-768 ciphertext, the first part of an encapsulated key."""
ENCAPSULATED = KEM_CIPHERTEXT + POINT
RECIPIENT_PREFIX = "age1pq"
IDENTITY_PREFIX = "age-secret-key-pq-"

_INFO = b"age-encryption.org/mlkem768x25519"
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True, kw_only=True, slots=True)
class HybridRecipient:
    """A public hybrid key: the ML-KEM-768 key followed by the X25519 point, 1216 bytes."""

    strength: ClassVar[Strength] = Strength.POST_QUANTUM
    public: bytes

    def __post_init__(self) -> None:
        if len(self.public) != KEM_KEY + POINT:
            raise KeyUnreadable(reason=mark("the key has a wrong size"))
        try:
            MLKEM768PublicKey.from_public_bytes(self.public[:KEM_KEY])
        except ValueError as fault:  # FIPS 203 §7.2: a coefficient out of range
            raise KeyUnreadable(reason=mark("the key is not a valid ML-KEM key")) from fault

    def __str__(self) -> str:
        return bech32.encode_bech32(RECIPIENT_PREFIX, self.public)

    def wrap(self, file_key: bytes, randomness: Randomness) -> Stanza:
        """Wrap ``file_key``; HPKE takes its randomness from OpenSSL, not from ``randomness``."""
        del randomness
        key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(self.public[:KEM_KEY]),
            X25519PublicKey.from_public_bytes(self.public[KEM_KEY:]),
        )
        sealed = _SUITE.encrypt(file_key, key, _INFO)
        return Stanza(
            arguments=(KIND, unpadded.encode_unpadded(sealed[:ENCAPSULATED])), body=sealed[ENCAPSULATED:]
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class HybridIdentity:
    """A secret hybrid key: a seed of 32 bytes from which both secret keys grow."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED:
            raise KeyUnreadable(reason=mark("the key has a wrong size"))

    @classmethod
    def new(cls, randomness: Randomness) -> Self:
        """Make a new identity."""
        return cls(seed=randomness(SEED))

    def secret_text(self) -> str:
        """Return ``AGE-SECRET-KEY-PQ-1…``; whoever reads it can open everything."""
        return bech32.encode_bech32(IDENTITY_PREFIX, self.seed).upper()

    def _expanded(self) -> tuple[bytes, bytes]:
        grown = hashlib.shake_256(self.seed).digest(KEM_SEED + POINT)
        return grown[:KEM_SEED], grown[KEM_SEED:]

    def to_recipient(self) -> HybridRecipient:
        """Return the public half."""
        kem_seed, scalar = self._expanded()
        kem = MLKEM768PrivateKey.from_seed_bytes(kem_seed).public_key().public_bytes_raw()
        point = X25519PrivateKey.from_private_bytes(scalar).public_key().public_bytes_raw()
        return HybridRecipient(public=kem + point)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key of the first stanza that is for this identity."""
        kem_seed, scalar = self._expanded()
        key = MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(kem_seed), X25519PrivateKey.from_private_bytes(scalar)
        )
        for stanza in of_kind(stanzas, KIND, arguments=2):
            encapsulated = unpadded.decode_unpadded(stanza.arguments[1])
            if len(encapsulated) != ENCAPSULATED:
                raise age_failure(AgePart.HEADER, mark("a recipient's share has a wrong size"))
            shared_secret(
                scalar, encapsulated[KEM_CIPHERTEXT:]
            )  # HPKE alone would not tell low order from no match
            try:
                file_key = _SUITE.decrypt(encapsulated + stanza.body, key, _INFO)
            except InvalidTag:
                continue
            if len(file_key) == FILE_KEY:
                return file_key
        return None
