"""What ``storage list`` does."""

from __future__ import annotations

from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.run.vault.describe import description_findings
from archiver.cli.terminal.console import say, show_findings, show_json
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.vault.storages.next_commands import STORAGE_COMMANDS, StorageCommands
from archiver.vault.description import (
    Hosting,
    VaultDescription,
    description_of,
    former_document,
    storage_document,
)
from formats.words import mark


def list_(folder: Path, *, as_json: bool, commands: StorageCommands = STORAGE_COMMANDS) -> None:
    """List the storages of a vault."""
    description = description_of(folder)
    findings = [*description_findings(description, now().date(), commands)]
    if as_json:
        document = {
            "vault_storages": 1,
            "vault": description.id,
            "storages": [{**storage_document(one), "whole": not one.filling} for one in description.storages],
            "former": [former_document(one) for one in description.former],
        }
        show_json({**document, "findings": findings_json(findings)})
        return
    _show_storages(description)
    show_findings(findings)


def _show_storages(description: VaultDescription) -> None:
    for one in description.storages:
        filling = mark("{name}: {address}, being filled since {day}")
        whole = mark("{name}: {address}, a whole copy")
        day = one.filling[: len("2026-11-29")]
        say(filling if one.filling else whole, name=one.name, address=one.address, day=day)
        _show_host(one.hosting)
    for former in description.former:
        retired = mark("{name}: {address}, retired on {day}: {reason}")
        cleared = mark("{name}: {address}, retired on {day}: {reason}; cleared on {cleared}")
        say(
            cleared if former.cleared else retired,
            name=former.entry.name,
            address=former.entry.address,
            day=former.retired[: len("2026-11-29")],
            reason=former.reason,
            cleared=former.cleared[: len("2026-11-29")],
        )


def _show_host(hosting: Hosting) -> None:
    certificate = mark("  certificate (HDS) {number} of {host}, until {until}")
    reason = mark("  without certificate (HDS): {reason}")
    say(
        certificate if hosting.certificate else reason,
        number=hosting.certificate,
        host=hosting.host,
        until=hosting.until,
        reason=hosting.reason,
    )
