"""Write down in the sender's store what was exported, and check the receipts that come back against it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver.assembly.request import ExportOutcome
from archiver.handover.errors import HandoverUnknown
from archiver.handover.receipt_comparison import SentPackage, SentUnit
from archiver.handover.receipt_reading import read_receipt
from archiver.operations.receipts.check_receipt import CheckedReceipt, check_receipt
from archiver.package import layout
from archiver.package.contents import contents_of, member_digest
from archiver.practice.registers.handovers import (
    ExportedUnit,
    ExportRecord,
    exported_units,
    find_handover,
    note_handover,
    note_receipt,
)
from archiver.practice.store import PracticeStore
from archiver.scope.handover_terms import HandoverTerm
from archiver.signing.trust.anchors import Trust
from formats.model.identity import names_and_birth
from formats.model.missing import SUMS
from formats.model.people import Patient


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportEntry:
    """What the store remembers of one export: the package or set, and its units."""

    record: ExportRecord
    units: Collection[ExportedUnit]


def export_entry(outcome: ExportOutcome) -> ExportEntry:
    """Return what is to be remembered of an export, while its package lies where ``outcome`` says."""
    first = outcome.volumes[0].manifest
    handover = first.handover
    digest = member_digest(contents_of(outcome.path), layout.ASIC_MANIFEST)
    known = {one.unit for one in outcome.dossiers}
    others = (
        ExportedUnit(unit=unit.id)
        for volume in outcome.volumes
        for unit in volume.manifest.units
        if unit.id not in known
    )
    return ExportEntry(
        record=ExportRecord(
            package=outcome.set_id or first.package_id,
            file=outcome.path.name,
            revision=1,
            signed_list=digest.hex if digest else "",
            created=handover.created,
            ground=handover.legal_ground,
            situation=outcome.terms.get(HandoverTerm.SITUATION, ""),
            receiver=handover.receiver.name if handover.receiver else "",
            counts={**outcome.counts, **outcome.sums},
        ),
        units=(*outcome.dossiers, *others),
    )


def record_exports(store: PracticeStore, entries: Iterable[ExportEntry]) -> None:
    """Remember what exports hand over, all of them or none."""
    with store.changing():
        for one in entries:
            note_handover(store, one.record, one.units, at=one.record.created)


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
