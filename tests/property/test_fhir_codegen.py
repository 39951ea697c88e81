"""Straight-line code against the descriptions it is made of: the same bytes, the same values, the same failures."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from formats.errors import Failure
from formats.fhir.codegen import compiled
from formats.fhir.codegen.compiled import COMPILED, read_line
from formats.fhir.codegen.plain import NotPlain
from formats.fhir.kinds import resource_for
from formats.fhir.layout import as_json, bundle_line, entry_of
from formats.fhir.read import read_bundle
from formats.fhir.write import write_bundle
from formats.mapping.parts import Setting
from formats.model.documents import Attachment
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.imaging import ImageInstance, ImageSeries, ImageStudy
from formats.model.provenance import SourceRow
from formats.model.record import Record
from tests.benchmarks.clinical import clinical_dossier
from tests.dossiers import dossiers, full_dossier, key, patient_variants
from tests.property.test_fhir_bundle import JUNK, places

WRITTEN_AT = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
UNHURRIED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@contextmanager
def interpreting(records: int) -> Iterator[None]:
    """Leave as many records of each kind to the descriptions before they are compiled."""
    before = compiled.INTERPRETED
    compiled.INTERPRETED = records
    try:
        yield
    finally:
        compiled.INTERPRETED = before


STRAIGHT, DESCRIBED = 0, 10**9


def records_of(dossier: Dossier) -> list[Record]:
    """Return everything of ``dossier`` that has a description."""
    every = (dossier.practice, *dossier.practitioners, dossier.patient, *dossier.records())
    return [record for record in every if not isinstance(record, SourceRow)]


def assert_both_agree(record: Record, setting: Setting) -> bool:
    """Write and read ``record`` in both ways; return whether straight-line code did."""
    resource = resource_for(record)
    place, line = bundle_line(resource.write(record, setting))
    try:
        written = COMPILED[resource.name, record.kind].write(record, setting)
    except NotPlain:
        written = ""
    assert written in {line, ""}
    with interpreting(STRAIGHT):
        read = read_line(line.encode(), setting)
    if read is None:
        return False
    described = resource.read(entry_of(line.encode(), place)[1]["resource"])
    assert (read, repr(read)) == (described, repr(described))
    return bool(written)


DESCRIBED_KINDS = [kind for kind in PATIENT_KINDS if kind is not SourceRow]


@pytest.mark.parametrize("kind", DESCRIBED_KINDS, ids=lambda kind: kind.kind)
@settings(UNHURRIED, max_examples=40)
@given(data=st.data())
def test_every_kind_is_written_and_read_alike(kind: Any, data: st.DataObject) -> None:
    dossier = data.draw(dossiers(kinds=(kind,), most=2))
    for record in dossier.records():
        assert_both_agree(record, Setting(practice=dossier.practice.id, currency=dossier.practice.currency))


@settings(UNHURRIED, max_examples=40)
@given(dossiers(kinds=()))
def test_the_practice_and_its_people_are_written_and_read_alike(dossier: Dossier) -> None:
    for record in records_of(dossier):
        assert_both_agree(record, Setting(practice=dossier.practice.id, currency=dossier.practice.currency))


def test_every_word_is_written_and_read_alike() -> None:
    for dossier in (full_dossier(), *patient_variants()):
        for record in records_of(dossier):
            assert_both_agree(
                record, Setting(practice=dossier.practice.id, currency=dossier.practice.currency)
            )


def test_what_a_practice_writes_every_day_is_left_to_no_description() -> None:
    dossier = clinical_dossier()
    setting = Setting(practice=dossier.practice.id, currency=dossier.practice.currency)
    left = {record.kind for record in records_of(dossier) if not assert_both_agree(record, setting)}
    assert left == set()


def test_a_study_is_left_to_no_description() -> None:
    file = Attachment(sha256="ab" * 32, size=524_288, media_type="application/dicom")
    instance = ImageInstance(
        sop_instance_uid="1.2.3.4", sop_class_uid="1.2.840.10008.5.1.4.1.1.2", attachment=file
    )
    series = ImageSeries(series_instance_uid="1.2.3", modality="CT", number=1, instances=(instance, instance))
    study = ImageStudy(
        id=key("image_studies"), patient=key("patients"), study_instance_uid="1.2", series=(series,)
    )
    assert assert_both_agree(study, SETTING)


def written(dossier: Dossier) -> bytes:
    target = io.BytesIO()
    write_bundle(dossier, target, written_at=WRITTEN_AT)
    return target.getvalue()


def test_a_bundle_is_the_same_whenever_its_descriptions_are_compiled() -> None:
    for dossier in (full_dossier(), *patient_variants(), clinical_dossier()):
        with interpreting(DESCRIBED):
            described = written(dossier)
            read = read_bundle(io.BytesIO(described))
        for records in (STRAIGHT, 3):
            with interpreting(records):
                assert written(dossier) == described
                assert read_bundle(io.BytesIO(described)) == read


def outcome(data: bytes, records: int) -> tuple[Any, ...]:
    """Return what reading ``data`` gives or how it fails."""
    with interpreting(records):
        try:
            dossier, findings = read_bundle(io.BytesIO(data))
        except Failure as fault:
            return type(fault), str(fault), fault.where, fault.facts
    return dossier, repr(dossier), findings


LINES = written(full_dossier()).split(b"\n")


@pytest.mark.parametrize(
    "junk", [None, True, 0, 1.5, "", "x", [], {}, [[]], [None], {"extension": 5}], ids=repr
)
def test_whatever_stands_in_an_element_is_judged_alike(junk: Any) -> None:
    resources = [json.loads(line.strip(b","))["resource"] for line in LINES[1:-2]]
    kinds = {(one["resourceType"], str(one["meta"])): one for one in resources}
    for whole in kinds.values():
        resource = whole | {"component": whole["component"][:1]} if "component" in whole else whole
        for place in range(len(places(resource))):
            damaged = json.loads(json.dumps(resource))
            container, key = places(damaged)[place]
            container[key] = junk
            assert_judged_alike(damaged)


def assert_judged_alike(damaged: dict[str, Any]) -> None:
    """A line that straight-line code takes, the description reads alike; any other is left to it anyway."""
    try:
        line = bundle_line(damaged)[1].encode()
    except (KeyError, TypeError):
        return
    with interpreting(STRAIGHT):
        record = read_line(line, SETTING)
    if record is not None:
        described = bundle_with(line)
        assert outcome(described, STRAIGHT) == outcome(described, DESCRIBED)


SETTING = Setting(practice=full_dossier().practice.id, currency=full_dossier().practice.currency)
HEAD = [one for one in LINES if re.search(b'"resourceType":"(Organization|Patient)"', one)]


def bundle_with(line: bytes) -> bytes:
    """Return a bundle of the practice, the patient and ``line``."""
    return b"\n".join([LINES[0], *(one.strip(b",") + b"," for one in HEAD), line, b"]}", b""])


@settings(UNHURRIED, max_examples=300)
@given(st.data())
def test_a_damaged_line_is_judged_alike(data: st.DataObject) -> None:
    line = data.draw(st.sampled_from([one.strip(b",") for one in LINES[1:-2] if b'"component"' not in one]))
    entry = json.loads(line)
    for _ in range(data.draw(st.integers(0, 2))):
        container, key = data.draw(st.sampled_from(places(entry)))
        container[key] = deepcopy(data.draw(JUNK))  # the next damage may lie inside it
    text = as_json(entry).encode("utf-8", "surrogatepass")
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.binary(max_size=3)) + text[at + data.draw(st.integers(0, 3)) :]
    whole = bundle_with(text)
    assert outcome(whole, STRAIGHT) == outcome(whole, DESCRIBED)
