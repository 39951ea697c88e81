"""The figures of the worked example, taken from its bytes by the description of the format alone.

Knows the published standards and nothing of this project's packages: zipfile finds the members,
hashlib, hmac and one cipher a block do the rest.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

LABEL = 26
"""Characters before a figure."""
ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
INFO = b"age-encryption.org/mlkem768x25519"


def figures(package: Path, identity: str) -> dict[str, str]:
    """Return each block of figures by what it is about, as it stands in the page."""
    with zipfile.ZipFile(package) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    seed = bech32(identity)
    index, keyring = _keyring(parts, seed)
    entry = json.loads(index.splitlines()[1])
    unit = parts[f"units/{entry['unit']}.zip"]
    return {
        "container": "\n".join(_dump(package.read_bytes()[:69])),
        "identity": "\n".join(_identity(identity, seed)),
        "keyring": "\n".join(keyring),
        "commitment": "\n".join(_commitment(index, parts)),
        "patients": "\n".join(_patients(index, parts)),
        "unit": "\n".join(_unit(unit, entry)),
        "lists": "\n".join(_lists(parts)),
    }


def bech32(text: str) -> bytes:
    """Return the bytes of a Bech32 text (BIP 173), its checksum taken on trust."""
    digits = text.lower().rpartition("1")[2][:-6]
    bits = "".join(f"{ALPHABET.index(one):05b}" for one in digits)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))


def keyring_plaintext(data: bytes, identity: str) -> bytes:
    """Return what the wrapped keyring ``data`` says to who has the identity file ``identity``."""
    line = next(line for line in identity.splitlines() if line.startswith("AGE-SECRET-KEY-"))
    return _keyring({"keyring.age": data}, bech32(line))[0]


def row(label: str, value: bytes | str) -> Iterator[str]:
    """Yield a figure: text as it is, bytes in hexadecimal, 32 on a line."""
    text = value.hex() if isinstance(value, bytes) else value
    for at in range(0, max(1, len(text)), 64):
        yield f"{label if not at else '':<{LABEL}}{text[at : at + 64]}"


def _dump(data: bytes) -> Iterator[str]:
    for at in range(0, len(data), 16):
        piece = data[at : at + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in piece)
        yield f"{at:04x}  {piece.hex(' '):<47}  {shown}"


def _identity(text: str, seed: bytes) -> Iterator[str]:
    grown = hashlib.shake_256(seed).digest(96)
    yield text
    yield from row("its 32 bytes", seed)
    yield from row("ML-KEM seed d", grown[:32])
    yield from row("ML-KEM seed z", grown[32:64])
    yield from row("X25519 scalar", grown[64:])


def _keyring(parts: dict[str, bytes], seed: bytes) -> tuple[bytes, list[str]]:
    """Return the plaintext of the keyring and how it came about."""
    data = parts["keyring.age"]
    end = data.index(b"\n", data.index(b"\n---") + 1) + 1
    head, nonce, payload = data[:end], data[end : end + 16], data[end + 16 :]
    intro, stanza, body, mac = head.decode("ascii").splitlines()
    grown = hashlib.shake_256(seed).digest(96)
    key = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(grown[:64]), X25519PrivateKey.from_private_bytes(grown[64:])
    )
    file_key = SUITE.decrypt(_unpadded(stanza.split()[2]) + _unpadded(body), key, INFO)
    mac_key = _hkdf(file_key, b"", b"header")
    signed = head[: head.index(b"---") + 3]
    assert hmac.digest(mac_key, signed, "sha256") == _unpadded(mac.split()[1])
    payload_key = _hkdf(file_key, nonce, b"payload")
    plain = ChaCha20Poly1305(payload_key).decrypt(bytes(11) + b"\x01", payload, None)
    shown = [intro, f"{stanza[:60]}…", body, mac]
    for label, value in (
        ("length of the stanza", f"{len(stanza)} characters"),
        ("file key", file_key),
        ("key of the header's MAC", mac_key),
        ("nonce", nonce),
        ("key of the payload", payload_key),
    ):
        shown += row(label, value)
    return plain, [*shown, *_wrapped(plain.splitlines()[0].decode())]


def _commitment(index: bytes, parts: dict[str, bytes]) -> Iterator[str]:
    first, rest = index.split(b"\n", 1)
    nonce = _unpadded(json.loads(first)["nonce"], urlsafe=True)
    found = hashlib.sha512(nonce + rest).hexdigest()
    assert found == json.loads(parts["manifest.json"])["keyring_commitment"]
    yield from row("nonce", nonce)
    yield from row("bytes of the index", str(len(rest)))
    yield from row("SHA-256 of the index", hashlib.sha256(rest).digest())
    yield from row("commitment", found)


def _patients(index: bytes, parts: dict[str, bytes]) -> Iterator[str]:
    """Yield the leaf of the one patient, which is the root as well."""
    entry = json.loads(index.splitlines()[1])
    facts = {key: entry[key] for key in ("patient", "plain_sha256", "salt", "unit")}
    leaf = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    root = hashlib.sha256(b"\0" + leaf.encode()).hexdigest()
    assert json.loads(parts["manifest.json"])["patients_commitment"] == {"root": root, "size": 1}
    yield from _wrapped(leaf)
    yield from row("its SHA-256, behind 0x00", root)


def _unit(unit: bytes, entry: dict[str, object]) -> Iterator[str]:
    name, extra = (int.from_bytes(unit[at : at + 2], "little") for at in (26, 28))
    at = 30 + name + extra
    size = int(str(entry["plain_size"]))
    salt, verifier = unit[at : at + 16], unit[at + 16 : at + 18]
    sealed, mac = unit[at + 18 : at + 18 + size], unit[at + 18 + size : at + 28 + size]
    keys = hashlib.pbkdf2_hmac("sha1", str(entry["passphrase"]).encode(), salt, 1000, 66)
    assert keys[64:] == verifier
    assert hmac.digest(keys[32:64], sealed, "sha1")[:10] == mac
    block = Cipher(algorithms.AES256(keys[:32]), modes.ECB()).encryptor()  # noqa: S305 - one block, as the page says
    stream = b"".join(block.update(number.to_bytes(16, "little")) for number in range(1, -(-size // 16) + 1))
    plain = bytes(one ^ other for one, other in zip(sealed, stream, strict=False))
    assert hashlib.sha256(plain).hexdigest() == entry["plain_sha256"]
    yield from row("unit", str(entry["unit"]))
    yield from row("its length", f"{len(unit)} = {size} + {len(unit) - size}")
    yield from row("local header", unit[:30])
    yield from row("name", unit[30 : 30 + name].decode())
    yield from row("extra fields", unit[30 + name : at])
    yield from row("passphrase", str(entry["passphrase"]))
    yield from row("salt", salt)
    yield from row("cipher key", keys[:32])
    yield from row("MAC key", keys[32:64])
    yield from row("verifier", verifier)
    yield from row("key stream, block 1", stream[:16])
    yield from row("ciphertext, 16 bytes", sealed[:16])
    yield from row("plain archive, 16 bytes", plain[:16])
    yield from row("MAC", mac)
    yield from row("descriptor", unit[at + 28 + size : at + 52 + size])
    yield from row("SHA-256 of the plain", hashlib.sha256(plain).digest())
    yield from row("SHA-256 of the unit", hashlib.sha256(unit).digest())


def _lists(parts: dict[str, bytes]) -> Iterator[str]:
    listed, signature = parts["META-INF/ASiCManifest001.xml"], parts["META-INF/signature001.p7s"]
    digest = hashlib.sha256(listed).digest()
    manifest = hashlib.sha256(parts["manifest.json"]).digest()
    shown = base64.b64encode(manifest).decode()
    assert digest in signature
    assert f">{shown}<".encode() in listed
    assert f"{manifest.hex()}  manifest.json\n".encode() in parts["SHA256SUMS"]
    yield from row("SHA-256 of manifest.json", manifest)
    yield from row("the same in the list", shown)
    yield from row("SHA-256 of the list", digest)
    yield from row("the same, in signature", f"messageDigest, at byte {signature.index(digest)}")


def _wrapped(text: str) -> Iterator[str]:
    for at in range(0, len(text), 96):
        yield text[at : at + 96]


def _unpadded(text: str, *, urlsafe: bool = False) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    return base64.urlsafe_b64decode(padded) if urlsafe else base64.b64decode(padded)


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """Return 32 bytes of HKDF-SHA-256 (RFC 5869): one block."""
    extracted = hmac.digest(salt or bytes(32), secret, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")
