"""The lines of a keyring: a header, then one line per unit, as canonical JSON.

Canonical here: UTF-8, keys in code-point order, no spaces, nothing escaped
that need not be, one ``\\n`` at the end. A line that would be written
differently is refused, so that the commitment covers exactly one spelling.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archiver.errors import KeyUnreadable
from archiver.sealing.sealed import MEMBER, PASSPHRASE
from formats.words import mark

VERSION = 1
"""The form of keyring described here."""
NONCE = 32
"""Bytes of the nonce that blinds the commitment."""
MAX_LINE = 64 * 1024
"""Bytes of one line; a patient's traits and counts take under 1,000."""
MAX_SIZE = 1 << 62
"""Bytes a plain archive may claim; far beyond any disk, within a signed 64-bit number."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyringHeader:
    """Which package the keyring opens, and the nonce (32 bytes) of its commitment."""

    package: str
    nonce: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _require(isinstance(self.package, str) and bool(self.package), mark("it names no package"))
        _require(len(self.nonce) == NONCE, mark("its nonce has a wrong size"))


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyringEntry:
    """One unit: how to open it, whose it is, and what it must hold.

    ``plain_sha256`` is lower-case hex and ``plain_size`` bytes of the plain
    archive; ``patient`` holds traits by name, nothing for the practice unit;
    ``counts`` tells how many records of each kind are inside.
    """

    unit: str
    member: str
    passphrase: str = field(repr=False)
    plain_sha256: str
    plain_size: int
    patient: Mapping[str, str] | None = field(repr=False)
    counts: Mapping[str, int]

    def __post_init__(self) -> None:
        _require(_matches(_NAME, self.unit), mark("a unit has a malformed name"))
        _require(_matches(MEMBER, self.member), mark("a unit has a malformed member name"))
        _require(_matches(PASSPHRASE, self.passphrase), mark("a unit has a malformed passphrase"))
        _require(_matches(_SHA256, self.plain_sha256), mark("a unit has a malformed digest"))
        _require(_is_count(self.plain_size), mark("a unit has a malformed size"))
        _require(self.patient is None or _are_traits(self.patient), mark("a patient has malformed traits"))
        _require(_are_counts(self.counts), mark("a unit has malformed counts"))


def header_line(header: KeyringHeader) -> bytes:
    """Return the first line of a keyring."""
    nonce = base64.urlsafe_b64encode(header.nonce).rstrip(b"=").decode("ascii")
    return _line({"keyring": VERSION, "package": header.package, "nonce": nonce})


def entry_line(entry: KeyringEntry) -> bytes:
    """Return the line of ``entry``: its part of the index."""
    return _entry_line(
        {
            "unit": entry.unit,
            "member": entry.member,
            "passphrase": entry.passphrase,
            "plain_sha256": entry.plain_sha256,
            "plain_size": entry.plain_size,
            "patient": None if entry.patient is None else dict(entry.patient),
            "counts": dict(entry.counts),
        }
    )


def _entry_line(value: dict[str, Any]) -> bytes:
    line = _line(value)
    _require(len(line) <= MAX_LINE, mark("a line is too long"))
    return line


def read_header_line(line: bytes) -> KeyringHeader:
    """Read the first line.

    Raises:
        KeyUnreadable: it is not the canonical first line of a keyring of this form.
    """
    value = _parsed(line)
    _require(value.get("keyring") == VERSION, mark("it is no keyring of a known form"))
    _require(value.keys() == {"keyring", "package", "nonce"}, mark("its first line is malformed"))
    nonce = value["nonce"]
    _require(_matches(PASSPHRASE, nonce), mark("its nonce is malformed"))
    header = KeyringHeader(package=value["package"], nonce=base64.urlsafe_b64decode(nonce + "="))
    _require(header_line(header) == line, mark("a line is not in its canonical form"))
    return header


def read_entry_line(line: bytes) -> KeyringEntry:
    """Read the line of one unit.

    Raises:
        KeyUnreadable: it is not canonical, or a field is missing, foreign or malformed.
    """
    value = _parsed(line)
    _require(value.keys() == _FIELDS, mark("a unit has missing or foreign fields"))
    entry = KeyringEntry(**value)
    _require(_entry_line(value) == line, mark("a line is not in its canonical form"))
    return entry


_FIELDS = frozenset(KeyringEntry.__dataclass_fields__)
_canonical = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
).encode
"""Made once: a package may have 200,000 lines, each written again to see that it has its one spelling."""


def _line(value: dict[str, Any]) -> bytes:
    try:
        return _canonical(value).encode("utf-8") + b"\n"
    except UnicodeEncodeError as fault:  # half a surrogate pair: no character
        raise KeyUnreadable(reason=mark("a text holds something that is no character")) from fault


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise KeyUnreadable(reason=mark("a line is not JSON")) from fault
    if not isinstance(value, dict):
        raise KeyUnreadable(reason=mark("a line is not a JSON object"))
    return value


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise KeyUnreadable(reason=reason)


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


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
