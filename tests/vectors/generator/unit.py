"""Sealed units: AE-2 ZIPs of one stored member, each part replaceable (winzip.com, "AES Encryption")."""

from __future__ import annotations

import hashlib
import hmac
import struct
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.vectors.generator.chance import passphrase, seeded
from tests.vectors.generator.zips import Member, built

MEMBER = b"PAT00001.ZIP"
AES_FIELD = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)


def body(data: bytes, secret: str, label: str) -> bytes:
    """Return salt, verifier, ciphertext and MAC."""
    salt = seeded(f"unit salt {label}", 16)
    keys = hashlib.pbkdf2_hmac("sha1", secret.encode(), salt, 1000, 66)
    blocks = -(-len(data) // 16)
    counters = b"".join(struct.pack("<QQ", number, 0) for number in range(1, blocks + 1))
    stream = Cipher(algorithms.AES256(keys[:32]), modes.ECB()).encryptor().update(counters)  # noqa: S305
    sealed = bytes(one ^ other for one, other in zip(data, stream, strict=False))
    mac = hmac.digest(keys[32:64], sealed, hashlib.sha1)[:10]
    return salt + keys[64:] + sealed + mac


def member(data: bytes, label: str, *, secret: str = "", name: bytes = MEMBER) -> Member:
    """Return the one member of the unit ``label``."""
    headers = {"flags": 1, "method": 99, "version": 51, "crc": 0, "extra": AES_FIELD, "made_by": 0x0333}
    return Member(
        name=name,
        data=data,
        packed=body(data, secret or passphrase(label), label),
        local=headers,
        central=headers,
    )


def sealed(data: bytes, label: str, **more: Any) -> bytes:
    """Return the sealed unit ``label``."""
    return built([member(data, label, **more)])


def lying(
    data: bytes,
    label: str,
    *,
    local: dict[str, Any] | None = None,
    central: dict[str, Any] | None = None,
    **more: Any,
) -> bytes:
    """Return the unit with headers that say something else; ``more`` goes to the archive."""
    one = member(data, label)
    one = replace(one, local={**one.local, **(local or {})}, central={**one.central, **(central or {})})
    return built([one], **more)
