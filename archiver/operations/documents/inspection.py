"""What an inspection lists: the lines of the keyrings, for a program and for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archiver.examination.verdict_document import source_document
from archiver.handover.opening import OpenedHandover
from archiver.handover.practice_terms import StatedTerms
from archiver.scope.handover_terms import terms_document
from archiver.scope.rosters.roster_agreement import agreement_document
from archiver.sealing.keyring_lines import reading_key
from archiver.spooled_list import SortedSpool
from formats.names import comparable


def inspected_json(received: OpenedHandover, stated: StatedTerms) -> dict[str, Any]:
    """Return who is in what was handed over, and from which packages it was taken; no dossier was read."""
    return {
        "inspected": 1,
        "package": received.identifier,
        "read": False,
        "units": _units(received),
        "terms": terms_document(stated.terms),
        "left_out": dict(stated.left_out),
        "roster": agreement_document(stated.agreement),
        "sources": [
            source_document(one) for volume in received.volumes for one in volume.package.verdict.sources
        ],
    }


def _units(received: OpenedHandover) -> Iterator[dict[str, Any]]:
    """Yield the line of every unit, in the order in which people read."""
    for _, one in received.entries():
        yield {"unit": one.unit, "patient": dict(one.patient or {}) or None, "counts": dict(one.counts)}


def patient_rows(received: OpenedHandover) -> SortedSpool[tuple[str | int, ...]]:
    """Return the row of every patient by their names, then their birth dates, then as the units are read."""
    rows = SortedSpool[tuple[str | int, ...]]()
    for one in (entry for volume in received.volumes for entry in volume.keyring.entries):
        if one.patient is None:
            continue
        family, given, born = (one.patient.get(trait, "") for trait in ("family", "given", "birth_date"))
        images = one.counts.get("image_files", 0) + one.counts.get("image_studies", 0)
        counts = (one.counts.get("acts", 0), one.counts.get("documents", 0), images)
        rows.add(
            (comparable(family), comparable(given), born, reading_key(one)),
            (one.patient.get("number", ""), family, given, born, *counts, one.unit),
        )
    return rows
