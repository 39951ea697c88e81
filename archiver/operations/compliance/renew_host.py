"""Write down the certificate of a host that follows the one it has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from archiver.practice.registers.hosts import Host, add_host, end_host, host_entry
from archiver.practice.store import PracticeStore

RENEWED = "renewed"
"""The reason with which the entry of the certificate before is ended."""
_SAME = ("name", "service", "scope", "certifier")


def renew_host(store: PracticeStore, number: int, *, cells: Mapping[str, str], by: str, at: datetime) -> Host:
    """End the entry of a host, and write it down anew with ``cells``; whose it is and what it covers else stays.

    Raises:
        HostUnknown: when no entry in force has this number.
    """
    before = host_entry(store, number)
    end_host(store, number, reason=RENEWED, by=by, at=at)
    return add_host(store, by=by, at=at, **({name: getattr(before, name) for name in _SAME} | dict(cells)))
