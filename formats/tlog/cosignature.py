"""Cosignatures (C2SP tlog-cosignature, version 1): a witness says until where it saw a log only grow, and when."""

from __future__ import annotations

from datetime import UTC, datetime

from formats.tlog.note import COSIGNATURE, SIGNATURE_BYTES, NoteKey, NoteSignature, Sign

_HEADER = "cosignature/v1"
_TIME_BYTES = 8
MAX_TIME = 253_402_300_799
"""Seconds of the last moment that has a date here, the end of the year 9999."""


def cosign(text: str, key: NoteKey, sign: Sign, *, at: datetime) -> NoteSignature:
    """Return the cosignature of ``key`` over a checkpoint, the ``text`` of a note.

    Raises:
        ValueError: when the key is not one of a witness.
    """
    if key.kind != COSIGNATURE:
        raise ValueError(key.kind)
    seconds = int(at.timestamp())
    signature = seconds.to_bytes(_TIME_BYTES, "big") + sign(_message(text, seconds))
    return NoteSignature(name=key.name, number=key.number, signature=signature)


def is_cosigned(text: str, line: NoteSignature, key: NoteKey) -> bool:
    """Tell whether ``line`` is a cosignature of ``key`` over a checkpoint, the ``text`` of a note."""
    if not line.is_by(key) or len(line.signature) != _TIME_BYTES + SIGNATURE_BYTES:
        return False
    seconds = int.from_bytes(line.signature[:_TIME_BYTES], "big")
    return seconds <= MAX_TIME and key.verify(_message(text, seconds), line.signature[_TIME_BYTES:])


def cosigned_at(line: NoteSignature) -> datetime:
    """Return when a cosignature says that it was made."""
    return datetime.fromtimestamp(int.from_bytes(line.signature[:_TIME_BYTES], "big"), UTC)


def _message(text: str, seconds: int) -> bytes:
    return f"{_HEADER}\ntime {seconds}\n{text}".encode()
