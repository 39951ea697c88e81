"""What of a dossier could not be taken as it was sent.

1. A resource that is not understood, or of which elements were left out, as the reader of the bundle found.
2. A statement of medical history that says neither name nor code of what there is; its row of the source is its
   original, which is stored with the dossier as well.
3. A row of a table of medical history of which the sender's program could read nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from archiver.practice.registers.degraded_entries import Degradation, DegradationReason
from formats.fhir.read import ResourceFinding
from formats.findings import Finding
from formats.model.dossier import Dossier
from formats.model.health import HealthStatement, HealthTopic, Presence
from formats.model.provenance import SourceRow

TOPICS: Mapping[str, HealthTopic] = {
    "AllergyIntolerance": HealthTopic.ALLERGY,
    "Condition": HealthTopic.CONDITION,
    "MedicationStatement": HealthTopic.MEDICATION,
    "Flag": HealthTopic.ALERT,
    "FamilyMemberHistory": HealthTopic.FAMILY,
}
"""Topic of medical history by the type of a resource."""
TABLES: Mapping[str, HealthTopic] = {
    "allergy": HealthTopic.ALLERGY,
    "disease": HealthTopic.CONDITION,
    "medicationpat": HealthTopic.MEDICATION,
}
"""Topic by the table of Open Dental of which each row is one statement."""
_REASONS = {
    "fhir-element-unknown": DegradationReason.ELEMENT_UNKNOWN,
    "fhir-resource-unknown": DegradationReason.RESOURCE_UNKNOWN,
}


def degradations(dossier: Dossier, findings: Sequence[Finding]) -> Iterator[Degradation]:
    """Follow the steps above for a dossier, or a part of one, and what was noticed while the whole was read."""
    known = {one.id for one in dossier.records()} if findings else set()
    for one in findings:
        if isinstance(one, ResourceFinding) and (not one.record or one.record in known):
            yield _of_resource(one)
    for statement in dossier.health_statements:
        if statement.presence is not Presence.NONE and not (statement.label or statement.code):
            yield _of_statement(statement, dossier.source_rows)
    for row in dossier.source_rows:
        if row.table in TABLES and not row.records:
            text = " ".join(str(cell) for cell in row.columns.values() if isinstance(cell, str))
            yield Degradation(
                topic=TABLES[row.table].value,
                reason=DegradationReason.ROW_UNREAD,
                text=text[:MAX_TEXT],
                original=_original(row),
            )


MAX_TEXT = 300
"""Characters of what is shown of an entry; its original is whole."""


def _of_resource(found: ResourceFinding) -> Degradation:
    topic = TOPICS.get(found.resource)
    return Degradation(
        topic=topic.value if topic else "",
        reason=_REASONS[found.code],
        text=found.label or found.resource,
        original=found.original,
        record=found.record,
    )


def _of_statement(statement: HealthStatement, rows: Iterable[SourceRow]) -> Degradation:
    row = next((one for one in rows if statement.id in one.records), None)
    return Degradation(
        topic=statement.topic.value,
        reason=DegradationReason.WITHOUT_NAME,
        text=statement.detail[:MAX_TEXT],
        original=_original(row) if row else json.dumps({"detail": statement.detail}, ensure_ascii=False),
        record=statement.id,
    )


def _original(row: SourceRow) -> str:
    return json.dumps({"table": row.table, "key": row.key, **row.columns}, ensure_ascii=False)
