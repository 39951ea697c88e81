"""Enter an export into the record of its store from the package: one made before there was a record, or from a copy.

1. The package is the practice's own: signed by somebody whom the reader accepts, and sent by the practice of the store.
2. What is known better already stays: a later revision, or what each dossier holds where no key tells it now.
3. Dossiers of patients whom the store does not know are counted: the package was made from another state of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver.handover.errors import HandoverForeign
from archiver.handover.opening import OpenedHandover, refuse_unaccepted
from archiver.handover.practice_terms import stated_terms
from archiver.handover.receipt_comparison import SentPackage
from archiver.handover.sent_package import (
    KnownPackage,
    destroyed_units,
    exported_units_of,
    handover_of,
    sent_of,
)
from archiver.operations.receipts.record_receipt import sent_of_store
from archiver.package.manifests.manifest import Handover, Organisation
from archiver.practice.practitioners import practice_of_store
from archiver.practice.registers.handovers import ExportRecord, find_handover, note_handover
from archiver.practice.store import PracticeStore
from archiver.scope.handover_terms import HandoverTerm
from archiver.scope.situations import PART
from formats.model.people import Patient, Practice
from formats.names import comparable


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedPackage:
    """What the record says of the handover now; ``entered`` is false where it knew as much before.

    ``opened`` says whether a key opened the package, ``unknown`` counts dossiers of patients whom the store does
    not know, ``destroyed`` units that were lawfully destroyed before: they were not sent.
    """

    handover: ExportRecord
    units: int
    entered: bool
    opened: bool
    unknown: int
    destroyed: int = 0


def record_package(
    store: PracticeStore, path: Path, package: KnownPackage, *, at: datetime
) -> RecordedPackage:
    """Follow the steps above for the ``package`` at ``path``.

    Raises:
        SignerUntrusted, ExpectationMissing: when somebody signed it whom the reader does not accept.
        HandoverForeign: when another practice sent it.
    """
    if not isinstance(package, OpenedHandover):
        for one in (package, *package.volumes):
            refuse_unaccepted(one.verdict)
    sent, handover = sent_of(package), handover_of(package)
    require_own(practice_of_store(store), handover.sender, package=sent.identifier)
    units = list(exported_units_of(package))
    record = ExportRecord(
        package=sent.identifier,
        file=path.name,
        revision=sent.revision,
        signed_list=sent.signed_list,
        created=handover.created,
        ground=handover.legal_ground,
        situation=_situation(package, handover),
        receiver=handover.receiver.name if handover.receiver else "",
        counts=sent.announced,
    )
    entered = not _known(store, sent)
    if entered:
        with store.changing():
            note_handover(store, record, units, at=at, operation="export-recorded")
    unknown = sum(bool(one.patient) and not store.holds(Patient, one.patient) for one in units)
    return RecordedPackage(
        handover=find_handover(store, sent.identifier) or record,
        units=len(units),
        entered=entered,
        opened=sent.opened,
        unknown=unknown,
        destroyed=destroyed_units(package),
    )


def _situation(package: KnownPackage, handover: Handover) -> str:
    """Return the situation that the practice's unit states, which only a key opens; a part says that it is one."""
    if handover.scope.kind == "split":
        return PART
    if not isinstance(package, OpenedHandover):
        return ""
    return stated_terms(package).terms.get(HandoverTerm.SITUATION, "")


def require_own(practice: Practice | None, sender: Organisation, *, package: str) -> None:
    """Compare the numbers of sender and practice, or their names where one of them has no number.

    Raises:
        HandoverForeign: when they are not the same.
    """
    if practice is not None:
        stated = {(one.system, one.value) for one in sender.identifiers}
        own = {(one.system, one.value) for one in practice.identifiers}
        if not stated.isdisjoint(own):
            return
        if not (stated and own) and comparable(sender.name) == comparable(practice.name):
            return
    raise HandoverForeign(package=package, sender=sender.name, practice=practice.name if practice else "?")


def _known(store: PracticeStore, sent: SentPackage) -> bool:
    """Tell whether the record of the store says as much as the package does."""
    known = find_handover(store, sent.identifier)
    if known is None or known.revision < sent.revision:
        return False
    return known.revision > sent.revision or not sent.opened or sent_of_store(store, sent.identifier).opened


def recorded_document(recorded: RecordedPackage) -> dict[str, Any]:
    """Return what was entered, as JSON holds it."""
    return {
        "handover_recorded": 1,
        "entered": recorded.entered,
        "opened": recorded.opened,
        "package": recorded.handover.package,
        "file": recorded.handover.file,
        "revision": recorded.handover.revision,
        "created": recorded.handover.created.isoformat(),
        "receiver": recorded.handover.receiver,
        "units": recorded.units,
        "unknown_patients": recorded.unknown,
        "destroyed": recorded.destroyed,
    }
