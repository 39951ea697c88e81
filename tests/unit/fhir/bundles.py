"""Bundles for the tests of this room, written in memory."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

from formats.fhir.read import read_bundle
from formats.fhir.write import write_bundle
from formats.findings import Finding
from formats.model.dossier import Dossier
from formats.model.record import Record
from tests.dossiers import full_dossier, key

WRITTEN_AT = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)


def written(dossier: Dossier) -> bytes:
    """Return the bundle of ``dossier``."""
    target = io.BytesIO()
    write_bundle(dossier, target, written_at=WRITTEN_AT)
    return target.getvalue()


def read(data: bytes) -> tuple[Dossier, tuple[Finding, ...]]:
    """Return what ``read_bundle`` makes of ``data``."""
    return read_bundle(io.BytesIO(data))


def holding(**records: tuple[Record, ...]) -> Dossier:
    """Return a dossier with only ``records`` beside its practice, practitioners and patient."""
    whole = full_dossier()
    return Dossier(
        practice=whole.practice,
        practitioners=whole.practitioners,
        patient=whole.patient,
        **records,
    )


def resource(record: Record) -> dict[str, Any]:
    """Return ``record`` as it stands in a bundle, numbers as text."""
    bundle = json.loads(written(holding(**{record.kind: (record,)})), parse_float=str)
    found: dict[str, Any] = next(
        entry["resource"] for entry in bundle["entry"] if entry["resource"]["id"] == record.id
    )
    return found


def foreign(*resources: dict[str, Any]) -> bytes:
    """Return a bundle as another program might write it: indented, and without our tags."""
    entries = [{"resource": resource} for resource in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}, indent=2).encode()


PRACTICE: dict[str, Any] = {"resourceType": "Organization", "id": "p1", "name": "Cabinet Exemple"}
PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "a1",
    "name": [{"use": "official", "family": "DURAND-EXEMPLE", "given": ["Anne"]}],
    "gender": "female",
    "managingOrganization": {"reference": "Organization/p1"},
}
SUBJECT: dict[str, Any] = {"reference": "Patient/a1"}

__all__ = [
    "PATIENT",
    "PRACTICE",
    "SUBJECT",
    "WRITTEN_AT",
    "foreign",
    "holding",
    "key",
    "read",
    "resource",
    "written",
]
