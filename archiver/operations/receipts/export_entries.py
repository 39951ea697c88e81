"""Write down in the sender's store what was exported."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from archiver.assembly.request import ExportOutcome
from archiver.package import layout
from archiver.package.contents import contents_of, member_digest
from archiver.practice.registers.handovers import ExportedUnit, ExportRecord, note_handover
from archiver.practice.store import PracticeStore
from archiver.scope.handover_terms import HandoverTerm


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
