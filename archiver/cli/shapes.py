"""Outcomes as JSON; ``docs/reference/output.md`` describes every shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archiver.operations.attribute import Unassigned
from archiver.operations.collect import Collected, KindCount
from archiver.operations.export import Exported
from archiver.verdict import Answer, Verdict
from formats.findings import Finding


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return one remark."""
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "where": finding.where,
        "text": finding.text,
    }


def _counts_json(counts: Mapping[str, KindCount]) -> dict[str, Any]:
    return {
        kind: {
            "read": count.read,
            "added": count.added,
            "updated": count.updated,
            "unchanged": count.unchanged,
            "stored": count.stored,
            "kept_though_gone": count.gone,
        }
        for kind, count in counts.items()
    }


def collected_json(outcome: Collected, unassigned: list[Unassigned]) -> dict[str, Any]:
    """Return what a collection did."""
    return {
        "collected": 1,
        "changed": outcome.changed,
        "kinds": _counts_json(outcome.kinds),
        "tables": _counts_json(outcome.tables),
        "unassigned": [
            {
                "key": one.key,
                "state": one.state.value,
                "reason": one.reason,
                "candidates": list(one.candidates),
            }
            for one in unassigned
        ],
        "findings": [finding_json(finding) for finding in outcome.findings],
    }


def exported_json(outcome: Exported) -> dict[str, Any]:
    """Return what an export wrote."""
    handover = outcome.manifest.handover
    return {
        "exported": 1,
        "package": outcome.manifest.package_id,
        "path": str(outcome.package),
        "size": outcome.size,
        "units": len(outcome.manifest.units),
        "legal_ground": handover.legal_ground,
        "counts": dict(handover.counts),
        "left_out": dict(outcome.left_out),
    }


def _answer_json(answer: Answer) -> dict[str, Any]:
    return {
        "state": answer.state.value,
        "code": answer.code,
        "text": answer.text,
        "where": answer.where,
        "facts": dict(answer.facts),
    }


def verdict_json(verdict: Verdict, *, package: str, at: str) -> dict[str, Any]:
    """Return a verdict; ``at`` is the moment for which certificates were judged."""
    return {
        "verdict": 1,
        "package": package,
        "at": at,
        **{question: _answer_json(answer) for question, answer in verdict.answers()},
        "findings": [finding_json(finding) for finding in verdict.findings],
    }
