"""The index of a keyring: the lines after the first, one for each unit, as canonical JSON.

Canonical here: UTF-8, keys in code-point order, no spaces, nothing escaped
that need not be, one ``\\n`` at the end. A line that would be written
differently is refused, so that the commitment covers exactly one spelling.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from archiver.errors import KeyUnreadable
from archiver.sealing.keyring_json import line_of, matches, parse_line, require
from archiver.sealing.sealed import MEMBER, PASSPHRASE, PRACTICE_MEMBER
from formats.digests import Digest, DigestMalformed
from formats.words import mark

MAX_SIZE = 1 << 62
"""Bytes a plain archive may claim; far beyond any disk, within a signed 64-bit number."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_NEW_YEAR = re.compile(r"[0-9]{4}-01-01")


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyringEntry:
    """One unit: how to open it, whose it is, what it must hold, and how long it is kept.

    ``plain_digest`` is the SHA-256 and ``plain_size`` the bytes of the plain
    archive; ``patient`` holds traits by name, nothing for the practice unit;
    ``counts`` tells how many records of each kind are inside. ``salt`` (43 base64url characters)
    blinds the patient's leaf of the commitment to all patients; the practice unit is no leaf and
    has none. ``destroy_from`` and ``hold`` are those of the first revision's public manifest.
    """

    unit: str
    member: str
    passphrase: str = field(repr=False)
    plain_digest: Digest
    plain_size: int
    patient: Mapping[str, str] | None = field(repr=False)
    counts: Mapping[str, int]
    salt: str | None = field(repr=False)
    destroy_from: date | None = None
    hold: bool = False

    def __post_init__(self) -> None:
        require(matches(_NAME, self.unit), mark("a unit has a malformed name"))
        require(matches(MEMBER, self.member), mark("a unit has a malformed member name"))
        require(matches(PASSPHRASE, self.passphrase), mark("a unit has a malformed passphrase"))
        require(_is_count(self.plain_size), mark("a unit has a malformed size"))
        require(self.patient is None or _are_traits(self.patient), mark("a patient has malformed traits"))
        require(_are_counts(self.counts), mark("a unit has malformed counts"))
        practice = self.patient is None
        require((self.member == PRACTICE_MEMBER) is practice, mark("a unit has a malformed member name"))
        salted = self.salt is None if practice else matches(PASSPHRASE, self.salt)
        require(salted, mark("a unit has a malformed salt"))
        require(isinstance(self.hold, bool), mark("a unit has a malformed term"))


def entry_line(entry: KeyringEntry) -> bytes:
    """Return the line of ``entry``: its part of the index."""
    return line_of(
        {
            "unit": entry.unit,
            "member": entry.member,
            "passphrase": entry.passphrase,
            "plain_sha256": entry.plain_digest.hex,
            "plain_size": entry.plain_size,
            "patient": None if entry.patient is None else dict(entry.patient),
            "counts": dict(entry.counts),
            "salt": entry.salt,
            "destroy_from": entry.destroy_from.isoformat() if entry.destroy_from else None,
            "hold": entry.hold,
        }
    )


def read_entry_line(line: bytes) -> KeyringEntry:
    """Read the line of one unit.

    Raises:
        KeyUnreadable: it is not canonical, or a field is missing, foreign or malformed.
    """
    value = parse_line(line)
    require(value.keys() == _FIELDS, mark("a unit has missing or foreign fields"))
    fields = {**value, "destroy_from": _new_year(value["destroy_from"])}
    digest = _digest(fields.pop("plain_sha256"))
    entry = KeyringEntry(**fields, plain_digest=digest)
    require(line_of(value) == line, mark("a line is not in its canonical form"))
    return entry


def known_entry(line: bytes) -> KeyringEntry:
    """Return the entry of a line that ``read_entry_line`` has read before: nothing is judged again."""
    value = json.loads(line)
    value["plain_digest"] = Digest.from_hex(value.pop("plain_sha256"))
    value["destroy_from"] = date.fromisoformat(value["destroy_from"]) if value["destroy_from"] else None
    entry = object.__new__(KeyringEntry)
    for name, one in value.items():
        object.__setattr__(entry, name, one)
    return entry


_FIELDS = frozenset(KeyringEntry.__dataclass_fields__) - {"plain_digest"} | {"plain_sha256"}


def _digest(value: Any) -> Digest:
    try:
        return Digest.from_hex(value)
    except (DigestMalformed, TypeError) as fault:
        raise KeyUnreadable(reason=mark("a unit has a malformed digest")) from fault


def _new_year(value: Any) -> date | None:
    """Return the 1 January that ``value`` is, or nothing for ``null``."""
    if value is None:
        return None
    require(matches(_NEW_YEAR, value) and value[:4] != "0000", mark("a unit has a malformed term"))
    return date.fromisoformat(value)


def reading_key(entry: KeyringEntry) -> str:
    """Return what sorts entries by the numbers of their patients, the practice last: where a unit lies says nothing."""
    number = (entry.patient or {}).get("number", "")
    return f"{entry.patient is None:d}{len(number):05}{number}{entry.unit}"


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SIZE


def _are_traits(value: object) -> bool:
    return isinstance(value, Mapping) and _all_are(str, value) and _all_are(str, value.values())


def _are_counts(value: object) -> bool:
    if not isinstance(value, Mapping) or not _all_are(str, value):
        return False
    counts = value.values()
    return not counts or (_all_are(int, counts) and _is_count(min(counts)) and _is_count(max(counts)))


def _all_are(kind: type, values: Iterable[object]) -> bool:
    """Say whether all are of one kind, asking once for each of the few classes there are."""
    classes = {*map(type, values)}
    return bool not in classes and all(issubclass(one, kind) for one in classes)
