"""The receipt of an import as JSON; ``docs/en/reference/receipt.md`` describes it."""

from __future__ import annotations

from datetime import date
from typing import Any

from archiver.handover.arrivals import Arrival
from archiver.handover.missing_lines import missing_json
from archiver.handover.receipt import Receipt
from archiver.practice.imports.dossier_part import part_json
from archiver.practice.registers.degraded_entries import DegradedEntry
from archiver.practice.registers.dossier_states import DossierState
from archiver.scope.handover_terms import terms_document
from archiver.scope.rosters.roster_agreement import agreement_document
from archiver.verdict import SourceVerdict


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Return the receipt as JSON (``formats.json_text``), the dossiers of which can be read once."""
    return {**_head_json(receipt), "dossiers": map(arrival_json, receipt.arrivals)}


def _head_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "receipt": 1,
        "package": receipt.package,
        "volumes": [
            {
                "package": one.package,
                "signed_list_sha256": one.signed_list.hex if one.signed_list else "",
                "set": one.set_id or None,
                "volume": one.number,
                "of": one.of,
            }
            for one in receipt.volumes
        ],
        "revision": receipt.revision,
        "signed_list_sha256": receipt.signed_list.hex if receipt.signed_list else "",
        "received_at": receipt.received_at.isoformat(),
        "time_zone": receipt.time_zone,
        "created": receipt.created.isoformat(),
        "legal_ground": receipt.ground,
        "terms": terms_document(receipt.terms),
        "roster": agreement_document(receipt.agreement),
        "sender": receipt.sender,
        "receiver": receipt.receiver,
        "signer": {"name": receipt.signer, "fingerprint": receipt.fingerprint, **_proof(receipt)},
        "sources": list(map(_source_json, receipt.sources)),
        "complete": not receipt.refused,
        "done": receipt.done,
        "states": {state.value: receipt.arrivals.states[state] for state in reversed(DossierState)},
        "counts": {
            kind: {
                "announced": receipt.announced.get(kind, 0),
                "found": receipt.found.get(kind, 0),
                "left_aside": receipt.left_aside.get(kind, 0),
            }
            for kind in sorted(receipt.announced.keys() | receipt.found.keys())
        },
        "choice": {"only": receipt.only, **part_json(receipt.part)},
        "totals": _totals(receipt),
        "destroy_from": _date_text(receipt.destroy_from),
        "destroyed": list(receipt.destroyed),
    }


def _source_json(source: SourceVerdict) -> dict[str, Any]:
    signed = source.answers.signed_by.facts
    return {
        "package": source.package,
        "sender": source.sender,
        "created": source.created.isoformat(),
        "signer": signed.get("signer", ""),
        "fingerprint": signed.get("fingerprint", ""),
        "accepted_code": source.answers.trusted.code,
    }


def _totals(receipt: Receipt) -> dict[str, int]:
    return {
        "came_in": len(receipt.came_in),
        "already_there": len(receipt.already_there),
        "recognised": len(receipt.recognised),
        "waiting": len(receipt.waiting),
        "refused": len(receipt.refused),
        "left_aside": len(receipt.dossiers_left_aside),
        "in_part": len(receipt.in_part),
        "questions": receipt.questions,
        "held": len(receipt.on_hold),
        "without_term": len(receipt.without_term),
        "pages_not_compared": len(receipt.pages_not_compared),
        "newer_here": len(receipt.newer_here),
        "degraded_entries": receipt.arrivals.degraded,
        "placeholders": receipt.arrivals.placeholders,
        "unread_allergies": len(receipt.unread_allergies),
    }


def _proof(receipt: Receipt) -> dict[str, Any]:
    doubt = receipt.doubt
    return {
        "accepted_code": receipt.accepted.code if receipt.accepted else "",
        "accepted": receipt.accepted.text if receipt.accepted else "",
        "proven": doubt is None,
        "doubt_code": doubt.code if doubt else "",
        "doubt": doubt.text if doubt else "",
        "accepted_list_sha256": receipt.accepted_list.hex if receipt.accepted_list else "",
    }


def arrival_json(arrival: Arrival) -> dict[str, Any]:
    """Return the line of one unit on a receipt."""
    return {
        "unit": arrival.unit,
        "outcome": arrival.outcome.value,
        "state": arrival.state.value if arrival.state else None,
        "patient": dict(arrival.who) or None,
        "patient_read": arrival.read,
        "identity": arrival.identity.value,
        "candidates": list(arrival.candidates),
        "reason": arrival.reason,
        "refusal": str(arrival.refusal) if arrival.refusal else "",
        "refusal_code": arrival.refusal.code if arrival.refusal else "",
        "remarks": [one.text for one in arrival.remarks],
        "page_compared": arrival.page_compared,
        "newer_here": arrival.newer_here,
        "counts": dict(arrival.counts),
        "left_aside": dict(arrival.left_aside),
        "missing": missing_json(arrival.missing, arrival.counts),
        "destroy_from": _date_text(arrival.destroy_from),
        "hold": arrival.hold,
        "placeholders": arrival.placeholders,
        "degraded": [_degraded_json(one) for one in arrival.degraded],
    }


def _degraded_json(entry: DegradedEntry) -> dict[str, Any]:
    return {
        "topic": entry.topic,
        "reason": entry.reason,
        "text": entry.text,
        "record": entry.record,
        "reviewed_by": entry.reviewed_by,
        "reviewed_at": entry.reviewed_at,
    }


def _date_text(day: date | None) -> str | None:
    return day.isoformat() if day else None
