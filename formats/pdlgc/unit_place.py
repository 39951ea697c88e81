"""Which unit of a package an archive is: its identifier, its salt and the patient's traits (``DATA/UNIT.JSO``).

With the digest of the archive they are a leaf of the commitment to the set of patients, so that
whoever has this archive alone, and an audit path, can prove that it belongs to the package, and
learns nothing about any other patient.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from formats.errors import LimitExceeded, TableUnreadable
from formats.json_text import canonical_json
from formats.pdlgc import layout
from formats.words import mark

SALT_BYTES = 32
"""Random bytes of a salt: nobody can try the names of a telephone book against a leaf."""
MAX_BYTES = 64 << 10
"""Bytes of the file; traits take under 1,000."""

_SALT = re.compile(r"[A-Za-z0-9_-]{43}")
_KEYS = frozenset({"patient", "salt", "unit"})


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitPlace:
    """``unit`` is the identifier of the unit, ``salt`` 43 base64url characters, ``patient`` the traits by name."""

    unit: str
    salt: str = field(repr=False)
    patient: Mapping[str, str] = field(repr=False)


def salt_text(salt: bytes) -> str:
    """Return the 32 bytes of a salt as 43 base64url characters."""
    return base64.urlsafe_b64encode(salt).rstrip(b"=").decode("ascii")


def write_unit_place(place: UnitPlace) -> bytes:
    """Return the file: canonical JSON and nothing else.

    Raises:
        LimitExceeded: when it would be longer than a reader takes.
    """
    data = canonical_json({"patient": dict(place.patient), "salt": place.salt, "unit": place.unit})
    _require_length(data)
    return data


def read_unit_place(stream: BinaryIO) -> UnitPlace:
    """Return what the file says.

    Raises:
        LimitExceeded: when it is longer than any.
        TableUnreadable: when it is not that object in canonical JSON.
    """
    data = stream.read(MAX_BYTES + 1)
    _require_length(data)
    try:
        value = json.loads(data.decode("utf-8"))
        known = isinstance(value, dict) and value.keys() == _KEYS and canonical_json(value) == data
    except (ValueError, RecursionError):
        known = False
    if not known or not _are_texts(value["patient"]):
        raise _unreadable()
    unit, salt = value["unit"], value["salt"]
    if not (isinstance(unit, str) and isinstance(salt, str) and _SALT.fullmatch(salt)):
        raise _unreadable()
    return UnitPlace(unit=unit, salt=salt, patient=value["patient"])


def _require_length(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        name = mark("the size of a part in bytes")
        raise LimitExceeded(where=layout.UNIT, name=name, found=len(data), limit=MAX_BYTES)


def _are_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _unreadable() -> TableUnreadable:
    reason = mark("it does not say in canonical JSON which unit of a package it is")
    return TableUnreadable(name=layout.UNIT, line=1, reason=reason)
