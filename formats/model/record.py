"""What every record of a dossier has in common: an identity, a kind, and declared references."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Any, ClassVar

NAMESPACE = uuid.UUID("6f0c6f0e-7f0a-5c55-9d0b-3b1f1f5b2d10")
"""Root of all record identities; fixed for ever, or the same export would import twice."""

_VARIANT = {f"{digit:x}": f"{digit & 3 | 8:x}" for digit in range(16)}
"""The digit that holds the variant of a UUID (RFC 9562, 4.1), by the digit of the digest there."""


def practice_namespace(source: str) -> uuid.UUID:
    """Return the namespace of one practice from a text that is stable for it (FINESS, SIRET, …)."""
    return uuid.uuid5(NAMESPACE, source)


def record_id(practice: uuid.UUID | str, table: str, key: str | int) -> str:
    """Return the identity of the record a source holds in ``table`` under ``key`` (a UUID, version 5).

    The same row of the same practice always has the same identity, so that a
    second collection or import recognises it.
    """
    space = practice if isinstance(practice, uuid.UUID) else uuid.UUID(practice)
    return identity_within(space.bytes, table, key)


def identity_within(space: bytes, table: str, key: str | int) -> str:
    """Return ``record_id`` for the bytes of a namespace, without an object for each of millions."""
    name = f"{table}/{key}".encode("utf-8", "surrogatepass")  # a source may hold half a surrogate pair
    digest = hashlib.sha1(space + name, usedforsecurity=False).hexdigest()
    variant = _VARIANT[digest[16]]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def reference(kind: str) -> Any:
    """Declare an optional field that holds the ``id`` of a record of ``kind`` in the same dossier."""
    return field(default=None, metadata={"refers": kind})


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One thing a practice holds; ``id`` is a lower-case UUID."""

    kind: ClassVar[str]
    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientRecord(Record):
    """A record that belongs to one patient; ``patient`` is that patient's ``id``."""

    patient: str = field(metadata={"refers": "patients"})
