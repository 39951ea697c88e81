"""What was billed, paid and corrected."""

from __future__ import annotations

from collections.abc import Iterator

from formats.model.dictionary.entries import code_words
from formats.model.money import Adjustment, Invoice, InvoiceLine, Payment
from formats.pdlgc.page.markup import (
    NOTHING,
    Html,
    TableColumn,
    both,
    heading,
    html_text,
    join,
    prose,
    small_text,
    stack,
    table,
    tag,
)
from formats.pdlgc.page.subject import Subject, newest_first, title_with_details
from formats.pdlgc.page.values import day
from formats.words import Words


def invoices(about: Subject) -> Iterator[Html]:
    """Yield every bill or claim with its lines."""
    insurers = {coverage.id: html_text(coverage.insurer) for coverage in about.dossier.coverages}
    for invoice in newest_first(about.dossier.invoices, lambda one: one.issued_on):
        number = html_text(invoice.number) or both(Words("Sans numéro", "No number"))
        payer = html_text(invoice.payer) or (insurers[invoice.coverage] if invoice.coverage else NOTHING)
        by = join([day(invoice.issued_on), about.practitioner(invoice.practitioner), payer], " · ")
        yield heading(3, join([number, tag(code_words(invoice.status), "quiet"), small_text(by)]))
        yield _total(about, invoice)
        yield prose(invoice.note)
        if invoice.lines:
            yield from table(_invoice_columns(about), invoice.lines)


def _total(about: Subject, invoice: Invoice) -> Html:
    total = join([both(Words("Total", "Total")), Html(f"<b>{about.money(invoice.total_cents)}</b>")])
    insurer = join([both(Words("dont assurances", "of which insurers")), about.money(invoice.insurer_cents)])
    return Html(f'<p class="total">{join([total, insurer], " · ")}</p>')


def _invoice_columns(about: Subject) -> list[TableColumn[InvoiceLine]]:
    return [
        TableColumn(
            label=Words("Libellé", "Label"),
            cell=lambda one: stack([title_with_details(one.label), about.act(one.act)]),
            css="wide",
        ),
        TableColumn(label=Words("Statut", "Status"), cell=lambda one: html_text(one.status)),
        TableColumn(label=Words("Honoraires", "Fee"), cell=lambda one: about.money(one.fee_cents), css="num"),
        TableColumn(
            label=Words("Assurances", "Insurers"), cell=lambda one: about.money(one.insurer_cents), css="num"
        ),
        TableColumn(
            label=Words("Abandonné", "Written off"),
            cell=lambda one: about.money(one.written_off_cents),
            css="num",
        ),
    ]


def payments(about: Subject) -> Iterator[Html]:
    """Yield the payments that count for this patient, and their sum."""
    other = tag(Words("autre dossier", "other dossier"), "quiet")
    found = about.dossier.payments
    columns: list[TableColumn[Payment]] = [
        TableColumn(label=Words("Date", "Date"), cell=lambda one: day(one.paid_on), css="tight"),
        TableColumn(
            label=Words("Payeur", "Payer"),
            cell=lambda one: join([html_text(one.payer), other if one.payer_patient else NOTHING]),
        ),
        TableColumn(label=Words("Moyen", "Method"), cell=lambda one: html_text(one.method)),
        TableColumn(label=Words("Reçu", "Receipt"), cell=lambda one: html_text(one.receipt)),
        TableColumn(
            label=Words("Praticien", "Practitioner"), cell=lambda one: about.practitioner(one.practitioner)
        ),
        TableColumn(label=Words("Acte", "Act"), cell=lambda one: about.act(one.act)),
        TableColumn(label=Words("Remarque", "Note"), cell=lambda one: prose(one.note)),
        TableColumn(
            label=Words("Montant", "Amount"), cell=lambda one: about.money(one.amount_cents), css="num"
        ),
    ]
    yield from table(columns, newest_first(found, lambda one: one.paid_on))
    yield _sum(about, sum(one.amount_cents for one in found))


def adjustments(about: Subject) -> Iterator[Html]:
    """Yield corrections of what is owed, and their sum."""
    found = about.dossier.adjustments
    columns: list[TableColumn[Adjustment]] = [
        TableColumn(label=Words("Date", "Date"), cell=lambda one: day(one.made_on), css="tight"),
        TableColumn(label=Words("Motif", "Reason"), cell=lambda one: html_text(one.reason), css="wide"),
        TableColumn(
            label=Words("Praticien", "Practitioner"), cell=lambda one: about.practitioner(one.practitioner)
        ),
        TableColumn(label=Words("Acte", "Act"), cell=lambda one: about.act(one.act)),
        TableColumn(label=Words("Remarque", "Note"), cell=lambda one: prose(one.note)),
        TableColumn(
            label=Words("Montant", "Amount"), cell=lambda one: about.money(one.amount_cents), css="num"
        ),
    ]
    yield from table(columns, newest_first(found, lambda one: one.made_on))
    yield _sum(about, sum(one.amount_cents for one in found))


def _sum(about: Subject, cents: int) -> Html:
    return Html(f'<p class="total">{both(Words("Somme", "Sum"))} <b>{about.money(cents)}</b></p>\n')
