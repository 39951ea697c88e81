"""Keys as people keep them: one text per key, and files with one key a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import BinaryIO, TypeVar

from archiver.errors import KeyUnreadable
from archiver.sealing.age import bech32, hybrid, x25519
from archiver.sealing.age.hybrid import HybridIdentity, HybridRecipient
from archiver.sealing.age.x25519 import X25519Identity, X25519Recipient
from formats.errors import LimitExceeded
from formats.words import mark

KeyRecipient = HybridRecipient | X25519Recipient
KeyIdentity = HybridIdentity | X25519Identity
Key = TypeVar("Key")

MAX_KEY_FILE = 1 << 20
"""Bytes of a file of keys; a hybrid recipient takes 2,000, an identity 80."""
MAX_KEYS = 500
"""Keys in one file; each identity is tried on each stanza."""

SECRET_FOR_PUBLIC = mark(
    "it is a secret key where a public one is expected; ask the receiver for receiver.recipient"
)
"""Why a receiving key is no recipient, whether it lies open or under a passphrase."""

_BYTE_ORDER_MARK = "\ufeff"


def parse_recipient(text: str) -> KeyRecipient:
    """Read ``age1pq1…`` or ``age1…``.

    Raises:
        KeyUnreadable: with the reason; the text itself is not repeated.
    """
    prefix, data = bech32.decode_bech32(text.strip())
    if prefix == hybrid.RECIPIENT_PREFIX:
        return HybridRecipient(public=data)
    if prefix == x25519.RECIPIENT_PREFIX:
        return X25519Recipient(point=data)
    if prefix in (hybrid.IDENTITY_PREFIX, x25519.IDENTITY_PREFIX):
        raise KeyUnreadable(reason=SECRET_FOR_PUBLIC)
    raise KeyUnreadable(reason=mark("it is a key of an unknown kind"))


def parse_identity(text: str) -> KeyIdentity:
    """Read ``AGE-SECRET-KEY-PQ-1…`` or ``AGE-SECRET-KEY-1…``.

    Raises:
        KeyUnreadable: with the reason; the text itself is not repeated.
    """
    prefix, data = bech32.decode_bech32(text.strip())
    if prefix == hybrid.IDENTITY_PREFIX:
        return HybridIdentity(seed=data)
    if prefix == x25519.IDENTITY_PREFIX:
        return X25519Identity(seed=data)
    if prefix in (hybrid.RECIPIENT_PREFIX, x25519.RECIPIENT_PREFIX):
        raise KeyUnreadable(reason=mark("it is a public key where a secret one is expected"))
    raise KeyUnreadable(reason=mark("it is a key of an unknown kind"))


def read_identities(source: BinaryIO) -> tuple[KeyIdentity, ...]:
    """Read a file of identities: one a line; empty lines and lines starting with ``#`` are comments.

    Raises:
        KeyUnreadable: a line is no identity, named by its number; or there is none.
        LimitExceeded: the file is too long or holds too many keys.
    """
    return tuple(_read(source, parse_identity))


def read_recipients(source: BinaryIO) -> tuple[KeyRecipient, ...]:
    """Read a file of recipients, in the same form as :func:`read_identities`."""
    return tuple(_read(source, parse_recipient))


def identity_file(identities: Sequence[KeyIdentity], *, comments: Sequence[str] = ()) -> str:
    """Return the text of an identity file: ``comments``, then each key under its public half."""
    lines = [f"# {line}" for comment in comments for line in comment.splitlines()]
    for identity in identities:
        lines += [f"# public key: {identity.to_recipient()}", identity.secret_text()]
    return "".join(f"{line}\n" for line in lines)


def _read(source: BinaryIO, parse: Callable[[str], Key]) -> list[Key]:
    data = source.read(MAX_KEY_FILE + 1)
    if len(data) > MAX_KEY_FILE:
        name = mark("the size of the key file in bytes")
        raise LimitExceeded(name=name, found=len(data), limit=MAX_KEY_FILE)
    try:
        lines = data.decode("utf-8").removeprefix(_BYTE_ORDER_MARK).splitlines()
    except UnicodeDecodeError as fault:
        raise KeyUnreadable(reason=mark("it is not a text file")) from fault
    keys = [_parsed(line, number, parse) for number, line in enumerate(lines, 1) if _holds_key(line)]
    if not keys:
        raise KeyUnreadable(reason=mark("it holds no key"))
    if len(keys) > MAX_KEYS:
        raise LimitExceeded(name=mark("the number of keys in the file"), found=len(keys), limit=MAX_KEYS)
    return keys


def _holds_key(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _parsed(line: str, number: int, parse: Callable[[str], Key]) -> Key:
    try:
        return parse(line)
    except KeyUnreadable as fault:
        raise KeyUnreadable(where=str(number), **fault.facts) from fault
