"""How an export is written down in its store."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from archiver.operations.receipts.export_entries import ExportEntry, record_exports
from archiver.practice.store import open_store
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.words import mark

UNRECORDED = mark(
    "This export is not written down in the practice store, so archiver handover status will not show it: {why}"
)


def note_exports(store: Path, entries: Collection[ExportEntry]) -> tuple[Finding, ...]:
    """Write exports down in their store; where that fails the packages are made all the same, and a finding says so."""
    try:
        with open_store(store) as opened:
            record_exports(opened, entries)
    except Failure as failure:
        found = Finding(
            severity=Severity.WARNING,
            code="export-unrecorded",
            where="",
            sentence=UNRECORDED,
            facts={"why": failure},
        )
        return (found,)
    return ()
