"""Dental documents: chart, assessment, plan, consent, implant card.

CI-SIS has types for them (JDV_J07) and no volumes: chart, assessment and consent are text that a person reads
(level 2), so that no act is stated twice beside the summary; planned acts and implants are entries besides (level 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from formats.cda.writer.entries.acts import HEADS as ACT_HEADS, act_entry, act_row
from formats.cda.writer.entries.devices import HEADS as DEVICE_HEADS, device_entry, device_row
from formats.cda.writer.entries.entry import CCD, FR, PCC, EntryContext
from formats.cda.writer.header import DOCUMENT_END, DocumentFacts, Issue, document_start
from formats.cda.writer.kinds import ASSESSMENT, CHART, CONSENT, IMPLANT_CARD, PLAN, DocumentKind
from formats.cda.writer.narrative import caption, display_text, field_names, paragraphs, record_table
from formats.cda.writer.output import WrittenDocument, write_document
from formats.cda.writer.section import (
    SECTION_END,
    EntryTable,
    Piece,
    SectionHead,
    table_section,
)
from formats.model.care import Act, ActStatus, Quote, TreatmentPlan
from formats.model.dictionary.kinds import KINDS
from formats.model.dossier import Dossier
from formats.model.mouth import PerioExam
from formats.model.observations import Observation
from formats.model.provenance import Consent
from formats.target import Target
from formats.xml_markup import Markup, join_markup

_DEVICES = SectionHead(
    templates=(f"{PCC}.1.5.3.5", f"{FR}.2.1"),
    code="46264-8",
    label="Dispositifs médicaux",
)
_PLANNED = SectionHead(
    templates=(f"{CCD}.10", f"{PCC}.3.31"), code="18776-5", label="Plan de soins", title="Actes prévus"
)
_FOUND = frozenset({ActStatus.CONDITION, ActStatus.REFERRED})
_Sections = Callable[[Dossier, EntryContext], Iterator[Iterable[Markup]]]


def write_chart(dossier: Dossier, target: Target, *, issue: Issue) -> WrittenDocument:
    """Write the dental chart: marks on teeth, and the acts of each."""
    return _write(dossier, target, CHART, issue, _chart)


def write_assessment(dossier: Dossier, target: Target, *, issue: Issue) -> WrittenDocument:
    """Write what was found: diagnoses, conditions, periodontal examinations, observations."""
    return _write(dossier, target, ASSESSMENT, issue, _assessment)


def write_plan(dossier: Dossier, target: Target, *, issue: Issue) -> WrittenDocument:
    """Write what is intended: plans and quotes as text, planned acts as entries besides."""
    return _write(dossier, target, PLAN, issue, _plan)


def write_implant_card(dossier: Dossier, target: Target, *, issue: Issue) -> WrittenDocument:
    """Write what the implant cards state of every device in the patient."""
    return _write(dossier, target, IMPLANT_CARD, issue, _devices)


def write_consent(dossier: Dossier, consent: Consent, target: Target, *, issue: Issue) -> WrittenDocument:
    """Write what the patient agreed to or refused; the paper that shows it is a document of its own."""
    sections: _Sections = lambda _, context: iter((_consent(consent, context),))  # noqa: E731
    return _write(dossier, target, CONSENT, issue, sections, title=consent.subject, key=consent.id)


DENTAL_DOCUMENTS: tuple[
    tuple[DocumentKind, Callable[[Dossier], bool], Callable[..., WrittenDocument]], ...
] = (
    (CHART, lambda one: bool(one.chart_findings or any(act.teeth for act in one.acts)), write_chart),
    (
        ASSESSMENT,
        lambda one: bool(
            one.diagnoses
            or one.perio_exams
            or one.observations
            or any(act.status in _FOUND for act in one.acts)
        ),
        write_assessment,
    ),
    (
        PLAN,
        lambda one: bool(
            one.treatment_plans or one.quotes or any(act.status is ActStatus.PLANNED for act in one.acts)
        ),
        write_plan,
    ),
    (IMPLANT_CARD, lambda one: bool(one.devices), write_implant_card),
)
"""Kind of document, whether a dossier has anything for it, and what writes it (consents are one each)."""


def _write(
    dossier: Dossier,
    target: Target,
    kind: DocumentKind,
    issue: Issue,
    sections: _Sections,
    *,
    title: str = "",
    key: str = "",
) -> WrittenDocument:
    facts = DocumentFacts(kind=kind, title=title or kind.type.label, issue=issue, key=key)
    return write_document(_pieces(dossier, facts, sections), target, dossier, facts)


def _pieces(dossier: Dossier, facts: DocumentFacts, sections: _Sections) -> Iterator[Markup]:
    context = EntryContext(dossier)
    yield from document_start(dossier, facts)
    yield Markup("<structuredBody>")
    found = False
    for section in sections(dossier, context):
        found = True
        yield from section
    if not found:
        yield from _section(facts.kind, facts.kind.type.label, (paragraphs("Non renseigné"),), context)
    yield Markup("</structuredBody>")
    yield DOCUMENT_END


def _section(
    kind: DocumentKind, title: str, content: Iterable[Markup], context: EntryContext, key: str = ""
) -> Iterator[Markup]:
    head = SectionHead(templates=(), code=kind.type.code, label=kind.type.label, title=title, key=key)
    yield head.start(context)
    yield Markup("<text>")
    yield from content
    yield Markup("</text>")
    yield SECTION_END


def _records(
    kind: DocumentKind, records: Sequence[Any], context: EntryContext, *left_out: str, title: str = ""
) -> Iterator[Iterable[Markup]]:
    """Yield the section with a table of ``records``, where there are any."""
    if records:
        names = field_names(type(records[0]), *left_out)
        heading = title or KINDS[records[0].kind].heading.fr
        yield _section(kind, heading, record_table(records, context, *names), context)


# -- what each holds ----------------------------------------------------------------------


def _chart(dossier: Dossier, context: EntryContext) -> Iterator[Iterable[Markup]]:
    by_tooth = sorted(dossier.chart_findings, key=lambda one: (not one.tooth, one.tooth))
    yield from _records(CHART, by_tooth, context)
    acts = sorted((one for one in dossier.acts if one.teeth), key=lambda one: one.teeth)
    if acts:
        names = ("teeth", "surfaces", "status", "performed_on", "code", "label", "practitioner")
        yield _section(CHART, "Actes par dent", record_table(acts, context, *names), context)


def _assessment(dossier: Dossier, context: EntryContext) -> Iterator[Iterable[Markup]]:
    yield from _records(ASSESSMENT, dossier.diagnoses, context, "act")
    found = [one for one in dossier.acts if one.status in _FOUND]
    yield from _records(ASSESSMENT, found, context, "appointment", title="Constats")
    for exam in dossier.perio_exams:
        title = f"Bilan parodontal du {display_text(exam.examined_on, 'examined_on', context) or '?'}"
        yield _section(ASSESSMENT, title, _perio(exam, context), context, exam.id)
    if dossier.observations:
        title = KINDS[Observation.kind].heading.fr
        yield _section(ASSESSMENT, title, _observations(dossier.observations, context), context)


def _perio(exam: PerioExam, context: EntryContext) -> Iterator[Markup]:
    yield paragraphs(context.shown_practitioner(exam.practitioner))
    yield paragraphs(exam.note)
    if exam.measures:
        yield from record_table(exam.measures, context, "tooth", "site", "measure", "value")


def _observations(every: Sequence[Observation], context: EntryContext) -> Iterator[Markup]:
    yield from record_table(every, context, *field_names(Observation, "result", "components"))
    for one in every:
        yield caption(
            " ".join(filter(None, (one.label or one.code, display_text(one.observed_on, "", context))))
        )
        results = [one.result] if any(getattr(one.result, name) for name in _RESULT) else []
        yield from record_table(results, context, *_RESULT) if results else ()
        for part in one.components:
            yield paragraphs(part.label or part.code)
            yield from record_table([part.result], context, *_RESULT)


_RESULT = (
    *("comparator", "value", "unit", "unit_code", "text"),
    *("low", "high", "range_text", "interpretation"),
)


def _plan(dossier: Dossier, context: EntryContext) -> Iterator[Iterable[Markup]]:
    plans: tuple[TreatmentPlan | Quote, ...] = (*dossier.treatment_plans, *dossier.quotes)
    for one in plans:
        heading = " – ".join(filter(None, (KINDS[one.kind].one.fr.capitalize(), one.title)))
        yield _section(PLAN, heading, _plan_text(one, context), context, one.id)
    planned = [one for one in dossier.acts if one.status is ActStatus.PLANNED]
    if planned:
        pieces = partial(_act_pieces, planned, context)
        yield table_section(_PLANNED, EntryTable(heads=ACT_HEADS, pieces=pieces), context)


def _plan_text(one: TreatmentPlan | Quote, context: EntryContext) -> Iterator[Markup]:
    names = field_names(type(one), "title", "items", "document", "signature")
    yield from record_table([one], context, *names)
    if one.items:
        names = ("priority", "code", "label", "teeth", "surfaces")
        amounts = ("fee_cents", "insurer_cents", "patient_cents")
        yield from record_table(one.items, context, *names, *amounts)


def _act_pieces(acts: Sequence[Act], context: EntryContext) -> Iterator[Piece]:
    for number, one in enumerate(acts, 1):
        place = f"acte-{number}"
        yield partial(act_row, one, place, context), partial(act_entry, one, place, context)


def _devices(dossier: Dossier, context: EntryContext) -> Iterator[Iterable[Markup]]:
    def pieces() -> Iterator[Piece]:
        for number, one in enumerate(dossier.devices, 1):
            place = f"dm-{number}"
            yield partial(device_row, one, place), partial(device_entry, one, place, context)

    if dossier.devices:
        yield table_section(_DEVICES, EntryTable(heads=DEVICE_HEADS, pieces=pieces), context)


def _consent(one: Consent, context: EntryContext) -> Iterable[Markup]:
    content = (
        join_markup(record_table([one], context, *field_names(Consent, "text", "document"))),
        paragraphs(one.text),
    )
    return _section(CONSENT, one.subject or CONSENT.type.label, content, context)
