"""Whether the clock may decide that a term has ended: it must fit what the vault itself wrote down.

A clock that is behind the last that was written down, or ahead of it by more than a fixity interval, in which an audit
would have written something, is not believed. An object storage compares its own clock with every answer besides.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from archiver.vault.catalogue import Catalogue
from archiver.vault.checks import CheckTable
from archiver.vault.disposal.errors import ClockDoubtful
from archiver.vault.journal.entry import read_entry
from archiver.vault.journal.head import read_head
from archiver.vault.journal.places import FOLDER, own_place
from archiver.vault.journal.record_file import MAX_RECORD_BYTES, read_journal_record, record_path
from archiver.vault.open_vault import Vault

TOLERANCE = timedelta(minutes=5)
"""How far a clock may be behind what another machine wrote down (RFC 4120, 7.5.8)."""


def last_written(vault: Vault, catalogue: Catalogue, checks: CheckTable) -> datetime:
    """Return the moment of the last that the vault wrote down: in its journal, of deposits, of checks.

    Raises:
        JournalDamaged: when the journal cannot be read; DiskFault.
    """
    return max(_moments(vault, catalogue, checks))


def _moments(vault: Vault, catalogue: Catalogue, checks: CheckTable) -> Iterator[datetime]:
    yield vault.description.created
    yield from _journal_moments(vault)
    yield from (datetime.fromisoformat(one.receipt.accepted_at) for one in catalogue.entries())
    yield from (datetime.fromisoformat(one.at) for one in checks)


def _journal_moments(vault: Vault) -> Iterator[datetime]:
    """Yield the moment of the last entry of the journal, where there is one."""
    if not (vault.folder / FOLDER).is_dir():
        return
    place = own_place(vault.folder)
    head = read_head(vault.folder, place, None)
    data = place.find(record_path(head.record), MAX_RECORD_BYTES)
    if data is not None:
        yield datetime.fromisoformat(read_entry(read_journal_record(data).lines[-1]).at)


def refuse_doubtful_clock(vault: Vault, catalogue: Catalogue, checks: CheckTable, *, at: datetime) -> None:
    """Refuse to let a clock decide that does not fit what was written down.

    Raises:
        ClockDoubtful: why it does not; JournalDamaged, DiskFault.
    """
    last = last_written(vault, catalogue, checks)
    if not last - TOLERANCE <= at <= last + timedelta(days=vault.description.fixity_days):
        raise ClockDoubtful(now=at.isoformat(timespec="seconds"), last=last.isoformat(timespec="seconds"))
