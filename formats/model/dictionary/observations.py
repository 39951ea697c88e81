"""Vital signs and results of examinations."""

from __future__ import annotations

from collections.abc import Mapping

from formats.model.dictionary.entry import Codes, FieldEntry, Fields, Privacy
from formats.model.dictionary.notations import FDI, OID_OR_URI, UCUM
from formats.model.observations import (
    Comparator,
    Interpretation,
    Observation,
    ObservationCategory,
    ObservationComponent,
    ObservationStatus,
    ObservedValue,
)
from formats.words import Words, mark

FIELDS: Fields = {
    ObservedValue: {
        "value": FieldEntry(
            Words("Valeur", "Value"), mark("The number that was measured, with its digits."), Privacy.CARE
        ),
        "comparator": FieldEntry(
            Words("Comparateur", "Comparator"),
            mark("That the true value is less or more than the number."),
            Privacy.CARE,
        ),
        "unit": FieldEntry(
            Words("Unité", "Unit"), mark("Unit of the number, in the words of the source."), Privacy.CARE
        ),
        "unit_code": FieldEntry(
            Words("Unité (UCUM)", "Unit (UCUM)"),
            mark("Unit of the number as a code."),
            Privacy.CARE,
            codes=UCUM,
            left_out=mark(
                "The page shows the unit in the words of the source; its code is in DATA/DOSSIER.JSO."
            ),
        ),
        "text": FieldEntry(
            Words("Résultat en mots", "Result in words"),
            mark("The result in words, or what is said of the number."),
            Privacy.CARE,
        ),
        "low": FieldEntry(
            Words("Limite inférieure", "Lower limit"),
            mark("Lowest value of the reference range, in the unit of the value."),
            Privacy.CARE,
        ),
        "high": FieldEntry(
            Words("Limite supérieure", "Upper limit"),
            mark("Highest value of the reference range, in the unit of the value."),
            Privacy.CARE,
        ),
        "range_text": FieldEntry(
            Words("Valeurs de référence", "Reference range"),
            mark("The reference range as it was reported."),
            Privacy.CARE,
        ),
        "interpretation": FieldEntry(
            Words("Interprétation", "Interpretation"),
            mark("What the laboratory says of the result."),
            Privacy.CARE,
        ),
    },
    ObservationComponent: {
        "code_system": FieldEntry(
            Words("Terminologie", "Code system"),
            mark("Terminology the code of the component is of."),
            Privacy.CARE,
            codes=OID_OR_URI,
        ),
        "code": FieldEntry(
            Words("Code", "Code"), mark("Code of the component in its terminology."), Privacy.CARE
        ),
        "label": FieldEntry(
            Words("Composante", "Component"),
            mark("What was measured, in the words of the source."),
            Privacy.CARE,
        ),
        "result": FieldEntry(
            Words("Résultat", "Result"), mark("What was found for the component."), Privacy.CARE
        ),
    },
    Observation: {
        "category": FieldEntry(
            Words("Nature", "Kind"), mark("Vital sign, examination or biology."), Privacy.CARE
        ),
        "status": FieldEntry(
            Words("Statut", "Status"), mark("How far the result is to be relied on."), Privacy.CARE
        ),
        "code_system": FieldEntry(
            Words("Terminologie", "Code system"),
            mark("Terminology the code of the observation is of."),
            Privacy.CARE,
            codes=OID_OR_URI,
        ),
        "code": FieldEntry(
            Words("Code", "Code"), mark("Code of the observation in its terminology."), Privacy.CARE
        ),
        "label": FieldEntry(
            Words("Examen", "Examination"),
            mark("What was measured or examined, in the words of the source."),
            Privacy.CARE,
        ),
        "panel": FieldEntry(
            Words("Bilan", "Panel"), mark("The examination that the result is part of."), Privacy.CARE
        ),
        "observed_on": FieldEntry(
            Words("Date", "Date"), mark("Day of the measure or of the sample."), Privacy.CARE
        ),
        "issued_at": FieldEntry(
            Words("Rendu le", "Issued"), mark("Moment at which the result was reported."), Privacy.CARE
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"), mark("Who measured or asked for it."), Privacy.CARE
        ),
        "laboratory": FieldEntry(
            Words("Laboratoire", "Laboratory"), mark("Laboratory that performed it, by name."), Privacy.CARE
        ),
        "specimen": FieldEntry(
            Words("Prélèvement", "Specimen"), mark("What was examined, such as serum."), Privacy.CARE
        ),
        "tooth": FieldEntry(
            Words("Dent", "Tooth"), mark("Tooth that was examined."), Privacy.CARE, codes=FDI
        ),
        "result": FieldEntry(Words("Résultat", "Result"), mark("What was found."), Privacy.CARE),
        "components": FieldEntry(
            Words("Composantes", "Components"),
            mark("Values that only mean something together, such as the two of a blood pressure."),
            Privacy.CARE,
        ),
        "note": FieldEntry(Words("Remarque", "Note"), mark("What was written about it."), Privacy.CARE),
    },
}

CODES: Codes = {
    ObservationCategory: {
        ObservationCategory.VITAL_SIGNS: Words("constante", "vital sign"),
        ObservationCategory.LABORATORY: Words("biologie", "laboratory"),
        ObservationCategory.EXAM: Words("examen", "examination"),
    },
    ObservationStatus: {
        ObservationStatus.PRELIMINARY: Words("provisoire", "preliminary"),
        ObservationStatus.FINAL: Words("définitif", "final"),
        ObservationStatus.CORRECTED: Words("corrigé", "corrected"),
        ObservationStatus.CANCELLED: Words("annulé", "cancelled"),
        ObservationStatus.UNKNOWN: Words("inconnu", "unknown"),
    },
    Comparator: {
        Comparator.LESS: Words("inférieur à", "less than"),
        Comparator.AT_MOST: Words("au plus", "at most"),
        Comparator.AT_LEAST: Words("au moins", "at least"),
        Comparator.MORE: Words("supérieur à", "more than"),
    },
    Interpretation: {
        Interpretation.NORMAL: Words("normal", "normal"),
        Interpretation.LOW: Words("bas", "low"),
        Interpretation.HIGH: Words("élevé", "high"),
        Interpretation.CRITICAL_LOW: Words("très bas", "critically low"),
        Interpretation.CRITICAL_HIGH: Words("très élevé", "critically high"),
        Interpretation.ABNORMAL: Words("anormal", "abnormal"),
        Interpretation.CRITICAL_ABNORMAL: Words("très anormal", "critically abnormal"),
        Interpretation.NEGATIVE: Words("négatif", "negative"),
        Interpretation.POSITIVE: Words("positif", "positive"),
        Interpretation.INTERMEDIATE: Words("intermédiaire", "intermediate"),
        Interpretation.RESISTANT: Words("résistant", "resistant"),
        Interpretation.SUSCEPTIBLE: Words("sensible", "susceptible"),
    },
}

VITAL_SIGNS: Mapping[str, Words] = {
    "85354-9": Words("Pression artérielle", "Blood pressure"),
    "8480-6": Words("systolique", "systolic"),
    "8462-4": Words("diastolique", "diastolic"),
    "8867-4": Words("Fréquence cardiaque", "Heart rate"),
    "8302-2": Words("Taille", "Body height"),
    "3137-7": Words("Taille (mesurée)", "Body height (measured)"),
    "3138-5": Words("Taille (déclarée)", "Body height (stated)"),
    "29463-7": Words("Poids", "Body weight"),
    "3141-9": Words("Poids (mesuré)", "Body weight (measured)"),
    "3142-7": Words("Poids (déclaré)", "Body weight (stated)"),
    "39156-5": Words("Indice de masse corporelle", "Body mass index"),
    "59576-9": Words("Percentile d’IMC pour l’âge et le sexe", "BMI percentile for age and sex"),
    "8310-5": Words("Température", "Body temperature"),
    "9279-1": Words("Fréquence respiratoire", "Respiratory rate"),
    "2708-6": Words("Saturation en oxygène", "Oxygen saturation"),
}
"""What LOINC codes of vital signs are called, for sources that give the code alone."""
