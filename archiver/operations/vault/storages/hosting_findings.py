"""What is to be known of whoever hosts the storages of a vault: certificates (HDS) that end or ended, and locks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from archiver.operations.vault.storages.next_commands import StorageCommands
from archiver.vault.description import StorageEntry, VaultDescription
from formats.findings import Finding, Severity
from formats.words import mark

ENDING = timedelta(days=90)
"""How long before its end a certificate of a host is warned about: a contract is not moved in a week."""


def hosting_findings(
    description: VaultDescription, today: date, commands: StorageCommands
) -> Iterator[Finding]:
    """Yield a warning, at its name, for each storage taken without a lock, or whose certificate (HDS) ends or ended.

    It is warned about from ``ENDING`` before its last day; ``commands`` has what writes the next one down.
    """
    for one in description.storages:
        if one.unlocked:
            yield Finding(
                severity=Severity.WARNING,
                code="vault-storage-unlocked",
                where=one.name,
                sentence=mark(
                    "A probe did not find that this object storage locks; it is taken all the same: {reason}."
                ),
                facts={"reason": one.unlocked},
            )
        if one.hosting.is_certified(today) and not one.hosting.is_certified(today + ENDING):
            yield Finding(
                severity=Severity.WARNING,
                code="vault-certificate-ending",
                where=one.name,
                sentence=mark(
                    "The certificate (HDS) {number} ends on {day}: ask the host for the one that follows, and"
                    " write it down ({command})."
                ),
                facts=_ending(one, commands),
            )
        if one.hosting.certificate and not one.hosting.is_certified(today):
            yield Finding(
                severity=Severity.WARNING,
                code="vault-certificate-ended",
                where=one.name,
                sentence=mark(
                    "The certificate (HDS) {number} ended on {day}: write the one that follows down ({command})."
                ),
                facts=_ending(one, commands),
            )


def _ending(storage: StorageEntry, commands: StorageCommands) -> Mapping[str, str]:
    command = f"{commands.host} {storage.name}" if commands.about else commands.host
    return {"number": storage.hosting.certificate, "day": storage.hosting.until, "command": command}
