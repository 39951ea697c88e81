"""Reading a FHIR R4 Bundle as one dossier, and saying what of it was not understood.

1. The bundle is taken apart entry by entry, within the limits of ``layout.py``.
2. A line that is, byte for byte, what we write of a record is that record.
3. Any other resource goes to the description of its kind; an unknown kind is a finding.
4. The record made of it is written again and compared with what was read: every
   element that did not come back is a finding, so nothing is dropped in silence.
5. The records must hold together as a dossier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from formats.errors import FormatFailure
from formats.fhir.codegen.compiled import read_line
from formats.fhir.elements import Element, failure_at
from formats.fhir.exact import exact_text
from formats.fhir.kinds import kind_of, resource_of
from formats.fhir.layout import as_json, entry_of, read_bundle_lines
from formats.fhir.records.people import engagement_of, practitioner_role
from formats.fhir.resources import resource_id
from formats.findings import Finding, Severity
from formats.mapping.parts import Setting
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.people import Engagement, Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.words import mark, plural

MAX_NAMED = 20
"""Elements a finding names one by one; the rest is counted."""

MAX_LABEL = 300
"""Characters of what a resource is about that a finding says."""

MAX_TYPE = 100
"""Characters of the type of a resource that a finding says; FHIR's own have at most 33."""

MAX_SOUGHT = 64
"""Members of a list among which another place is sought; more would cost their square."""

_INDEX = re.compile(r"\[\d+\]")


class NotOneDossier(FormatFailure):
    """A bundle that is not the dossier of one patient in one practice."""

    code = "fhir-not-one-dossier"
    sentence = mark("A dossier has exactly one {name}, and this bundle has {found}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceFinding(Finding):
    """Finding about a resource that is not understood, or not whole.

    ``original`` is the resource as it was sent, in JSON; ``resource`` is its type, ``label`` what it calls what it is
    about, ``record`` the identity of the record that was made of the rest, empty where none was.
    """

    resource: str
    label: str
    original: str
    record: str = ""


@dataclass(slots=True)
class _Gathered:
    """What was read so far."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    engagements: dict[str, list[Engagement]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    setting: Setting = field(default_factory=Setting)

    def of(self, kind: type[Record]) -> list[Any]:
        return self.records.get(kind.kind, [])

    def keep(self, record: Record) -> None:
        if isinstance(record, Practice):
            self.setting = Setting(practice=record.id, currency=record.currency)
        self.records.setdefault(record.kind, []).append(record)

    def note(self, code: str, where: str, sentence: str, **facts: str | int) -> None:
        self.findings.append(
            Finding(severity=Severity.WARNING, code=code, where=where, sentence=sentence, facts=facts)
        )

    def note_resource(
        self, code: str, where: str, sentence: str, node: Element, *, record: str = "", **facts: str | int
    ) -> None:
        self.findings.append(
            ResourceFinding(
                severity=Severity.WARNING,
                code=code,
                where=where,
                sentence=sentence,
                facts=facts,
                resource=node["resourceType"][:MAX_TYPE],
                label=_label(node)[:MAX_LABEL],
                record=record,
                original=as_json(node),
            )
        )


def read_bundle(source: BinaryIO) -> tuple[Dossier, tuple[Finding, ...]]:
    """Return the dossier in the bundle ``source``, without source rows, and what was not understood.

    Raises:
        LimitExceeded: naming the limit.
        FormatFailure: naming the entry, the resource and the element that is not readable.
        InconsistentDossier: when the records do not hold together.
    """
    gathered = _Gathered()
    for place, line in read_bundle_lines(source):
        record = read_line(line, gathered.setting) if isinstance(line, bytes) else None
        if record is not None:
            gathered.keep(record)
            continue
        there, entry = entry_of(line, place)
        try:
            _gather(entry["resource"], there, gathered)
        except FormatFailure as fault:
            raise failure_at(there, fault, " ") from fault
    return _dossier(gathered), tuple(gathered.findings)


def _gather(node: Element, place: str, gathered: _Gathered) -> None:
    if node["resourceType"] == "PractitionerRole":
        practitioner, engagement = engagement_of(node)
        gathered.engagements.setdefault(practitioner, []).append(engagement)
        written = practitioner_role(resource_id(node), practitioner, engagement, gathered.setting)
        return _compare(node, written, place, gathered, practitioner)
    resource = resource_of(node)
    if resource is None:
        sentence = mark("The resource {type} ({kind}) is not understood and was left out.")
        facts = {"type": node["resourceType"][:MAX_TYPE], "kind": kind_of(node)[:MAX_TYPE] or "?"}
        return gathered.note_resource("fhir-resource-unknown", place, sentence, node, **facts)
    record = resource.read(node)
    gathered.keep(record)
    return _compare(node, resource.write(record, gathered.setting), place, gathered, record.id)


def _label(node: Element) -> str:
    """Return what ``node`` calls what it is about: the text of its code, else the name or the code of a coding."""
    for concept in (node.get("code"), node.get("medicationCodeableConcept")):
        if not isinstance(concept, dict):
            continue
        codings = concept.get("coding")
        first = codings[0] if isinstance(codings, list) and codings else None
        coding = first if isinstance(first, dict) else {}
        for text in (concept.get("text"), coding.get("display"), coding.get("code")):
            if isinstance(text, str) and text:
                return text
    return ""


def _compare(read: Element, written: Element, place: str, gathered: _Gathered, record: str) -> None:
    """Note every element of ``read`` that did not come back in ``written``."""
    if _came_back(read, written):
        return
    lost = sorted({_INDEX.sub("", path) for path in lost_elements(read, written)})
    if lost:
        named = ", ".join(lost[:MAX_NAMED])
        sentence = plural(
            "{count} element is not understood and was left out: {named}.",
            "{count} elements are not understood and were left out: {named}.",
        )
        facts: dict[str, str | int] = {"count": len(lost), "named": named[:2000]}
        gathered.note_resource("fhir-element-unknown", place, sentence, read, record=record, **facts)


def _came_back(read: Any, written: Any) -> bool:
    """Say whether ``lost_elements`` finds nothing, in one order of lists and without naming places.

    Nearly every resource comes back whole, so this is what nearly all of them cost.
    """
    if isinstance(read, dict) and isinstance(written, dict):
        return all(key in written and _came_back(value, written[key]) for key, value in read.items())
    if isinstance(read, list) and isinstance(written, list):
        return len(read) <= len(written) and all(map(_came_back, read, written))
    return isinstance(read, bool) == isinstance(written, bool) and bool(read == written)


def lost_elements(read: Any, written: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of what is in ``read`` and not, or not the same, in ``written``.

    Recursion goes only as deep as ``written``, which we made.
    """
    if isinstance(read, dict) and isinstance(written, dict):
        for key, value in read.items():
            inner = f"{path}.{key}" if path else key
            if key in written:
                yield from lost_elements(value, written[key], inner)
            elif (
                value is None or exact_text(written.get(f"_{key}"), key) != value
            ):  # else a day, and no instant
                yield inner
    elif isinstance(read, list) and isinstance(written, list):
        for index, value in enumerate(read):
            yield from _lost_member(value, index, written, f"{path}[{index}]")
    elif isinstance(read, bool) != isinstance(written, bool) or read != written:
        yield path


def _lost_member(read: Any, index: int, written: list[Any], path: str) -> Iterator[str]:
    """Yield what is lost of one member of a list; our order may differ, as of codings and extensions."""
    lost = list(lost_elements(read, written[index], path)) if index < len(written) else [path]
    sought = written if lost and isinstance(read, dict) and len(written) <= MAX_SOUGHT else []
    if not any(next(lost_elements(read, member), None) is None for member in sought):
        yield from lost


def _dossier(gathered: _Gathered) -> Dossier:
    patient = _only(gathered.of(Patient), "Patient")
    practices = [practice for practice in gathered.of(Practice) if practice.id == patient.practice]
    practice = _only(practices, "Organization")
    for other in gathered.of(Practice):
        if other is not practice:
            sentence = mark("The resource {type} ({kind}) is not understood and was left out.")
            gathered.note(
                "fhir-resource-unknown", f"Organization/{other.id}", sentence, type="Organization", kind="?"
            )
    return Dossier(
        practice=practice,
        practitioners=tuple(_engaged(gathered)),
        patient=patient,
        **{kind.kind: tuple(gathered.of(kind)) for kind in PATIENT_KINDS if kind is not SourceRow},
    )


def _only(found: list[Any], name: str) -> Any:
    if len(found) != 1:
        raise NotOneDossier(where="Bundle", name=name, found=len(found))
    return found[0]


def _engaged(gathered: _Gathered) -> Iterator[Practitioner]:
    """Yield the practitioners with their engagements; an engagement of nobody is a finding."""
    for practitioner in gathered.of(Practitioner):
        engagements = gathered.engagements.pop(practitioner.id, [])
        yield replace(practitioner, engagements=tuple(engagements))
    for key in gathered.engagements:
        sentence = mark("An engagement names the practitioner {practitioner}, who is not in the bundle.")
        gathered.note("fhir-practitioner-unknown", "PractitionerRole", sentence, practitioner=key[:100])
