"""Money: insurance, claims, payments and adjustments."""

from __future__ import annotations

from samples.story.book import Book
from samples.story.care import Done
from samples.story.master_data import CARRIERS, definition, user_of
from samples.story.people import COLLABORATOR, OWNER
from samples.story.register import household

RECEIVED = 1
"""Status of claimproc once the insurance has answered."""

NOT_SET = -1.0
"""Open Dental's word for an amount nobody overrode."""

INSURED = (1, 2, 3, 4, 45)
"""Patients with a mutuelle; 2 to 4 through their payer."""

SHARE = 0.3
"""What the mutuelle pays of an act; the family pays the rest."""

CREDIT = 45
"""Patient who paid in advance."""


def insure(book: Book) -> None:
    """Add the mutuelle of a family and of one patient, and who is covered by it."""
    family = book.add(
        "inssub", PlanNum=1, Subscriber=1, DateEffective="2018-01-01", SubscriberID="ADH-FICTIF-0001"
    )
    single = book.add(
        "inssub", PlanNum=2, Subscriber=45, DateEffective="2015-01-01", SubscriberID="ADH-FICTIF-0045"
    )
    for place, patient in enumerate(INSURED):
        relation = 0 if patient in {1, 45} else (1 if patient == 2 else 2)
        book.add(
            "patplan",
            PatNum=patient,
            Ordinal=1,
            Relationship=relation,
            PatID=f"{place + 1:02d}",
            InsSubNum=single if patient == 45 else family,
            OrthoAutoFeeBilledOverride=NOT_SET,
        )


def collect(book: Book, done: list[Done]) -> None:
    """Add the payments: the payer pays every act but each seventh; for the insured a claim goes out."""
    for act in done:
        if act.person.number in INSURED:
            _claim(book, act)
        if act.number % 7 and act.price:
            _payment(book, act)
    _odd_money(book)


def _payment(book: Book, act: Done) -> None:
    amount = round(act.price * (1 - SHARE), 2) if act.person.number in INSURED else act.price
    kind = ("card", "cheque", "cash")[act.number % 3]
    payment = book.add(
        "payment",
        PayType=definition(kind),
        PayDate=act.day,
        PayAmt=amount,
        CheckNum=f"{900000 + act.number}" if kind == "cheque" else "",
        PatNum=household(act.person),
        DateEntry=act.day,
        SecUserNumEntry=user_of(act.provider),
        RecurringChargeDate="0001-01-01",
    )
    book.add(
        "paysplit",
        SplitAmt=amount,
        PatNum=act.person.number,
        ProcDate=act.day,
        PayNum=payment,
        ProvNum=act.provider,
        DatePay=act.day,
        ProcNum=act.number,
        DateEntry=act.day,
    )


def _claim(book: Book, act: Done) -> None:
    plan = 2 if act.person.number == CREDIT else 1
    paid = round(act.price * SHARE, 2)
    received = act.number % 5 != 0
    claim = book.add(
        "claim",
        PatNum=act.person.number,
        DateService=act.day,
        DateSent=act.day,
        ClaimStatus="R" if received else "S",
        DateReceived=act.day if received else "0001-01-01",
        PlanNum=plan,
        ProvTreat=act.provider,
        ClaimFee=act.price,
        InsPayEst=paid,
        InsPayAmt=paid if received else 0.0,
        ClaimType="P",
        ProvBill=act.provider,
        InsSubNum=plan,
        ClaimNote=None,
        ClaimIdentifier=f"FSE-{act.number:06d}",
    )
    cheque = 0
    if received:
        cheque = book.add(
            "claimpayment",
            CheckDate=act.day,
            CheckAmt=paid,
            CarrierName=CARRIERS[plan - 1],
            PayType=definition("transfer"),
        )
    book.add(
        "claimproc",
        ProcNum=act.number,
        ClaimNum=claim,
        PatNum=act.person.number,
        ProvNum=act.provider,
        FeeBilled=act.price,
        InsPayEst=paid,
        Status=RECEIVED if received else 0,
        InsPayAmt=paid if received else 0.0,
        ClaimPaymentNum=cheque,
        PlanNum=plan,
        DateCP=act.day,
        CodeSent=act.code,
        AllowedOverride=NOT_SET,
        Percentage=-1,
        PercentOverride=-1,
        CopayAmt=NOT_SET,
        PaidOtherIns=NOT_SET,
        CopayOverride=NOT_SET,
        ProcDate=act.day,
        DateEntry=act.day,
        DedEst=NOT_SET,
        DedEstOverride=NOT_SET,
        InsEstTotal=paid,
        InsEstTotalOverride=NOT_SET,
        PaidOtherInsOverride=NOT_SET,
        WriteOffEst=NOT_SET,
        WriteOffEstOverride=NOT_SET,
        InsSubNum=plan,
    )


def _odd_money(book: Book) -> None:
    book.add(
        "adjustment",
        AdjDate="2025-02-14",
        AdjAmt=30.0,
        PatNum=13,
        AdjType=definition("adjustment_plus"),
        ProvNum=COLLABORATOR,
        AdjNote="Rendez-vous non honoré",
        DateEntry="2025-02-14",
    )
    book.add(
        "adjustment",
        AdjDate="2024-01-20",
        AdjAmt=-20.5,
        PatNum=45,
        AdjType=definition("adjustment_minus"),
        ProvNum=COLLABORATOR,
        AdjNote="Geste commercial",
        DateEntry="2024-01-20",
    )
    advance = book.add(
        "payment",
        PayType=definition("cheque"),
        PayDate="2024-09-03",
        PayAmt=240.0,
        CheckNum="0012345",
        PatNum=CREDIT,
        PayNote="Acompte sur devis",
        DateEntry="2024-09-03",
    )
    book.add(
        "paysplit",
        SplitAmt=240.0,
        PatNum=CREDIT,
        ProcDate="2024-09-03",
        PayNum=advance,
        ProvNum=COLLABORATOR,
        DatePay="2024-09-03",
        DateEntry="2024-09-03",
    )
    refund = book.add(
        "payment",
        PayType=definition("transfer"),
        PayDate="2023-12-01",
        PayAmt=-23.0,
        PatNum=8,
        PayNote="Remboursement à la succession",
        DateEntry="2023-12-01",
    )
    book.add(
        "paysplit",
        SplitAmt=-23.0,
        PatNum=8,
        ProcDate="2023-12-01",
        PayNum=refund,
        ProvNum=OWNER,
        DatePay="2023-12-01",
        DateEntry="2023-12-01",
    )
