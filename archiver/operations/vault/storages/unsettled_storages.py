"""Storages of a vault that are not settled: no whole copies yet, or of before and still with copies; or too few."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.operations.vault.storages.next_commands import StorageCommands
from archiver.vault.description import EXPECTED_REPLICAS, VaultDescription
from formats.findings import Finding, Severity
from formats.words import mark


def unsettled_storages(description: VaultDescription, commands: StorageCommands) -> Iterator[Finding]:
    """Yield one finding for each, at its name; the next thing to do is one of ``commands``."""
    for one in description.storages:
        if one.filling:
            yield Finding(
                severity=Severity.WARNING,
                code="vault-storage-filling",
                where=one.name,
                sentence=mark(
                    "This storage is being filled since {day}, and counts as no copy yet: {command} {address} goes on."
                ),
                facts={"day": _day(one.filling), "address": one.address, "command": commands.of("add")},
            )
    for former in description.former:
        if not former.cleared:
            yield Finding(
                severity=Severity.WARNING,
                code="vault-storage-uncleared",
                where=former.entry.name,
                sentence=mark(
                    "This storage was retired on {day}, and what is there was not destroyed: {command} does that, or"
                    " writes down how it was."
                ),
                facts={"day": _day(former.retired), "command": commands.of("clear")},
            )


def too_few_storages(description: VaultDescription) -> Iterator[Finding]:
    """Yield that fewer storages than expected are whole copies."""
    if len(description.replicas) < EXPECTED_REPLICAS:
        yield Finding(
            severity=Severity.WARNING,
            code="vault-one-storage",
            where="",
            sentence=mark(
                "The vault has one storage: what is lost there is lost. Two on different disks are expected."
            ),
        )


def _day(moment: str) -> str:
    return moment[: len("2026-11-29")]
