"""Write on the journal: an act is recorded, durably, before anybody is told that it was done."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from archiver.vault.description import NAME as DESCRIPTION
from archiver.vault.journal.entry import JournalEntry
from archiver.vault.journal.open_journal import append, current_head, open_journal
from archiver.vault.journal.record_file import MAX_TOGETHER
from archiver.vault.journal.seal import is_due, seal_journal
from archiver.vault.open_vault import Vault
from formats.errors import Failure


def record(vault: Vault, entries: Iterable[JournalEntry], *, at: datetime) -> None:
    """Record what was done ``at`` a moment; durable when this returns.

    When an entry that is not sealed is older than a day, the journal is sealed, without a time-stamp: that needs an
    authority, which ``archiver vault journal seal`` asks.

    Raises:
        VaultBusy: when another command writes on the journal for a minute.
        JournalMissing, JournalDamaged, JournalBehind, JournalDiffers: when it cannot be continued.
        Failure: what the disk answers, or the last storage when none takes it.
    """
    each = list(entries)
    if not each:
        return
    with open_journal(vault, at=at) as journal:
        head = current_head(journal, at=at)
        for start in range(0, len(each), MAX_TOGETHER):
            head = append(journal, head, each[start : start + MAX_TOGETHER], at=at)
        with suppress(Failure):  # what is recorded is durable without; verify says what is not sealed
            if is_due(journal.own, head, at):
                seal_journal(journal, head)


def require_recordable(vault: Vault, *, at: datetime) -> None:
    """Refuse to change anything in a vault whose journal could not take an entry of it afterwards.

    A vault whose journal is not begun yet passes: it begins with the first act.

    Raises:
        VaultBusy, JournalMissing, JournalDamaged, JournalBehind: why it could not; DiskFault.
    """
    if vault.description.journal_key and (vault.folder / DESCRIPTION).exists():
        with open_journal(vault, at=at) as journal:
            current_head(journal, at=at)


def begin(vault: Vault, *, at: datetime) -> None:
    """Begin the journal of a new vault; one that is begun stays as it is.

    Raises:
        Failure: as ``record``.
    """
    with open_journal(vault, at=at) as journal:
        current_head(journal, at=at)
