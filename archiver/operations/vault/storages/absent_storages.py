"""Storages of a vault that do not answer, or in whose place another disk is: what goes on without them names them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archiver.vault.open_vault import Vault, refuse_foreign
from archiver.verdict import fault_line
from formats.errors import Failure
from formats.findings import Finding


def absent_storages(vault: Vault) -> Iterator[Finding]:
    """Yield what each storage of ``vault`` that is none of its own now answers, at the name of the storage."""
    for one in vault.replicas:
        try:
            refuse_foreign(replace(vault, replicas=(one,)))
        except Failure as failure:
            yield replace(fault_line(failure), where=one.name)
