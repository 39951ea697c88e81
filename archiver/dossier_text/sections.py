"""Sections of a dossier in the order in which somebody reads who has the patient on the telephone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archiver.dossier_text.blocks import Block, FactBlock, TextBlock, blocks_of
from formats.model.dictionary.kinds import KINDS
from formats.model.documents import Document
from formats.model.dossier import Dossier
from formats.model.health import HealthTopic
from formats.model.imaging import ImageFile
from formats.model.missing import REASONS, missing_content, money_sums
from formats.model.money import InvoiceStatus
from formats.pdlgc.page import history
from formats.pdlgc.page.markup import NOT_FILLED_IN, Fact, Html, both, facts, one_language
from formats.pdlgc.page.sections import PageSection, page_sections
from formats.pdlgc.page.subject import Subject, subject
from formats.words import Words, translate

URGENT = (HealthTopic.ALLERGY, HealthTopic.ALERT)
"""Topics of medical history that come first."""
ORDER = (
    "identity", "alerts", "history", "acts", "treatment_plans", "quotes", "lab_orders", "balance", "appointments",
    "recalls", "diagnoses", "notes", "prescriptions", "devices", "observations", "perio_exams", "questionnaires",
    "consents", "documents", "image_studies", "image_files", "related_persons", "coverages", "invoices", "payments",
    "adjustments", "practitioners", "missing",
)  # fmt: skip
"""Sections that are shown when nobody says which."""
ON_REQUEST = ("chart", "practice", "access_events", "source_rows")
"""Sections that are shown to whoever asks for them."""
_BALANCE = (
    ("invoiced_cents", 1, Words("Facturé", "Invoiced")),
    ("credited_cents", -1, Words("Avoirs", "Credited")),
    ("added_cents", 1, Words("Corrections en plus", "Adjustments added")),
    ("deducted_cents", -1, Words("Corrections en moins", "Adjustments deducted")),
    ("paid_cents", -1, Words("Payé", "Paid")),
    ("refunded_cents", 1, Words("Remboursé", "Refunded")),
)
"""Sums of money by what they do to what is owed; a price list is no debt, so acts do not count."""
_VOID = frozenset({InvoiceStatus.DRAFT, InvoiceStatus.CANCELLED})
"""Invoices of which nothing is owed: not issued, or taken back."""


@dataclass(frozen=True, slots=True)
class TextSection:
    """A section: its name on the command line, its title, and how many records it has, where that says something."""

    name: str
    title: str
    count: int | None
    blocks: Sequence[Block]


def text_sections(dossier: Dossier, language: str, names: Sequence[str] = ()) -> Iterator[TextSection]:
    """Yield the sections ``names`` of ``dossier`` that it has, or all that anybody reads, in one language."""
    about = subject(dossier, _links(dossier))
    sections = {section.anchor: section for section in (*page_sections(about), *_own(about))}
    for name in names or ORDER:
        section = sections.get(name)
        if section is not None:
            yield _text(about, section, language)


def known_sections() -> tuple[str, ...]:
    """Return the names of all sections."""
    return (*ORDER, *ON_REQUEST)


def _links(dossier: Dossier) -> dict[str, str]:
    """Return what stands for each file: the name it had, or what its study calls it."""
    names = {one.sha256: one.sha256[:12] for one in dossier.attachments()}
    holders: tuple[Document | ImageFile, ...] = (*dossier.documents, *dossier.image_files)
    for holder in holders:
        if holder.attachment and holder.original_name:
            names[holder.attachment.sha256] = holder.original_name.replace("\\", "/").rpartition("/")[2]
    return names


def _own(about: Subject) -> Iterator[PageSection]:
    """Yield the sections that a page has not."""
    others = [topic for topic in HealthTopic if topic not in URGENT]
    yield _section("alerts", Words("Alertes et allergies", "Alerts and allergies"), _topics(URGENT))
    yield _section("history", KINDS["health_statements"].heading, _topics(others))
    if sums := money_sums(about.dossier):
        words = Words("Solde du compte", "Balance of the account")
        yield _section("balance", words, lambda about: _balance(about, sums))
    if missing_content(about.dossier):
        yield _section("missing", Words("Ce qui manque", "What is missing"), _missing)


def _section(anchor: str, words: Words, body: Callable[[Subject], Iterator[Html]]) -> PageSection:
    return PageSection(anchor=anchor, words=words, body=body, count=None)


def _topics(shown: Sequence[HealthTopic]) -> Callable[[Subject], Iterator[Html]]:
    return lambda about: history.topics(about, shown)


def _balance(about: Subject, sums: Mapping[str, int]) -> Iterator[Html]:
    """Yield the sums of money of the dossier, and what they leave to be paid."""
    known = [Fact(label=words, value=about.money(sums[kind])) for kind, _, words in _BALANCE if kind in sums]
    void = sum(one.total_cents or 0 for one in about.dossier.invoices if one.status in _VOID)
    if void:
        words = Words("Brouillons et factures annulées, non dus", "Drafts and cancelled invoices, not owed")
        known.append(Fact(label=words, value=about.money(void)))
    owed = sum(sign * sums.get(kind, 0) for kind, sign, _ in _BALANCE) - void
    words = Words("Reste dû, d’après ces sommes", "Owed, by these sums")
    yield from facts([*known, Fact(label=words, value=about.money(owed))])


def _missing(about: Subject) -> Iterator[Html]:
    """Yield what the dossier lacks, and why."""
    counts = about.counts
    yield from facts(
        Fact(
            label=KINDS[kind].heading,
            value=both(
                Words(
                    f"{count} sur {counts[kind]} : {translate(REASONS[reason], 'fr')}",
                    f"{count} of {counts[kind]}: {translate(REASONS[reason], 'en')}",
                )
            ),
        )
        for (kind, reason), count in sorted(missing_content(about.dossier).items())
    )


def _text(about: Subject, section: PageSection, language: str) -> TextSection:
    markup = (one_language(piece, language) for piece in section.body(about))
    title = section.words.fr if language == "fr" else section.words.en
    unknown = _plain(one_language(NOT_FILLED_IN, language))
    blocks = [
        one for one in blocks_of(markup) if not (isinstance(one, FactBlock) and one.text in {"", unknown})
    ]
    return TextSection(section.anchor, title, section.count, blocks)


def _plain(markup: Html) -> str:
    return "".join(one.text for one in blocks_of([markup]) if isinstance(one, TextBlock))
