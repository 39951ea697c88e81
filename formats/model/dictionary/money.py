"""Invoices, payments, adjustments."""

from __future__ import annotations

from formats.model.dictionary.entry import Codes, FieldEntry, Fields, Privacy
from formats.model.dictionary.notations import CENTS, UUID
from formats.model.money import Adjustment, Invoice, InvoiceLine, InvoiceStatus, Payment
from formats.words import Words, mark

FIELDS: Fields = {
    InvoiceLine: {
        "act": FieldEntry(Words("Acte", "Act"), mark("The act that is billed."), Privacy.ADMINISTRATIVE),
        "label": FieldEntry(
            Words("Libellé", "Label"),
            mark("What is billed, in the words of the source."),
            Privacy.CARE,
        ),
        "fee_cents": FieldEntry(
            Words("Honoraires", "Fee"), mark("Fee that is billed."), Privacy.ADMINISTRATIVE, unit=CENTS
        ),
        "insurer_cents": FieldEntry(
            Words("Assurances", "Insurers"),
            mark("What the insurer owes or paid."),
            Privacy.ADMINISTRATIVE,
            unit=CENTS,
        ),
        "written_off_cents": FieldEntry(
            Words("Abandonné", "Written off"),
            mark("What was written off."),
            Privacy.ADMINISTRATIVE,
            unit=CENTS,
        ),
        "status": FieldEntry(
            Words("Statut", "Status"),
            mark("How far the line has come, in the words of the source."),
            Privacy.ADMINISTRATIVE,
        ),
    },
    Invoice: {
        "number": FieldEntry(
            Words("Numéro", "Number"), mark("Number of the invoice."), Privacy.ADMINISTRATIVE
        ),
        "status": FieldEntry(
            Words("Statut", "Status"), mark("What became of the invoice."), Privacy.ADMINISTRATIVE
        ),
        "issued_on": FieldEntry(
            Words("Date", "Date"), mark("Date on which it was issued."), Privacy.ADMINISTRATIVE
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"), mark("Whose fees are billed."), Privacy.ADMINISTRATIVE
        ),
        "coverage": FieldEntry(
            Words("Couverture", "Coverage"),
            mark("The insurance that is billed."),
            Privacy.ADMINISTRATIVE,
        ),
        "payer": FieldEntry(Words("Payeur", "Payer"), mark("Who is billed."), Privacy.THIRD_PARTY),
        "total_cents": FieldEntry(
            Words("Total", "Total"), mark("Sum of the invoice."), Privacy.ADMINISTRATIVE, unit=CENTS
        ),
        "insurer_cents": FieldEntry(
            Words("Dont assurances", "Of which insurers"),
            mark("What insurers owe or paid of it."),
            Privacy.ADMINISTRATIVE,
            unit=CENTS,
        ),
        "note": FieldEntry(
            Words("Remarque", "Note"), mark("What was written about the invoice."), Privacy.ADMINISTRATIVE
        ),
        "lines": FieldEntry(Words("Lignes", "Lines"), mark("Lines of the invoice."), Privacy.ADMINISTRATIVE),
    },
    Payment: {
        "paid_on": FieldEntry(Words("Date", "Date"), mark("Date of the payment."), Privacy.ADMINISTRATIVE),
        "amount_cents": FieldEntry(
            Words("Montant", "Amount"),
            mark("The part of the payment that counts for this patient; negative where it was paid back."),
            Privacy.ADMINISTRATIVE,
            unit=CENTS,
        ),
        "method": FieldEntry(
            Words("Moyen", "Method"),
            mark("Means of payment, in the words of the source."),
            Privacy.ADMINISTRATIVE,
        ),
        "receipt": FieldEntry(
            Words("Reçu", "Receipt"),
            mark("Groups the parts of one payment that a family shares."),
            Privacy.ADMINISTRATIVE,
        ),
        "payer": FieldEntry(Words("Payeur", "Payer"), mark("Who paid."), Privacy.THIRD_PARTY),
        "payer_patient": FieldEntry(
            Words("Dossier du payeur", "Payer's dossier"),
            mark("Identity of the payer's own patient record, if there is one."),
            Privacy.THIRD_PARTY,
            codes=UUID,
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"), mark("For whose work it was paid."), Privacy.ADMINISTRATIVE
        ),
        "act": FieldEntry(Words("Acte", "Act"), mark("The act that was paid."), Privacy.ADMINISTRATIVE),
        "note": FieldEntry(
            Words("Remarque", "Note"), mark("What was written about the payment."), Privacy.ADMINISTRATIVE
        ),
    },
    Adjustment: {
        "made_on": FieldEntry(Words("Date", "Date"), mark("Date of the adjustment."), Privacy.ADMINISTRATIVE),
        "amount_cents": FieldEntry(
            Words("Montant", "Amount"),
            mark("What is added to what is owed; negative takes away."),
            Privacy.ADMINISTRATIVE,
            unit=CENTS,
        ),
        "reason": FieldEntry(
            Words("Motif", "Reason"), mark("Why the account was adjusted."), Privacy.ADMINISTRATIVE
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"),
            mark("Practitioner whose income it changes."),
            Privacy.ADMINISTRATIVE,
        ),
        "act": FieldEntry(
            Words("Acte", "Act"), mark("The act whose price is adjusted."), Privacy.ADMINISTRATIVE
        ),
        "note": FieldEntry(
            Words("Remarque", "Note"), mark("What was written about the adjustment."), Privacy.ADMINISTRATIVE
        ),
    },
}
CODES: Codes = {
    InvoiceStatus: {
        InvoiceStatus.DRAFT: Words("brouillon", "draft"),
        InvoiceStatus.SENT: Words("envoyée", "sent"),
        InvoiceStatus.SETTLED: Words("réglée", "settled"),
        InvoiceStatus.CANCELLED: Words("annulée", "cancelled"),
        InvoiceStatus.OTHER: Words("autre", "other"),
    },
}
