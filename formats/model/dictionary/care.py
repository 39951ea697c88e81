"""Acts, notes, plans, quotes, prescriptions, appointments, recalls."""

from __future__ import annotations

from formats.model.care import (
    Act,
    ActStatus,
    Appointment,
    AppointmentStatus,
    Note,
    NoteKind,
    PlanItem,
    PlanStatus,
    Prescription,
    Quote,
    Recall,
    TreatmentPlan,
)
from formats.model.dictionary.entry import Codes, FieldEntry, Fields, Privacy
from formats.model.dictionary.notations import CENTS, DURATION, FDI, MINUTES, OID_OR_URI
from formats.words import Words, mark

FIELDS: Fields = {
    Act: {
        "status": FieldEntry(Words("Statut", "Status"), mark("What became of the act."), Privacy.CARE),
        "performed_on": FieldEntry(
            Words("Date", "Date"), mark("Date of the act, or on which it was planned or seen."), Privacy.CARE
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"), mark("Who did the act or is to do it."), Privacy.CARE
        ),
        "code_system": FieldEntry(
            Words("Terminologie", "Code system"),
            mark("Terminology the code of the act is of."),
            Privacy.CARE,
            codes=OID_OR_URI,
        ),
        "code": FieldEntry(Words("Code", "Code"), mark("Code of the act in its terminology."), Privacy.CARE),
        "label": FieldEntry(
            Words("Acte", "Act"), mark("What was done, in the words of the source."), Privacy.CARE
        ),
        "teeth": FieldEntry(
            Words("Dents", "Teeth"), mark("Teeth the act concerns."), Privacy.CARE, codes=FDI
        ),
        "surfaces": FieldEntry(
            Words("Faces", "Surfaces"), mark("Surfaces of the teeth the act concerns."), Privacy.CARE
        ),
        "area": FieldEntry(
            Words("Zone", "Area"),
            mark("The source's word for a larger region: quadrant, sextant, arch."),
            Privacy.CARE,
        ),
        "modifiers": FieldEntry(
            Words("Modificateurs", "Modifiers"),
            mark("Modifiers of the code, as the terminology has them."),
            Privacy.CARE,
        ),
        "quantity": FieldEntry(
            Words("Quantité", "Quantity"), mark("How often the act was done."), Privacy.CARE
        ),
        "fee_cents": FieldEntry(
            Words("Honoraires", "Fee"),
            mark("Fee of the whole act: its price times the quantity."),
            Privacy.ADMINISTRATIVE,
            unit=CENTS,
        ),
        "diagnosis": FieldEntry(
            Words("Diagnostic", "Diagnosis"), mark("Why the act was done."), Privacy.CARE
        ),
        "note": FieldEntry(Words("Remarque", "Note"), mark("What was written about the act."), Privacy.CARE),
        "appointment": FieldEntry(
            Words("Rendez-vous", "Appointment"),
            mark("The appointment in which it was or is to be done."),
            Privacy.CARE,
            left_out=mark(
                "Appointments have a section of their own; which act belongs to which is in DATA/DOSSIER.JSO."
            ),
        ),
    },
    Note: {
        "note": FieldEntry(
            Words("Nature", "Kind"),
            mark("What kind of note it is; a personal note is the practitioner's own."),
            Privacy.CARE,
        ),
        "text": FieldEntry(Words("Texte", "Text"), mark("The note, word for word."), Privacy.PERSONAL_NOTE),
        "written_at": FieldEntry(
            Words("Écrite le", "Written on"), mark("Moment at which the note was written."), Privacy.CARE
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"), mark("The practitioner who wrote the note."), Privacy.CARE
        ),
        "author": FieldEntry(
            Words("Auteur", "Author"),
            mark("Name in the source of a writer who is no practitioner."),
            Privacy.ADMINISTRATIVE,
        ),
        "act": FieldEntry(Words("Acte", "Act"), mark("The act the note is about."), Privacy.CARE),
        "signed": FieldEntry(
            Words("Signée", "Signed"), mark("Whether the writer signed the note in the source."), Privacy.CARE
        ),
    },
    PlanItem: {
        "act": FieldEntry(
            Words("Acte prévu", "Planned act"),
            mark("The planned act, where the source links it."),
            Privacy.CARE,
        ),
        "code": FieldEntry(
            Words("Code", "Code"), mark("Code of the step in the terminology of the practice."), Privacy.CARE
        ),
        "label": FieldEntry(
            Words("Acte", "Act"), mark("What is planned, in the words of the source."), Privacy.CARE
        ),
        "teeth": FieldEntry(
            Words("Dents", "Teeth"), mark("Teeth the step concerns."), Privacy.CARE, codes=FDI
        ),
        "surfaces": FieldEntry(
            Words("Faces", "Surfaces"), mark("Surfaces of the teeth the step concerns."), Privacy.CARE
        ),
        "priority": FieldEntry(
            Words("Priorité", "Priority"), mark("When it is to be done among the other steps."), Privacy.CARE
        ),
        "fee_cents": FieldEntry(
            Words("Honoraires", "Fee"), mark("Fee of the step."), Privacy.ADMINISTRATIVE, unit=CENTS
        ),
        "insurer_cents": FieldEntry(
            Words("Assurances", "Insurers"),
            mark("What insurers are expected to pay."),
            Privacy.ADMINISTRATIVE,
            unit=CENTS,
        ),
        "patient_cents": FieldEntry(
            Words("Patient", "Patient"),
            mark("What the patient is to pay."),
            Privacy.ADMINISTRATIVE,
            unit=CENTS,
        ),
    },
    TreatmentPlan: {
        "title": FieldEntry(Words("Titre", "Title"), mark("Title of the plan."), Privacy.CARE),
        "status": FieldEntry(Words("Statut", "Status"), mark("Whether the plan is followed."), Privacy.CARE),
        "created_on": FieldEntry(
            Words("Établi le", "Created on"), mark("Date on which the plan was made."), Privacy.CARE
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"), mark("Who made the plan."), Privacy.CARE
        ),
        "note": FieldEntry(Words("Remarque", "Note"), mark("What was written about the plan."), Privacy.CARE),
        "items": FieldEntry(
            Words("Étapes", "Steps"), mark("Steps in the order in which they were written."), Privacy.CARE
        ),
    },
    Quote: {
        "title": FieldEntry(Words("Titre", "Title"), mark("Title of the quote."), Privacy.CARE),
        "issued_on": FieldEntry(
            Words("Émis le", "Issued on"), mark("Date on which the quote was issued."), Privacy.ADMINISTRATIVE
        ),
        "signed_at": FieldEntry(
            Words("Signé le", "Signed on"), mark("Moment at which it was signed."), Privacy.ADMINISTRATIVE
        ),
        "signed_by": FieldEntry(Words("Signé par", "Signed by"), mark("Who signed."), Privacy.ADMINISTRATIVE),
        "signature": FieldEntry(
            Words("Donnée de signature", "Signature data"),
            mark("The signature as the source stores it."),
            Privacy.ADMINISTRATIVE,
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"), mark("Who made the quote."), Privacy.CARE
        ),
        "document": FieldEntry(
            Words("Document signé", "Signed document"), mark("The signed paper."), Privacy.ADMINISTRATIVE
        ),
        "note": FieldEntry(
            Words("Remarque", "Note"), mark("What was written about the quote."), Privacy.CARE
        ),
        "items": FieldEntry(
            Words("Étapes", "Steps"), mark("Steps with the prices that were shown."), Privacy.CARE
        ),
    },
    Prescription: {
        "prescribed_on": FieldEntry(Words("Date", "Date"), mark("Date of the prescription."), Privacy.CARE),
        "practitioner": FieldEntry(
            Words("Prescripteur", "Prescriber"), mark("Who prescribed."), Privacy.CARE
        ),
        "product": FieldEntry(
            Words("Produit", "Product"), mark("The product, in the prescriber's words."), Privacy.CARE
        ),
        "code_system": FieldEntry(
            Words("Terminologie", "Code system"),
            mark("Terminology the code of the product is of."),
            Privacy.CARE,
            codes=OID_OR_URI,
        ),
        "code": FieldEntry(
            Words("Code", "Code"), mark("Code of the product in its terminology."), Privacy.CARE
        ),
        "directions": FieldEntry(
            Words("Posologie", "Directions"), mark("How it is to be taken."), Privacy.CARE
        ),
        "quantity": FieldEntry(
            Words("Quantité", "Quantity"), mark("How much is to be dispensed."), Privacy.CARE
        ),
        "refills": FieldEntry(
            Words("Renouvellements", "Refills"), mark("How often it may be dispensed again."), Privacy.CARE
        ),
        "note": FieldEntry(
            Words("Remarque", "Note"), mark("What was written about the prescription."), Privacy.CARE
        ),
    },
    Appointment: {
        "status": FieldEntry(
            Words("Statut", "Status"), mark("What became of the appointment."), Privacy.ADMINISTRATIVE
        ),
        "starts_at": FieldEntry(
            Words("Début", "Start"), mark("Moment at which it begins."), Privacy.ADMINISTRATIVE
        ),
        "minutes": FieldEntry(
            Words("Durée", "Length"), mark("Planned length."), Privacy.ADMINISTRATIVE, unit=MINUTES
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"), mark("Whom the patient comes to see."), Privacy.ADMINISTRATIVE
        ),
        "assistant": FieldEntry(
            Words("Assistant", "Assistant"), mark("The second practitioner."), Privacy.ADMINISTRATIVE
        ),
        "room": FieldEntry(Words("Salle", "Room"), mark("Room or chair."), Privacy.ADMINISTRATIVE),
        "reason": FieldEntry(Words("Motif", "Reason"), mark("Why the patient comes."), Privacy.CARE),
        "note": FieldEntry(
            Words("Remarque", "Note"), mark("What was written about the appointment."), Privacy.CARE
        ),
    },
    Recall: {
        "reason": FieldEntry(
            Words("Motif", "Reason"), mark("What the patient should come back for."), Privacy.CARE
        ),
        "due_on": FieldEntry(
            Words("Échéance", "Due"), mark("Date on which the patient should come back."), Privacy.CARE
        ),
        "previous_on": FieldEntry(
            Words("Précédent", "Previous"), mark("Date of the previous visit of the kind."), Privacy.CARE
        ),
        "interval": FieldEntry(
            Words("Intervalle", "Interval"), mark("Time between two visits."), Privacy.CARE, codes=DURATION
        ),
        "status": FieldEntry(
            Words("Statut", "Status"),
            mark("How far the recall has come, in the words of the source."),
            Privacy.ADMINISTRATIVE,
        ),
        "note": FieldEntry(
            Words("Remarque", "Note"), mark("What was written about the recall."), Privacy.CARE
        ),
        "active": FieldEntry(
            Words("En vigueur", "Active"), mark("Whether the recall is in force."), Privacy.ADMINISTRATIVE
        ),
    },
}
CODES: Codes = {
    ActStatus: {
        ActStatus.PLANNED: Words("prévu", "planned"),
        ActStatus.DONE: Words("fait", "done"),
        ActStatus.EXISTING: Words("déjà présent", "existing"),
        ActStatus.EXISTING_ELSEWHERE: Words("fait ailleurs", "done elsewhere"),
        ActStatus.REFERRED: Words("adressé à un confrère", "referred"),
        ActStatus.CONDITION: Words("constat", "condition"),
        ActStatus.CANCELLED: Words("annulé", "cancelled"),
    },
    NoteKind: {
        NoteKind.CLINICAL: Words("clinique", "clinical"),
        NoteKind.ADMINISTRATIVE: Words("administrative", "administrative"),
        NoteKind.COMMUNICATION: Words("échange", "communication"),
        NoteKind.PERSONAL: Words("note personnelle", "personal note"),
    },
    PlanStatus: {
        PlanStatus.ACTIVE: Words("actif", "active"),
        PlanStatus.INACTIVE: Words("inactif", "inactive"),
        PlanStatus.SAVED: Words("enregistré", "saved"),
        PlanStatus.COMPLETED: Words("terminé", "completed"),
        PlanStatus.CANCELLED: Words("annulé", "cancelled"),
    },
    AppointmentStatus: {
        AppointmentStatus.SCHEDULED: Words("prévu", "scheduled"),
        AppointmentStatus.COMPLETED: Words("honoré", "completed"),
        AppointmentStatus.BROKEN: Words("manqué", "broken"),
        AppointmentStatus.CANCELLED: Words("annulé", "cancelled"),
        AppointmentStatus.UNSCHEDULED: Words("à replacer", "unscheduled"),
        AppointmentStatus.PLANNED: Words("à prendre", "planned"),
        AppointmentStatus.OTHER: Words("autre", "other"),
    },
}
