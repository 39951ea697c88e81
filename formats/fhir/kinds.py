"""Which resource stands for which record, in both directions."""

from __future__ import annotations

from formats.fhir.codes import KIND
from formats.fhir.elements import Element, objects_at
from formats.fhir.records import (
    agenda,
    care,
    devices,
    history,
    imaging,
    money,
    mouth,
    observations,
    papers,
    patient,
    people,
)
from formats.fhir.resources import Resource
from formats.model.record import Record

RESOURCES: tuple[Resource, ...] = (
    people.PRACTICE,
    people.PRACTITIONER_RESOURCE,
    patient.PATIENT_RESOURCE,
    patient.RELATED_PERSON,
    patient.COVERAGE_RESOURCE,
    *history.STATEMENTS,
    history.QUESTIONNAIRE,
    observations.OBSERVATION,
    mouth.CHART_FINDING,
    mouth.PERIO_EXAM,
    agenda.APPOINTMENT_RESOURCE,
    care.ACT,
    care.DIAGNOSIS,
    care.NOTE,
    care.MESSAGE,
    care.PLAN,
    papers.DOCUMENT_RESOURCE,
    devices.DEVICE,
    devices.LAB_ORDER,
    care.QUOTE,
    care.PRESCRIPTION,
    agenda.RECALL,
    money.INVOICE,
    money.PAYMENT,
    money.ADJUSTMENT,
    imaging.STUDY,
    imaging.IMAGE,
    papers.CONSENT,
    papers.ACCESS,
)
"""Every description; source rows have none, they travel verbatim in a file of their own."""


def _by_record() -> dict[type[Record], tuple[Resource, ...]]:
    found: dict[type[Record], tuple[Resource, ...]] = {}
    for resource in RESOURCES:
        found[resource.record] = (*found.get(resource.record, ()), resource)
    return found


_FOR_RECORD = _by_record()


def resource_for(record: Record) -> Resource:
    """Return the description that turns ``record`` into a resource."""
    fitting = _FOR_RECORD[type(record)]
    return fitting[0] if len(fitting) == 1 else next(one for one in fitting if one.holds(record))


def resource_of(node: Element) -> Resource | None:
    """Return the description that reads ``node``.

    Our own resources say their kind in a tag; others are read where their type and
    category leave no doubt, and not guessed at otherwise.
    """
    name = node.get("resourceType")
    fitting = [resource for resource in RESOURCES if resource.name == name]
    kind = kind_of(node)
    if kind:
        return next((resource for resource in fitting if resource.record.kind == kind), None)
    fitting = [resource for resource in fitting if resource.foreign(node)]
    return fitting[0] if len(fitting) == 1 else None


def kind_of(node: Element) -> str:
    """Return the kind of record the resource ``node`` says it is, or nothing."""
    codes = (tag.get("code") for tag in objects_at(node, "meta.tag") if tag.get("system") == KIND)
    code = next(codes, "")
    return code if isinstance(code, str) else ""
