"""Tell whose found studies and papers would be, and by what evidence, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from archiver.ingest.attribution import AttributionState
from archiver.operations.collecting.attribute import AttributedItem, Attributing
from archiver.spooled_list import SpooledList
from formats.findings import Finding
from formats.reading import Item


@dataclass(frozen=True, kw_only=True, slots=True)
class AttributionPreview:
    """What was found, whose it would be, and how many of each state; every state is counted."""

    attributed: Collection[AttributedItem]
    counts: Mapping[AttributionState, int]
    findings: Collection[Finding]


def preview_attribution(run: Attributing, items: Iterable[Item]) -> AttributionPreview:
    """Read everything as a collection does, and write nothing.

    Raises:
        Failure: as the reader of the source; AssignmentUnknownPatient, AssignmentAmbiguous.
    """
    run.attributed = SpooledList[AttributedItem]()
    findings = SpooledList(item for item in items if isinstance(item, Finding))
    counts = Counter(one.state for one in run.attributed)
    return AttributionPreview(
        attributed=run.attributed,
        counts={state: counts[state] for state in AttributionState},
        findings=findings,
    )
