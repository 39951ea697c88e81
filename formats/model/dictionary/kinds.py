"""Kinds of record, and of values inside them: what they are called and are.

Whoever only names kinds imports no more of the model than this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from formats.words import Words, mark


@dataclass(frozen=True, slots=True)
class KindEntry:
    """Entry of a kind of record: one of it, several, and what it is (a sentence of the catalogue).

    ``title`` heads its section on a page where the plural would not; the glossary names it with the kind.
    """

    one: Words
    many: Words
    meaning: str
    title: Words | None = None

    @property
    def heading(self) -> Words:
        """The heading of a section of such records."""
        return self.title or Words(_capital(self.many.fr), _capital(self.many.en))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


KINDS: Mapping[str, KindEntry] = {
    "practices": KindEntry(
        Words("cabinet", "practice"),
        Words("cabinets", "practices"),
        mark("A place of care and the legal person behind it."),
    ),
    "practitioners": KindEntry(
        Words("praticien", "practitioner"),
        Words("praticiens", "practitioners"),
        mark("Someone who treats or signs; former staff stay, or history would not resolve."),
    ),
    "patients": KindEntry(
        Words("patient", "patient"),
        Words("patients", "patients"),
        mark("A patient as one practice knows them; two practices give two records of one person."),
    ),
    "related_persons": KindEntry(
        Words("personne liée au patient", "related person"),
        Words("personnes liées au patient", "related persons"),
        mark("Someone who pays, decides or is called for the patient."),
    ),
    "coverages": KindEntry(
        Words("couverture", "coverage"),
        Words("couvertures", "coverages"),
        mark("An insurance that pays part of the care (AMO, AMC, or foreign)."),
    ),
    "health_statements": KindEntry(
        Words("donnée de santé", "health statement"),
        Words("données de santé", "health statements"),
        mark("One fact of medical history, or that a topic was asked about and is empty."),
        Words("Antécédents et état de santé", "Medical history"),
    ),
    "questionnaires": KindEntry(
        Words("questionnaire", "questionnaire"),
        Words("questionnaires", "questionnaires"),
        mark("A filled-in form, such as the medical questionnaire, in the order of its questions."),
    ),
    "observations": KindEntry(
        Words("constante ou résultat", "vital sign or result"),
        Words("constantes et résultats d’examens", "vital signs and results"),
        mark("Something measured or examined, in the practice or by a laboratory."),
    ),
    "chart_findings": KindEntry(
        Words("constat du schéma dentaire", "chart finding"),
        Words("constats du schéma dentaire", "chart findings"),
        mark("A mark on the dental chart that is not an act."),
    ),
    "perio_exams": KindEntry(
        Words("bilan parodontal", "periodontal examination"),
        Words("bilans parodontaux", "periodontal examinations"),
        mark("A periodontal examination; what was not measured is absent, never zero."),
    ),
    "appointments": KindEntry(
        Words("rendez-vous", "appointment"),
        Words("rendez-vous", "appointments"),
        mark("A time reserved for a patient."),
    ),
    "acts": KindEntry(
        Words("acte", "act"),
        Words("actes", "acts"),
        mark("An act of care that was done, planned, or found done."),
    ),
    "diagnoses": KindEntry(
        Words("diagnostic", "diagnosis"),
        Words("diagnostics", "diagnoses"),
        mark("What was found to be the matter, on which teeth, and the act it is the reason of."),
    ),
    "notes": KindEntry(
        Words("note", "note"),
        Words("notes", "notes"),
        mark("A text somebody wrote at a time."),
    ),
    "treatment_plans": KindEntry(
        Words("plan de traitement", "treatment plan"),
        Words("plans de traitement", "treatment plans"),
        mark("What is intended, in the order in which it was written."),
    ),
    "documents": KindEntry(
        Words("document", "document"),
        Words("documents", "documents"),
        mark("A letter, form, scan or other file, or what is known of one that did not come."),
    ),
    "devices": KindEntry(
        Words("implant ou dispositif médical", "implant or device"),
        Words("implants et dispositifs médicaux", "implants and devices"),
        mark("An implant or another device in a patient, with what traces it."),
    ),
    "lab_orders": KindEntry(
        Words("travail de laboratoire", "laboratory order"),
        Words("travaux de laboratoire (prothèse)", "laboratory orders"),
        mark("Work ordered from a dental laboratory, when it went out and when it came back."),
    ),
    "quotes": KindEntry(
        Words("devis", "quote"),
        Words("devis", "quotes"),
        mark("A plan with prices as they were shown, and the signature if there is one."),
    ),
    "prescriptions": KindEntry(
        Words("prescription", "prescription"),
        Words("prescriptions", "prescriptions"),
        mark("One prescribed product with its directions, in the prescriber's words."),
    ),
    "recalls": KindEntry(
        Words("rappel", "recall"),
        Words("rappels", "recalls"),
        mark("When a patient should come back."),
    ),
    "invoices": KindEntry(
        Words("facture", "invoice"),
        Words("factures", "invoices"),
        mark("A bill to the patient or a claim to an insurer."),
    ),
    "payments": KindEntry(
        Words("paiement", "payment"),
        Words("paiements", "payments"),
        mark("The part of a payment that counts for this patient."),
    ),
    "adjustments": KindEntry(
        Words("correction de compte", "adjustment"),
        Words("corrections de compte", "adjustments"),
        mark("A correction of what is owed: positive adds to the debt, negative takes away."),
    ),
    "image_studies": KindEntry(
        Words("examen d’imagerie (DICOM)", "imaging study (DICOM)"),
        Words("examens d’imagerie (DICOM)", "imaging studies (DICOM)"),
        mark("A DICOM study of one patient, with the patient's name as the images carry it."),
    ),
    "image_files": KindEntry(
        Words("image (autre format)", "image (other format)"),
        Words("images (autres formats)", "images (other formats)"),
        mark("An image that is not DICOM, with what the viewer stored beside it."),
    ),
    "consents": KindEntry(
        Words("consentement", "consent"),
        Words("consentements", "consents"),
        mark("What a patient agreed to or refused, and the paper that shows it."),
    ),
    "access_events": KindEntry(
        Words("accès au dossier", "access event"),
        Words("accès au dossier", "access events"),
        mark("Someone opened or changed the dossier."),
    ),
    "source_rows": KindEntry(
        Words("ligne d’origine", "source row"),
        Words("lignes d’origine", "source rows"),
        mark("A row of the source, verbatim, with its table and column names."),
    ),
}
"""Every kind of record, in the order of ``formats.model.dossier``."""

VALUES: Mapping[str, str] = {
    "Address": mark("A postal address."),
    "Attachment": mark("The bytes of a file, by their digest."),
    "Contact": mark("A way to reach someone."),
    "EarlierTraits": mark("Traits that a record had before its source changed them."),
    "Engagement": mark("A role held over a period."),
    "FormAnswer": mark("One question of a form and what was answered, in the form's own words."),
    "Identifier": mark("A value in a naming system."),
    "ImageInstance": mark("One DICOM SOP instance, in the file it came in."),
    "ImageSeries": mark("A series of a DICOM study."),
    "InvoiceLine": mark("One billed act: the fee, what the insurer owes or paid, what was written off."),
    "ObservationComponent": mark("One of several values that only mean something together."),
    "ObservedValue": mark("A number with its unit, or a text, and the range it is compared with."),
    "PerioMeasure": mark("One value at one site."),
    "PlanItem": mark("One step of a plan."),
    "Traits": mark("The strict traits (birth names, date, sex, birthplace) and the names in use."),
}
"""What each value inside a record is, by the name of its dataclass."""


def meaning_of(kind: type) -> str:
    """Return what a record of ``kind``, or a value of that type inside one, is."""
    name: str | None = getattr(kind, "kind", None)
    return KINDS[name].meaning if isinstance(name, str) and name in KINDS else VALUES[kind.__name__]
