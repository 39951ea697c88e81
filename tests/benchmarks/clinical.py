"""A clinical dossier such as ten years of care leave: acts, notes, plans, quotes, invoices, payments, appointments.

Its texts are as long as practices write them, its fields as full; always the same for the same seed.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from formats.model import care, health, mouth
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.identity import (
    Address,
    Contact,
    ContactKind,
    ContactUse,
    Identifier,
    IdentifierType,
    Sex,
    Traits,
)
from formats.model.money import Adjustment, Invoice, InvoiceLine, InvoiceStatus, Payment
from formats.model.people import (
    Coverage,
    CoverageKind,
    Patient,
    Practice,
    Practitioner,
    RelatedPerson,
    Relation,
)
from formats.model.record import practice_namespace, record_id

SPACE = practice_namespace("clinical")
LABELS = (
    "Restauration d'une dent sur 2 faces par matériau inséré en phase plastique, sans ancrage radiculaire",
    "Détartrage et polissage des dents",
    "Pose d'une couronne dentaire dentoportée céramométallique",
    "Examen bucco-dentaire, radiographies intrabuccales comprises",
)
TEXTS = (
    """Patient revu ce jour.
Pas de douleur à la percussion, test au froid positif.
Anesthésie para-apicale « articaïne », éviction carieuse, composite en deux incréments. Contacts vérifiés.""",
    "RAS. Conseils d'hygiène donnés, brossette 0,6 mm entre 16 et 17.",
    "Appelé le cabinet : ne viendra pas. À rappeler.",
)


def clinical_dossier(seed: int = 1, *, years: int = 10) -> Dossier:
    """Return a dossier with about 13 records a year of care, and those that a dossier has once."""
    return _Making(seed, years).dossier()


class _Making:
    """Draws the records of one dossier from a seed."""

    def __init__(self, seed: int, years: int) -> None:
        self.draw = random.Random(seed)
        self.seed, self.years = seed, years
        self.patient = record_id(SPACE, "patients", seed)
        self.practice = record_id(SPACE, "practices", 1)
        self.practitioners = tuple(record_id(SPACE, "practitioners", one) for one in (1, 2))
        self.made: dict[str, list[Any]] = {}

    def add(self, kind: type, **fields: Any) -> str:
        """Make a record of ``kind`` and return its identity."""
        there = self.made.setdefault(kind.kind, [])
        key = record_id(SPACE, kind.kind, f"{self.seed}-{len(there)}")
        there.append(kind(id=key, patient=self.patient, **fields))
        return key

    def someone(self) -> str:
        return self.draw.choice(self.practitioners)

    def dossier(self) -> Dossier:
        self._once()
        for year in range(self.years):
            for visit in range(2):
                self._visit(date(2014 + year, 2 + 6 * visit, self.draw.randint(1, 28)))
        return Dossier(
            practice=Practice(id=self.practice, name="Cabinet dentaire des Tilleuls", legal_form="SELARL"),
            practitioners=tuple(
                Practitioner(id=key, family_name=name, given_name="Claire", title="Dr")
                for key, name in zip(self.practitioners, ("Martin", "Petit"), strict=True)
            ),
            patient=self._patient(),
            **{kind: tuple(records) for kind, records in self.made.items()},
        )

    def _patient(self) -> Patient:
        return Patient(
            id=self.patient,
            practice=self.practice,
            traits=Traits(
                birth_family_name="DURAND-EXEMPLE",
                birth_given_names=("Anne", "Marie"),
                used_family_name="Petit",
                birth_date=date(1979, 3, 28),
                sex=Sex.FEMALE,
                birth_place="75112",
            ),
            identifiers=(
                Identifier(type=IdentifierType.INS, system="1.2.250.1.213.1.4.10", value="279035121518989"),
                Identifier(type=IdentifierType.CHART, system="1.2.250.1.71.4.2.2", value=str(self.seed)),
            ),
            contacts=(Contact(kind=ContactKind.MOBILE, value="+33 6 00 00 00 02", use=ContactUse.HOME),),
            addresses=(Address(lines=("3 rue des Tilleuls",), postal_code="75000", city="Paris"),),
            first_visit=date(2014, 2, 3),
            attending=self.practitioners[0],
        )

    def _once(self) -> None:
        self.add(RelatedPerson, relation=Relation.PAYER, family_name="Durand", given_name="Paul")
        self.add(
            Coverage,
            coverage=CoverageKind.MANDATORY,
            insurer="CPAM de Paris",
            member="279035121518989",
            start=date(2014, 1, 1),
        )
        for topic, label in (
            (health.HealthTopic.ALLERGY, "Pénicilline"),
            (health.HealthTopic.CONDITION, "Hypertension artérielle"),
            (health.HealthTopic.MEDICATION, "Amlodipine 5 mg"),
        ):
            self.add(
                health.HealthStatement,
                topic=topic,
                presence=health.Presence.PRESENT,
                status=health.HealthStatus.ACTIVE,
                label=label,
                recorded_at=datetime(2014, 2, 3, 9, 5, tzinfo=UTC),
            )
        for tooth in ("18", "28", "38"):
            self.add(
                mouth.ChartFinding,
                finding=mouth.ChartKind.MISSING,
                tooth=tooth,
                recorded_on=date(2014, 2, 3),
                practitioner=self.practitioners[0],
            )

    def _visit(self, day: date) -> None:
        morning = datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC)
        who = self.someone()
        appointment = self.add(
            care.Appointment,
            status=care.AppointmentStatus.COMPLETED,
            starts_at=morning,
            minutes=30,
            practitioner=who,
            room="Fauteuil 1",
            reason="Contrôle",
        )
        acts = [self._act(day, who, appointment) for _ in range(2)]
        self.add(
            care.Note,
            note=care.NoteKind.CLINICAL,
            text=self.draw.choice(TEXTS),
            written_at=morning + timedelta(minutes=25),
            practitioner=who,
            act=acts[0],
        )
        self._money(day, who, acts)
        if day.month > 6:
            self.add(
                care.Recall, reason="Contrôle annuel", due_on=day.replace(year=day.year + 1), interval="P1Y"
            )
            self.add(
                care.Prescription,
                prescribed_on=day,
                practitioner=who,
                product="Amoxicilline 1 g, comprimé",
                directions="1 comprimé matin et soir pendant 6 jours",
                quantity="12",
            )
            self.add(
                Document,
                title="Courrier au correspondant",
                original_name=f"courrier-{day}.pdf",
                category="Courrier",
                created_at=morning,
                attachment=Attachment(
                    sha256=f"{self.draw.getrandbits(256):064x}", size=48_213, media_type="application/pdf"
                ),
            )

    def _act(self, day: date, who: str, appointment: str) -> str:
        return self.add(
            care.Act,
            status=care.ActStatus.DONE,
            performed_on=day,
            practitioner=who,
            code_system=care.CCAM_SYSTEM,
            code="HBMD038",
            label=self.draw.choice(LABELS),
            teeth=(self.draw.choice(("16", "26", "36", "46", "11")),),
            surfaces=(mouth.Surface.MESIAL, mouth.Surface.OCCLUSAL),
            fee_cents=self.draw.randint(2000, 60000),
            note="Cotation vérifiée" if self.draw.random() < 0.3 else "",
            appointment=appointment,
        )

    def _money(self, day: date, who: str, acts: list[str]) -> None:
        self.add(
            Invoice,
            number=f"F{day:%y%m%d}",
            status=InvoiceStatus.SETTLED,
            issued_on=day,
            practitioner=who,
            lines=tuple(
                InvoiceLine(act=act, label=LABELS[place], fee_cents=4321, insurer_cents=1200)
                for place, act in enumerate(acts)
            ),
            total_cents=8642,
            insurer_cents=2400,
        )
        self.add(
            Payment, amount_cents=8642, paid_on=day, method="Carte bancaire", payer="Anne Petit", act=acts[0]
        )
        if day.month < 6:
            self.add(Adjustment, amount_cents=-500, made_on=day, reason="Geste commercial")
