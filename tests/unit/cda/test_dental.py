"""Dental documents and wrapped files: what is in them is read, by our reader or by a person."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from formats.cda.document import MAX_DOCUMENT_BYTES
from formats.cda.writer.dental import DENTAL_DOCUMENTS, write_consent, write_implant_card, write_plan
from formats.cda.writer.wrapping import MAX_WRAPPED_BYTES, write_wrapped
from formats.errors import AttachmentChanged, LimitExceeded
from formats.findings import Finding
from formats.model.care import Act, ActStatus, Note, Quote, TreatmentPlan
from formats.model.devices import MedicalDevice
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.health import Diagnosis
from formats.model.mouth import ChartFinding, PerioExam
from formats.model.observations import Observation
from formats.model.people import Practitioner
from formats.model.provenance import Consent
from formats.reading import FileBody
from formats.target import Target
from tests.dossiers import PLAIN_TEXTS, TEXTS, dossiers
from tests.full_dossier import full_dossier
from tests.unit.cda.written import (
    ISSUE,
    Counting,
    Fields,
    act_fields,
    code_text,
    lines,
    names,
    of_kind,
    one_line,
    system,
    taken,
)

FULL = full_dossier()
SHOWN = (ChartFinding, PerioExam, Act, Diagnosis, Observation, TreatmentPlan, Quote, MedicalDevice, Consent)
UNHURRIED = settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])


def written(write: Any, dossier: Dossier, *more: object) -> bytes:
    target = io.BytesIO()
    write(dossier, *more, target, issue=ISSUE)
    return target.getvalue()


def text_of(document: bytes) -> str:
    return "\n".join(one.text for one in of_kind(taken(document), Note))


# -- dental documents ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "holds", "write"), DENTAL_DOCUMENTS, ids=[kind.type.code for kind, _, _ in DENTAL_DOCUMENTS]
)
def test_a_dental_document_is_written_where_there_is_something_for_it(
    kind: Any, holds: Any, write: Any
) -> None:
    bare = Dossier(practice=FULL.practice, practitioners=FULL.practitioners, patient=FULL.patient)
    assert holds(FULL)
    assert not holds(bare)
    assert f'code="{kind.type.code}"'.encode() in written(write, FULL)
    assert "Non renseigné" in text_of(written(write, bare))


@given(dossiers(texts=TEXTS, kinds=SHOWN))
@settings(UNHURRIED, max_examples=8)
def test_any_dossier_has_its_dental_documents(dossier: Dossier) -> None:
    for _, _, write in DENTAL_DOCUMENTS:
        assert taken(written(write, dossier))
    for one in dossier.consents:
        assert taken(written(write_consent, dossier, one))


def test_what_a_person_reads_of_chart_and_assessment_is_all_there() -> None:
    (_, _, chart), (_, _, assessment), (_, _, plan), _ = DENTAL_DOCUMENTS
    text = text_of(written(chart, FULL))
    for finding in FULL.chart_findings:
        assert one_line(finding.text) in " ".join(text.split())
        assert finding.tooth in text
    text = text_of(written(assessment, FULL))
    assert all(one_line(one.label) in text for one in FULL.diagnoses)
    assert all(str(one.value) in text for exam in FULL.perio_exams for one in exam.measures)
    assert all(str(one.result.value) in text for one in FULL.observations if one.result.value is not None)
    text = text_of(written(plan, FULL))
    assert all(one_line(item.label) in text for one in FULL.treatment_plans for item in one.items)
    assert "Constats" not in text


@given(dossiers(texts=PLAIN_TEXTS, kinds=(Act,), most=4))
@UNHURRIED
def test_planned_acts_are_read_back_from_the_plan(dossier: Dossier) -> None:
    who = names(dossier.practitioners)
    planned = [act_fields(one, who) for one in dossier.acts if one.status is ActStatus.PLANNED]
    found = taken(written(write_plan, dossier))
    read = names(of_kind(found, Practitioner))
    assert sorted((act_fields(one, read) for one in of_kind(found, Act)), key=str) == sorted(planned, key=str)


def device_fields(one: MedicalDevice, who: dict[str, tuple[str, str]], note: str) -> Fields:
    return {
        "code_system": system(one.code_system, one.code),
        "code": one_line(code_text(one.code)),
        "label": one_line(one.label),
        "manufacturer": one_line(one.manufacturer),
        "model": one_line(one.model),
        "udi": one_line(one.udi),
        "implanted_on": one.implanted_on,
        "removed_on": one.removed_on,
        "expires_on": one.expires_on,
        "practitioner": who.get(one.practitioner or ""),
        "note": {*lines(note)},
    }


@given(dossiers(texts=PLAIN_TEXTS, kinds=(MedicalDevice,), most=4))
@UNHURRIED
def test_implants_are_read_back_from_the_implant_card(dossier: Dossier) -> None:
    who = names(dossier.practitioners)
    found = taken(written(write_implant_card, dossier))
    read = names(of_kind(found, Practitioner))
    got = [device_fields(one, read, one.note) for one in of_kind(found, MedicalDevice)]
    wanted = [device_fields(one, who, one.note) for one in dossier.devices]
    assert len(got) == len(wanted)
    for one, other in zip(got, wanted, strict=True):
        assert other.pop("note") <= one.pop("note")
        assert one == other


def test_what_has_no_element_stands_in_the_note_of_an_implant() -> None:
    one = replace(
        FULL.devices[0], lot="LOT-7", serial="SN-8", part_number="REF-9", manufactured_on=date(2024, 5, 1)
    )
    found = of_kind(taken(written(write_implant_card, replace(FULL, devices=(one,)))), MedicalDevice)
    for stated in ("LOT-7", "SN-8", "REF-9", "01/05/2024", *one.teeth):
        assert stated in found[0].note


# -- wrapped files ------------------------------------------------------------------------


def paper(data: bytes, media_type: str = "application/pdf", **more: Any) -> Document:
    attachment = Attachment(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type=media_type)
    return replace(FULL.documents[0], **{"title": "Courrier", "code": "", "attachment": attachment, **more})


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 57 * 1024 - 1, 57 * 1024, 57 * 1024 + 1, 300_001])
def test_a_wrapped_file_comes_out_as_it_went_in(size: int) -> None:
    data = (b"%PDF-1.7\n" + bytes(range(256)) * (size // 256 + 1))[:size]
    found = taken(written(write_wrapped, FULL, paper(data), io.BytesIO(data)))
    bodies = [one for one in found if isinstance(one, FileBody) and "cda" not in one.attachment.media_type]
    assert [one.open().read() for one in bodies] == ([data] if data else [])
    assert not [one for one in found if isinstance(one, Finding)]


def test_the_type_of_a_wrapped_file_is_its_own_or_by_what_it_is() -> None:
    for code, media_type, stated in (
        ("18748-4", "application/pdf", "18748-4"),
        ("", "image/jpeg", "52040-3"),
        ("", "application/pdf", "51851-4"),
        ("99999-9", "text/plain", "51851-4"),
    ):
        one = paper(b"content", media_type, code=code)
        target = io.BytesIO()
        done = write_wrapped(FULL, one, io.BytesIO(b"content"), target, issue=ISSUE)
        assert done.kind.type.code == stated
        assert done.title == "Courrier"


def test_another_file_than_the_one_listed_is_refused() -> None:
    for body in (b"another", b"contenu et plus", b""):
        with pytest.raises(AttachmentChanged):
            written(write_wrapped, FULL, paper(b"content"), io.BytesIO(body))


def test_a_file_that_no_reader_takes_is_refused_before_anything_is_written() -> None:
    one = paper(b"x")
    assert one.attachment
    long = replace(one, attachment=replace(one.attachment, size=MAX_WRAPPED_BYTES + 1))
    target = io.BytesIO()
    with pytest.raises(LimitExceeded):
        write_wrapped(FULL, long, io.BytesIO(b"x"), target, issue=ISSUE)
    assert target.getvalue() == b""
    assert MAX_WRAPPED_BYTES * 4 // 3 < MAX_DOCUMENT_BYTES


def test_a_long_file_is_never_whole_in_memory() -> None:
    size = 24 << 20
    data = bytes(size)
    one, body, target = paper(data, "image/tiff"), io.BytesIO(data), Counting()
    checked: Target = target
    tracemalloc.start()
    try:
        done = write_wrapped(FULL, one, body, checked, issue=ISSUE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert done.size == target.size > size
    assert peak < 4 << 20
