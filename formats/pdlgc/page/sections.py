"""Sections of a page: what each is called, what it shows, and in which order they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from formats.model.dictionary.entries import labels
from formats.model.dictionary.kinds import KINDS
from formats.model.people import Practice
from formats.pdlgc.page import account, care, history, identity, pictures, trace
from formats.pdlgc.page.charts import chart, perio
from formats.pdlgc.page.markup import Html
from formats.pdlgc.page.subject import Subject
from formats.words import Words

SectionBody = Callable[[Subject], Iterator[Html]]


@dataclass(frozen=True, kw_only=True, slots=True)
class PageSection:
    """A part of the page; ``count`` is ``None`` where counting makes no sense, 0 leaves it out."""

    anchor: str
    words: Words
    body: SectionBody
    count: int | None


_BODIES: tuple[tuple[str, SectionBody], ...] = (
    ("diagnoses", history.diagnoses),
    ("acts", care.acts),
    ("notes", care.notes),
    ("perio_exams", perio.perio),
    ("observations", history.observations),
    ("devices", care.devices),
    ("lab_orders", care.lab_orders),
    ("image_studies", pictures.image_studies),
    ("image_files", pictures.image_files),
    ("documents", pictures.documents),
    ("prescriptions", care.prescriptions),
    ("treatment_plans", care.plans),
    ("quotes", care.quotes),
    ("appointments", care.appointments),
    ("recalls", care.recalls),
    ("questionnaires", history.questionnaires),
    ("consents", trace.consents),
    ("related_persons", identity.related_persons),
    ("coverages", identity.coverages),
    ("invoices", account.invoices),
    ("payments", account.payments),
    ("adjustments", account.adjustments),
    ("access_events", trace.access_events),
    ("source_rows", trace.source_rows),
)
"""Sections that exist only when the dossier has such records, in the order in which they are asked for."""


def page_sections(about: Subject) -> list[PageSection]:
    """Return the sections this dossier has, in their order on the page."""
    counts = about.counts
    first = [
        PageSection(
            anchor="identity", words=Words("Identité", "Identity"), body=identity.identity, count=None
        ),
        PageSection(
            anchor="history",
            words=KINDS["health_statements"].heading,
            body=history.history,
            count=counts["health_statements"] or None,
        ),
    ]
    if chart.has_chart(about):
        first.append(
            PageSection(
                anchor="chart", words=Words("Schéma dentaire", "Dental chart"), body=chart.chart, count=None
            )
        )
    counted = [
        PageSection(anchor=kind, words=KINDS[kind].heading, body=body, count=counts[kind])
        for kind, body in _BODIES
        if counts[kind]
    ]
    people = PageSection(
        anchor="practitioners",
        words=KINDS["practitioners"].heading,
        body=identity.practitioners,
        count=len(about.dossier.practitioners),
    )
    practice = PageSection(
        anchor="practice", words=labels(Practice)["name"], body=identity.practice, count=None
    )
    last = PageSection(
        anchor="contents",
        words=Words("Contenu de l’archive", "What this archive holds"),
        body=trace.contents,
        count=None,
    )
    return [*first, *counted, *([people] if people.count else []), practice, last]
