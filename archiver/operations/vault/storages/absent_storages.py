"""Storages of a vault that do not answer, or in whose place another disk is: what goes on without them names them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from archiver.vault.catalogue import Catalogue
from archiver.vault.open_vault import Vault, refuse_foreign_storage
from archiver.vault.settle import settle_additions
from archiver.verdict import fault_line
from formats.errors import Failure
from formats.findings import Finding


def absent_storages(vault: Vault) -> Iterator[Finding]:
    """Yield what each storage of ``vault`` that is none of its own now answers, at the name of the storage."""
    for one in vault.replicas:
        try:
            refuse_foreign_storage(one, vault.description.id)
        except Failure as failure:
            yield replace(fault_line(failure), where=one.name)


def passed_over(vault: Vault, catalogue: Catalogue, *, at: datetime) -> list[Finding]:
    """Return what keeps a command about all of ``vault`` from having reached everything, when it has done its work.

    These are its absent storages; where there are none, why an addition that was ended cannot be finished.
    """
    if absent := [*absent_storages(vault)]:
        return absent
    try:
        settle_additions(vault, catalogue, at=at)
    except Failure as failure:
        return [fault_line(failure)]
    return []
