"""Every dossier of the sample practice, as FHIR, before another's judge: fhir.resources."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from archiver.practice.store import open_store
from formats.fhir.read import read_bundle
from formats.fhir.write import write_bundle
from tests.fhir_judge import judge_bundle
from tests.journeys.line import Line

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_every_sample_dossier_is_valid_fhir(demo_line: Line) -> None:
    judged = 0
    with open_store(demo_line.folder / "practice.db") as store:
        for patient in list(store.patients()):
            dossier = store.dossier(patient.id)
            bundle = io.BytesIO()
            write_bundle(dossier, bundle, written_at=NOON)
            bundle.seek(0)
            assert [finding.text for finding in judge_bundle(bundle)] == []
            bundle.seek(0)
            _, findings = read_bundle(bundle)
            assert findings == ()
            judged += 1
    assert judged == 68
