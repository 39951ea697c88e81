"""The medical summary: what is written is read back as the same facts, and what nobody asked is stated to be so."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from formats.cda.writer.summary import write_summary
from formats.errors import LimitExceeded
from formats.findings import Finding
from formats.model.care import Act, ActStatus
from formats.model.dossier import Dossier
from formats.model.health import HealthStatement, HealthTopic, Presence
from formats.model.identity import IdentifierType, Sex
from formats.model.people import PatientStatus, RelatedPerson, Relation
from tests.dossiers import PLAIN_TEXTS, TEXTS, dossiers
from tests.full_dossier import full_dossier, key, patient_variants
from tests.unit.cda.written import (
    CLOCK,
    ISSUE,
    Counting,
    carried_acts,
    carried_statements,
    of_kind,
    one_line,
    practice_and_patient,
    read_acts,
    read_statements,
    summary,
    taken,
)

KINDS = (HealthStatement, Act, RelatedPerson)
FULL = full_dossier()
UNHURRIED = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def by_text(found: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(found, key=str)


def findings(document: bytes) -> list[str]:
    return [one.code for one in taken(document) if isinstance(one, Finding)]


def bare(dossier: Dossier = FULL) -> Dossier:
    """Return a dossier in which nothing is recorded."""
    return Dossier(practice=dossier.practice, practitioners=dossier.practitioners, patient=dossier.patient)


# -- read back ----------------------------------------------------------------------------


@given(dossiers(texts=PLAIN_TEXTS, kinds=KINDS, most=4))
@UNHURRIED
def test_what_is_written_is_read_back_field_by_field(dossier: Dossier) -> None:
    found = taken(summary(dossier))
    assert by_text(read_statements(found)) == by_text(carried_statements(dossier))
    assert by_text(read_acts(found)) == by_text(carried_acts(dossier))


@given(dossiers(texts=TEXTS, kinds=KINDS))
@UNHURRIED
def test_no_text_breaks_a_document(dossier: Dossier) -> None:
    found = taken(summary(dossier))
    assert len(read_acts(found)) == len(carried_acts(dossier))
    assert len(read_statements(found)) == len(carried_statements(dossier))


def test_every_word_of_the_model_is_read_back() -> None:
    found = taken(summary(FULL))
    assert by_text(read_statements(found)) == by_text(carried_statements(FULL))
    assert by_text(read_acts(found)) == by_text(carried_acts(FULL))
    assert {one.topic for one in FULL.health_statements} == set(HealthTopic)


# -- the header ---------------------------------------------------------------------------


def test_the_header_says_who_the_patient_is() -> None:
    _, patient = practice_and_patient(taken(summary(FULL)))
    assert patient.traits == FULL.patient.traits
    wanted = {
        one for one in FULL.patient.identifiers if one.type in {IdentifierType.INS, IdentifierType.LOCAL}
    }
    assert wanted <= set(patient.identifiers)
    assert {one.type for one in patient.identifiers} == {IdentifierType.INS, IdentifierType.LOCAL}
    assert patient.addresses == tuple(one for one in FULL.patient.addresses if one.city)
    assert patient.deceased_on == FULL.patient.deceased_on


def test_a_number_for_billing_is_never_an_identity() -> None:
    nirs = tuple(one for one in FULL.patient.identifiers if one.type is IdentifierType.NIR)
    assert nirs
    one = replace(FULL, patient=replace(FULL.patient, identifiers=nirs))
    _, patient = practice_and_patient(taken(summary(one)))
    assert not {each.value for each in nirs} & {each.value for each in patient.identifiers}


def test_an_ins_travels_with_all_its_traits_or_not_at_all() -> None:
    for lacking in (
        {"birth_place": ""},
        {"birth_date": None},
        {"sex": Sex.UNKNOWN},
        {"birth_given_names": ()},
    ):
        traits = replace(FULL.patient.traits, **lacking)
        _, patient = practice_and_patient(
            taken(summary(replace(FULL, patient=replace(FULL.patient, traits=traits))))
        )
        assert all(one.type is not IdentifierType.INS for one in patient.identifiers)
        assert patient.identifiers


@pytest.mark.parametrize("one", [*patient_variants()], ids=lambda one: one.patient.status.value)
def test_every_kind_of_patient_has_a_summary(one: Dossier) -> None:
    _, read = practice_and_patient(taken(summary(one)))
    assert read.traits.birth_date == one.patient.traits.birth_date
    assert (read.status is PatientStatus.DECEASED) == (
        one.patient.status is PatientStatus.DECEASED or one.patient.deceased_on is not None
    )


def test_those_around_the_patient_are_named() -> None:
    found = of_kind(taken(summary(FULL)), RelatedPerson)
    stated = {(one.relation, one.family_name, one.given_name) for one in found}
    wanted = {
        (one.relation, one_line(one.family_name), one_line(one.given_name))
        for one in FULL.related_persons
        if one.relation is not Relation.PAYER and (one.family_name or one.given_name)
    }
    assert stated == wanted
    assert len(wanted) > 2


def test_the_practice_and_its_author_are_read_back() -> None:
    found = taken(summary(FULL))
    practice, _ = practice_and_patient(found)
    assert (practice.name, practice.addresses) == (FULL.practice.name, FULL.practice.addresses[:1])
    assert practice.identifiers[0] in FULL.practice.identifiers
    attending = next(one for one in FULL.practitioners if one.id == FULL.patient.attending)
    author = of_kind(found, HealthStatement)
    assert author
    assert {(attending.family_name, attending.given_name)} <= {
        (one.family_name, one.given_name) for one in found if type(one).__name__ == "Practitioner"
    }


# -- negative is not "not asked" ----------------------------------------------------------


def test_what_nobody_asked_about_is_said_so_and_becomes_no_record() -> None:
    document = summary(bare())
    for code in ("no-problem-info", "no-allergy-info", "no-medication-info", "no-procedure-info"):
        assert code.encode() in document
    found = taken(document)
    assert read_statements(found) == []
    assert read_acts(found) == []
    assert findings(document).count("cda-not-asked") == 4


@pytest.mark.parametrize(
    ("topic", "code"),
    [
        (HealthTopic.CONDITION, "no-known-problems"),
        (HealthTopic.ALLERGY, "no-known-allergies"),
        (HealthTopic.MEDICATION, "no-known-medications"),
        (HealthTopic.HABIT, ""),
        (HealthTopic.FAMILY, ""),
    ],
)
def test_explicitly_none_is_another_thing_than_not_asked(topic: HealthTopic, code: str) -> None:
    none = HealthStatement(
        id=key("none"),
        patient=FULL.patient.id,
        topic=topic,
        presence=Presence.NONE,
        detail="Interrogée deux fois",
        start=date(2024, 5, 2),
        recorded_at=CLOCK - timedelta(days=3),
    )
    document = summary(replace(bare(), health_statements=(none,)))
    assert code.encode() in document
    assert read_statements(taken(document)) == carried_statements(replace(bare(), health_statements=(none,)))


def test_a_text_that_is_excluded_denies_itself_and_not_its_whole_topic() -> None:
    for topic in (HealthTopic.ALLERGY, HealthTopic.CONDITION, HealthTopic.MEDICATION, HealthTopic.HABIT):
        one = HealthStatement(
            id=key("refuted"),
            patient=FULL.patient.id,
            topic=topic,
            presence=Presence.REFUTED,
            label="Latex",
        )
        read = of_kind(taken(summary(replace(bare(), health_statements=(one,)))), HealthStatement)
        assert [(each.presence, each.label) for each in read] == [(Presence.REFUTED, "Latex")]


# -- the same bytes, counted --------------------------------------------------------------


def test_the_same_dossier_and_moment_give_the_same_bytes() -> None:
    assert summary(FULL) == summary(FULL)
    later = replace(ISSUE, written_at=CLOCK + timedelta(seconds=1))
    assert summary(FULL, later) != summary(FULL)


def test_what_was_written_is_counted_and_digested() -> None:
    target = io.BytesIO()
    done = write_summary(FULL, target, issue=replace(ISSUE, version=3, replaces="2.25.7"))
    data = target.getvalue()
    assert done.size == len(data)
    assert done.sha1.hex == hashlib.sha1(data, usedforsecurity=False).hexdigest()
    assert f'<id root="{done.number}"/>'.encode() in data
    assert f'<setId root="{done.series}"/>'.encode() in data
    assert b'<versionNumber value="3"/>' in data
    assert b'<parentDocument><id root="2.25.7"/>' in data
    assert done.number != done.series


def test_a_document_that_no_reader_takes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(summary(FULL))
    monkeypatch.setattr("formats.cda.writer.output.MAX_DOCUMENT_BYTES", size)
    assert len(summary(FULL)) == size
    monkeypatch.setattr("formats.cda.writer.output.MAX_DOCUMENT_BYTES", size - 1)
    with pytest.raises(LimitExceeded):
        summary(FULL)


def test_a_summary_of_many_acts_is_never_whole_in_memory() -> None:
    act = replace(FULL.acts[0], status=ActStatus.DONE, appointment=None, practitioner=None)
    acts = tuple(replace(act, id=key("acts", f"many-{number}")) for number in range(4000))
    many, target = replace(bare(), acts=acts), Counting()
    tracemalloc.start()
    try:
        write_summary(many, target, issue=ISSUE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert target.size > 4 << 20
    assert peak < 2 << 20
