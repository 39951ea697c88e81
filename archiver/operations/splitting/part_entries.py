"""Parts of a package that was split, as the register of handovers of whoever split it has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from archiver.operations.receipts.export_entries import ExportEntry
from archiver.operations.splitting.split_request import SplitPackage
from archiver.practice.registers.handovers import ExportRecord
from archiver.scope.situations import PART
from formats.model.missing import SUMS


def part_entries(parts: Sequence[SplitPackage]) -> Sequence[ExportEntry]:
    """Return what is to be remembered of each of ``parts``."""
    return list(map(_entry, parts))


def _entry(part: SplitPackage) -> ExportEntry:
    handover = part.manifest.handover
    sums: Counter[str] = Counter()
    for unit in part.units:
        sums.update({kind: count for kind, count in (unit.counts or {}).items() if kind in SUMS})
    return ExportEntry(
        record=ExportRecord(
            package=part.manifest.package_id,
            file=part.path.name,
            revision=part.manifest.revision,
            signed_list=part.signed_list,
            created=handover.created,
            ground=handover.legal_ground,
            situation=PART,
            receiver=part.receiver,
            counts={**handover.counts, **sums},
        ),
        units=part.units,
    )
