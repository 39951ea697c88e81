"""What ``vault parity make`` and ``vault parity show`` do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS, status_of
from archiver.cli.terminal.console import complain, progress, say, show_findings, show_json, show_table
from archiver.nouns import PACKAGES
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.vault.deposit import object_id
from archiver.operations.vault.parity import ParityOutcome, add_parity_each
from archiver.operations.vault.parity_coverage import parity_coverage
from archiver.parity.create import REDUNDANCY_PERCENT
from archiver.parity.program import find_program
from archiver.vault.catalogue import open_catalogue
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import open_vault, refuse_foreign
from archiver.vault.settle import settle_additions
from formats.findings import Finding
from formats.words import BYTES, Counted, mark, plural

HEADING = (mark("package"), mark("files with parity"), mark("without"))


def make(
    folder: Path, packages: Sequence[str], redundancy: int, credentials: Path | None, *, as_json: bool
) -> int:
    """Make parity, and return the exit status.

    Raises:
        ExtraMissing, ParityFailed: when the program cannot be run.
        Failure: what a storage or the disk answered: what was done before has parity.
    """
    vault = open_vault(folder, credentials)
    percent = redundancy or vault.description.parity_percent or REDUNDANCY_PERCENT
    find_program()
    done = list[ParityOutcome]()
    with (
        vault_lock(folder, "archiver vault parity make", at=now()),
        open_catalogue(folder) as catalogue,
        progress(mark("Making parity")) as step,
    ):
        refuse_foreign(vault)
        settle_additions(vault, catalogue, at=now())
        objects = [object_id(one) for one in packages] or catalogue.object_ids()
        for one in add_parity_each(vault, catalogue, objects, percent=percent, clock=now):
            done.append(one)
            step(1)
    failed = [one.failure for one in done if one.failure is not None]
    status = next((status_of(one) for one in failed), SUCCESS)
    if as_json:
        each = [_document(one) for one in done]
        show_json({"parity_made": 1, "status": status, "percent": percent, "each": each})
        return status
    say(
        plural(
            "{packages}: parity of {percent} % made of {count} file, {size}; had it before: {present}.",
            "{packages}: parity of {percent} % made of {count} files, {size}; had it before: {present}.",
        ),
        packages=Counted(len(done), PACKAGES),
        percent=percent,
        count=sum(one.made for one in done),
        size=Counted(sum(one.size for one in done), BYTES),
        present=sum(one.present for one in done),
    )
    for failure in failed:
        complain(failure)
    return status


def _document(one: ParityOutcome) -> dict[str, Any]:
    return {
        "object": one.object_id,
        "made": one.made,
        "present": one.present,
        "size": one.size,
        "refusal": {"code": one.failure.code, "text": str(one.failure)} if one.failure else None,
    }


def show(folder: Path, credentials: Path | None, *, as_json: bool) -> int:
    """Show what has parity, and return the exit status."""
    vault = open_vault(folder, credentials)
    findings = list[Finding]()
    with open_catalogue(folder, reading=True) as catalogue:
        found = list(parity_coverage(vault, catalogue, findings))
    status = INCOMPLETE if findings else SUCCESS
    percent = vault.description.parity_percent
    if as_json:
        each = [
            {"object": one.object_id, "protected": one.protected, "lacking": one.lacking} for one in found
        ]
        show_json({"parity": 1, "percent": percent, "each": each, "findings": findings_json(findings)})
        return status
    show_table([(one.object_id, one.protected, one.lacking) for one in found], heading=HEADING)
    say(
        plural(
            "{count} file with parity, without: {lacking}. Every deposit gets: {percent} %.",
            "{count} files with parity, without: {lacking}. Every deposit gets: {percent} %.",
        ),
        count=sum(one.protected for one in found),
        lacking=sum(one.lacking for one in found),
        percent=percent,
    )
    show_findings(findings)
    return status
