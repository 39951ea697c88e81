"""What ``vault audit`` does."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS, status_of
from archiver.cli.terminal.console import progress, say, show_findings, show_json
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.vault.audit import (
    FixityCoverage,
    audit as auditing,
    due_checks,
    fixity_coverage,
    known_damage,
    prometheus_text,
)
from archiver.vault.catalogue import open_catalogue
from archiver.vault.checks import Check, CheckOutcome, open_checks
from archiver.vault.errors import VaultCopyDamaged
from archiver.vault.index import index_object
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import open_vault
from archiver.worker_pool import MOST, WorkerPool
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.regular_files import open_regular
from formats.words import mark


def run(
    folder: Path,
    *,
    credentials: Path | None,
    everything: bool,
    most: int,
    processes: int,
    prometheus: Path | None,
    as_json: bool,
) -> int:
    """Check what is due, at most ``most`` copies where that is not 0, and return the exit status.

    Raises:
        WorkerLost: when a process was ended from outside: what is written stays, the rest is still due.
    """
    if prometheus is not None and prometheus.exists():
        open_regular(prometheus).close()  # it is replaced: a device or a pipe must not be
    vault = open_vault(folder, credentials)
    done: list[Check] = []
    count = min(processes or os.cpu_count() or 1, MOST)
    with (
        vault_lock(folder, "archiver vault audit", at=now()),
        WorkerPool(count) as pool,  # before SQLite is opened: a forked process must not have its connections
        open_catalogue(folder) as catalogue,
        open_checks(folder) as table,
    ):
        for name in catalogue.unfinished():
            with suppress(Failure):  # the storage that does not answer is found below, copy by copy
                index_object(vault, catalogue, name)
        tasks = due_checks(vault, catalogue, table, at=now(), everything=everything)[: most or None]
        with progress(mark("Reading the vault"), total=len(tasks)) as step:
            done += auditing(tasks, table, clock=now, pool=pool, progress=step)
        at = now().replace(microsecond=0)
        coverage = fixity_coverage(vault, catalogue, table, at=at)
        bad = list(known_damage(table))
    if prometheus is not None:
        text = prometheus_text(coverage, vault=vault.description.id, at=at)
        disk.write_text(prometheus, text, replace=True)
    status = _status(coverage)
    findings = [_finding(one) for one in bad]
    if as_json:
        show_json(
            {
                "audit": 1,
                "at": at.isoformat(),
                "status": status,
                **_document(coverage, done),
                "findings": findings_json(findings),
            }
        )
        return status
    _show(coverage, done, vault.description.fixity_days)
    show_findings(findings)
    return status


def _status(coverage: FixityCoverage) -> int:
    """Return the status: damage before what nobody could check, and that before what is not checked yet."""
    if coverage.damaged:
        return status_of(VaultCopyDamaged(detail=""))
    return INCOMPLETE if coverage.unchecked or coverage.overdue else SUCCESS


def _finding(one: Check) -> Finding:
    damaged = one.outcome is CheckOutcome.DAMAGED
    return Finding(
        severity=Severity.ERROR if damaged else Severity.WARNING,
        code=VaultCopyDamaged.code if damaged else "vault-copy-unchecked",
        where=f"{one.storage}: {one.object_id}",
        sentence=VaultCopyDamaged.sentence if damaged else mark("This copy could not be checked: {detail}."),
        facts={"detail": one.detail},
    )


def _document(coverage: FixityCoverage, done: list[Check]) -> dict[str, Any]:
    counts = {one.value: sum(check.outcome is one for check in done) for one in CheckOutcome}
    return {
        "checked": counts,
        "size": sum(one.size for one in done),
        "coverage": {
            "copies": coverage.total,
            "verified": coverage.verified,
            "damaged": coverage.damaged,
            "could-not-check": coverage.unchecked,
            "overdue": coverage.overdue,
            "share": coverage.share,
            "oldest_verified": coverage.oldest or None,
        },
    }


def _show(coverage: FixityCoverage, done: list[Check], days: int) -> None:
    for outcome, sentence in (
        (CheckOutcome.OK, mark("Read now and whole: {count}")),
        (CheckOutcome.DAMAGED, mark("Read now and damaged: {count}")),
        (CheckOutcome.UNCHECKED, mark("Could not be checked now: {count}")),
    ):
        say(sentence, count=sum(one.outcome is outcome for one in done))
    say(
        mark("Copies in the vault: {total}; whole within {days} days: {verified} ({percent} %)."),
        total=coverage.total,
        days=days,
        verified=coverage.verified,
        percent=100 * coverage.verified // max(coverage.total, 1),
    )
    say(mark("Damaged: {count}"), count=coverage.damaged)
    say(mark("Could not be checked: {count}"), count=coverage.unchecked)
    say(mark("Not checked yet, or too long ago: {count}"), count=coverage.overdue)
    never = mark("Oldest check that found a copy whole: there is a copy that was never found whole.")
    since = mark("Oldest check that found a copy whole: {moment}")
    say(since if coverage.oldest else never, moment=coverage.oldest)
