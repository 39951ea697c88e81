"""Sections of a dossier as text: nothing that the page shows is lost, in either language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from archiver.dossier_text.layout import lines_of
from archiver.dossier_text.sections import ON_REQUEST, ORDER, known_sections, text_sections
from archiver.dossier_text.since import dossier_since
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.money import InvoiceStatus
from formats.pdlgc.page.sections import page_sections
from formats.pdlgc.page.subject import subject
from tests.full_dossier import full_dossier

OF_THE_ARCHIVE = {"contents"}
"""Sections of the page that speak of the files beside it."""
MARKUP = re.compile(r"<svg.*?</svg>|<[^>]*>", re.DOTALL)


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return full_dossier()


def shown(dossier: Dossier, language: str, *names: str) -> str:
    sections = text_sections(dossier, language, names or known_sections())
    return "\n".join(line for one in sections for line in lines_of(one.blocks, width=120, rows=0, more=""))


def test_every_section_of_the_page_has_its_place(dossier: Dossier) -> None:
    links = {one.sha256: one.sha256 for one in dossier.attachments()}
    anchors = {section.anchor for section in page_sections(subject(dossier, links))}
    assert anchors - OF_THE_ARCHIVE <= {*ORDER, *ON_REQUEST}
    assert len({*ORDER, *ON_REQUEST}) == len((*ORDER, *ON_REQUEST))


@pytest.mark.parametrize("kind", [kind.kind for kind in PATIENT_KINDS if kind.kind != "chart_findings"])
def test_a_kind_that_the_dossier_has_is_shown(kind: str, dossier: Dossier) -> None:
    name = {"health_statements": "history"}.get(kind, kind)
    assert shown(dossier, "fr", name)


def test_every_text_of_the_page_is_in_the_text(dossier: Dossier) -> None:
    links = {one.sha256: "fichier" for one in dossier.attachments()}
    text = "".join(shown(dossier, "fr").split())
    missing = []
    for section in page_sections(subject(dossier, links)):
        if section.anchor in OF_THE_ARCHIVE | {"chart"}:
            continue
        page = re.sub(
            r' <span class="en" lang="en">.*?</span>|<figure.*?</figure>',
            "",
            "".join(section.body(subject(dossier, links))),
        )
        missing += [word for word in MARKUP.sub(" ", page).split() if word.isalpha() and word not in text]
    assert set(missing) <= {"non", "renseigné", "fichier"}


def test_english_shows_no_french_label(dossier: Dossier) -> None:
    text = shown(dossier, "en", "identity", "alerts", "history", "acts", "appointments", "coverages")
    for word in (
        "Nom de naissance",
        "Sexe",
        "Actes",
        "Statut",
        "Praticien",
        "réalisé",
        "Allergies alimentaires",
    ):
        assert word not in text, word
    assert "Birth name" in text and "Practitioner" in text


def test_since_keeps_what_is_later_or_undated_and_what_that_refers_to(dossier: Dossier) -> None:
    later = dossier_since(dossier, date(2100, 1, 1))
    assert later.health_statements == dossier.health_statements
    assert later.related_persons == dossier.related_persons
    assert len(later.acts) < len(dossier.acts) or not dossier.acts[0].performed_on
    assert dossier_since(dossier, date(1800, 1, 1)) == dossier


@pytest.mark.parametrize(
    ("status", "owed"),
    [
        (InvoiceStatus.SENT, "320.00"),
        (InvoiceStatus.SETTLED, "320.00"),
        (InvoiceStatus.DRAFT, "0.00"),
        (InvoiceStatus.CANCELLED, "0.00"),
    ],
)
def test_of_a_draft_or_cancelled_invoice_nothing_is_owed(
    dossier: Dossier, status: InvoiceStatus, owed: str
) -> None:
    bill = replace(dossier.invoices[0], status=status, total_cents=32_000, lines=())
    lines = shown(replace(dossier, invoices=(bill,), payments=(), adjustments=()), "en", "balance")
    found = re.search(r"Owed, by these sums +(\S+)", lines)
    assert found and found[1].replace(",", ".").lstrip("€") == owed, lines
    assert ("not owed" in lines) == (owed == "0.00")
