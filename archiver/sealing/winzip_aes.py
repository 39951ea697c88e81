"""The keys and sizes of WinZip AES, version AE-2, 256 bits (winzip.com "AES Encryption Information")."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from archiver.errors import KeyUnreadable
from archiver.sealing.keystream import ARITHMETIC
from archiver.sealing.passphrase import passphrase_bytes
from formats.words import mark

SALT = 16
"""Bytes of the salt for a 256-bit key."""
VERIFIER = 2
"""Bytes that tell a wrong passphrase at once, but for one in 65,536."""
MAC = 10
"""Bytes of the truncated HMAC-SHA-1 after the ciphertext."""
ROUNDS = 1000
"""PBKDF2 rounds the format fixes; few, and harmless behind a random passphrase of 256 bits."""
MAX_PASSPHRASE = 64
"""Bytes; a longer one is hashed first by HMAC and so has a second spelling."""

_KEY = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitKeys:
    """What a passphrase and a salt yield."""

    cipher: bytes = field(repr=False)
    mac: bytes = field(repr=False)
    verifier: bytes

    def new_mac(self) -> HMAC:
        """Return an HMAC-SHA-1 to be fed with ciphertext."""
        return HMAC(self.mac, hashes.SHA1())  # noqa: S303 - the format's, unbroken as a MAC


def derive(passphrase: str, salt: bytes) -> UnitKeys:
    """Return the keys of one unit (RFC 8018 PBKDF2 with HMAC-SHA-1).

    Raises:
        KeyUnreadable: the passphrase is empty or too long.
    """
    secret = passphrase_bytes(passphrase)
    if len(secret) > MAX_PASSPHRASE:
        raise KeyUnreadable(reason=mark("the passphrase of a unit is too long"))
    kdf = PBKDF2HMAC(algorithm=hashes.SHA1(), length=2 * _KEY + VERIFIER, salt=salt, iterations=ROUNDS)  # noqa: S303
    _leave_wide_registers()
    grown = kdf.derive(secret)
    return UnitKeys(cipher=grown[:_KEY], mac=grown[_KEY : 2 * _KEY], verifier=grown[2 * _KEY :])


def _leave_wide_registers() -> None:
    """Let the processor forget the upper halves of its vector registers.

    isal's checksums and deflate may leave them in use; on one machine met, though
    not on others, the SHA-1 instructions then ran at a third of their speed (key
    derivation: 2.9 milliseconds instead of 1.0). numpy's wide loops end by clearing
    them; the first units of a process are not worth loading it.
    """
    if ARITHMETIC.is_wide:
        from archiver.sealing import vectors  # noqa: PLC0415 - loaded already

        vectors.leave_wide_registers()


def truncated_mac(mac: HMAC) -> bytes:
    """Return the bytes of ``mac`` that the format keeps."""
    return mac.finalize()[:MAC]


def macs_equal(one: bytes, other: bytes) -> bool:
    """Compare two MACs in constant time."""
    return hmac.compare_digest(one, other)
