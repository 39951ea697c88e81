"""One fictive dossier with every kind of record and every word; the INS is of the test namespace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from formats.model import (
    care,
    devices,
    health,
    identity,
    imaging,
    money,
    mouth,
    observations,
    people,
    provenance,
)
from formats.model.dates import PartialDate
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.identity import Traits
from formats.model.people import Patient, Practice, Practitioner
from formats.model.record import Record, practice_namespace, record_id

_PRACTICE = practice_namespace("750000001")
_PARIS = timezone(timedelta(hours=2))


def key(kind: str, place: int | str = 1) -> str:
    """Return the identity of a record of ``full_dossier()``."""
    return record_id(_PRACTICE, kind, place)


def _many(kind: type[Record], *differences: dict[str, Any], **shared: Any) -> tuple[Any, ...]:
    return tuple(
        kind(**{"id": key(kind.kind, place), "patient": key("patients"), **shared, **difference})
        for place, difference in enumerate(differences, 1)
    )


def _each(name: str, words: type[Enum]) -> list[dict[str, Any]]:
    return [{name: word} for word in words]


def _practice() -> Practice:
    return Practice(
        id=key("practices"),
        name="Cabinet dentaire des Tilleuls",
        identifiers=(
            identity.Identifier(
                type=identity.IdentifierType.FINESS, system="1.2.250.1.71.4.2.2", value="750000001"
            ),
            identity.Identifier(
                type=identity.IdentifierType.SIRET, system="1.2.250.1.71.4.2.2", value="00000000000017"
            ),
        ),
        legal_form="SELARL",
        addresses=(
            identity.Address(
                lines=("3 rue des Tilleuls", "Bâtiment B"),
                postal_code="75000",
                city="Paris",
                country="FR",
                use=identity.ContactUse.WORK,
            ),
        ),
        contacts=tuple(
            identity.Contact(kind=kind, value=value, use=use)
            for kind, value, use in zip(
                identity.ContactKind,
                (
                    "+33 1 00 00 00 00",
                    "+33 6 00 00 00 00",
                    "+33 1 00 00 00 01",
                    "cabinet@example.org",
                    "https://example.org",
                ),
                (*identity.ContactUse, identity.ContactUse.WORK),
                strict=True,
            )
        ),
    )


def _practitioners() -> tuple[Practitioner, ...]:
    rpps = identity.Identifier(
        type=identity.IdentifierType.RPPS, system=identity.RPPS_SYSTEM, value="10000000001"
    )
    adeli = identity.Identifier(
        type=identity.IdentifierType.ADELI, system="1.2.250.1.71.4.2.1", value="750000001"
    )
    engagements = tuple(
        people.Engagement(role=role, start=date(2000 + place, 9, 1), end=date(2001 + place, 8, 31))
        for place, role in enumerate(people.Role)
    )
    return (
        Practitioner(
            id=key("practitioners", 1),
            family_name="Martin",
            given_name="Claire",
            title="Dr",
            specialty="Omnipratique",
            identifiers=(rpps, adeli),
            engagements=engagements,
        ),
        Practitioner(
            id=key("practitioners", 2),
            family_name="Laboratoire Prothèse",
            active=False,
            person=False,
            engagements=(people.Engagement(role=people.Role.OWNER),),
        ),
    )


def _patient() -> Patient:
    types = identity.IdentifierType
    return Patient(
        id=key("patients"),
        practice=key("practices"),
        traits=Traits(
            birth_family_name="DURAND-EXEMPLE",
            birth_given_names=("Anne", "Marie", "Lou"),
            used_family_name="Petit",
            used_given_name="Anne",
            birth_date=date(1979, 3, 28),
            sex=identity.Sex.FEMALE,
            birth_place="75112",
        ),
        identifiers=(
            identity.Identifier(type=types.INS, system=identity.INS_TEST_OID, value="279035121518989"),
            identity.Identifier(type=types.NIR, system=identity.INS_TEST_OID, value="279035121518989"),
            identity.Identifier(type=types.LOCAL, system="1.2.250.1.999.1", value="P-0042"),
            identity.Identifier(type=types.CHART, system="urn:example:chart", value="42"),
            identity.Identifier(type=types.MEMBER, system="", value="M 7"),
            identity.Identifier(type=types.OTHER, system="loyalty card", value=""),
        ),
        ins_status=identity.InsStatus.QUALIFIED,
        ins_comments=("DOUA", "DESA"),
        addresses=(
            identity.Address(lines=("1 impasse du Puits",), postal_code="35000", city="Rennes", country="FR"),
            identity.Address(use=identity.ContactUse.OTHER),
            identity.Address(city="Vannes"),
        ),
        contacts=(identity.Contact(kind=identity.ContactKind.MOBILE, value="+33 6 00 00 00 02"),),
        title="Mme",
        marital_status=people.MaritalStatus.MARRIED,
        occupation="Fleuriste",
        employer="Fleurs Exemple SARL",
        first_visit=date(2009, 5, 4),
        language="fr",
        attending=key("practitioners", 1),
        earlier_traits=(
            identity.EarlierTraits(
                traits=Traits(
                    birth_family_name="DURAND",
                    birth_given_names=("Anne",),
                    used_family_name="Durand",
                    used_given_name="Annie",
                    birth_date=date(1979, 3, 27),
                    sex=identity.Sex.UNKNOWN,
                    birth_place="75056",
                ),
                until=datetime(2019, 2, 3, 9, 30, tzinfo=UTC),
            ),
        ),
        linked=(key("patients", "other"),),
    )


def _mouth() -> dict[str, tuple[Any, ...]]:
    surfaces = tuple(mouth.Surface)
    measures = tuple(
        mouth.PerioMeasure(tooth=tooth, measure=measure, site=site, value=value)
        for tooth in ("16", "55", "18S")
        for value, measure in enumerate(mouth.PerioKind, -2)
        for site in mouth.PerioSite
    )
    return {
        "chart_findings": _many(
            mouth.ChartFinding,
            *_each("finding", mouth.ChartKind),
            {
                "finding": mouth.ChartKind.MOVEMENT,
                "tooth": "23",
                "code": "rotation",
                "value": -12.5,
                "surfaces": surfaces,
            },
            recorded_on=date(2020, 1, 2),
            practitioner=key("practitioners", 1),
            tooth="18S",
            text="trait:1,2;3,4",
        ),
        "perio_exams": _many(
            mouth.PerioExam,
            {"measures": measures},
            {},
            examined_on=date(2021, 2, 3),
            practitioner=key("practitioners", 1),
            note="Gencive fine",
        ),
    }


def _care() -> dict[str, tuple[Any, ...]]:
    items = (
        care.PlanItem(
            act=key("acts", 1),
            code="HBLD038",
            label="Couronne",
            teeth=("16",),
            surfaces=(mouth.Surface.OCCLUSAL, mouth.Surface.CERVICAL),
            priority="1",
            fee_cents=50000,
            insurer_cents=12000,
            patient_cents=38000,
        ),
        care.PlanItem(label="Bridge", teeth=("11", "12", "53")),
        care.PlanItem(),
    )
    when = datetime(2022, 3, 27, 2, 30, 0, 250, tzinfo=_PARIS)
    doctor = key("practitioners", 1)
    return {
        "appointments": _many(
            care.Appointment,
            *_each("status", care.AppointmentStatus),
            {"status": care.AppointmentStatus.SCHEDULED, "minutes": None},
            {"status": care.AppointmentStatus.UNSCHEDULED, "starts_at": None},
            starts_at=when,
            minutes=45,
            practitioner=doctor,
            assistant=key("practitioners", 2),
            room="Fauteuil 2",
            reason="Contrôle",
            note="En retard",
        ),
        "acts": _many(
            care.Act,
            *_each("status", care.ActStatus),
            performed_on=date(2022, 3, 27),
            practitioner=doctor,
            code_system=care.CCAM_SYSTEM,
            code="HBLD038",
            label="Pose d’une couronne",
            teeth=("16", "26"),
            surfaces=tuple(mouth.Surface),
            area="Quadrant 1",
            modifiers=("N", "U"),
            quantity=2,
            fee_cents=50001,
            diagnosis="Fracture",
            note="Sous anesthésie",
            appointment=key("appointments", 1),
        ),
        "diagnoses": _many(
            health.Diagnosis,
            {"principal": True},
            {"code_system": "", "code": "", "act": None},
            code_system="http://hl7.org/fhir/sid/icd-10",
            code="K04.0",
            label="Pulpite irréversible",
            teeth=("16", "55", "18S"),
            surfaces=(mouth.Surface.OCCLUSAL,),
            act=key("acts", 1),
            recorded_on=date(2022, 3, 26),
            practitioner=doctor,
            note="Douleur au froid",
        ),
        "lab_orders": _many(
            devices.LabOrder,
            {},
            {"received_at": None, "checked_at": None, "label": "", "teeth": ()},
            laboratory="Laboratoire Exemple",
            label="Couronne céramique",
            shade="A3,5",
            teeth=("16",),
            instructions="Contact serré en mésial",
            ordered_at=when,
            sent_at=when + timedelta(hours=3),
            due_at=PartialDate(2022, 4),
            received_at=date(2022, 4, 5),
            checked_at=when + timedelta(days=9, hours=2),
            practitioner=doctor,
            appointment=key("appointments", 1),
            act=key("acts", 1),
            cost_cents=14850,
            invoice="L-2022-118",
        ),
        "notes": _many(
            care.Note,
            *_each("note", care.NoteKind),
            text="Première ligne\nSeconde ligne",
            written_at=when,
            practitioner=doctor,
            author="CM",
            act=key("acts", 1),
            signed=True,
        ),
        "treatment_plans": _many(
            care.TreatmentPlan,
            *_each("status", care.PlanStatus),
            title="Réhabilitation",
            created_on=date(2022, 1, 1),
            practitioner=doctor,
            note="En deux temps",
            items=items,
        ),
        "quotes": _many(
            care.Quote,
            {
                "items": items,
                "title": "Devis 7",
                "issued_on": date(2022, 1, 2),
                "signed_at": when,
                "signed_by": "Anne Petit",
                "signature": "iVBORw0KGgo=",
                "practitioner": doctor,
                "document": key("documents", 1),
                "note": "Remis en main propre",
            },
            {},
        ),
        "prescriptions": _many(
            care.Prescription,
            {
                "product": "Amoxicilline 1 g",
                "code_system": "1.2.250.1.213.2.3.1",
                "code": "3400930000000",
                "directions": "1 matin et soir",
                "quantity": "1 boîte",
                "refills": "0",
                "note": "6 jours",
            },
            {"product": ""},
            prescribed_on=date(2022, 3, 27),
            practitioner=doctor,
        ),
        "recalls": _many(
            care.Recall,
            {},
            {"active": False},
            reason="Détartrage",
            due_on=date(2023, 3, 1),
            previous_on=date(2022, 9, 1),
            interval="P6M",
            status="envoyé",
            note="Par SMS",
        ),
    }


def _history() -> dict[str, tuple[Any, ...]]:
    answered_at = datetime(2022, 1, 1, 9, 0, tzinfo=_PARIS)
    facts = [
        {"topic": topic, "presence": presence, "status": status}
        for topic in health.HealthTopic
        for presence in health.Presence
        for status in health.HealthStatus
        if presence is not health.Presence.NONE
    ]
    nothing = [
        {"topic": topic, "presence": health.Presence.NONE, **health.FACT} for topic in health.HealthTopic
    ]
    return {
        "health_statements": _many(
            health.HealthStatement,
            *facts,
            *nothing,
            {
                "topic": health.HealthTopic.ALLERGY,
                "presence": health.Presence.NONE,
                **health.FACT,
                "detail": "",
            },
            code_system="1.2.250.1.213.2.1",
            code="Z88.0",
            label="Pénicilline",
            detail="Urticaire",
            start=date(1990, 1, 1),
            end=date(1991, 1, 1),
            recorded_at=answered_at,
            practitioner=key("practitioners", 1),
        ),
        "questionnaires": _many(
            health.Questionnaire,
            {
                "title": "Questionnaire médical",
                "answered_at": answered_at,
                "answers": (
                    health.FormAnswer(question="Fumez-vous ?", answer="non"),
                    health.FormAnswer(question="Allergies ?", answer=""),
                ),
            },
            {"title": ""},
        ),
    }


def _measures() -> dict[str, tuple[Any, ...]]:
    loinc, mercury = "http://loinc.org", {"unit": "mmHg", "unit_code": "mm[Hg]"}
    pressures = tuple(
        observations.ObservationComponent(
            code_system=loinc,
            code=code,
            result=observations.ObservedValue(
                value=Decimal(value), interpretation=observations.Interpretation.HIGH, **mercury
            ),
        )
        for code, value in (("8480-6", "152"), ("8462-4", "91"))
    )
    glucose = observations.ObservedValue(
        value=Decimal("1.10"),
        comparator=observations.Comparator.AT_MOST,
        unit="g/L",
        low=Decimal("0.70"),
        high=Decimal("1.05"),
        range_text="0,70 - 1,05",
        text="dosée deux fois",
    )
    values = [
        {"result": replace(glucose, comparator=comparator, interpretation=interpretation)}
        for comparator, interpretation in zip(
            (*observations.Comparator, *[None] * 8), observations.Interpretation, strict=True
        )
    ]
    return {
        "observations": _many(
            observations.Observation,
            {
                "category": observations.ObservationCategory.VITAL_SIGNS,
                "code": "85354-9",
                "label": "",
                "result": observations.ObservedValue(),
                "components": pressures,
            },
            {
                "category": observations.ObservationCategory.EXAM,
                "code_system": "",
                "code": "",
                "label": "Test au froid",
                "tooth": "18S",
                "result": observations.ObservedValue(text="réponse prolongée"),
            },
            {"category": observations.ObservationCategory.EXAM, "code": "", "code_system": "", "label": ""},
            *values,
            *_each("status", observations.ObservationStatus),
            category=observations.ObservationCategory.LABORATORY,
            code_system=loinc,
            code="2345-7",
            label="Glycémie à jeun",
            panel="Bilan préopératoire",
            observed_on=date(2022, 3, 20),
            issued_at=datetime(2022, 3, 21, 8, 0, tzinfo=_PARIS),
            practitioner=key("practitioners", 1),
            laboratory="Laboratoire de biologie Exemple",
            specimen="Sérum",
            note="À jeun",
        )
    }


def _devices() -> dict[str, tuple[Any, ...]]:
    return {
        "devices": _many(
            devices.MedicalDevice,
            {},
            {"removed_on": date(2023, 1, 2), "model": "", "teeth": ("16", "26")},
            code_system="1.2.250.1.213.2.68",
            code="P01020101",
            label="Implant dentaire",
            manufacturer="TitanFictif",
            model="Cylindre 4,1 × 10",
            part_number="TF4110",
            lot="TF-2024-0317",
            serial="S-7",
            udi="(01)03760000000017(17)270531(10)TF-2024-0317",
            udi_di="03760000000017",
            manufactured_on=date(2022, 5, 31),
            expires_on=date(2027, 5, 31),
            teeth=("36",),
            implanted_on=date(2022, 3, 27),
            act=key("acts", 1),
            practitioner=key("practitioners", 1),
            document=key("documents", 1),
            note="Couple 30 N.cm",
        )
    }


def _money() -> dict[str, tuple[Any, ...]]:
    doctor, act = key("practitioners", 1), key("acts", 2)
    lines = (
        money.InvoiceLine(
            act=act, label="Couronne", fee_cents=50001, insurer_cents=7525, written_off_cents=1, status="payé"
        ),
        money.InvoiceLine(),
    )
    return {
        "coverages": _many(
            people.Coverage,
            *_each("coverage", people.CoverageKind),
            insurer="Mutuelle Exemple",
            member="M7",
            group="G1",
            subscriber="Paul Petit",
            start=date(2020, 1, 1),
            end=date(2025, 12, 31),
        ),
        "invoices": _many(
            money.Invoice,
            *_each("status", money.InvoiceStatus),
            number="F-2022-7",
            issued_on=date(2022, 3, 28),
            practitioner=doctor,
            coverage=key("coverages", 1),
            payer="CPAM Exemple",
            total_cents=50001,
            insurer_cents=7525,
            note="Tiers payant",
            lines=lines,
        ),
        "payments": _many(
            money.Payment,
            {"amount_cents": 42476},
            {"amount_cents": -100},
            {"amount_cents": 0},
            paid_on=date(2022, 4, 1),
            method="CB",
            receipt="R-1",
            payer="Paul Petit",
            payer_patient=key("patients", 2),
            practitioner=doctor,
            act=act,
            note="En deux fois",
        ),
        "adjustments": _many(
            money.Adjustment,
            {"amount_cents": -5},
            made_on=date(2022, 4, 2),
            reason="Geste",
            practitioner=doctor,
            act=act,
            note="Erreur de saisie",
        ),
    }


def _files() -> dict[str, tuple[Any, ...]]:
    seen = datetime(2022, 3, 27, 10, 0, 0, tzinfo=_PARIS)
    file = Attachment(sha256="ab" * 32, size=123456, media_type="application/pdf")
    instances = tuple(
        imaging.ImageInstance(
            sop_instance_uid=f"1.2.826.0.1.{place}",
            sop_class_uid="1.2.840.10008.5.1.4.1.1.1.3",
            number=place,
            attachment=Attachment(sha256=f"{place:02x}" * 32, size=place, media_type="application/dicom"),
        )
        for place in (1, 2)
    )
    series = (
        imaging.ImageSeries(
            series_instance_uid="1.2.826.0.1.9",
            modality="IO",
            number=1,
            description="Bitewing",
            instances=instances,
        ),
        imaging.ImageSeries(series_instance_uid="1.2.826.0.1.10"),
    )
    return {
        "documents": _many(
            Document,
            {"attachment": file},
            {},
            title="Compte rendu",
            original_name="Lettre n°1 .pdf",
            category="courrier",
            code="28617-9",
            created_at=seen.date(),
            practitioner=key("practitioners", 1),
            note="Reçu par la poste",
        ),
        "image_studies": _many(
            imaging.ImageStudy,
            {
                "study_instance_uid": "1.2.826.0.1.1",
                "study_id": "S1",
                "accession": "A1",
                "series": series,
                "description": "Bilan",
                "studied_at": seen,
                "patient_name": "PETIT^ANNE",
                "patient_number": "42",
            },
            {"study_instance_uid": "1.2.826.0.1.2"},
        ),
        "image_files": _many(
            imaging.ImageFile,
            *_each("image", imaging.ImageKind),
            {"image": imaging.ImageKind.PHOTOGRAPH, "attachment": None},
            title="Sourire",
            original_name="IMG 1.JPG",
            taken_at=PartialDate(2022, 3),
            teeth=("11", "21"),
            crop=(1, 2, 300, 400),
            rotation=-90,
            flipped=True,
            window=(10, 240),
            practitioner=key("practitioners", 1),
            note="Avant",
            attachment=Attachment(sha256="cd" * 32, size=1 << 33, media_type="image/jpeg"),
        ),
        "consents": _many(
            provenance.Consent,
            {},
            {"given": False},
            subject="Implant 16",
            given_on=date(2022, 1, 3),
            signed_by="Anne Petit",
            text="Lu et approuvé",
            document=key("documents", 1),
        ),
        "access_events": _many(
            provenance.AccessEvent,
            {
                "happened_at": seen.replace(hour=0),
                "actor": "cmartin",
                "action": "ouverture",
                "detail": "dossier 42",
                "device": "POSTE-1",
            },
            {},
        ),
    }


def patient_variants() -> Iterator[Dossier]:
    """Yield ``full_dossier()`` once for every word that only the patient can say, who has one at a time."""
    whole = full_dossier()
    for status in people.PatientStatus:
        yield replace(whole, patient=replace(whole.patient, status=status, deceased_on=None))
    for sex in identity.Sex:
        yield replace(whole, patient=replace(whole.patient, traits=replace(whole.patient.traits, sex=sex)))
    for marital_status in (None, *people.MaritalStatus):
        yield replace(whole, patient=replace(whole.patient, marital_status=marital_status))
    for ins_status in (None, *identity.InsStatus):
        yield replace(whole, patient=replace(whole.patient, ins_status=ins_status))
    deceased = replace(whole.patient, status=people.PatientStatus.DECEASED, deceased_on=date(2024, 2, 29))
    yield replace(whole, patient=deceased)


@cache
def full_dossier() -> Dossier:
    """Return one dossier with every kind of record and every word that not only the patient can say."""
    relations = _many(
        people.RelatedPerson,
        *_each("relation", people.Relation),
        family_name="Petit",
        given_name="Paul",
        other_patient=key("patients", 2),
        contacts=(identity.Contact(kind=identity.ContactKind.PHONE, value="+33 1 00 00 00 03"),),
        addresses=(identity.Address(city="Rennes"),),
        note="Père",
    )
    rows = _many(
        provenance.SourceRow,
        {
            "system": "opendental",
            "table": "patfield",
            "key": "7",
            "columns": {"FieldValue": "x", "Rank": 1, "Empty": None},
        },
    )
    return Dossier(
        practice=_practice(),
        practitioners=_practitioners(),
        patient=_patient(),
        related_persons=relations,
        source_rows=rows,
        **_history(),
        **_measures(),
        **_mouth(),
        **_care(),
        **_money(),
        **_files(),
        **_devices(),
    )
