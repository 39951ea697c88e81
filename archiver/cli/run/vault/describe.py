"""What ``vault init``, ``vault host`` and ``vault parity set`` do."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import typer

from archiver.cli.clock import now
from archiver.cli.commands.vault.options import HostingOptions
from archiver.cli.options.register_entries import day_of
from archiver.cli.terminal.console import say, show_findings, show_json
from archiver.cli.terminal.language import localize
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.vault.init_vault import VaultRequest, init_vault
from archiver.operations.vault.storages.hosting_findings import hosting_findings
from archiver.operations.vault.storages.next_commands import STORAGE_COMMANDS, StorageCommands
from archiver.operations.vault.storages.revise_description import revise_hosting, revise_parity
from archiver.operations.vault.storages.unsettled_storages import too_few_storages, unsettled_storages
from archiver.vault.description import (
    Hosting,
    VaultDescription,
    storage_document,
)
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import open_vault, refuse_foreign
from formats.findings import Finding
from formats.words import mark, plural

REVISED = plural(
    "The description of vault {id} is revised: {count} storage.",
    "The description of vault {id} is revised: {count} storages.",
)


def init(
    folder: Path,
    name: str,
    storages: Sequence[str],
    hosting: HostingOptions,
    credentials: Path | None,
    *,
    unlocked: str,
    terms: tuple[int, int, int],
    as_json: bool,
) -> None:
    """Make a vault and say what it has; ``terms`` are days of fixity, years of retention, percent of parity."""
    request = VaultRequest(
        folder=folder,
        name=name,
        storages=storages,
        hosting=hosting_of(hosting),
        identifier=str(uuid.uuid4()),
        credentials=credentials,
        unlocked=unlocked,
        fixity_days=terms[0],
        retention_years=terms[1],
        parity_percent=terms[2],
    )
    vault = init_vault(request, clock=now)
    _show(
        vault.description,
        plural(
            "Vault {id} is made, with {count} storage; every file is read again within {days} days.",
            "Vault {id} is made, with {count} storages; every file is read again within {days} days.",
        ),
        as_json=as_json,
    )


def host(
    folder: Path, storage: str, hosting: HostingOptions, credentials: Path | None, *, as_json: bool
) -> None:
    """Write down who hosts a storage.

    Raises:
        BadParameter: when the vault has no such storage.
    """
    stated = hosting_of(hosting)
    vault = open_vault(folder, credentials)
    with vault_lock(folder, "archiver vault host", at=now()):
        refuse_foreign(vault)
        try:
            description = revise_hosting(open_vault(folder, credentials), storage, stated, clock=now)
        except LookupError as fault:
            raise typer.BadParameter(
                localize(mark("the vault has no such storage")), param_hint="STORAGE"
            ) from fault
    _show(description, REVISED, as_json=as_json)


def set_parity(folder: Path, percent: int, credentials: Path | None, *, as_json: bool) -> None:
    """Write down how much parity deposits get."""
    vault = open_vault(folder, credentials)
    with vault_lock(folder, "archiver vault parity set", at=now()):
        refuse_foreign(vault)
        description = revise_parity(open_vault(folder, credentials), percent, clock=now)
    _show(description, REVISED, as_json=as_json)


def hosting_of(options: HostingOptions) -> Hosting:
    """Return what the options say of a host."""
    return Hosting(
        host=options.host,
        certificate=options.certificate,
        scope=options.scope,
        certifier=options.certifier,
        until=day_of(options.until, "--until").isoformat() if options.until else "",
        reason=options.uncertified,
    )


def description_findings(
    description: VaultDescription, today: date, commands: StorageCommands = STORAGE_COMMANDS
) -> Iterator[Finding]:
    """Yield what is wrong with the storages of a vault: too few, certificates that ended or are missing."""
    yield from too_few_storages(description)
    yield from unsettled_storages(description, commands)
    yield from hosting_findings(description, today, commands)


def description_document(description: VaultDescription) -> dict[str, Any]:
    """Return a description as JSON documents have it."""
    return {
        "id": description.id,
        "name": description.name,
        "created": description.created.isoformat(),
        "revision": description.revision,
        "fixity_days": description.fixity_days,
        "retention_years": description.retention_years,
        "parity_percent": description.parity_percent,
        "storages": [storage_document(one) for one in description.storages],
    }


def _show(description: VaultDescription, sentence: str, *, as_json: bool) -> None:
    findings = tuple(description_findings(description, now().date()))
    if as_json:
        document = description_document(description)
        show_json({"vault_description": 1, **document, "findings": findings_json(findings)})
        return
    say(sentence, id=description.id, count=len(description.storages), days=description.fixity_days)
    for one in description.storages:
        certificate = mark("  {name}: {address}, certificate (HDS) {certificate} until {until}")
        reason = mark("  {name}: {address}, without certificate (HDS): {reason}")
        facts = {**asdict(one.hosting), "name": one.name, "address": one.address}
        say(certificate if one.hosting.certificate else reason, **facts)
    if description.parity_percent:
        say(mark("  Every deposit gets parity (PAR2): {percent} %."), percent=description.parity_percent)
    show_findings(findings)
