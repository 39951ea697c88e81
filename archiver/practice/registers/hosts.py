"""Register of hosts: who keeps health data for the practice, with the HDS certificate that they need (CSP L1111-8).

A certificate that was renewed is a new entry, and the one before is ended; nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from archiver.practice.registers.errors import HostUnknown
from archiver.practice.registers.rows import insert_entry, select_entries, select_entry, update_entry
from archiver.practice.store import PracticeStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Host:
    """A host with its certificate; ``ended_at`` is empty while it keeps something. What nobody stated is empty.

    ``scope`` are the activities that the certificate covers, ``certified_until`` its last day.
    """

    table: ClassVar[str] = "hosts"
    id: int
    name: str
    service: str
    certificate: str
    scope: str
    certifier: str
    certified_until: str
    added_by: str
    added_at: str
    ended_by: str
    ended_at: str
    ending_reason: str


def add_host(store: PracticeStore, *, by: str, at: datetime, **cells: str) -> Host:
    """Write a host down."""
    host = insert_entry(store, Host, added_by=by, added_at=at.isoformat(), **cells)
    store.note(at.isoformat(), "host-added", {"host": host.id, "by": by, **cells})
    return host


def end_host(store: PracticeStore, number: int, *, reason: str, by: str, at: datetime) -> Host:
    """End an entry: the host keeps nothing any more, or has another certificate.

    Raises:
        HostUnknown: when no entry in force has this number.
    """
    host = host_entry(store, number)
    update_entry(store, Host, number, ended_by=by, ended_at=at.isoformat(), ending_reason=reason)
    detail = {"host": number, "name": host.name, "by": by, "reason": reason}
    store.note(at.isoformat(), "host-ended", detail)
    return select_entry(store, Host, number) or host


def host_entry(store: PracticeStore, number: int) -> Host:
    """Return an entry in force.

    Raises:
        HostUnknown: when none has this number.
    """
    found = select_entry(store, Host, number)
    if found is None or found.ended_at:
        raise HostUnknown(number=number)
    return found


def hosts(store: PracticeStore, *, in_force: bool = True) -> Iterator[Host]:
    """Yield the hosts in force, or all there ever were."""
    return select_entries(store, Host, "ended_at = ''" if in_force else "TRUE")
