"""Outcomes as JSON documents; ``docs/en/reference/output.md`` describes each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from formats.findings import Finding, finding_document
from formats.model.missing import EMPTY_FILES, UNREAD_AMOUNTS, WITHOUT_FILE

if TYPE_CHECKING:  # they only read what they are given; loading every operation would take a second
    from pathlib import Path

    from archiver.ingest.counts import KindCount
    from archiver.operations.collecting.attribute import AttributedItem
    from archiver.operations.collecting.outcome import CollectOutcome
    from archiver.operations.collecting.preview_attribution import AttributionPreview
    from archiver.operations.collecting.received_images import ReceivedImages
    from archiver.operations.make_keys import MadeKeys
    from archiver.operations.share import SharedPackage
    from archiver.sealing.recovery.recovery_set import RecoverySet


MISSING_KINDS = (WITHOUT_FILE, EMPTY_FILES, UNREAD_AMOUNTS)
"""Kinds of missing content."""


def findings_json(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return all findings, in the order in which they were noticed."""
    return [finding_document(finding) for finding in findings]


def _counts_json(counts: Mapping[str, KindCount], gone: Mapping[str, int]) -> dict[str, Any]:
    return {
        kind: {
            "read": count.read,
            "added": count.added,
            "updated": count.updated,
            "unchanged": count.unchanged,
            "refused": count.refused,
            "stored": count.stored,
            "kept_though_gone": gone.get(kind, 0),
        }
        for kind, count in counts.items()
    }


def received_json(received: ReceivedImages) -> dict[str, int]:
    """Return how many images came over the network, and what became of the others."""
    names = ("studies", "announced", "present", "received", "same", "different", "refused", "missing")
    return {name: getattr(received, name) for name in names}


def collected_json(
    outcome: CollectOutcome,
    unassigned: list[AttributedItem],
    *,
    store_created: bool,
    received: ReceivedImages | None = None,
) -> dict[str, Any]:
    """Return what a collection did, whether it made the store, and what came over the network for it."""
    return {
        "collected": 1,
        "store_created": store_created,
        "changed": outcome.changed,
        "unchanged_since": outcome.unchanged_since and outcome.unchanged_since.isoformat(),
        "kinds": _counts_json(outcome.kinds, outcome.gone),
        "missing": {kind: outcome.content.get(kind, 0) for kind in MISSING_KINDS},
        "tables": _counts_json(outcome.tables, outcome.gone_rows),
        "unassigned": [_attributed_json(one) for one in unassigned],
        "findings": map(finding_document, outcome.findings),
        **({"network": received_json(received)} if received else {}),
    }


def previewed_json(preview: AttributionPreview) -> dict[str, Any]:
    """Return whose everything that was found would be."""
    return {
        "previewed": 1,
        "counts": {state.value: count for state, count in preview.counts.items()},
        "attributed": [
            {**_attributed_json(one), "patient_number": one.patient_number or None}
            for one in preview.attributed
        ],
        "findings": findings_json(preview.findings),
    }


def _attributed_json(one: AttributedItem) -> dict[str, Any]:
    return {
        "key": one.key,
        "state": one.state.value,
        "reason": one.reason,
        "candidates": list(one.candidates),
    }


def shared_json(outcome: SharedPackage, findings: Iterable[Finding]) -> dict[str, Any]:
    """Return what a new revision is."""
    manifest = outcome.manifest
    return {
        "shared": 1,
        "package": manifest.package_id,
        "path": str(outcome.package),
        "size": outcome.size,
        "units": len(manifest.units),
        "revision": manifest.revision,
        "replaces": manifest.replaces.hex if manifest.replaces else "",
        "keyrings": list(manifest.keyrings),
        "destroyed": list(outcome.destroyed),
        "findings": findings_json(findings),
    }


def kit_json(path: Path, kit: RecoverySet) -> dict[str, Any]:
    """Return what recovery cards were made."""
    return {
        "kit": 1,
        "path": str(path),
        "key_id": kit.key_id,
        "check_value": kit.check_value,
        "cards": len(kit.cards),
        "threshold": kit.threshold,
    }


def made_json(made: MadeKeys, *, protected: bool) -> dict[str, Any]:
    """Return which keys were made; nothing secret is in it."""
    return {
        "keys": 1,
        "folder": str(made.folder),
        "fingerprint": made.signer.fingerprint,
        "recipient": made.recipient,
        "protected": protected,
    }
