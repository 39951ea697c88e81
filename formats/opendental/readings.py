"""Which tables become records, and in which order, so that references point backwards."""

from __future__ import annotations

from formats.opendental.acts import act, act_note
from formats.opendental.agenda import appointment, prescription, recall
from formats.opendental.coverage import coverage
from formats.opendental.history import allergy, disease, medication
from formats.opendental.joined import Child, Reading
from formats.opendental.money import adjustment, claim, payment
from formats.opendental.mouth import chart, perio
from formats.opendental.papers import Papers, mount
from formats.opendental.people import guardian, patient, patient_note
from formats.opendental.plans import plan
from formats.opendental.sheets import sheet
from formats.opendental.talk import access, call, popup

PRACTICE_TABLES = (
    "provider",
    "userod",
    "preference",
    "definition",
    "clinic",
    "site",
    "operatory",
    "appointmenttype",
    "employee",
    "procedurecode",
    "feesched",
    "fee",
    "recalltype",
    "diseasedef",
    "allergydef",
    "medication",
    "patfielddef",
    "pharmacy",
    "laboratory",
    "carrier",
    "insfilingcode",
    "insplan",
    "employer",
    "claimpayment",
    "tasklist",
    "mountdef",
)
"""Tables of the practice as a whole that rows of patients point to; they travel verbatim."""


def readings(papers: Papers) -> tuple[Reading, ...]:
    """Return how every understood table is read, patients first."""
    return (
        Reading(
            table="patient",
            read=patient,
            children=(Child(table="patfield", column="PatNum", dissolves=False),),
        ),
        Reading(table="patientnote", read=patient_note),
        Reading(table="guardian", read=guardian),
        Reading(
            table="inssub",
            read=coverage,
            children=(Child(table="patplan", column="InsSubNum", dissolves=False),),
        ),
        Reading(table="disease", read=disease),
        Reading(table="allergy", read=allergy),
        Reading(table="medicationpat", read=medication),
        Reading(table="toothinitial", read=chart),
        Reading(
            table="perioexam", read=perio, children=(Child(table="periomeasure", column="PerioExamNum"),)
        ),
        Reading(table="appointment", read=appointment),
        Reading(table="procedurelog", read=act),
        Reading(table="procnote", read=act_note),
        Reading(table="commlog", read=call),
        Reading(table="popup", read=popup),
        Reading(table="document", read=papers),
        Reading(
            table="mount",
            read=mount,
            children=(Child(table="mountitem", column="MountNum", dissolves=False),),
        ),
        Reading(table="sheet", read=sheet, children=(Child(table="sheetfield", column="SheetNum"),)),
        Reading(
            table="treatplan",
            read=plan,
            children=(
                Child(table="treatplanattach", column="TreatPlanNum"),
                Child(table="proctp", column="TreatPlanNum"),
            ),
        ),
        Reading(table="rxpat", read=prescription),
        Reading(table="recall", read=recall),
        Reading(table="claim", read=claim, children=(Child(table="claimproc", column="ClaimNum"),)),
        Reading(
            table="payment",
            read=payment,
            children=(Child(table="paysplit", column="PayNum", dissolves=False),),
        ),
        Reading(table="adjustment", read=adjustment),
        Reading(table="securitylog", read=access),
    )
