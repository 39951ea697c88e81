"""What ``vault fetch`` and ``vault export`` do."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.commands.vault.options import AccessOptions
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.terminal.console import progress, say, show_findings, show_json
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.vault.fetch import (
    Access,
    FetchedFiles,
    FurtherFiles,
    export_depositor,
    fetch as fetching,
)
from archiver.spooled_list import SpooledList
from archiver.vault.catalogue import open_catalogue
from archiver.vault.depositor import objects_of_depositor
from archiver.vault.open_vault import open_vault
from formats.words import mark, plural


def fetch(
    folder: Path,
    package: str,
    target: Path,
    *,
    revision: int,
    further: Collection[FurtherFiles],
    access: AccessOptions,
    credentials: Path | None,
    as_json: bool,
) -> int:
    """Give one package back, and return the exit status."""
    vault = open_vault(folder, credentials)
    with progress(mark("Giving back"), unit="B") as step:
        found = fetching(
            vault,
            package,
            target,
            _access(access),
            revision=revision,
            further=further,
            progress=step,
        )
    return _show([found], as_json=as_json)


def export(
    folder: Path,
    sender: str,
    target: Path,
    access: AccessOptions,
    credentials: Path | None,
    *,
    as_json: bool,
) -> int:
    """Give everything of a depositor back, and return the exit status."""
    vault = open_vault(folder, credentials)
    with open_catalogue(folder, reading=True) as catalogue:
        objects = objects_of_depositor(catalogue, sender)
    with progress(mark("Giving back"), unit="B") as step:
        given = export_depositor(vault, objects, target, _access(access), progress=step)
        found = SpooledList(given, folder=folder)
    return _show(found, as_json=as_json)


def _access(options: AccessOptions) -> Access:
    return Access(at=now(), agent=options.agent, reason=options.reason)


def _show(found: Collection[FetchedFiles], *, as_json: bool) -> int:
    """Say what was given back; a storage that did not give something is named, and another one did."""
    findings = [one for each in found for one in each.findings]
    status = INCOMPLETE if findings else SUCCESS
    if as_json:
        packages = (
            {
                "object": one.object_id,
                "files": [str(path) for path in one.paths],
                "size": one.size,
                "units_destroyed": one.destroyed,
            }
            for one in found
        )
        show_json({"given_back": 1, "packages": packages, "findings": findings_json(findings)})
        return status
    for one in found:
        say(
            plural(
                "{object}: {count} file, {size} bytes, as deposited.",
                "{object}: {count} files, {size} bytes, as deposited.",
            ),
            object=one.object_id,
            count=len(one.paths),
            size=one.size,
        )
        if one.destroyed:
            say(
                plural(
                    "  {count} unit of it was lawfully destroyed: verify names it, for whoever accepts the vault's"
                    " signer.",
                    "  {count} units of it were lawfully destroyed: verify names them, for whoever accepts the vault's"
                    " signer.",
                ),
                count=one.destroyed,
            )
        for path in one.paths:
            say("  {path}", path=str(path))
    show_findings(findings)
    return status
