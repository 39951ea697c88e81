"""Numbers that others gave: in no image do they become the number of a patient of the practice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

from archiver.ingest.attribution import Attribution, AttributionState, Attributor, Claim, KnownPatient
from formats.dicom.study import FoundStudy
from formats.papers.paper import FoundPaper
from tests.unit.dicom.images import find_studies, image

ELSEWHERE = "1.2.250.1.71.4.2.2.9"
KNOWN = KnownPatient(
    id="gerard",
    numbers=frozenset({"45"}),
    family_names=("Perrichon",),
    given_names=("Gérard",),
    birth_date=date(1955, 11, 23),
)


def qualified() -> Dataset:
    made = Dataset()
    made.UniversalEntityID, made.UniversalEntityIDType = ELSEWHERE, "ISO"
    return made


def other_number() -> Dataset:
    made = Dataset()
    made.PatientID, made.IssuerOfPatientID, made.TypeOfPatientID = "45", "Cabinet", "TEXT"
    return made


def answers(folder: Path) -> Iterator[Attribution]:
    attributor = Attributor([KNOWN], ["Cabinet"])
    for found in find_studies(folder):
        if isinstance(found, FoundStudy | FoundPaper):
            claim: Claim = found.patient
            yield attributor.attribute(claim)


@pytest.mark.parametrize("whole", [True, False], ids=["study", "document"])
@pytest.mark.parametrize(
    "elements",
    [
        {"PatientID": "45", "IssuerOfPatientID": "Radiologie d'ailleurs"},
        {"PatientID": "45", "IssuerOfPatientIDQualifiersSequence": [qualified()]},
        {"PatientID": "X9", "OtherPatientIDs": "45"},
        {"PatientID": "", "OtherPatientIDs": ["45", "46"]},
        {"PatientID": "", "OtherPatientIDsSequence": [other_number()]},
    ],
)
def test_a_number_of_others_matches_nobody(tmp_path: Path, elements: dict[str, object], whole: bool) -> None:
    path = image(tmp_path / "one.dcm", PatientName="", PatientBirthDate="", **elements)
    if not whole:
        dataset = pydicom.dcmread(path)
        del dataset.StudyInstanceUID
        pydicom.dcmwrite(path, dataset)
    (answer,) = answers(tmp_path)
    assert answer.patient is None
    assert answer.state in {AttributionState.AMBIGUOUS, AttributionState.UNMATCHED}


def test_the_same_number_of_the_practice_itself_matches(tmp_path: Path) -> None:
    image(
        tmp_path / "one.dcm", PatientName="", PatientBirthDate="", PatientID="45", IssuerOfPatientID="Cabinet"
    )
    (answer,) = answers(tmp_path)
    assert (answer.state, answer.patient) == (AttributionState.MATCHED_BY_NUMBER, "gerard")
