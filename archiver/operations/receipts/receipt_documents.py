"""Checked receipts and handovers as JSON; ``docs/en/reference/output.md`` describes both."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from archiver.examination.verdict_document import answer_document
from archiver.operations.receipts.check_receipt import CheckedReceipt
from archiver.operations.receipts.handover_status import HandoverStatus
from formats.findings import finding_document


def checked_document(checked: CheckedReceipt, path: Path) -> dict[str, Any]:
    """Return what a check of the receipt at ``path`` found."""
    facts = checked.receipt.facts
    return {
        "receipt_checked": 1,
        "path": str(path),
        "package": checked.receipt.package,
        "revision": facts["revision"],
        "sender": facts["sender"],
        "receiver": facts["receiver"],
        "received_at": facts["received_at"],
        "units": len(checked.sent.units),
        "acknowledged": checked.comparison.acknowledged,
        "left_aside": checked.comparison.left_aside,
        "differences": len(checked.comparison.differences),
        "accepted": checked.accepted,
        "done": facts["done"],
        "whole": checked.whole,
        "signatures": [
            {
                "path": str(one.path),
                "signed_by": answer_document(one.answers.signed_by),
                "existed_at": answer_document(one.answers.existed_at),
                "trusted": answer_document(one.answers.trusted),
            }
            for one in checked.signatures
        ],
        "findings": list(map(finding_document, checked.comparison.findings)),
    }


def handover_document(one: HandoverStatus) -> dict[str, Any]:
    """Return where a handover stands."""
    handover = one.handover
    return {
        "package": handover.package,
        "file": handover.file,
        "created": handover.created.isoformat(),
        "legal_ground": handover.ground,
        "situation": handover.situation,
        "receiver": handover.receiver,
        "signed_list_sha256": handover.signed_list,
        "units": one.units,
        "acknowledged": one.acknowledged,
        "left_aside": one.left_aside,
        "state": one.state.value,
        "clock": one.clock.value,
        "receive_by": one.soon.isoformat() if one.soon else None,
        "missing_from": one.last.isoformat() if one.last else None,
        "may_stop_keeping": one.may_stop_keeping,
        "receipts": [asdict(receipt) for receipt in one.receipts],
        "proofs": [asdict(proof) for proof in one.proofs],
    }
