"""What ``vault renew`` does."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS, status_of
from archiver.cli.run.evidence import stamp_facts
from archiver.cli.terminal.console import complain, progress, say, show_findings, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.vault.renewal.due import EvidenceAction, RenewalTerms, evidence_of_vault
from archiver.operations.vault.renewal.renew import (
    EvidenceOutcome,
    RenewalReport,
    StampingSince,
    evidence_outcome,
    renew_vault,
)
from archiver.signing.policy import own_policy, read_policy
from archiver.signing.validity import Stamping
from archiver.vault.catalogue import open_catalogue
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import Vault, open_vault, refuse_foreign
from archiver.vault.preservation.judged_evidence import open_judged
from archiver.vault.preservation.profile import PreservationProfile
from archiver.vault.preservation.stored_profile import require_profile
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.words import mark, plural

CERTIFICATE = mark("certificate")
DONE = {
    EvidenceAction.BUILD: mark(
        "{package}, evidence {number}: first attested by {authority} on {moment}; renew it before {until} ({ends_by})."
    ),
    EvidenceAction.TIME_STAMP: mark(
        "{package}, evidence {number}: renewed by {authority} on {moment}; renew it before {until} ({ends_by})."
    ),
    EvidenceAction.HASH_TREE: mark(
        "{package}, evidence {number}: every file hashed under {hash}, attested by {authority} on {moment}; renew it"
        " before {until} ({ends_by})."
    ),
}
DUE = {
    EvidenceAction.NONE: mark("not due"),
    EvidenceAction.BUILD: mark("has none yet"),
    EvidenceAction.TIME_STAMP: mark("time-stamp renewal"),
    EvidenceAction.HASH_TREE: mark("hash-tree renewal"),
}
HEADING = (
    *(mark("package"), mark("record"), mark("made on"), mark("by"), mark("hash")),
    *(mark("holds until"), mark("ended by"), mark("what is due")),
)


def run(
    folder: Path,
    *,
    within: int | None,
    dry_run: bool,
    policy: Path | None,
    credentials: Path | None,
    as_json: bool,
) -> int:
    """Renew what is due and say what was done, or with ``dry_run`` say what is due; return the exit status."""
    known = read_policy(policy) if policy else own_policy()
    vault = open_vault(folder, credentials)
    profile = require_profile(vault)
    terms = RenewalTerms(
        profile=profile,
        policy=profile.policy(known),
        at=now(),
        horizon=profile.horizon if within is None else timedelta(days=within),
    )
    report = RenewalReport()
    if dry_run:
        return _list(vault, terms, report, as_json=as_json)
    done, examined, stopped = _renew(vault, terms, report, as_json=as_json)
    status = _status(done, report.findings, stopped)
    findings = [*report.findings, *_findings(done), *_brief(done, terms)]
    if as_json:
        documents = [evidence_document(one) for one in done]
        show_json(
            {
                "vault_evidence": 1,
                "status": status,
                "examined": examined,
                "records": documents,
                "findings": findings_json(findings),
            }
        )
    else:
        count = sum(one.action is not EvidenceAction.NONE for one in done)
        say(
            plural(
                "{count} record of {all} was made or renewed.",
                "{count} records of {all} were made or renewed.",
            ),
            count=count,
            all=examined,
        )
        show_findings(findings)
    if stopped is not None:
        complain(stopped)
    return status


def stamping_of_profile(profile: PreservationProfile, terms: RenewalTerms) -> StampingSince:
    """Return what asks the authorities of ``profile``, in their order, for time-stamps that last."""
    # only where a time-stamp is asked for: HTTP and TLS
    from archiver.evidence.tsa import Authorities, Authority

    def since(moment: datetime | None) -> Stamping:
        return Authorities(
            listed=tuple(Authority(url=one.url, policy=one.policy) for one in profile.authorities),
            random=secrets.token_bytes,
            pause=time.sleep,
            roots=profile.roots,
            policy=terms.policy,
            clock=now,
            since=moment,
            lasting=terms.horizon,
        ).stamp

    return since


def _renew(
    vault: Vault, terms: RenewalTerms, report: RenewalReport, *, as_json: bool
) -> tuple[list[EvidenceOutcome], int, Failure | None]:
    """Return what was renewed or does not hold, each said when it is written, how many there are, what stopped it."""
    done: list[EvidenceOutcome] = []
    examined = 0
    with (
        vault_lock(vault.folder, "archiver vault renew", at=now()),
        open_catalogue(vault.folder) as catalogue,
        open_judged(vault.folder) as judged,
        progress(mark("Renewing"), unit="B") as step,
    ):
        refuse_foreign(vault)
        stamping = stamping_of_profile(terms.profile, terms)
        try:
            for one in renew_vault(
                vault, catalogue, terms, stamping, clock=now, report=report, judged=judged, progress=step
            ):
                examined += 1
                if one.action is EvidenceAction.NONE and one.failure is None:
                    continue
                done.append(one)
                if not as_json and one.action in DONE and one.stamp is not None:
                    say(DONE[one.action], package=one.object_id, number=one.number, **stamp_facts(one.stamp))
        except Failure as failure:
            if not any(one.action is not EvidenceAction.NONE for one in done):
                raise
            return done, examined + report.unopened, failure
    return done, examined + report.unopened, None


def _list(vault: Vault, terms: RenewalTerms, report: RenewalReport, *, as_json: bool) -> int:
    """List every record and what is due; return the exit status."""
    seen: list[EvidenceOutcome] = []
    with open_catalogue(vault.folder, reading=True) as catalogue:
        for one in evidence_of_vault(vault, catalogue, terms):
            report.findings += one.findings
            seen += map(evidence_outcome, one.tasks)
    status = _status(seen, report.findings, None)
    findings = [*report.findings, *_findings(seen)]
    if as_json:
        documents = [evidence_document(one) for one in seen]
        show_json(
            {
                "vault_evidence": 1,
                "status": status,
                "examined": len(seen),
                "records": documents,
                "findings": findings_json(findings),
            }
        )
        return status
    show_table([_row(one) for one in seen], heading=HEADING)
    due = sum(one.action is not EvidenceAction.NONE for one in seen)
    say(
        plural("{count} of {all} is due within {days} days.", "{count} of {all} are due within {days} days."),
        count=due,
        all=len(seen),
        days=terms.horizon.days,
    )
    show_findings(findings)
    return status


def _status(done: Iterable[EvidenceOutcome], findings: Iterable[Finding], stopped: Failure | None) -> int:
    """Return the status: what stopped it, then the first record that does not hold, then a silent storage."""
    failures = [stopped, *(one.failure for one in done if not one.replaced)]
    first = next((one for one in failures if one is not None), None)
    if first is not None:
        return status_of(first)
    return INCOMPLETE if any(findings) else SUCCESS


def _findings(done: Iterable[EvidenceOutcome]) -> list[Finding]:
    return [
        Finding(
            severity=Severity.WARNING if one.replaced else Severity.ERROR,
            code=one.failure.code,
            where=f"{one.object_id} {one.failure.where}".rstrip(),
            sentence=one.failure.sentence,
            facts=one.failure.facts,
        )
        for one in done
        if one.failure is not None
    ]


def _brief(done: Iterable[EvidenceOutcome], terms: RenewalTerms) -> list[Finding]:
    """Return the authorities whose new time-stamps end within the horizon: none lasted longer."""
    ends = {
        one.stamp.authority: one.stamp.until
        for one in done
        if one.action in DONE and one.stamp is not None and one.stamp.until - terms.at <= terms.horizon
    }
    return [
        Finding(
            severity=Severity.WARNING,
            code="evidence-brief",
            where=authority,
            sentence=mark(
                "What this authority attests ends on {day}, within the horizon, and none of the profile lasts longer:"
                " name another one with archiver vault profile set."
            ),
            facts={"day": f"{until:%Y-%m-%d}"},
        )
        for authority, until in sorted(ends.items())
    ]


def _row(one: EvidenceOutcome) -> tuple[str | int, ...]:
    stamp = one.stamp
    due = localize(DUE[one.action])
    if stamp is None:
        return (one.object_id, one.number or "", "", "", "", "", "", due if one.failure is None else "")
    facts = stamp_facts(stamp)
    return (
        *(one.object_id, one.number, f"{stamp.time:%Y-%m-%d}", stamp.authority, facts["hash"]),
        *(facts["until"], facts["ends_by"], due),
    )


def evidence_document(one: EvidenceOutcome) -> dict[str, Any]:
    """Return a record of a package as JSON documents have it."""
    stamp = one.stamp
    return {
        "object": one.object_id,
        "number": one.number or None,
        "action": one.action.value,
        "files": one.files,
        "authority": stamp.authority if stamp else None,
        "attested_at": stamp.time.isoformat() if stamp else None,
        "digest_algorithm": stamp.digest_algorithm.name if stamp else None,
        "renew_before": stamp.until.isoformat() if stamp else None,
        "ended_by": (stamp.algorithm or "certificate") if stamp else None,
        "failure": one.failure.code if one.failure else None,
    }
