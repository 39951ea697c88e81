"""Invoices, payments and adjustments."""

from __future__ import annotations

from formats.fhir.codes import HL7, Coding, own
from formats.fhir.groups import FieldGroup, Many
from formats.fhir.parts import Amount, Outside, Value, text_field
from formats.fhir.primitives import COVERAGE, DAY, PATIENT, PRACTITIONER, PROCEDURE
from formats.fhir.resources import SUBJECT, Resource
from formats.fhir.vocabulary import Choice, concept
from formats.fhir.write_only import FixedValue, RequiredElement
from formats.model.money import Adjustment, Invoice, InvoiceLine, InvoiceStatus, Payment

INVOICE = Resource(
    "Invoice",
    Invoice,
    (
        text_field("number", "identifier[0].value"),
        Choice(
            "status",
            "status",
            {
                InvoiceStatus.DRAFT: "draft",
                InvoiceStatus.SENT: "issued",
                InvoiceStatus.SETTLED: "balanced",
                InvoiceStatus.CANCELLED: "cancelled",
                InvoiceStatus.OTHER: "issued",
            },
            exact="invoice-status",
            otherwise=InvoiceStatus.OTHER,
        ),
        SUBJECT,
        text_field("payer", "recipient.display"),
        Value("issued_on", "date", DAY),
        Value("practitioner", "participant[0].actor.reference", PRACTITIONER),
        Many(
            "lines",
            "lineItem",
            FieldGroup(
                InvoiceLine,
                (
                    text_field("label", "chargeItemCodeableConcept.text"),
                    Amount("fee_cents", "priceComponent[type=base].amount"),
                    Amount("written_off_cents", "priceComponent[type=deduction].amount"),
                    Amount("insurer_cents", "~insurer-part"),
                    Value("act", "~act.reference", PROCEDURE),
                    text_field("status", "~line-status"),
                    RequiredElement("chargeItemCodeableConcept"),
                ),
            ),
            number=("sequence", int),
        ),
        Amount("total_cents", "totalGross"),
        text_field("note", "note[0].text"),
        Amount("insurer_cents", "~insurer-part"),
        Value("coverage", "~coverage.reference", COVERAGE),
    ),
)

PAYMENT = Resource(
    "PaymentReconciliation",
    Payment,
    (
        text_field("receipt", "paymentIdentifier.value"),
        FixedValue("status", "active"),
        RequiredElement("created", primitive=True),
        Value("paid_on", "paymentDate", DAY),
        RequiredElement("paymentDate", primitive=True),
        Amount("amount_cents", "paymentAmount"),
        FixedValue("detail[0].type", concept(Coding(f"{HL7}/payment-type", "payment"))),
        Value("act", "detail[0].request.reference", PROCEDURE),
        Value("practitioner", "detail[0].payee.reference", PRACTITIONER),
        text_field("note", "processNote[0].text"),
        Value("patient", "~patient.reference", PATIENT),
        text_field("method", "~method"),
        text_field("payer", "~payer"),
        Outside("payer_patient", "~payer-patient"),
    ),
)

ADJUSTMENT = Resource(
    "ChargeItem",
    Adjustment,
    (
        FixedValue("status", "billable"),
        FixedValue("code", {"coding": [{"system": own("charge"), "code": "adjustment"}]}),
        SUBJECT,
        Value("made_on", "occurrenceDateTime", DAY),
        Value("practitioner", "performer[0].actor.reference", PRACTITIONER),
        Amount("amount_cents", "priceOverride"),
        text_field("reason", "overrideReason"),
        Value("act", "service[0].reference", PROCEDURE),
        text_field("note", "note[0].text"),
    ),
)
