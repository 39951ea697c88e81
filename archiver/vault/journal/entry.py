"""Entries of the journal: what was done, to which object, and what it came to; as canonical JSON of one line.

Each names the hash of the entry before it, so that the entries are a chain by themselves, besides the Merkle tree.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from archiver import __version__
from formats.json_text import canonical_json
from formats.tlog.tiles import MAX_ENTRY_BYTES

PROGRAM = f"archiver {__version__}"
"""Agent of an entry for which nobody is named."""
VERSION_FACT = "version"
"""Fact of an entry about what was written: the version of the object, or of the destruction that is named."""


class VaultAct(StrEnum):
    """What is done in a vault."""

    DEPOSIT = "deposit"
    CHECK = "check"
    PARITY = "parity"
    REPAIR = "repair"
    RENEWAL = "renewal"
    ACCESS = "access"
    HOLD = "hold"
    LIFT = "lift"
    APPROVAL = "approval"
    DESTRUCTION = "destruction"
    RESTITUTION = "restitution"
    DESCRIPTION = "description"
    WITNESS = "witness"


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalEntry:
    """One act: ``object_id`` is empty where it is about the vault as a whole; ``outcome`` is a stable code.

    ``agent`` is who did it, by name or number; without one, the program. In ``facts`` nothing of any patient ever is.
    """

    act: VaultAct
    object_id: str = ""
    outcome: str = ""
    agent: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedEntry:
    """An entry where it stands: ``number`` counts from 0, ``previous`` is the leaf hash of the one before, or nothing.

    ``at`` is RFC 3339 in UTC, in whole seconds.
    """

    number: int
    at: str
    previous: str
    entry: JournalEntry


def journal_moment(at: datetime) -> str:
    """Return a moment as entries have it."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def journal_line(entry: JournalEntry, *, number: int, previous: bytes, at: datetime) -> bytes:
    """Return an entry as it is logged; ``previous`` is the leaf hash of the entry before, and empty for the first.

    Raises:
        ValueError: when it is longer than an entry of a log can be.
    """
    line = canonical_json(
        {
            "number": number,
            "at": journal_moment(at),
            "previous": previous.hex(),
            "act": entry.act.value,
            "object": entry.object_id,
            "outcome": entry.outcome,
            "agent": entry.agent or PROGRAM,
            "facts": dict(entry.facts),
        }
    )
    if len(line) > MAX_ENTRY_BYTES:
        raise ValueError(f"an entry of {len(line)} bytes")
    return line


def in_version(entry: JournalEntry, version: str) -> JournalEntry:
    """Return an entry about the ``version`` of the object that it is about, or of the destruction that it names."""
    return replace(entry, facts={**entry.facts, VERSION_FACT: version})


def entries_text(entries: Iterable[JournalEntry]) -> str:
    """Return entries that are still to be logged as a text."""
    return canonical_json([asdict(one) for one in entries]).decode()


def read_noted_entries(text: str) -> list[JournalEntry]:
    """Return the entries that ``entries_text`` made a text of."""
    return [JournalEntry(**one | {"act": VaultAct(one["act"])}) for one in json.loads(text)]


def read_entry(line: bytes) -> LoggedEntry:
    """Return the entry that ``line`` is.

    Raises:
        ValueError: when it is none in its one spelling.
    """
    try:
        document = json.loads(line)
        found = LoggedEntry(
            number=document["number"],
            at=document["at"],
            previous=document["previous"],
            entry=JournalEntry(
                act=VaultAct(document["act"]),
                object_id=document["object"],
                outcome=document["outcome"],
                agent=document["agent"],
                facts=document["facts"],
            ),
        )
        at = datetime.fromisoformat(found.at)
        previous = bytes.fromhex(found.previous)
        again = journal_line(found.entry, number=found.number, previous=previous, at=at)
    except (TypeError, KeyError, AttributeError, UnicodeError, RecursionError) as fault:
        raise ValueError(f"{type(fault).__name__} {fault}") from fault
    if again != line:
        raise ValueError("not canonical")
    return found
