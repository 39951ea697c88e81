"""What was billed, paid and corrected."""

from __future__ import annotations

from collections.abc import Iterator

from formats.model.dictionary.entries import code_words, labels
from formats.model.money import Adjustment, Invoice, InvoiceLine, Payment
from formats.pdlgc.page.markup import (
    NOTHING,
    Html,
    TableColumn,
    both,
    heading,
    html_text,
    inline,
    join,
    prose,
    small_text,
    stack,
    table,
    tag,
)
from formats.pdlgc.page.subject import Subject, title_with_details
from formats.pdlgc.page.values import day
from formats.words import Words

_ADJUSTMENT = labels(Adjustment)
_INVOICE = labels(Invoice)
_INVOICE_LINE = labels(InvoiceLine)
_PAYMENT = labels(Payment)


def invoices(about: Subject) -> Iterator[Html]:
    """Yield every bill or claim with its lines."""
    insurers = {coverage.id: html_text(coverage.insurer) for coverage in about.dossier.coverages}
    columns = _invoice_columns(about)
    for invoice in about.newest_first(about.dossier.invoices, lambda one: one.issued_on):
        number = html_text(invoice.number) or both(Words("Sans numéro", "No number"))
        insurer = insurers[invoice.coverage] if invoice.coverage else NOTHING
        payers = dict.fromkeys([html_text(invoice.payer), insurer])
        by = join([day(invoice.issued_on), about.practitioner(invoice.practitioner), *payers], " · ")
        yield heading(3, join([number, tag(code_words(invoice.status), "quiet"), small_text(by)]))
        yield _total(about, invoice)
        yield prose(invoice.note)
        if invoice.lines:
            yield from table(columns, invoice.lines)


def _total(about: Subject, invoice: Invoice) -> Html:
    total = join([both(_INVOICE["total_cents"]), Html(f"<b>{about.money(invoice.total_cents)}</b>")])
    insurer = join([both(inline(_INVOICE["insurer_cents"])), about.money(invoice.insurer_cents)])
    stated = [
        *([] if invoice.total_cents is None else [total]),
        *([] if invoice.insurer_cents is None else [insurer]),
    ]
    return Html(f'<p class="total">{join(stated, " · ")}</p>') if stated else NOTHING


def _invoice_columns(about: Subject) -> list[TableColumn[InvoiceLine]]:
    return [
        TableColumn(
            label=_INVOICE_LINE["label"],
            cell=lambda one: stack([title_with_details(one.label), about.act(one.act)]),
            css="wide",
        ),
        TableColumn(label=_INVOICE_LINE["status"], cell=lambda one: html_text(one.status)),
        TableColumn(label=_INVOICE_LINE["fee_cents"], cell=lambda one: about.money(one.fee_cents), css="num"),
        TableColumn(
            label=_INVOICE_LINE["insurer_cents"], cell=lambda one: about.money(one.insurer_cents), css="num"
        ),
        TableColumn(
            label=_INVOICE_LINE["written_off_cents"],
            cell=lambda one: about.money(one.written_off_cents),
            css="num",
        ),
    ]


def payments(about: Subject) -> Iterator[Html]:
    """Yield the payments that count for this patient, and their sum."""
    other = tag(Words("autre dossier", "other dossier"), "quiet")
    found = about.dossier.payments
    columns: list[TableColumn[Payment]] = [
        TableColumn(label=_PAYMENT["paid_on"], cell=lambda one: day(one.paid_on), css="tight"),
        TableColumn(
            label=_PAYMENT["payer"],
            cell=lambda one: join(
                [html_text(one.payer), other if one.payer_patient not in {None, one.patient} else NOTHING]
            ),
        ),
        TableColumn(label=_PAYMENT["method"], cell=lambda one: html_text(one.method)),
        TableColumn(label=_PAYMENT["receipt"], cell=lambda one: html_text(one.receipt)),
        TableColumn(label=_PAYMENT["practitioner"], cell=lambda one: about.practitioner(one.practitioner)),
        TableColumn(label=_PAYMENT["act"], cell=lambda one: about.act(one.act)),
        TableColumn(label=_PAYMENT["note"], cell=lambda one: prose(one.note)),
        TableColumn(
            label=_PAYMENT["amount_cents"], cell=lambda one: about.money(one.amount_cents), css="num"
        ),
    ]
    yield from table(columns, about.newest_first(found, lambda one: one.paid_on))
    yield _sum(about, sum(one.amount_cents for one in found))


def adjustments(about: Subject) -> Iterator[Html]:
    """Yield corrections of what is owed, and their sum."""
    found = about.dossier.adjustments
    columns: list[TableColumn[Adjustment]] = [
        TableColumn(label=_ADJUSTMENT["made_on"], cell=lambda one: day(one.made_on), css="tight"),
        TableColumn(label=_ADJUSTMENT["reason"], cell=lambda one: html_text(one.reason), css="wide"),
        TableColumn(label=_ADJUSTMENT["practitioner"], cell=lambda one: about.practitioner(one.practitioner)),
        TableColumn(label=_ADJUSTMENT["act"], cell=lambda one: about.act(one.act)),
        TableColumn(label=_ADJUSTMENT["note"], cell=lambda one: prose(one.note)),
        TableColumn(
            label=_ADJUSTMENT["amount_cents"], cell=lambda one: about.money(one.amount_cents), css="num"
        ),
    ]
    yield from table(columns, about.newest_first(found, lambda one: one.made_on))
    yield _sum(about, sum(one.amount_cents for one in found))


def _sum(about: Subject, cents: int) -> Html:
    return Html(f'<p class="total">{both(Words("Somme", "Sum"))} <b>{about.money(cents)}</b></p>\n')
