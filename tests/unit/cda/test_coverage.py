"""The coverage of clinical documents says of every field what the writers do with it."""

from __future__ import annotations

from dataclasses import fields

from formats.cda.writer.coverage import (
    LEFT_OUT_KINDS,
    PARTLY,
    Carriage,
    described_kinds,
    field_coverage,
)
from formats.model.care import Act
from formats.model.dossier import PATIENT_KINDS
from formats.model.health import HealthStatement
from formats.model.people import Patient, Practice, Practitioner
from tests.full_dossier import full_dossier
from tests.unit.cda.written import act_fields, statement_fields

FULL = full_dossier()


def carried(kind: type) -> set[str]:
    return {one.name for one in fields(kind) if field_coverage(kind, one.name).carriage is Carriage.ELEMENT}


def test_every_kind_of_record_is_carried_or_left_out_with_a_reason() -> None:
    described = {*described_kinds(), *LEFT_OUT_KINDS}
    assert {*PATIENT_KINDS, Practice, Practitioner, Patient} <= described
    assert not {*described_kinds()} & {*LEFT_OUT_KINDS}


def test_every_field_has_its_place_and_what_is_left_out_a_reason() -> None:
    for kind in (*described_kinds(), *LEFT_OUT_KINDS):
        for one in fields(kind):
            found = field_coverage(kind, one.name)
            assert found.reason or found.carriage is not Carriage.LEFT_OUT
    for kind, name in PARTLY:
        assert field_coverage(kind, name).carriage is Carriage.ELEMENT
        assert name in {one.name for one in fields(kind)}


def test_what_is_carried_is_what_the_round_trip_compares() -> None:
    assert carried(HealthStatement) == statement_fields(FULL.health_statements[0], {}).keys()
    assert carried(Act) == act_fields(FULL.acts[0], {}).keys()
