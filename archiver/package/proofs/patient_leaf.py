"""Leaf of the commitment to the patients, as a proof shows it (archive-format-1.md §13.7)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from archiver.package import layout
from archiver.package.proofs.errors import ProofUnreadable
from formats.digests import Digest, DigestMalformed
from formats.json_text import canonical_json
from formats.words import mark

MAX_LEAF = 64 << 10
"""Bytes of one leaf: those of a line of a keyring, which says more."""
_SALT = re.compile(r"[A-Za-z0-9_-]{43}")
_FIELDS = {"patient", "plain_sha256", "salt", "unit"}


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientLeaf:
    """Whose a unit is: its traits, the SHA-256 of its plain archive, and ``data``, the bytes that are hashed."""

    unit: str
    patient: Mapping[str, str] = field(repr=False)
    plain_digest: Digest
    data: bytes = field(repr=False)


def refuse_proof(reason: str) -> NoReturn:
    """Refuse a proof for ``reason``."""
    raise ProofUnreadable(reason=reason)


def read_leaf(data: bytes) -> PatientLeaf:
    """Return the leaf whose bytes are ``data``.

    Raises:
        ProofUnreadable: when they are not the one spelling of a leaf.
    """
    value = canonical_object(data, mark("a patient is not written as in a package"))
    malformed = mark("a patient is not written as in a package")
    if value.keys() != _FIELDS:
        refuse_proof(malformed)
    patient, salt, unit = value["patient"], value["salt"], value["unit"]
    texts = [*patient, *patient.values()] if isinstance(patient, dict) else [None]
    if not all(isinstance(one, str) for one in (*texts, salt, unit)):
        refuse_proof(malformed)
    if not _SALT.fullmatch(salt) or not layout.is_unit_id(unit):
        refuse_proof(malformed)
    return PatientLeaf(unit=unit, patient=patient, plain_digest=digest_of(value["plain_sha256"]), data=data)


def canonical_object(data: bytes, reason: str) -> dict[str, Any]:
    """Return the JSON object of which ``data`` is the one spelling.

    Raises:
        ProofUnreadable: for ``reason``, when it is none.
    """
    try:
        value = json.loads(data.decode("utf-8"))
        if isinstance(value, dict) and canonical_json(value) == data:
            return value
    except (ValueError, RecursionError):
        pass
    refuse_proof(reason)


def digest_of(value: object) -> Digest:
    """Return the SHA-256 that ``value`` is in lower-case hexadecimal.

    Raises:
        ProofUnreadable: when it is none.
    """
    try:
        return Digest.from_hex(value if isinstance(value, str) else "")
    except DigestMalformed as fault:
        raise ProofUnreadable(reason=mark("a digest is malformed")) from fault
