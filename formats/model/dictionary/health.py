"""Medical history."""

from __future__ import annotations

from formats.model.dictionary.entry import Codes, FieldEntry, Fields, Privacy
from formats.model.dictionary.notations import FDI, OID_OR_URI
from formats.model.health import (
    Diagnosis,
    FormAnswer,
    HealthStatement,
    HealthStatus,
    HealthTopic,
    Presence,
    Questionnaire,
)
from formats.words import Words, mark

FIELDS: Fields = {
    HealthStatement: {
        "topic": FieldEntry(
            Words("Rubrique", "Topic"),
            mark("Part of the medical history the statement belongs to."),
            Privacy.CARE,
        ),
        "presence": FieldEntry(
            Words("Présence", "Presence"),
            mark("Whether the patient has it, was asked and has none, or it was ruled out."),
            Privacy.CARE,
        ),
        "status": FieldEntry(Words("Statut", "Status"), mark("Whether it still holds."), Privacy.CARE),
        "code_system": FieldEntry(
            Words("Terminologie", "Code system"),
            mark("Terminology the code is of."),
            Privacy.CARE,
            codes=OID_OR_URI,
        ),
        "code": FieldEntry(Words("Code", "Code"), mark("Code of the item in its terminology."), Privacy.CARE),
        "label": FieldEntry(
            Words("Élément", "Item"), mark("What it is, in the words of the source."), Privacy.CARE
        ),
        "detail": FieldEntry(
            Words("Précisions", "Details"), mark("Reaction, dose or other details."), Privacy.CARE
        ),
        "start": FieldEntry(Words("Début", "Start"), mark("Date on which it began."), Privacy.CARE),
        "end": FieldEntry(Words("Fin", "End"), mark("Date on which it ended."), Privacy.CARE),
        "recorded_at": FieldEntry(
            Words("Saisi", "Recorded"), mark("Moment at which it was written down."), Privacy.CARE
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"), mark("Who wrote it down."), Privacy.CARE
        ),
    },
    Diagnosis: {
        "code_system": FieldEntry(
            Words("Terminologie", "Code system"),
            mark("Terminology the code of the diagnosis is of."),
            Privacy.CARE,
            codes=OID_OR_URI,
        ),
        "code": FieldEntry(
            Words("Code", "Code"), mark("Code of the diagnosis in its terminology."), Privacy.CARE
        ),
        "label": FieldEntry(
            Words("Diagnostic", "Diagnosis"), mark("What it is, in the words of the source."), Privacy.CARE
        ),
        "teeth": FieldEntry(
            Words("Dents", "Teeth"), mark("Teeth the diagnosis concerns."), Privacy.CARE, codes=FDI
        ),
        "surfaces": FieldEntry(
            Words("Faces", "Surfaces"), mark("Surfaces of the teeth it concerns."), Privacy.CARE
        ),
        "act": FieldEntry(Words("Acte", "Act"), mark("The act it is the reason of."), Privacy.CARE),
        "principal": FieldEntry(
            Words("Motif principal", "Principal"),
            mark("Whether it is the first reason of the act."),
            Privacy.CARE,
        ),
        "recorded_on": FieldEntry(
            Words("Date", "Date"), mark("Day on which it was written down."), Privacy.CARE
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"), mark("Who diagnosed it."), Privacy.CARE
        ),
        "note": FieldEntry(Words("Remarque", "Note"), mark("What was written about it."), Privacy.CARE),
    },
    FormAnswer: {
        "question": FieldEntry(
            Words("Question", "Question"), mark("The question, in the words of the form."), Privacy.CARE
        ),
        "answer": FieldEntry(Words("Réponse", "Answer"), mark("The answer, as it was given."), Privacy.CARE),
    },
    Questionnaire: {
        "title": FieldEntry(Words("Titre", "Title"), mark("Title of the form."), Privacy.CARE),
        "answered_at": FieldEntry(
            Words("Rempli le", "Filled in on"), mark("Moment at which the form was filled in."), Privacy.CARE
        ),
        "answers": FieldEntry(
            Words("Réponses", "Answers"),
            mark("Questions and answers in the order of the form."),
            Privacy.CARE,
        ),
    },
}
CODES: Codes = {
    HealthTopic: {
        HealthTopic.ALLERGY: Words("Allergies", "Allergies"),
        HealthTopic.CONDITION: Words("Maladies et antécédents", "Conditions"),
        HealthTopic.MEDICATION: Words("Traitements en cours", "Medication"),
        HealthTopic.ALERT: Words("Alertes", "Alerts"),
        HealthTopic.HABIT: Words("Habitudes (tabac, …)", "Habits (tobacco, …)"),
        HealthTopic.FAMILY: Words("Antécédents familiaux", "Family history"),
    },
    Presence: {
        Presence.PRESENT: Words("présent", "present"),
        Presence.NONE: Words("aucun (explicitement)", "explicitly none"),
        Presence.REFUTED: Words("écarté", "refuted"),
    },
    HealthStatus: {
        HealthStatus.ACTIVE: Words("en cours", "active"),
        HealthStatus.RESOLVED: Words("résolu", "resolved"),
        HealthStatus.INACTIVE: Words("inactif", "inactive"),
        HealthStatus.UNKNOWN: Words("statut inconnu", "status unknown"),
    },
}
