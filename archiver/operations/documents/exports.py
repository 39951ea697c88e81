"""Exports, made or planned, as JSON; ``docs/en/reference/output.md`` describes each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.operations.documents.outcomes import findings_json
from archiver.scope.handover_terms import terms_document
from archiver.scope.rosters.roster_agreement import RosterAgreement, agreement_document
from formats.findings import Finding

if TYPE_CHECKING:
    from archiver.assembly.request import ExportOutcome
    from archiver.operations.splitting.export_each import EachOutcome
    from archiver.operations.splitting.plan_export import ExportPlan


def exported_json(outcome: ExportOutcome, written: Sequence[Path]) -> dict[str, Any]:
    """Return what an export wrote, and the documents ``written`` with it."""
    handover = outcome.volumes[0].manifest.handover
    return {
        "exported": 1,
        "package": outcome.set_id or outcome.volumes[0].manifest.package_id,
        "path": str(outcome.path),
        "size": outcome.size,
        "units": outcome.units,
        "volumes": [
            {
                "package": one.manifest.package_id,
                "path": str(one.path),
                "size": one.size,
                "units": len(one.manifest.units),
                "retention_year": one.retention_year,
            }
            for one in outcome.volumes
        ],
        "legal_ground": handover.legal_ground,
        "counts": dict(outcome.counts),
        "held": outcome.on_hold,
        "linked": list(outcome.linked),
        "left_out": {**outcome.left_out, **outcome.redactions},
        "findings": findings_json(outcome.findings),
        "terms": terms_document(outcome.terms),
        "roster": agreement_document(outcome.agreement),
        "paperwork": [str(path) for path in written],
    }


def exported_each_json(outcome: EachOutcome) -> dict[str, Any]:
    """Return what an export of a package for each person wrote."""
    return {
        "exported_each": 1,
        "folder": str(outcome.folder),
        "claims": str(outcome.claims),
        "patients": outcome.records,
        "packages": [
            {
                "path": str(outcome.folder / one.name),
                "patient": one.patient.id,
                "destroy_from": one.destroy_from.isoformat() if one.destroy_from else None,
            }
            for one in outcome.packages
        ],
        "left_out": dict(outcome.redactions),
        "terms": terms_document(outcome.terms),
        "findings": findings_json(outcome.findings),
    }


def planned_json(
    found: ExportPlan, target: Path, agreement: RosterAgreement | None, findings: Iterable[Finding]
) -> dict[str, Any]:
    """Return what an export into ``target`` would be, and how far the practitioners agree on its roster."""
    return {
        "planned": 1,
        "path": str(target),
        "counts": dict(found.counts),
        "size": found.size,
        "volumes": found.volumes,
        "needed": found.needed,
        "free": found.free,
        "feasible": found.feasible,
        "absent": found.absent,
        "linked": list(found.linked),
        "left_out": {**found.left_out, **found.redactions},
        "contested": [
            {"patient": one.patient.id, "practitioners": list(one.practitioners)} for one in found.contested
        ],
        "terms": terms_document(found.terms),
        "roster": agreement_document(agreement),
        "findings": findings_json(findings),
    }
