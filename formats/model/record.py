"""What every record of a dossier has in common: an identity, a kind, and declared references."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Any, ClassVar

NAMESPACE = uuid.UUID("6f0c6f0e-7f0a-5c55-9d0b-3b1f1f5b2d10")
"""Root of all record identities; fixed for ever, or the same export would import twice."""


def practice_namespace(source: str) -> uuid.UUID:
    """Return the namespace of one practice from a text that is stable for it (FINESS, SIRET, …)."""
    return uuid.uuid5(NAMESPACE, source)


def record_id(practice: uuid.UUID | str, table: str, key: str | int) -> str:
    """Return the identity of the record a source holds in ``table`` under ``key`` (a UUID, version 5).

    The same row of the same practice always has the same identity, so that a
    second collection or import recognises it.
    """
    space = practice if isinstance(practice, uuid.UUID) else uuid.UUID(practice)
    name = f"{table}/{key}".encode("utf-8", "surrogatepass")  # a source may hold half a surrogate pair
    digest = hashlib.sha1(space.bytes + name, usedforsecurity=False).digest()
    return str(uuid.UUID(bytes=digest[:16], version=5))


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
