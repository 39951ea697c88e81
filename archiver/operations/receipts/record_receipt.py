"""Check the receipts that come back against what the sender's store remembers of its exports, and write them down."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from archiver.handover.errors import HandoverUnknown
from archiver.handover.receipt_comparison import SentPackage, SentUnit
from archiver.handover.receipt_reading import read_receipt
from archiver.operations.receipts.check_receipt import CheckedReceipt, check_receipt
from archiver.practice.registers.handovers import (
    ExportedUnit,
    exported_units,
    find_handover,
    note_receipt,
)
from archiver.practice.store import PracticeStore
from archiver.signing.trust.anchors import Trust
from formats.model.identity import names_and_birth
from formats.model.missing import SUMS
from formats.model.people import Patient


def sent_of_store(store: PracticeStore, package: str) -> SentPackage:
    """Return what the store remembers of the handover of ``package``.

    Raises:
        HandoverUnknown: when it remembers nothing.
    """
    found = find_handover(store, package)
    if found is None:
        raise HandoverUnknown(package=package)
    units = {
        one.unit: SentUnit(name=_name(store, one), counts=one.counts)
        for one in exported_units(store, package)
    }
    return SentPackage(
        identifier=found.package,
        revision=found.revision,
        signed_list=found.signed_list,
        units=units,
        announced={kind: count for kind, count in found.counts.items() if count or kind not in SUMS},
        opened=any(one.counts is not None for one in units.values()),
    )


def _name(store: PracticeStore, unit: ExportedUnit) -> str:
    patient = store.get(Patient, unit.patient) if unit.patient else None
    return names_and_birth(patient.traits) if patient else ""


def record_receipt(store: PracticeStore, path: Path, trust: Trust, *, at: datetime) -> CheckedReceipt:
    """Check the receipt at ``path`` against what the store remembers, and write down that it came and what was found.

    Raises:
        HandoverUnknown: when it is of a package that was not exported from here.
        ReceiptUnreadable, ReceiptNewer, LimitExceeded, FileNotFound, DiskFault: as ``read_receipt``.
    """
    receipt = read_receipt(path)
    checked = check_receipt(receipt, sent_of_store(store, receipt.package), trust)
    facts = receipt.facts
    signer = next((one.answers.signed_by.facts for one in checked.signatures if one.accepted), {})
    with store.changing():
        note_receipt(
            store,
            at,
            package=receipt.package,
            sha256=hashlib.sha256(receipt.content).hexdigest(),
            received_at=facts["received_at"],
            receiver=facts["receiver"],
            signer=str(signer.get("signer", "")),
            fingerprint="".join(str(signer.get("fingerprint", "")).split()),
            acknowledged=checked.comparison.acknowledged,
            left_aside=checked.comparison.left_aside,
            differences=len(checked.comparison.differences),
            accepted=int(checked.accepted),
            done=int(facts["done"]),
            whole=int(checked.whole and checked.accepted),
        )
    return checked
