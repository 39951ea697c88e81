"""A verdict, and a report about one, as JSON documents (``docs/reference/verdict.schema.json``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from archiver import __version__
from archiver.package.manifest import Manifest, Organisation
from archiver.verdict import Answer, RecordVerdict, StampVerdict, Verdict
from formats.errors import Failure
from formats.findings import Finding


def finding_document(finding: Finding) -> dict[str, Any]:
    """Return one remark."""
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "where": finding.where,
        "text": finding.text,
    }


def verdict_document(verdict: Verdict, *, package: str, at: datetime) -> dict[str, Any]:
    """Return a verdict; ``at`` is the moment for which certificates were judged."""
    return {
        "verdict": 1,
        "package": package,
        "at": at.isoformat(),
        **{question: _answer(answer) for question, answer in verdict.answers()},
        "evidence": [record_document(record) for record in verdict.records],
        "findings": [finding_document(finding) for finding in verdict.findings],
    }


def record_document(record: RecordVerdict) -> dict[str, Any]:
    """Return what one evidence record answers, and what has to be done before when."""
    return {
        "member": record.member,
        "existed_at": _answer(record.existed_at),
        "chains": record.chains,
        "stamps": [stamp_document(one) for one in record.stamps],
        "renew_before": record.renew_before.isoformat() if record.renew_before else None,
        "renewal": record.renewal.value if record.renewal else None,
    }


def stamp_document(stamp: StampVerdict) -> dict[str, Any]:
    """Return one archive time-stamp; ``ends_by`` is the algorithm that ends first, or a certificate."""
    return {
        "place": stamp.place,
        "hash": stamp.hash_name,
        "time": stamp.time.isoformat(),
        "authority": stamp.authority,
        "until": stamp.until.isoformat(),
        "ends_by": stamp.algorithm or "certificate",
        "answer": _answer(stamp.answer),
    }


def report_document(
    verdict: Verdict,
    *,
    package: str,
    at: datetime,
    made: datetime,
    signed_list: str,
    manifest: Manifest | None,
) -> dict[str, Any]:
    """Return a report made at ``made``: the verdict, and which package it is about.

    ``signed_list`` is the SHA-256 of the ASiC manifest, which lists every part with its own.
    """
    return {
        "report": 1,
        "made": made.isoformat(),
        "program": f"archiver {__version__}",
        "signed_list_sha256": signed_list,
        "handover": None if manifest is None else _handover(manifest),
        "verdict": verdict_document(verdict, package=package, at=at),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "state": answer.state.value,
        "code": answer.code,
        "text": answer.text,
        "where": answer.where,
        "facts": {
            name: str(fact) if isinstance(fact, Failure) else fact for name, fact in answer.facts.items()
        },
    }


def _handover(manifest: Manifest) -> dict[str, Any]:
    handover = manifest.handover
    return {
        "package": manifest.package_id,
        "revision": manifest.revision,
        "created": handover.created.isoformat(),
        "sender": _organisation(handover.sender),
        "receiver": _organisation(handover.receiver),
        "units": len(manifest.units),
    }


def _organisation(organisation: Organisation | None) -> dict[str, Any] | None:
    if organisation is None:
        return None
    identifiers = [{"system": one.system, "value": one.value} for one in organisation.identifiers]
    return {"name": organisation.name, "identifiers": identifiers}
