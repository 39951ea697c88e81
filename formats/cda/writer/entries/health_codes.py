"""Codes of statements of health: what CI-SIS has for habits, for none known, and for what nobody asked."""

from __future__ import annotations

from collections.abc import Mapping

from formats.cda.codes import ABSENT_UNKNOWN
from formats.cda.writer.values import CdaCode
from formats.model.health import HealthTopic

HABITS: Mapping[str, str] = {
    "72166-2": "Statut tabagique",
    "74011-8": "Consommation tabagique",
    "74013-4": "Consommation d'alcool",
    "11343-1": "Consommation de drogue non médicales",
    "73985-4": "Exercice physique",
    "81663-7": "Régime",
    "92944-8": "Exposition à risque",
    "8683-5": "Exposition professionnelle",
    "67875-5": "Statut d'emploi",
    "29556-8": "Trouble du comportement",
}
"""Habits that CI-SIS has codes for (JDV_SocialHistoryCodes), but the one that stands for all others."""
NONE_CODES: Mapping[HealthTopic, CdaCode] = {
    topic: CdaCode(oid=ABSENT_UNKNOWN, code=code, label=label)
    for topic, code, label in (
        (HealthTopic.CONDITION, "no-known-problems", "Pas de problème connu"),
        (HealthTopic.ALLERGY, "no-known-allergies", "Pas d'allergie/hypersensibilité connue"),
        (HealthTopic.MEDICATION, "no-known-medications", "Pas de traitement médicamenteux connu"),
    )
}
NOT_ASKED_CODES: Mapping[HealthTopic, CdaCode] = {
    topic: CdaCode(oid=ABSENT_UNKNOWN, code=code, label=label)
    for topic, code, label in (
        (HealthTopic.CONDITION, "no-problem-info", "Pas d'information sur les problèmes"),
        (HealthTopic.ALLERGY, "no-allergy-info", "Pas d'information sur les allergies"),
        (HealthTopic.MEDICATION, "no-medication-info", "Pas d'information sur les traitements"),
    )
}
