"""The number of a patient in a DICOM object is that of the practice which issued it, and of no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archiver.ingest.attribution import Attributor, KnownPatient, recognition_traits
from formats.dicom.attributes import issuer
from formats.dicom.objects.context import begin_object
from formats.dicom.objects.kinds import INTRA_ORAL
from formats.dicom.study import ImagedPatient
from formats.model.identity import Identifier, IdentifierType
from tests.full_dossier import full_dossier


@pytest.mark.parametrize(
    ("system", "stated"),
    [
        ("urn:oid:1.2.250.1.999.1", [("1.2.250.1.999.1", "ISO")]),
        (
            "urn:uuid:00000000-0000-5000-8000-000000000000",
            [("urn:uuid:00000000-0000-5000-8000-000000000000", "URI")],
        ),
        ("https://exemple.fr/patients", [("https://exemple.fr/patients", "URI")]),
        ("un logiciel", []),
        ("", []),
    ],
)
def test_a_number_has_its_issuer_by_whom_another_practice_tells_its_own(
    system: str, stated: list[tuple[str, str]]
) -> None:
    patient = replace(
        full_dossier().patient,
        identifiers=(
            Identifier(type=IdentifierType.LOCAL, system="", value=" "),
            Identifier(type=IdentifierType.LOCAL, system=system, value="45"),
        ),
    )
    dataset = begin_object(replace(full_dossier(), patient=patient), INTRA_ORAL, None, None)
    qualifiers = dataset.get("IssuerOfPatientIDQualifiersSequence", ())
    assert dataset.PatientID == "45"
    assert [(one.UniversalEntityID, one.UniversalEntityIDType) for one in qualifiers] == stated
    practice, other = full_dossier().practice.name, "Cabinet du Port"
    claim = ImagedPatient(number=dataset.PatientID, issuer=issuer(dataset))
    other_s = KnownPatient(id="other", numbers=frozenset({"45"}))
    assert Attributor([other_s], [other]).attribute(claim).patient is None
    assert Attributor([recognition_traits(patient)], [practice]).attribute(claim).patient == patient.id


def test_an_identity_that_is_no_number_of_a_practice_has_no_issuer() -> None:
    patient = replace(full_dossier().patient, identifiers=())
    dataset = begin_object(replace(full_dossier(), patient=patient), INTRA_ORAL, None, None)
    assert dataset.PatientID == patient.id and "IssuerOfPatientID" not in dataset
