"""What an import noticed of each unit, as findings that name whose dossier it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archiver.handover.receipt import Arrival, Receipt
from archiver.verdict import fault_line
from formats.findings import Finding


def arrival_findings(receipt: Receipt) -> Iterator[Finding]:
    """Yield every remark about what came in, and of what did not, why."""
    for arrival in receipt.arrivals:
        yield from arrival_remarks(arrival)
        if arrival.refusal is not None:
            yield _of(arrival, fault_line(arrival.refusal))


def arrival_remarks(arrival: Arrival) -> Iterator[Finding]:
    """Yield what was noticed in the archive of one unit."""
    return (_of(arrival, remark) for remark in arrival.remarks)


def _of(arrival: Arrival, finding: Finding) -> Finding:
    whose = arrival.name or arrival.unit
    return replace(finding, where=f"{whose}: {finding.where}" if finding.where else whose)
