"""The medical summary (CI-SIS, *Volet de synthèse médicale*; PDLGC wants one of each patient), structured (level 3).

Valid for the schematrons of VSM 1.4 (2022.01) and of VSM 2023.01. What nobody asked about is said to be so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from formats.cda.writer.entries.acts import (
    DONE,
    HEADS as ACT_HEADS,
    act_entry,
    act_row,
    no_acts_entry,
    no_acts_row,
)
from formats.cda.writer.entries.entry import CCD, FR, PCC, EntryContext
from formats.cda.writer.entries.health import (
    HEADS,
    allergy_entry,
    family_entry,
    habit_entry,
    not_asked_entry,
    not_asked_row,
    problem_entry,
    statement_row,
)
from formats.cda.writer.entries.treatments import medication_entry
from formats.cda.writer.header import (
    DOCUMENT_END,
    LOINC_HISTORY,
    DocumentFacts,
    Issue,
    document_start,
)
from formats.cda.writer.kinds import SUMMARY
from formats.cda.writer.narrative import result_words
from formats.cda.writer.output import WrittenDocument, write_document
from formats.cda.writer.section import (
    EntryTable,
    Piece,
    SectionHead,
    group_section,
    table_section,
    text_section,
)
from formats.cda.writer.values import shown_date
from formats.model.dossier import Dossier
from formats.model.health import HealthStatement, HealthStatus, HealthTopic, Presence
from formats.model.observations import Observation
from formats.target import Target
from formats.xml_markup import Markup

TITLE = "Synthèse médicale"
_OVERVIEW = SectionHead(
    templates=(f"{FR}.2.29",),
    code="46612-8",
    label="Conclusions de synthèse",
    title="Pathologies en cours, antécédents, allergies et facteurs de risque",
)
_HISTORY = SectionHead(
    templates=(f"{FR}.2.30",),
    code="34117-2",
    label="Historique et physique",
    title="Pathologies en cours, antécédents et allergies",
)
_ACTIVE = SectionHead(
    templates=(f"{CCD}.11", f"{PCC}.3.6", f"{FR}.2.132"),
    code="11450-4",
    label="Liste des problèmes actifs",
    title="Pathologies en cours",
)
_PAST = SectionHead(templates=(f"{PCC}.3.8", f"{FR}.2.134"), code="11348-0", label="Antécédents médicaux")
_ACTS = SectionHead(
    templates=(f"{CCD}.12", f"{PCC}.3.11", f"{PCC}.3.12", f"{FR}.2.136"),
    code="47519-4",
    label="Historique des actes",
)
_ALLERGIES = SectionHead(
    templates=(f"{CCD}.2", f"{PCC}.3.13", f"{FR}.2.137"),
    code="48765-2",
    label="Allergies et hypersensibilités",
)
_RISKS = SectionHead(
    templates=(f"{FR}.2.31",),
    code="57207-3",
    label="Facteurs de risque présents ou passés affectant l'état de santé et/ou une circonstance",
    title="Facteurs de risque",
)
_HABITS = SectionHead(
    templates=(f"{CCD}.15", f"{PCC}.3.16", f"{PCC}.3.16.1", f"{FR}.2.141"),
    code="29762-2",
    label="Habitus, Mode de vie",
    title="Mode de vie",
)
_FAMILY = SectionHead(
    templates=(f"{CCD}.4", f"{PCC}.3.14", f"{PCC}.3.15", f"{FR}.2.139"),
    code="10157-6",
    label="Historique des pathologies familiales",
    title="Antécédents familiaux",
)
_WATCHED = SectionHead(
    templates=(f"{PCC}.3.27", f"{FR}.2.150"),
    code="30954-2",
    label="Résultats d'examens",
    title="Points de vigilance",
)
_LONG_TERM = SectionHead(
    templates=(f"{FR}.2.32",),
    code="18776-5",
    label="Plan de traitement",
    title="Traitement au long cours",
)
_TREATMENTS = SectionHead(
    templates=(f"{CCD}.8", f"{PCC}.3.19", f"{FR}.2.143"), code="10160-0", label="Traitements"
)
NOT_FILLED_IN = "Non renseigné"
_Entry = Callable[[HealthStatement, str, EntryContext], Markup]


def write_summary(dossier: Dossier, target: Target, *, issue: Issue) -> WrittenDocument:
    """Write the medical summary of ``dossier`` to ``target``, which is never asked to seek.

    The same dossier and ``issue`` give the same bytes.

    Raises:
        LimitExceeded: as ``write_document``.
    """
    facts = DocumentFacts(kind=SUMMARY, title=TITLE, issue=issue, service=LOINC_HISTORY)
    return write_document(_pieces(dossier, facts), target, dossier, facts)


def _pieces(dossier: Dossier, facts: DocumentFacts) -> Iterator[Markup]:
    context = EntryContext(dossier)
    yield from document_start(dossier, facts)
    yield Markup("<structuredBody>")
    overview = (
        group_section(_HISTORY, _history(dossier, context), context),
        _risks(dossier, context),
    )
    yield from group_section(_OVERVIEW, overview, context)
    yield from text_section(_WATCHED, _watched(dossier), context)
    treatments = _asked(dossier, HealthTopic.MEDICATION, _TREATMENTS, medication_entry, context)
    yield from group_section(_LONG_TERM, (treatments,), context)
    yield Markup("</structuredBody>")
    yield DOCUMENT_END


def _statements(dossier: Dossier, *topics: HealthTopic) -> list[HealthStatement]:
    return [one for one in dossier.health_statements if one.topic in topics]


def _history(dossier: Dossier, context: EntryContext) -> Iterator[Iterable[Markup]]:
    every = _statements(dossier, HealthTopic.CONDITION)
    past = [one for one in every if one.status is HealthStatus.RESOLVED]
    present = [one for one in every if one.status is not HealthStatus.RESOLVED]
    if present:
        yield table_section(_ACTIVE, _table(present, "pb", problem_entry, context), context)
    if past:
        yield table_section(_PAST, _table(past, "atcd", problem_entry, context), context)
    if not every:
        yield _not_asked(HealthTopic.CONDITION, _ACTIVE, context)
    yield _acts(dossier, context)
    yield _asked(dossier, HealthTopic.ALLERGY, _ALLERGIES, allergy_entry, context)


def _acts(dossier: Dossier, context: EntryContext) -> Iterator[Markup]:
    acts = [one for one in dossier.acts if one.status in DONE]
    only = (partial(no_acts_row, "acte-0"), partial(no_acts_entry, "acte-0", context))

    def pieces() -> Iterator[Piece]:
        for number, one in enumerate(acts, 1):
            place = f"acte-{number}"
            yield partial(act_row, one, place, context), partial(act_entry, one, place, context)
        if not acts:
            yield only

    return table_section(_ACTS, EntryTable(heads=ACT_HEADS, pieces=pieces), context)


def _asked(
    dossier: Dossier, topic: HealthTopic, head: SectionHead, entry: _Entry, context: EntryContext
) -> Iterator[Markup]:
    """Return the section of ``topic``, which says that nobody asked where nothing is recorded."""
    found = _statements(dossier, topic)
    if not found:
        return _not_asked(topic, head, context)
    return table_section(head, _table(found, topic.value, entry, context), context)


def _table(found: Sequence[HealthStatement], prefix: str, entry: _Entry, context: EntryContext) -> EntryTable:
    return EntryTable(
        heads=HEADS,
        pieces=lambda: (
            (
                partial(statement_row, one, f"{prefix}-{number}"),
                partial(entry, one, f"{prefix}-{number}", context),
            )
            for number, one in enumerate(found, 1)
        ),
    )


def _not_asked(topic: HealthTopic, head: SectionHead, context: EntryContext) -> Iterator[Markup]:
    place = f"{topic.value}-0"
    only = (partial(not_asked_row, topic, place), partial(not_asked_entry, topic, place, context))
    return table_section(head, EntryTable(heads=HEADS, pieces=lambda: iter((only,))), context)


def _risks(dossier: Dossier, context: EntryContext) -> Iterator[Markup]:
    """Return habits and history of the family; where there are none, a text that says so."""
    groups = (
        (HealthTopic.HABIT, _HABITS, habit_entry),
        (HealthTopic.FAMILY, _FAMILY, family_entry),
    )
    sections = [
        table_section(head, _table(found, topic.value, entry, context), context)
        for topic, head, entry in groups
        if (found := _statements(dossier, topic))
    ]
    if not sections:
        return text_section(_RISKS, (NOT_FILLED_IN,), context)
    return group_section(_RISKS, sections, context)


def _watched(dossier: Dossier) -> Iterator[str]:
    """Yield alerts and results as text: CI-SIS has no entry for the ones, and none that stands alone for the others."""
    lines = [*map(_alert, _statements(dossier, HealthTopic.ALERT)), *map(_result, dossier.observations)]
    yield from lines or (NOT_FILLED_IN,)


def _result(one: Observation) -> str:
    parts = [
        (one.label or one.code, one.result),
        *((part.label or part.code, part.result) for part in one.components),
    ]
    texts = (" ".join(filter(None, (label, result_words(result)))) for label, result in parts)
    return " – ".join(filter(None, (shown_date(one.observed_on), "; ".join(filter(None, texts)))))


def _alert(one: HealthStatement) -> str:
    if one.presence is Presence.NONE:
        return ", ".join(filter(None, ("Aucun point de vigilance", one.detail)))
    denied = "Exclu : " if one.presence is Presence.REFUTED else ""
    return f"{denied}{' – '.join(filter(None, (one.label or one.code, one.detail)))}"
