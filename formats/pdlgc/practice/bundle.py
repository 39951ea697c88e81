"""The practice and those who work there as a FHIR R4 Bundle, without any patient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from formats.errors import FormatFailure, InconsistentDossier
from formats.fhir.elements import Element
from formats.fhir.kinds import resource_for, resource_of
from formats.fhir.layout import BundleSink, bundle_line, read_bundle_entries, write_lines
from formats.fhir.records.people import engagement_of, roles
from formats.findings import Finding, Severity
from formats.mapping.parts import Setting
from formats.model.people import Engagement, Practice, Practitioner
from formats.model.record import Record
from formats.words import mark


class NotOnePractice(FormatFailure):
    """A bundle that does not hold exactly one practice."""

    code = "fhir-not-one-practice"
    sentence = mark("A practice archive has exactly one practice, and this one has {found}.")


def write_practice_bundle(
    practice: Practice, practitioners: Iterable[Practitioner], target: BundleSink, *, written_at: datetime
) -> None:
    """Write the practice, its practitioners and their engagements as a Bundle of type collection."""
    write_lines(map(bundle_line, _resources(practice, practitioners)), target, written_at)


def _resources(practice: Practice, practitioners: Iterable[Practitioner]) -> Iterator[Element]:
    setting = Setting(practice=practice.id, currency=practice.currency)
    yield resource_for(practice).write(practice, setting)
    for practitioner in practitioners:
        yield resource_for(practitioner).write(practitioner, setting)
        yield from roles(practitioner, setting)


def read_practice_bundle(
    source: BinaryIO,
) -> tuple[Practice, tuple[Practitioner, ...], tuple[Finding, ...]]:
    """Return the practice, its practitioners, and what of the bundle was not understood.

    Raises:
        NotOnePractice: when there is none, or more than one.
        InconsistentDossier: when two who work there share one identity.
        FormatFailure, LimitExceeded: when it is no readable bundle.
    """
    practices: list[Practice] = []
    practitioners: list[Practitioner] = []
    engagements: dict[str, list[Engagement]] = {}
    findings: list[Finding] = []
    for place, entry in read_bundle_entries(source):
        node = entry["resource"]
        if node["resourceType"] == "PractitionerRole":
            practitioner, engagement = engagement_of(node)
            engagements.setdefault(practitioner, []).append(engagement)
            continue
        record = _record(node)
        if isinstance(record, Practice):
            practices.append(record)
        elif isinstance(record, Practitioner):
            practitioners.append(record)
        else:
            findings.append(_not_understood(place))
    if len(practices) != 1:
        raise NotOnePractice(found=len(practices))
    _require_unlike(practitioners)
    engaged = tuple(replace(one, engagements=tuple(engagements.pop(one.id, ()))) for one in practitioners)
    findings += [_not_understood(f"PractitionerRole of {key[:100]}") for key in engagements]
    return practices[0], engaged, tuple(findings)


def _require_unlike(practitioners: Iterable[Practitioner]) -> None:
    seen: set[str] = set()
    for one in practitioners:
        if one.id in seen:
            reason = mark("two records share one identity")
            raise InconsistentDossier(where=f"Practitioner/{one.id}"[:200], reason=reason)
        seen.add(one.id)


def _record(node: Element) -> Record | None:
    resource = resource_of(node)
    return resource.read(node) if resource else None


def _not_understood(place: str) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code="practice-resource-unknown",
        where=place,
        sentence=mark("A resource that does not describe the practice was left out: {place}."),
        facts={"place": place},
    )
