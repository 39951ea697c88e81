"""age v1 files written line by line (c2sp.org/age)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from tests.vectors.generator.chance import seeded

VERSION = b"age-encryption.org/v1\n"
CHUNK = 1 << 16
FILE_KEY = seeded("file key", 16)
RECEIVER = seeded("receiver", 32)
"""The secret scalar of whoever the corpus is for."""
PASSPHRASE = "mot de passe exemple"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def bech32(prefix: str, data: bytes) -> str:
    """Return ``data`` under ``prefix`` (BIP 173)."""
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    bits = "".join(f"{byte:08b}" for byte in data)
    values = [int(bits[at : at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5)]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    rest = 1
    for value in [*expanded, *values, *[0] * 6]:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            rest ^= generator if top >> place & 1 else 0
    rest ^= 1
    values += [rest >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1" + "".join(letters[value] for value in values)


def identity_text() -> str:
    """Return the receiver's identity as people keep it."""
    return bech32("age-secret-key-", RECEIVER).upper()


def derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(secret)


@dataclass(frozen=True)
class Stanza:
    """One recipient, its lines made from these parts."""

    arguments: tuple[str, ...]
    body: bytes

    def lines(self) -> bytes:
        """Return the stanza as it stands in a header."""
        text = b64(self.body)
        pieces = [text[at : at + 64] for at in range(0, len(text) + 1, 64)]
        return ("-> " + " ".join(self.arguments) + "\n" + "".join(f"{piece}\n" for piece in pieces)).encode()


def public_of(secret: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def x25519(receiver: bytes = RECEIVER, *, file_key: bytes = FILE_KEY, label: str = "share") -> Stanza:
    """Return the stanza for the owner of ``receiver``."""
    secret, point = seeded(label, 32), public_of(receiver)
    share = public_of(secret)
    shared = X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(point))
    key = derived(shared, share + point, b"age-encryption.org/v1/X25519")
    return Stanza(("X25519", b64(share)), ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None))


def scrypt(*, factor: str = "2", salt: bytes | None = None) -> Stanza:
    """Return the stanza for the passphrase; ``factor`` may be any text, the key is made with 2."""
    salt = seeded("salt", 16) if salt is None else salt
    kdf = Scrypt(salt=b"age-encryption.org/v1/scrypt" + salt, length=32, n=4, r=8, p=1)
    key = kdf.derive(PASSPHRASE.encode())
    return Stanza(("scrypt", b64(salt), factor), ChaCha20Poly1305(key).encrypt(bytes(12), FILE_KEY, None))


def header(stanzas: bytes, *, version: bytes = VERSION, file_key: bytes = FILE_KEY) -> bytes:
    """Return the header around the lines of ``stanzas``, with a right MAC."""
    covered = version + stanzas + b"---"
    mac = hmac.digest(derived(file_key, b"", b"header"), covered, hashlib.sha256)
    return covered + f" {b64(mac)}\n".encode()


def payload(data: bytes, *, final: bool = True, file_key: bytes = FILE_KEY) -> bytes:
    """Return nonce and chunks; without ``final`` no chunk says it is the last."""
    nonce = seeded("payload nonce", 16)
    cipher = ChaCha20Poly1305(derived(file_key, nonce, b"payload"))
    pieces = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)] or [b""]
    sealed = b""
    for number, piece in enumerate(pieces):
        last = final and number == len(pieces) - 1
        sealed += cipher.encrypt(number.to_bytes(11, "big") + bytes([last]), piece, None)
    return nonce + sealed


def file(data: bytes, stanzas: Sequence[Stanza] | None = None) -> bytes:
    """Return an age file for the receiver, or for ``stanzas``."""
    found = (x25519(),) if stanzas is None else stanzas
    return header(b"".join(one.lines() for one in found)) + payload(data)


def armored(data: bytes) -> bytes:
    """Return ``data`` in its 7-bit form."""
    text = base64.b64encode(data)
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return b"\n".join(
        [b"-----BEGIN AGE ENCRYPTED FILE-----", *lines, b"-----END AGE ENCRYPTED FILE-----", b""]
    )
