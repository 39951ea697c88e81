"""Outcome of a collection: what was read, what became of it, and what stayed behind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from archiver.ingest.counts import KindCount
from formats.findings import Finding, Severity

NOT_TAKEN = frozenset(
    {
        "not-cda",
        "opendental-file-missing",
        "opendental-files-unlisted",
        "opendental-no-image-folder",
        "paper-undescribed",
        "archive-file-other",
        "pdlgc-beside",
        "fhir-file-other",
        "fhir-file-elsewhere",
        "fhir-file-unproven",
        "archive-member-unlisted",
        "fhir-resource-unknown",
    }
    | {"mapped-file-missing", "mapped-files-unlisted", "mapped-no-files", "mapped-record-lacking"}
    | {"table-file-unread", "table-rows-beyond", "table-sheet-missing", "table-values-outside"}
    | {
        "calendar-component-ignored",
        "calendar-event-repeats",
        "calendar-series-cut",
        "calendar-series-changed",
    }
    | {"paper-without-file", "link-outside", "folder-too-deep", "not-a-file", "not-dicom"}
    | {"xdm-undescribed", "dicom-instance-cut", "dicom-sender-refused"}
)
"""Codes of warnings about something that stayed behind; an error always is about such a thing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CollectOutcome:
    """The outcome: counts per kind of record, per table of the source, and what a person should know.

    ``content`` counts documents and pictures, and what has no content; ``gone``, by kind, and ``gone_rows``, by table,
    what the source does not give any more; ``remarked`` says whether that is otherwise than before. ``unchanged_since``
    is when the source was read last, where it is as it was then: nothing was read again, and all this is what was found
    then.
    """

    kinds: Mapping[str, KindCount]
    tables: Mapping[str, KindCount]
    findings: Collection[Finding] = ()
    content: Mapping[str, int] = field(default_factory=dict)
    gone: Mapping[str, int] = field(default_factory=dict)
    gone_rows: Mapping[str, int] = field(default_factory=dict)
    remarked: bool = False
    unchanged_since: datetime | None = None

    @property
    def not_taken(self) -> int:
        """How many things of the source were not taken, or not understood: their findings say which."""
        severe = (one for one in self.findings if one.severity is not Severity.NOTE)
        return sum(one.severity is Severity.ERROR or one.code in NOT_TAKEN for one in severe)

    @property
    def changed(self) -> bool:
        """Whether anything in the store is new or different."""
        return any(count.added or count.updated for count in self.kinds.values())
