"""What nobody can do without: SHA-256, deflate and cipher of the same bytes, each once, in processor seconds."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from hmac import new as hmac
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR
from isal import isal_zlib

T = TypeVar("T")
LEVEL, MEMORY = 2, 2
"""Of isal's deflate, as in a package."""
JPEG = ".jpg"
"""Ending of files that are compressed already: nobody needs to deflate them."""


def limit(tree: Path) -> float:
    """Return the sum for all files below ``tree``: read beforehand, one thread, libraries only.

    The cipher is AES-256 in counter mode and HMAC-SHA-1 of what deflate leaves, as in WinZip AE-2. Deriving a key
    for each dossier is left out.
    """
    total, cipher = 0.0, Cipher(AES256(bytes(32)), CTR(bytes(16))).encryptor()

    def encrypt(data: bytes) -> None:
        hmac(bytes(32), cipher.update(data), "sha1").digest()

    for path in sorted(tree.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            total += _seconds(lambda chunk: hashlib.sha256(chunk).digest(), data)[0]
            packed = data
            if path.suffix != JPEG:
                spent, packed = _seconds(_deflate, data)
                total += spent
            total += _seconds(encrypt, packed)[0]
    return total


def _deflate(data: bytes) -> bytes:
    packer = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, -15, MEMORY)
    return b"".join((packer.compress(data), packer.flush()))


def _seconds(work: Callable[[bytes], T], data: bytes) -> tuple[float, T]:
    started = time.process_time()
    done = work(data)
    return time.process_time() - started, done
