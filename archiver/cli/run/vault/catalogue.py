"""What ``vault list``, ``vault show`` and ``vault rebuild`` do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.run.vault.describe import description_document, description_findings
from archiver.cli.terminal.console import progress, say, show_findings, show_json, show_table
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.journal.restore_journal import RestoredJournal, restore_journal
from archiver.operations.vault.deposit import object_id
from archiver.operations.vault.fetch import find_stored
from archiver.operations.vault.rebuild import rebuild as rebuilding
from archiver.spooled_list import SpooledList
from archiver.vault.catalogue import CatalogueEntry, open_catalogue
from archiver.vault.depositor import entries_of_depositor
from archiver.vault.description import description_of
from archiver.vault.errors import VaultObjectUnknown
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import Replica, open_vault, refuse_foreign
from formats.findings import Finding, Severity
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place
from formats.words import Counted, mark, plural

HEADING = (
    *(mark("package"), mark("revision"), mark("depositor"), mark("accepted on"), mark("bytes")),
    *(mark("destroy from"), mark("held"), mark("storages"), mark("destroyed on")),
)
DEPOSITS = plural("{count} deposit", "{count} deposits")
PLACES = (mark("file"), mark("since"), mark("bytes"), "SHA-512")


def list_(folder: Path, sender: str, *, as_json: bool) -> int:
    """List the deposits; return the exit status."""
    description = description_of(folder)
    names = {one.name for one in description.replicas}
    with open_catalogue(folder, reading=True) as catalogue:
        found = entries_of_depositor(catalogue, sender) if sender else catalogue.entries()
        entries = SpooledList(found)
        findings = list(description_findings(description, now().date()))
        findings += (
            _replica_missing(one, missing) for one in entries if (missing := names - {*one.replicas})
        )
        findings += (_unfinished(one) for one in catalogue.unfinished())
    status = SUCCESS if all(one.severity is not Severity.ERROR for one in findings) else INCOMPLETE
    if as_json:
        listed = (entry_document(one) for one in entries)
        document = description_document(description)
        show_json({"deposited": 1, "vault": document, "listed": listed, "findings": findings_json(findings)})
        return status
    show_table(SpooledList(_row(one) for one in entries), heading=HEADING)
    say(plural("{count} deposit.", "{count} deposits."), count=len(entries))
    show_findings(findings)
    return status


def _replica_missing(one: CatalogueEntry, missing: set[str]) -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code="vault-replica-missing",
        where=one.receipt.package,
        sentence=mark("This package is not on {storages}: deposit it again, which finishes it."),
        facts={"storages": ", ".join(sorted(missing))},
    )


def _unfinished(name: str) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code="deposit-unfinished",
        where=name,
        sentence=mark(
            "A deposit was ended while it was written: deposit the package again, or run archiver vault rebuild."
        ),
    )


def entry_document(one: CatalogueEntry) -> dict[str, Any]:
    """Return a deposit as JSON documents have it."""
    receipt = one.receipt
    return {
        "object": one.object_id,
        "package": receipt.package,
        "kind": receipt.kind,
        "revision": receipt.revision,
        "accepted_at": receipt.accepted_at,
        "created": receipt.created,
        "sender": receipt.sender,
        "sender_numbers": list(receipt.sender_numbers),
        "receiver": receipt.receiver or None,
        "units": receipt.units,
        "files": receipt.files,
        "size": receipt.size,
        "destroy_from": receipt.destroy_from or None,
        "holds": receipt.holds,
        "storages": list(one.replicas),
        "destroyed_at": one.destroyed or None,
        "units_destroyed": one.units_destroyed,
    }


def _row(one: CatalogueEntry) -> tuple[str | int, ...]:
    receipt = one.receipt
    return (
        *(receipt.package, receipt.revision, receipt.sender, receipt.accepted_at[: len("2026-11-29")]),
        *(receipt.size, receipt.destroy_from, receipt.holds, len(one.replicas)),
        one.destroyed[: len("2026-11-29")],
    )


def show(folder: Path, package: str, credentials: Path | None, *, as_json: bool) -> int:
    """Show what the storages have of one package; return the exit status.

    Raises:
        VaultObjectUnknown: when it is on none.
    """
    vault = open_vault(folder, credentials)
    found, findings = find_stored(vault, object_id(package))
    if not found:
        raise VaultObjectUnknown(package=package)
    replica, inventory = found[0]
    with open_catalogue(folder, reading=True) as catalogue:
        entries = list(catalogue.entries(inventory.id))
    rows = list(_files(replica, inventory))
    heads = {one.name: known.head for one, known in found}
    whole = [heads.get(one.name, "") for one in vault.whole_replicas]
    status = INCOMPLETE if findings or "" in whole or len(set(whole)) > 1 else SUCCESS
    if as_json:
        names = ("path", "since", "size", "sha512")
        show_json(
            {
                "deposited_package": 1,
                "object": inventory.id,
                "place": object_place(inventory.id),
                "deposits": [entry_document(one) for one in entries],
                "storages": [{"name": name, "head": head} for name, head in heads.items()],
                "files": [dict(zip(names, row, strict=True)) for row in rows],
                "findings": findings_json(findings),
            }
        )
        return status
    say(
        mark("{object}, in the folder {place} of each storage"),
        object=inventory.id,
        place=object_place(inventory.id),
    )
    show_table([_row(one) for one in entries], heading=HEADING)
    show_table([(*row[:3], row[3][:16]) for row in rows], heading=PLACES)
    for one in vault.replicas:
        absent = (
            mark("  {storage}: not there")
            if one.whole
            else mark("  {storage}: not there yet, it is being filled")
        )
        there = mark("  {storage}: version {version}")
        say(there if one.name in heads else absent, storage=one.name, version=heads.get(one.name, ""))
    show_findings(findings)
    return status


def _files(replica: Replica, inventory: Inventory) -> Iterator[tuple[str, str, int, str]]:
    """Yield each file: logical path, since when it is there, bytes, SHA-512."""
    since: dict[str, str] = {}
    for name, version in inventory.versions.items():
        for path in inventory.logical_paths(name):
            since.setdefault(path, version.created.isoformat())
    for path, digest in sorted(inventory.logical_paths().items()):
        key = f"{object_place(inventory.id)}/{inventory.manifest[digest][0]}"
        known = replica.storage.head(key)
        yield path, since[path], known.size if known else 0, digest.hex


def rebuild(folder: Path, credentials: Path | None, *, as_json: bool) -> int:
    """Make the catalogue again, and return the exit status."""
    vault = open_vault(folder, credentials)
    with vault_lock(folder, "archiver vault rebuild", at=now()), progress(mark("Reading the vault")) as step:
        refuse_foreign(vault)
        journal = restore_journal(vault, at=now())
        made = rebuilding(vault, at=now(), progress=step)
    status = INCOMPLETE if any(one.severity is Severity.ERROR for one in made.findings) else SUCCESS
    if as_json:
        show_json(
            {
                "rebuilt": 1,
                "objects": made.objects,
                "deposits": made.deposits,
                "journal": asdict(journal),
                "findings": findings_json(made.findings),
            }
        )
        return status
    say(
        plural(
            "Catalogue made again: {count} package, {deposits}.",
            "Catalogue made again: {count} packages, {deposits}.",
        ),
        count=made.objects,
        deposits=Counted(made.deposits, DEPOSITS),
    )
    _show_journal(journal)
    show_findings(made.findings)
    return status


def _show_journal(journal: RestoredJournal) -> None:
    if journal.files:
        say(
            mark("Journal: files brought back from {storage}: {count}"),
            storage=journal.source,
            count=journal.files,
        )
    if journal.lacked:
        say(mark("Journal: files that storages lacked: {count}"), count=journal.lacked)
    if journal.aside:
        say(mark("Journal: the damaged copy lies in {folder} now: keep it."), folder=journal.aside)
    if journal.key_replaced:
        say(mark("Journal: its key was lost; there is a new one, and an entry says so."))
