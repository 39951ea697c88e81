"""What ``vault audit`` does."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.cli.clock import now
from archiver.cli.commands.vault.options import WorkerOptions
from archiver.cli.exits import INCOMPLETE, SUCCESS, status_of
from archiver.cli.terminal.console import notice, progress, say, show_findings, show_json
from archiver.cli.terminal.language import language, translate_template
from archiver.cluster.dask_cluster import open_cluster, read_cluster_address
from archiver.compliance.report_page import AUDIT_GENERATOR, open_page, refuse_other_page
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.vault.audit import audit as auditing, due_checks, known_damage
from archiver.operations.vault.fixity_coverage import FixityCoverage, fixity_coverage, prometheus_text
from archiver.operations.vault.storages.absent_storages import passed_over
from archiver.operations.vault.storages.next_commands import STORAGE_COMMANDS
from archiver.operations.vault.storages.unsettled_storages import unsettled_storages
from archiver.vault.catalogue import Catalogue, open_catalogue
from archiver.vault.checks import Check, CheckOutcome, CheckTable, open_checks
from archiver.vault.errors import VaultCopyDamaged
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import Vault, open_vault
from archiver.vault.settle import settle_additions
from archiver.worker_pool import MOST, WorkerPool, Workers
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
    workers: WorkerOptions,
    prometheus: Path | None,
    report: Path | None,
    as_json: bool,
) -> int:
    """Check what is due, at most ``most`` copies where that is not 0, and return the exit status.

    Raises:
        WorkerLost, ClusterLost: when who checks was ended from outside: what is written stays, the rest is still due.
        ClusterUnusable, ClusterAddressInvalid, ClusterCredentialsMissing, ExtraMissing: why a cluster is not used.
    """
    workers.require_files()
    _refuse_places(prometheus, report)
    vault = open_vault(folder, credentials)
    done = Counter[CheckOutcome]()
    size = 0
    with (
        vault_lock(folder, "archiver vault audit", at=now()),
        _workers(workers) as pool,  # before SQLite is opened: a forked process must not have its connections
        open_catalogue(folder) as catalogue,
        open_checks(folder, notice) as table,
    ):
        with suppress(Failure):  # what stands in the way is among the findings
            settle_additions(vault, catalogue, at=now())
        due = due_checks(vault, catalogue, table, at=now(), everything=everything)
        count = min(most or len(due), len(due))
        with progress(mark("Reading the vault"), total=count) as step:
            for one in auditing(vault, islice(due, count), table, clock=now, pool=pool, progress=step):
                done[one.outcome] += 1
                size += one.size
        at = now().replace(microsecond=0)
        coverage = fixity_coverage(vault, catalogue, table, at=at)
        bad, unreached = list(known_damage(table)), passed_over(vault, catalogue, at=at)
        _write_report(report, vault, catalogue, table, at)
    if prometheus is not None:
        text = prometheus_text(coverage, vault=vault.description.id, at=at)
        disk.write_text(prometheus, text, replace=True)
    status = _status(coverage) or (INCOMPLETE if unreached else SUCCESS)
    findings = [*map(_finding, bad), *unreached, *unsettled_storages(vault.description, STORAGE_COMMANDS)]
    if as_json:
        document = {"audit": 1, "at": at.isoformat(), "status": status, **_document(coverage, done, size)}
        show_json({**document, "findings": findings_json(findings)})
        return status
    _show(coverage, done, vault.description.fixity_days)
    show_findings(findings)
    return status


def _refuse_places(prometheus: Path | None, report: Path | None) -> None:
    """Refuse, before hours of reading, places where nothing may be replaced."""
    if prometheus is not None and prometheus.exists():
        open_regular(prometheus).close()  # it is replaced: a device or a pipe must not be
    if report is not None:
        refuse_other_page(report, AUDIT_GENERATOR)


def _write_report(
    report: Path | None, vault: Vault, catalogue: Catalogue, table: CheckTable, at: datetime
) -> None:
    if report is None:
        return
    # evidence is examined for it: certificates and tokens take longer to load than all the rest
    from archiver.operations.vault.report.facts import gather_facts
    from archiver.operations.vault.report.page import audit_page
    from archiver.signing.policy import own_policy

    facts = gather_facts(vault, catalogue, table, own_policy(), at=at)
    with open_page(report, AUDIT_GENERATOR) as sheet:
        sheet.writelines(audit_page(vault.description, facts, translate_template, language()))


def _workers(options: WorkerOptions) -> AbstractContextManager[Workers]:
    """Return who does the work: processes of this machine, or a cluster."""
    if not options.engine:
        return WorkerPool(min(options.processes or os.cpu_count() or 1, MOST))
    address = read_cluster_address(
        options.engine,
        authority=options.cluster_ca,
        certificate=options.cluster_certificate,
        key=options.cluster_key,
    )
    return open_cluster(address)


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


def _document(coverage: FixityCoverage, done: Mapping[CheckOutcome, int], size: int) -> dict[str, Any]:
    return {
        "checked": {one.value: done[one] for one in CheckOutcome},
        "size": size,
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


def _show(coverage: FixityCoverage, done: Mapping[CheckOutcome, int], days: int) -> None:
    for outcome, sentence in (
        (CheckOutcome.OK, mark("Read now and whole: {count}")),
        (CheckOutcome.DAMAGED, mark("Read now and damaged: {count}")),
        (CheckOutcome.UNCHECKED, mark("Could not be checked now: {count}")),
    ):
        say(sentence, count=done[outcome])
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
