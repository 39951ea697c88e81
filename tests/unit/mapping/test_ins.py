"""An INS leaves as one from a qualified identity alone (RNIV), in every form: CDA, XDM, PDLGC, DICOM, FHIR."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pydicom import Dataset

from formats.cda.writer.header import Issue
from formats.cda.writer.patient import record_target
from formats.cda.writer.requirements import lacking_facts
from formats.dicom.objects.context import SeriesKind, begin_object
from formats.dicom.objects.dossier import made_instances
from formats.fhir.kinds import resource_for
from formats.fhir_interchange.resources import patient_resources
from formats.findings import Finding
from formats.mapping.ins import ins_findings
from formats.model.dossier import Dossier
from formats.model.identity import INS_TEST_OID, IdentifierType, InsStatus
from formats.xdm.hl7_text import patient_cx, patient_segment
from tests.full_dossier import full_dossier
from tests.unit.dicom.pictured import Pictured, picture

INS = "279035121518989"


def changed(**fields: object) -> Dossier:
    whole = full_dossier()
    return replace(whole, patient=replace(whole.patient, **fields))


def without_birth_place() -> Dossier:
    return changed(traits=replace(full_dossier().patient.traits, birth_place=""))


UNQUALIFIED = [
    *(changed(ins_status=one) for one in (None, *InsStatus) if one is not InsStatus.QUALIFIED),
    without_birth_place(),
]


def in_clinical_document(dossier: Dossier) -> bool:
    text = str(record_target(dossier))
    return INS in text or INS_TEST_OID in text


def in_metadata(dossier: Dossier) -> bool:
    return any(INS in line or INS_TEST_OID in line for line in patient_segment(dossier))


def in_manifest(dossier: Dossier) -> bool:
    return patient_cx(dossier) == f"{INS}^^^&{INS_TEST_OID}&ISO^NH"


def in_dicom(dossier: Dossier) -> bool:
    kind = SeriesKind(sop_class="1.2", modality="IO", number=1)
    dataset: Dataset = begin_object(dossier, kind, date(2026, 1, 2), None)
    return INS in str(dataset) or INS_TEST_OID in str(dataset)


def in_fhir(dossier: Dossier) -> bool:
    patient = next(patient_resources(dossier, Counter()))
    (one,) = (
        each for each in patient["identifier"] if each.get("value") == INS and "INS" in json.dumps(each)
    )
    marks = {"use", "system"} & one.keys() | {
        each["code"] for each in one["type"]["coding"] if each["code"] != "INS"
    }
    assert resource_for(dossier.patient).read(patient).identifiers == dossier.patient.identifiers
    return bool(marks)


FORMS = [in_clinical_document, in_metadata, in_manifest, in_dicom, in_fhir]


@pytest.mark.parametrize("form", FORMS)
def test_the_ins_of_a_qualified_identity_leaves(form: Callable[[Dossier], bool]) -> None:
    dossier = full_dossier()
    assert form(dossier) and list(ins_findings(dossier.patient)) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dossier", UNQUALIFIED, ids=["none", "PROV", "VALI", "RECUP", "no birth place"])
def test_no_other_does(form: Callable[[Dossier], bool], dossier: Dossier) -> None:
    assert not form(dossier)
    assert [one.code for one in ins_findings(dossier.patient)] == ["ins-not-qualified"]


def test_it_is_told_of_documents_and_objects() -> None:
    issue = Issue(written_at=datetime(2026, 11, 29, tzinfo=UTC))
    dossier = changed(ins_status=InsStatus.PROVISIONAL)
    assert "ins-not-qualified" in {one.code for one in lacking_facts(dossier, issue)}
    known = Pictured()
    known.add(picture(), "image/png")
    pictured = replace(known.dossier, patient=dossier.patient)
    made = list(made_instances(pictured, lambda sha256: io.BytesIO(known.files[sha256])))
    assert "ins-not-qualified" in {one.code for one in made if isinstance(one, Finding)}
    assert patient_cx(dossier) == "P-0042^^^&1.2.250.1.999.1&ISO^PI"
    assert any(one.type is IdentifierType.INS for one in dossier.patient.identifiers)
