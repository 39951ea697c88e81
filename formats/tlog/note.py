"""Signed notes (C2SP signed-note): a text, and lines with the signatures of keys that have names.

1. A note is UTF-8, has no control characters but line ends, and ends with signature lines after the last empty line.
2. A signature line is an em dash, the name of the key, and in Base64 the four bytes of the key's number and what is
   signed with it. Lines of unknown keys are passed over; one of a known key that fails spoils the whole note.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from formats.digests import SHA256

ED25519 = 1
"""Type of a signature of a log (signed-note, “Signature types”)."""
COSIGNATURE = 4
"""Type of a time-stamped cosignature of a witness (tlog-cosignature)."""
KEY_BYTES = 32
"""Bytes of a public key (RFC 8032)."""
SIGNATURE_BYTES = 64
"""Bytes of a signature (RFC 8032)."""
MAX_NOTE_BYTES = 64 << 10
"""Bytes of a note; a checkpoint with 16 cosignatures of the largest kind has less."""
MAX_SIGNATURES = 64
"""Signature lines of a note; a reader has to accept 16."""
_DASH = "— "
_NAME = re.compile(r"[^\s+\x00-\x20\x7f]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
Sign = Callable[[bytes], bytes]
"""Signs bytes with a private key."""


class NoteMalformed(ValueError):
    """Bytes that are no signed note, or no name of a key that is to verify one."""


class NoteSignatureInvalid(ValueError):
    """A signature of a known key that does not belong to the text; or none of any key that was asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteKey:
    """Public key of a log or a witness: its ``name``, the type of its signatures, and 32 bytes (RFC 8032)."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.public) != KEY_BYTES:
            raise NoteMalformed(self.name)

    @property
    def number(self) -> bytes:
        """Key ID (signed-note): four bytes."""
        return SHA256.hash_value(self.name.encode(), b"\n", bytes([self.kind]), self.public)[:4]

    def __str__(self) -> str:
        encoded = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.number.hex()}+{encoded}"

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether ``signature`` (Ed25519) is of this key over ``message``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def read_note_key(text: str) -> NoteKey:
    """Return the key that ``text``, a verifier key (vkey), names.

    Raises:
        NoteMalformed: when it is none, or of a type that is not known here.
    """
    try:
        name, number, encoded = text.strip().split("+", 2)
        data = base64.b64decode(encoded, validate=True)
        key = NoteKey(name=name, kind=data[0], public=data[1:])
    except (ValueError, IndexError) as fault:
        raise NoteMalformed(text[:100]) from fault
    if key.number.hex() != number or key.kind not in {ED25519, COSIGNATURE}:
        raise NoteMalformed(text[:100])
    return key


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteSignature:
    """Signature line: name and number of a key, and what is behind them."""

    name: str
    number: bytes
    signature: bytes

    def is_by(self, key: NoteKey) -> bool:
        """Tell whether the line says that it is of ``key``."""
        return (self.name, self.number) == (key.name, key.number)

    @property
    def line(self) -> str:
        """The line as it stands in a note, without its end."""
        return f"{_DASH}{self.name} {base64.b64encode(self.number + self.signature).decode()}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedNote:
    """A note: its ``text`` ends with a line end, and is what signatures are about."""

    text: str
    signatures: tuple[NoteSignature, ...]

    @property
    def data(self) -> bytes:
        """The bytes of the note."""
        return "".join([self.text, "\n", *(f"{one.line}\n" for one in self.signatures)]).encode()

    def signed_by(self, keys: Sequence[NoteKey]) -> NoteKey:
        """Return the first of ``keys``, whose signatures are over the text itself, that signed the note.

        Raises:
            NoteSignatureInvalid: when none did, or the signature of one of them fails.
        """
        found: NoteKey | None = None
        for one in self.signatures:
            for key in keys:
                if one.is_by(key):
                    if not key.verify(self.text.encode(), one.signature):
                        raise NoteSignatureInvalid(key.name)
                    found = found or key
        if found is None:
            raise NoteSignatureInvalid("none")
        return found


def read_note(data: bytes) -> SignedNote:
    """Return the note that ``data`` is; no signature is verified.

    Raises:
        NoteMalformed: when it is none.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise NoteMalformed("too long")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise NoteMalformed("not UTF-8") from fault
    text, found, lines = whole.rpartition("\n\n")
    if not found or not lines.endswith("\n") or _CONTROL.search(whole):
        raise NoteMalformed("no signatures")
    each = lines[:-1].split("\n")
    if len(each) > MAX_SIGNATURES:
        raise NoteMalformed("too many signatures")
    return SignedNote(text=text + "\n", signatures=tuple(map(read_signature_line, each)))


def read_signature_line(line: str) -> NoteSignature:
    """Return the signature that ``line``, without its end, is.

    Raises:
        NoteMalformed: when it is none.
    """
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2 or not _NAME.fullmatch(parts[0]):
        raise NoteMalformed(line[:100])
    try:
        data = base64.b64decode(parts[1], validate=True)
    except (ValueError, binascii.Error) as fault:
        raise NoteMalformed(line[:100]) from fault
    if len(data) <= 4:
        raise NoteMalformed(line[:100])
    return NoteSignature(name=parts[0], number=data[:4], signature=data[4:])


def sign_note(text: str, key: NoteKey, sign: Sign) -> SignedNote:
    """Return a note with one signature, of ``key``, which ``sign`` makes with the private half."""
    signature = NoteSignature(name=key.name, number=key.number, signature=sign(text.encode()))
    return SignedNote(text=text, signatures=(signature,))
