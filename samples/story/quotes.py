"""Treatment plans and the quotes (devis) patients signed."""

from __future__ import annotations

from samples.story.book import Book
from samples.story.master_data import ACTS, definition
from samples.story.people import COLLABORATOR, OWNER

SAVED, ACTIVE, INACTIVE = range(3)
"""TPStatus: a saved plan is a frozen quote; the active one lives on."""

COVERED = 0.15
"""Share of a prosthesis the sample quote shows as paid by the insurance."""


def quote(book: Book, acts: dict[str, int], signed_file: int) -> dict[str, int]:
    """Add the plans of three patients; ``signed_file`` is the scanned copy of the signed quote."""
    active = _plan(book, 45, "Plan de traitement actif", "2024-09-02", ACTIVE)
    for word in ("planned_crown", "range", "quadrant", "arch"):
        book.add(
            "treatplanattach", TreatPlanNum=active, ProcNum=acts[word], Priority=definition("priority_1")
        )
    inactive = _plan(book, 45, "Plan écarté", "2024-09-02", INACTIVE)
    book.add("treatplanattach", TreatPlanNum=inactive, ProcNum=acts["planned_inactive"])
    signed = _plan(book, 45, "Devis couronne sur implant 36", "2024-09-03", SAVED, signed_file)
    _line(book, signed, acts["planned_crown"], "HBLD418", "19", COLLABORATOR)
    _line(book, signed, acts["quadrant"], "HN002", "", COLLABORATOR, "UR")
    unsigned = _plan(book, 1, "Devis non signé", "2025-05-12", SAVED)
    _line(book, unsigned, 0, "HBLD634", "5", OWNER)
    child = _plan(
        book, 5, "Devis du mineur signé par sa mère", "2024-04-10", SAVED, 0, guardian=7, signed=True
    )
    _line(book, child, 0, "HBBD005", "3", COLLABORATOR)
    return {
        "active": active,
        "inactive": inactive,
        "signed": signed,
        "unsigned": unsigned,
        "by_guardian": child,
    }


def _plan(
    book: Book,
    patient: int,
    heading: str,
    day: str,
    status: int,
    file: int = 0,
    *,
    guardian: int = 0,
    signed: bool = False,
) -> int:
    signed = signed or bool(file)
    return book.add(
        "treatplan",
        PatNum=patient,
        DateTP=day,
        Heading=heading,
        Note="Devis valable six mois. Montants en euros.",
        Signature="SIGNATURE-FICTIVE-DU-PATIENT" if signed else "",
        ResponsParty=guardian,
        DocNum=file,
        TPStatus=status,
        SecUserNumEntry=3,
        SecDateEntry=day,
        UserNumPresenter=3,
        SignaturePractice="SIGNATURE-FICTIVE-DU-PRATICIEN" if signed else "",
        DateTSigned=f"{day} 17:20:00" if signed else "0001-01-01 00:00:00",
        DateTPracticeSigned=f"{day} 17:25:00" if signed else "0001-01-01 00:00:00",
        SignatureText="Lu et approuvé" if signed else "",
    )


def _line(
    book: Book,
    plan: int,
    act: int,
    code: str,
    tooth: str,
    provider: int,
    surfaces: str = "",
) -> None:
    """Add one line to a quote, after those it has."""
    order = sum(line["TreatPlanNum"] == plan for line in book.rows["proctp"])
    listed = ACTS[code]
    insured = round(listed.price * COVERED, 2)
    book.add(
        "proctp",
        TreatPlanNum=plan,
        PatNum=book.rows["treatplan"][plan - 1]["PatNum"],
        ProcNumOrig=act,
        ItemOrder=order,
        Priority=definition("priority_1"),
        ToothNumTP=tooth,
        Surf=surfaces,
        ProcCode=code,
        Descript=listed.label,
        FeeAmt=listed.price,
        PriInsAmt=insured,
        PatAmt=round(listed.price - insured, 2),
        ProcAbbr=listed.short,
        ProvNum=provider,
        DateTP="2024-09-03",
        FeeAllowed=-1.0,
    )
